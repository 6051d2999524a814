"""A visit's row and back: who and where the patient is and where to phone is sealed; the rest is clear."""

from datetime import datetime
from typing import Any

from telehealth.crypto.purposes import Purpose
from telehealth.domain.consultation import Confirmation, Consultation
from telehealth.domain.errors import Erased
from telehealth.storage.repositories.shapes import values
from telehealth.storage.sealing import Place, Vault

NOTHING: dict[str, Any] = {"key_id": None, "sealed": None}


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    return Place(row["patient_id"], Purpose.VISIT, row["organization_id"], "visit", row["id"], row["version"])


def visit_row(vault: Vault, visit: Consultation) -> dict[str, Any]:
    """Return the row of a visit; what is personal is sealed anew for every version."""
    row = values(visit, "confirmation", "call_on")
    content: dict[str, Any] = {}
    if visit.confirmation is not None:
        content = values(visit.confirmation, "confirmed_at")
        content["confirmed_at"] = visit.confirmation.confirmed_at.isoformat()
    if visit.call_on:
        content["call_on"] = visit.call_on
    return row | (vault.seal(place_of(row), content) if content else NOTHING)


def visit_of(vault: Vault, row: dict[str, Any]) -> Consultation:
    """Return the visit of a row; of who was erased, what was clear of it."""
    key_id, blob = row.pop("key_id"), row.pop("sealed")
    if blob is None:
        return Consultation(**row)
    try:
        content = vault.open(place_of(row), key_id, blob)
    except Erased:
        return Consultation(**row)
    return Consultation(**row, confirmation=_confirmation(content), call_on=content.get("call_on", ""))


def _confirmation(content: dict[str, Any]) -> Confirmation | None:
    if "identifiers" not in content:
        return None
    return Confirmation(
        identifiers=tuple(content["identifiers"]),
        place=content["place"],
        callback=content["callback"],
        confirmed_by=content["confirmed_by"],
        confirmed_at=datetime.fromisoformat(content["confirmed_at"]),
    )
