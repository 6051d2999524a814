"""What is asked of a FHIR R4 resource that arrives: its structure, codes, references, rules and narrative."""
