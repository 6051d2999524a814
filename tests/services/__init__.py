"""Real servers and browsers for the tests: each is started by the tests themselves and ends with them."""
