"""Background work: small loops over services, each supervised, started and stopped together."""
