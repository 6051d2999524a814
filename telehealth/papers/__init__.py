"""Papers: what somebody keeps, prints or hands on, as PDF."""
