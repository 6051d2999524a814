"""FHIR R4 Provenance: who signed which version of a note, with the signature itself."""

import base64
from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.consultation import Consultation
from telehealth.fhir.text import Resource, coding, instant, reference

SIGNATURE_TYPE = "urn:iso-astm:E1762-95:2013"
PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


@dataclass(frozen=True, slots=True)
class Account:
    """What a Provenance tells: of which version, who signed it and when, and why where that was asked."""

    target: str
    signer_id: str
    signed_at: datetime
    why: str


def provenance_to_fhir(
    *,
    identifier: str,
    target: str,
    visit: Consultation,
    signer_id: str,
    signed_at: datetime,
    signature: bytes,
    why: str = "",
) -> Resource:
    """Return the Provenance of one signed version; `signature` is the JSON that crypto/README.md explains."""
    who: Resource = reference("Practitioner", signer_id)
    return {
        "resourceType": "Provenance",
        "id": identifier,
        "target": [{"reference": target}],
        "occurredDateTime": instant(signed_at),
        "recorded": instant(signed_at),
        **({"reason": [{"text": why}]} if why else {}),
        "agent": [
            {
                "type": {"coding": [coding(PARTICIPANT, "author", "Author")]},
                "who": who,
                "onBehalfOf": reference("Organization", visit.organization_id),
            }
        ],
        "signature": [_signature(who, signed_at, signature)],
    }


def _signature(who: Resource, signed_at: datetime, signature: bytes) -> Resource:
    return {
        "type": [coding(SIGNATURE_TYPE, "1.2.840.10065.1.12.1.1", "Author's Signature")],
        "when": instant(signed_at),
        "who": who,
        "sigFormat": "application/json",
        "data": base64.b64encode(signature).decode(),
    }


def provenance_from_fhir(resource: Resource) -> Account:
    """Return what the Provenance of a version that was signed here tells."""
    return Account(
        target=resource["target"][0]["reference"],
        signer_id=resource["agent"][0]["who"]["reference"].rpartition("/")[2],
        signed_at=datetime.fromisoformat(resource["recorded"]),
        why=resource.get("reason", [{"text": ""}])[0]["text"],
    )
