"""Pure translation between our words and FHIR R4 (4.0.1); one file per resource."""
