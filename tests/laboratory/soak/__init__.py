"""A long call with a fault every minute: everybody is in it at its end, and nothing has leaked."""
