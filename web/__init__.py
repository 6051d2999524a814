"""The HTTP door: pages, JSON API, FHIR, and the browser code they deliver."""
