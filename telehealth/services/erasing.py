"""Erasing a patient for good: with care, refused where a record must be kept, ended whatever happens.

1. In one transaction, in which nothing forbids it: the entry in the log, the word that it has begun, and away
   with all that finds the patient, leads to them or has them wait. From here on there is no way back.
2. Their keys are destroyed, in a database that no backup of the data holds.
3. Away with it once more: an export that was asked for in between has their record, too. What was recorded of
   them and files that their record went into are deleted; then it is done.

Killed between any two, `finish_all` goes on; a backup that is put back is treated the same, since the keys
that were destroyed do not come back with it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from telehealth.domain.access import SYSTEM, Actor
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.erasure import AT_ONCE, Erasure, Ground, LegalHold, kept_until
from telehealth.domain.errors import BadInput, NotFound, WrongState
from telehealth.domain.waitlist import Sought, WaitStatus
from telehealth.services.export_repository import Spools
from telehealth.services.recording_repository import Tapes
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter
from telehealth.services.wishes import leave

log = logging.getLogger(__name__)


class NotErased(WrongState):
    """What is asked for is refused; the sentence is for whoever runs the service."""


class Shredder(Protocol):
    """What destroys keys, for ever."""

    def shred(self, owner: str) -> int:
        """Destroy an owner's keys; returns how many that were."""

    def shredded(self) -> list[str]:
        """Return all owners whose keys were destroyed."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What whoever erases somebody should know first."""

    house: str
    resources: int
    kept_until: datetime | None


@dataclass(frozen=True, slots=True)
class Files:
    """What lies on the disk beside the database."""

    tapes: Tapes
    spools: Spools


class Erasing:
    """Whoever runs the service erases; `years` is how long a record is kept after its last entry."""

    def __init__(self, *, work: Work, keys: Shredder, files: Files, years: int) -> None:
        self._work, self._keys, self._files, self._years = work, keys, files, years

    async def look(self, patient_id: str) -> Prospect:
        """Return what would be erased; raises NotFound for who is not there, or not any more."""
        async with self._work.units.reading() as uow:
            patient = await uow.patients.get(patient_id)
            house = await uow.directory.organization(patient.organization_id) if patient else None
            if patient is None or house is None:
                raise NotFound(NOBODY)
            resources = await uow.record.of_patient(patient_id)
            last = await uow.erasures.last_entry(patient_id)
        return Prospect(house.name, len(resources), kept_until(last, self._years))

    async def hold(self, patient_id: str, reason: str) -> None:
        """Keep a record from being erased; raises NotErased where that was begun."""
        if not reason.strip():
            raise BadInput(detail="Say why the record must be kept.")
        async with self._work.units.writing() as uow:
            await uow.erasures.alone(patient_id)
            house = await self._house(uow, patient_id)
            if await uow.erasures.get(patient_id) is not None:
                raise NotErased("This patient is erased: there is nothing left to be kept.")
            await uow.erasures.hold(LegalHold(patient_id, house, self._work.clock.now(), reason.strip()))
            await self._enter(uow, house, AuditAction.PATIENT_HELD, patient_id)

    async def release(self, patient_id: str) -> None:
        """Take that back; raises NotErased where nothing keeps it."""
        async with self._work.units.writing() as uow:
            house = await self._house(uow, patient_id)
            if not await uow.erasures.release(patient_id):
                raise NotErased("Nothing keeps this record from being erased.")
            await self._enter(uow, house, AuditAction.PATIENT_RELEASED, patient_id)

    async def erase(self, patient_id: str, because: Ground, born: date | None) -> Erasure:
        """Erase a patient, who was born then; of one whose erasure was begun or done, what is there again.

        Raises NotFound, and NotErased for another date of birth, where something keeps the record, while
        there are visits ahead or going on, and before the time that it is kept for is over.
        """
        async with self._work.units.reading() as uow:
            begun = await uow.erasures.get(patient_id)
        if begun is None:
            begun = await self._begin(patient_id, because, born)
        return await self._finish(begun)

    async def finish_all(self) -> int:
        """Go on where it was cut short, or a backup was put back; return of how many.

        One that cannot be ended now is told in the log and tried again by the next call; others go on.
        """
        async with self._work.units.reading() as uow:
            waiting = await uow.erasures.unfinished()
            again = [await self._returned(uow, each) for each in self._keys.shredded()]
        several = [*waiting, *(each for each in again if each is not None)]
        return sum([await self._ended(each) for each in several])

    async def _ended(self, begun: Erasure) -> bool:
        try:
            await self._finish(begun)
        except Exception:
            log.exception("an erasure could not be ended: the audit log tells whose is begun and not done")
            return False
        return True

    async def _returned(self, uow: UnitOfWork, owner: str) -> Erasure | None:
        """Return what a backup has brought back of somebody whose keys are gone."""
        house = await uow.patients.house_of(owner)
        if house is None or await uow.erasures.get(owner) is not None:
            return None
        return Erasure(owner, house, Ground.RETENTION, self._work.clock.now())

    async def _begin(self, patient_id: str, because: Ground, born: date | None) -> Erasure:
        async with self._work.units.writing() as uow:
            await uow.erasures.alone(patient_id)
            refused = await self._refused(uow, patient_id, because, born)
            house = await self._house(uow, patient_id)
            begun = Erasure(patient_id, house, because, self._work.clock.now())
            if not refused:
                await uow.erasures.add(begun)
                await self._away(uow, begun)
            await self._enter(uow, house, AuditAction.PATIENT_ERASED, patient_id, refused)
        if refused:
            raise NotErased(SENTENCES[refused])
        return begun

    async def _refused(self, uow: UnitOfWork, patient_id: str, because: Ground, born: date | None) -> str:
        """Return what forbids it: a hold always, then visits, then the time that a record is kept for."""
        patient, now = await uow.patients.get(patient_id), self._work.clock.now()
        if patient is None:
            raise NotFound(NOBODY)
        if patient.birth_date != born:
            return "birth-date"
        if await uow.erasures.held(patient_id) is not None:
            return "hold"
        if await uow.erasures.visits(patient_id, now):
            return "visits"
        until = kept_until(await uow.erasures.last_entry(patient_id), self._years)
        return "retention" if until is not None and now < until and because not in AT_ONCE else ""

    async def _away(self, uow: UnitOfWork, begun: Erasure) -> None:
        """Take away what leads to the patient, their waiting, and all exports of the house."""
        house, sought = begun.organization_id, Sought(patient_id=begun.patient_id)
        for one in await uow.waitlist.of(house, sought):
            await leave(uow, one, WaitStatus.OVER)
        await uow.erasures.clear(begun.patient_id)
        await uow.exports.remove_of(house)

    async def _finish(self, begun: Erasure) -> Erasure:
        """End it, whatever is left by now; when it was done is noted once, and stays."""
        self._keys.shred(begun.patient_id)
        async with self._work.units.writing() as uow:
            if await uow.erasures.get(begun.patient_id) is None:
                await uow.erasures.add(begun)
            await self._away(uow, begun)
            recorded, left = await uow.erasures.recordings(begun.patient_id), await uow.exports.ids()
        await self._delete(recorded, left)
        async with self._work.units.writing() as uow:
            if await uow.erasures.finish(begun.patient_id, self._work.clock.now()):
                action = AuditAction.PATIENT_ERASURE_DONE
                await self._enter(uow, begun.organization_id, action, begun.patient_id)
            return await uow.erasures.get(begun.patient_id) or begun

    async def _delete(self, recordings: Sequence[str], exports: Sequence[str]) -> None:
        for each in recordings:
            await self._files.tapes.erase(each)
        await self._files.spools.erase_all_but(exports)

    async def _house(self, uow: UnitOfWork, patient_id: str) -> str:
        house = await uow.patients.house_of(patient_id)
        if house is None:
            raise NotFound("There is no such patient.")
        return house

    async def _enter(
        self, uow: UnitOfWork, house: str, action: AuditAction, patient_id: str, refused: str = ""
    ) -> None:
        await enter(
            self._work,
            uow,
            _operator(house),
            action,
            outcome=AuditOutcome.REFUSED if refused else AuditOutcome.SUCCESS,
            patient_ids=(patient_id,),
            entity="Patient",
            entity_id=patient_id,
            reason=refused,
        )


NOBODY = "There is no such patient, or they were erased."
SENTENCES = {
    "birth-date": "That is not this patient's date of birth: nothing was erased.",
    "hold": "A legal hold keeps this record: `telehealth keys release` takes it back.",
    "visits": "There are visits ahead or going on: cancel or end them first.",
    "retention": "This record still has to be kept; only a mistake or a court's order comes before that.",
}


def _operator(house: str) -> Actor:
    return replace(SYSTEM, organization_id=house)
