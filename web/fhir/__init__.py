"""FHIR R4 over HTTP: the shared record for whoever may read it."""
