"""The fake repository of patients' consents."""

from typing import Any

from telehealth.domain.consent import Consent
from telehealth.domain.errors import StaleVersion
from tests.fakes.rows import insert, swap


class FakeConsents:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of(self, patient_id: str) -> Consent | None:
        found = (each for each in self._t.consents.values() if each.patient_id == patient_id)
        return next(found, None)

    async def put(self, consent: Consent) -> None:
        if consent.version == 1:
            if await self.of(consent.patient_id):
                raise StaleVersion
            insert(self._t.consents, consent.id, consent)
        else:
            swap(self._t.consents, consent)
