"""A visit's row and back: who and where the patient is, is sealed; the rest of its life is clear."""

from datetime import datetime
from typing import Any

from telehealth.crypto.purposes import Purpose
from telehealth.domain.consultation import Confirmation, Consultation
from telehealth.storage.repositories.shapes import values
from telehealth.storage.sealing import Place, Vault

NOTHING: dict[str, Any] = {"key_id": None, "sealed": None}


def _place(row: dict[str, Any]) -> Place:
    return Place(row["patient_id"], Purpose.VISIT, row["organization_id"], "visit", row["id"], row["version"])


def visit_row(vault: Vault, visit: Consultation) -> dict[str, Any]:
    """Return the row of a visit; the confirmation is sealed anew for every version."""
    row = values(visit, "confirmation")
    if visit.confirmation is None:
        return row | NOTHING
    content = values(visit.confirmation, "confirmed_at")
    content["confirmed_at"] = visit.confirmation.confirmed_at.isoformat()
    return row | vault.seal(_place(row), content)


def visit_of(vault: Vault, row: dict[str, Any]) -> Consultation:
    """Return the visit of a row."""
    key_id, blob = row.pop("key_id"), row.pop("sealed")
    if blob is None:
        return Consultation(**row)
    content = vault.open(_place(row), key_id, blob)
    confirmation = Confirmation(
        identifiers=tuple(content["identifiers"]),
        place=content["place"],
        callback=content["callback"],
        confirmed_by=content["confirmed_by"],
        confirmed_at=datetime.fromisoformat(content["confirmed_at"]),
    )
    return Consultation(**row, confirmation=confirmation)
