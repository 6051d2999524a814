"""Media on the server's side of the house: probe peers and TURN checks. Nothing else knows aiortc."""
