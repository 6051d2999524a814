"""FHIR R4 Provenance: who signed which version of a note, with the signature itself."""

import base64
from datetime import datetime

from telehealth.domain.consultation import Consultation
from telehealth.fhir.text import Resource, coding, instant, reference

SIGNATURE_TYPE = "urn:iso-astm:E1762-95:2013"
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance_to_fhir(
    *,
    identifier: str,
    target: str,
    visit: Consultation,
    signer_id: str,
    signed_at: datetime,
    signature: bytes,
) -> Resource:
    """Return the Provenance of one signed version; `signature` is the JSON that crypto/README.md explains."""
    who = reference("Practitioner", signer_id)
    return {
        "resourceType": "Provenance",
        "id": identifier,
        "target": [{"reference": target}],
        "occurredDateTime": instant(signed_at),
        "recorded": instant(signed_at),
        "agent": [
            {
                "type": {"coding": [coding(PARTICIPANT, "author", "Author")]},
                "who": who,
                "onBehalfOf": reference("Organization", visit.organization_id),
            }
        ],
        "signature": [
            {
                "type": [coding(SIGNATURE_TYPE, "1.2.840.10065.1.12.1.1", "Author's Signature")],
                "when": instant(signed_at),
                "who": who,
                "sigFormat": "application/json",
                "data": base64.b64encode(signature).decode(),
            }
        ],
    }
