"""FHIR R4 CapabilityStatement: exactly what works at /fhir/R4, nothing more."""

from datetime import datetime

from telehealth.fhir.text import Resource, instant

READABLE: tuple[str, ...] = ("Composition", "Encounter", "Patient", "Provenance")


def capability_statement(*, base_url: str, published: datetime) -> Resource:
    """Return the CapabilityStatement of this server at `base_url`."""
    interaction = [{"code": "read"}, {"code": "vread"}]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": instant(published),
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "implementation": {
            "description": "Shared record of the health cluster",
            "url": f"{base_url}/fhir/R4",
        },
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "For signed-in practitioners who treat the patient; every read is audited."
                },
                "resource": [
                    {
                        "type": type_,
                        "interaction": interaction,
                        "versioning": "versioned",
                        "readHistory": True,
                    }
                    for type_ in READABLE
                ],
            }
        ],
    }
