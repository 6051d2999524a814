"""Opening a record in an emergency: a named person, a fresh second factor, a reason, one patient, an hour."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from telehealth.domain.access import Actor, Decision, Permission, decide
from telehealth.domain.allergies import Allergy
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import (
    BadInput,
    EnoughOpened,
    FieldProblem,
    NotFound,
    NotPermitted,
    StepUpNeeded,
    WrongState,
)
from telehealth.domain.glass import (
    EMERGENCY,
    LONGEST,
    MOST_WITHIN,
    NOT_AGAIN,
    OPEN_FOR,
    SHORTEST,
    WITHIN,
    Glass,
)
from telehealth.domain.people import Patient, PatientQuery
from telehealth.domain.recorded import Group
from telehealth.domain.sentences import N_
from telehealth.fhir.noted import Noted, noted
from telehealth.fhir.recorded import KINDS
from telehealth.services.allergies import TYPE as ALLERGY
from telehealth.services.allergies import allergies_of
from telehealth.services.caring import require_care, standing
from telehealth.services.desk import narrow
from telehealth.services.glass_letters import tell_officers
from telehealth.services.record_in_view import enter_reading, groups_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.sessions import require_fresh
from telehealth.services.sifting import every
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require

NOTE = "Composition"
READ = (ALLERGY, NOTE, *KINDS)
"""What is read of a record that was opened so."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A glass that can still be looked through, and whose record is behind it."""

    glass: Glass
    patient: Patient


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody can still look through; `zone` is that of the clocks at their site."""

    opened: list[Opened]
    zone: str


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands in a record that was opened in an emergency; `authors` are the names by id.

    Notes come newest first; `zone` as in `Mine`.
    """

    opened: Opened
    allergies: list[Allergy]
    notes: list[Noted]
    authors: dict[str, str]
    groups: list[Group]
    zone: str


class BreakGlass:
    """For specialists only, whoever's patient it is; `GlassReview` is what follows, on the page `reviews`."""

    def __init__(self, *, work: Work, reviews: str) -> None:
        self._work = work
        self._reviews = reviews

    async def mine(self, actor: Actor) -> Mine:
        """Return what the actor can still look through; raises StepUpNeeded without a fresh second factor."""
        require(actor, Permission.GLASS_BREAK)
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            await require_fresh(uow, actor, now)
            zone = (await site_day(self._work, uow, actor)).location.zone
            open_ = [each for each in await uow.glasses.since(actor.id, now) if each.is_open(now)]
            people = await uow.patients.many([each.patient_id for each in open_])
            await enter(self._work, uow, actor, AuditAction.GLASSES_READ, patient_ids=sorted(people))
        return Mine([Opened(each, people[each.patient_id]) for each in open_], zone)

    async def find(self, actor: Actor, query: PatientQuery) -> list[Patient]:
        """Return exact matches in all houses of the cluster; raises as `mine`, and BadInput as the desk."""
        require(actor, Permission.GLASS_BREAK)
        narrow(query)
        async with self._work.units.writing() as uow:
            await require_fresh(uow, actor, self._work.clock.now())
            found = [
                each
                for house in await uow.directory.organizations()
                for each in await uow.patients.search(query, house.id)
            ]
            ids = tuple(each.id for each in found)
            action = AuditAction.PATIENT_SEARCHED
            await enter(self._work, uow, actor, action, patient_ids=ids, reason=EMERGENCY)
        return found

    async def open(self, actor: Actor, patient_id: str, reason: str) -> Glass:
        """Open a record for an hour, or return what has opened it already; officers get an e-mail.

        Whose record it was is entered of what is refused, too. Raises StepUpNeeded, EnoughOpened, BadInput
        without a reason, WrongState for who treats the patient, and NotPermitted where the patient forbids it
        or an officer has not accepted the last reason.
        """
        require(actor, Permission.GLASS_BREAK)
        words = told("reason", reason)
        try:
            return await self._opened(actor, patient_id, words)
        except StepUpNeeded:
            raise  # before anything was looked up
        except (NotPermitted, EnoughOpened) as refused:
            refused.patient_ids = (patient_id,)
            raise

    async def _opened(self, actor: Actor, patient_id: str, words: str) -> Glass:
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            await require_fresh(uow, actor, now)
            await uow.glasses.queue(actor.id)
            patient = await uow.patients.get(patient_id)
            if patient is None:
                raise NotFound
            subject, glass = await standing(self._work, uow, actor, Permission.RECORD_READ, patient_id)
            if subject.consent is not None and not subject.consent.emergencies:
                raise NotPermitted(N_("The patient has forbidden this, also in an emergency."))
            if glass is not None:
                return glass
            if decide(actor, Permission.RECORD_READ, subject) is Decision.ALLOWED:
                raise WrongState(N_("You have a visit with this patient: read the record there."))
            earlier = await uow.glasses.since(actor.id, now - NOT_AGAIN)
            _not_barred([each for each in earlier if each.patient_id == patient_id], now)
            _not_too_many(earlier, now)
            return await self._broken(uow, actor, patient, words)

    async def look(self, actor: Actor, glass_id: str) -> Behind:
        """Return what is behind one's own broken glass.

        Raises NotFound, and WrongState when its time is over.
        """
        require(actor, Permission.GLASS_BREAK)
        async with self._work.units.writing() as uow:
            opened = await self._own(uow, actor, glass_id)
            patient_id = opened.patient.id
            houses = await enter_reading(self._work, uow, actor, patient_id, READ)
            zone = (await site_day(self._work, uow, actor)).location.zone
            authors = {each.id: each.display for each in await uow.directory.practitioners()}
        async with self._work.units.reading() as uow:
            allergies = await allergies_of(uow, patient_id)
            read = [noted(each.text) async for each in every(uow, patient_id, NOTE)]
            groups = await groups_of(uow, patient_id, houses)
        notes = sorted((each for each in read if each), key=lambda each: each.at, reverse=True)
        return Behind(opened, allergies, notes, authors, groups, zone)

    async def close(self, actor: Actor, glass_id: str) -> None:
        """End it before its time; raises as `look`."""
        require(actor, Permission.GLASS_BREAK)
        async with self._work.units.writing() as uow:
            glass = (await self._own(uow, actor, glass_id)).glass
            now = self._work.clock.now()
            await uow.glasses.save(replace(glass, until=now, version=glass.version + 1))
            await enter_glass(self._work, uow, actor, AuditAction.GLASS_CLOSED, glass)

    async def _own(self, uow: UnitOfWork, actor: Actor, glass_id: str) -> Opened:
        glass = await uow.glasses.get(glass_id)
        if glass is None or glass.practitioner_id != actor.id:
            raise NotFound
        if not glass.is_open(self._work.clock.now()):
            raise WrongState(N_("The time for reading this record is over."))
        await require_care(self._work, uow, actor, Permission.RECORD_READ, glass.patient_id)
        patient = await uow.patients.get(glass.patient_id)
        if patient is None:
            raise NotFound
        return Opened(glass, patient)

    async def _broken(self, uow: UnitOfWork, actor: Actor, patient: Patient, reason: str) -> Glass:
        now = self._work.clock.now()
        glass = Glass(
            id=self._work.identifier(),
            patient_id=patient.id,
            organization_id=patient.organization_id,
            practitioner_id=actor.id,
            reader_organization_id=actor.organization_id,
            opened_at=now,
            until=now + OPEN_FOR,
            reason=reason,
        )
        await uow.glasses.add(glass)
        await enter_glass(self._work, uow, actor, AuditAction.GLASS_BROKEN, glass)
        await tell_officers(self._work, uow, glass, self._reviews)
        return glass


async def enter_glass(work: Work, uow: UnitOfWork, actor: Actor, action: AuditAction, glass: Glass) -> None:
    """Enter what was done with a glass; its reason is with the glass, for the log holds no words."""
    await enter(
        work,
        uow,
        actor,
        action,
        patient_ids=(glass.patient_id,),
        entity="Glass",
        entity_id=glass.id,
        reason=glass.mark,
    )


def told(field: str, words: str) -> str:
    """Return somebody's words without what surrounds them; raises BadInput where they say too little."""
    plain = words.strip()
    if len(plain) < SHORTEST:
        raise BadInput(FieldProblem(field, "too-short", N_("Write a sentence that others can judge.")))
    if len(plain) > LONGEST:
        raise BadInput(FieldProblem(field, "too-long", N_("This is too long to be read.")))
    return plain


def _not_barred(earlier: Sequence[Glass], now: datetime) -> None:
    if any(each.bars(now) for each in earlier):
        raise NotPermitted(N_("Your last reason was not accepted. Ask the privacy officer."))


def _not_too_many(glasses: Sequence[Glass], now: datetime) -> None:
    lately = sorted(each.opened_at for each in glasses if each.opened_at > now - WITHIN)
    if len(lately) >= MOST_WITHIN:
        wait = lately[-MOST_WITHIN] + WITHIN - now
        raise EnoughOpened(ceil(wait.total_seconds()))
