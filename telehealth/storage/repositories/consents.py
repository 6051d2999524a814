"""Consents as rows: what is permitted and denied to whom is sealed under the patient's key."""

from typing import Any

from sqlalchemy import bindparam, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.consent import Consent, Sharing
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.consents import consents
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

OF_PATIENT = select(consents).where(consents.c.patient_id == bindparam("patient"))


class ConsentRows:
    """The Consents Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def of(self, patient_id: str) -> Consent | None:
        """Return a patient's word; None where they have said nothing."""
        row = await self._transaction.first(OF_PATIENT, {"patient": patient_id})
        if row is None:
            return None
        clear = columns(row)
        said = self._vault.open(place_of(clear), clear.pop("key_id"), clear.pop("sealed"))
        return Consent(
            **clear,
            sharing=Sharing(said["sharing"]),
            denied=tuple(said["denied"]),
            emergencies=said["emergencies"],
            programs=said.get("programs", True),  # what was written before the choice was there
        )

    async def put(self, consent: Consent) -> None:
        """Write it: version 1 is new; raises StaleVersion unless one less is stored."""
        said: dict[str, Any] = {"sharing": consent.sharing.value, "denied": list(consent.denied)}
        said |= {"emergencies": consent.emergencies, "programs": consent.programs}
        row = values(consent, *said)
        row |= self._vault.seal(place_of(row), said)
        if consent.version == 1:
            await self._transaction.insert(consents, row)
            return
        stored = (consents.c.id == consent.id, consents.c.version == consent.version - 1)
        await self._transaction.swap(update(consents).where(*stored).values(row))


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    owner, organization = row["patient_id"], row["organization_id"]
    return Place(owner, Purpose.CONSENT, organization, "consent", row["id"], row["version"])
