"""`telehealth probe`: plays a whole visit against a running server and says how long each step took."""
