"""What services may ask of storage about the consents of patients."""

from typing import Protocol

from telehealth.domain.consent import Consent


class Consents(Protocol):
    """Each patient's present word about their record, sealed under their key."""

    async def of(self, patient_id: str) -> Consent | None:
        """Return it; None where a patient has said nothing."""

    async def put(self, consent: Consent) -> None:
        """Write it: version 1 is new; raises StaleVersion unless one less is stored."""
