"""What a specialist does with a visit: sees it, confirms who and where the patient is, admits, ends."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission
from telehealth.domain.allergies import Allergy
from telehealth.domain.audit import AuditAction
from telehealth.domain.beginnings import beginning
from telehealth.domain.care import in_care
from telehealth.domain.consultation import (
    AWAITED,
    Confirmation,
    Consultation,
    Device,
    VisitEvent,
    VisitStatus,
)
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, VisitClosed, WrongState
from telehealth.domain.notices import Notice, VisitChanged, VisitEnded
from telehealth.domain.people import Patient
from telehealth.domain.queue import TextMe
from telehealth.domain.scheduling import whole_day
from telehealth.domain.seating import PATIENT, Beginning
from telehealth.domain.words import TELEPHONE
from telehealth.services.allergies import Allergies, allergies_of
from telehealth.services.caring import meeting_of, treats
from telehealth.services.clinic import in_line
from telehealth.services.joining import changed
from telehealth.services.kept_files import KeptFiles
from telehealth.services.lapses import finish
from telehealth.services.lines import nearly
from telehealth.services.note_aids import NoteAids
from telehealth.services.ports import Announcer
from telehealth.services.record_in_view import RecordInView
from telehealth.services.repositories import DayRow
from telehealth.services.running import goes_on
from telehealth.services.trail import Work, enter_visit, of_visit, own_visit, require, role_allows
from telehealth.services.visit_making import Invitations

IDENTIFIERS = frozenset({"name", "birth-date", "identifier", "phone"})
"""What is on file of everybody or of many, so that what the patient says can be held against it."""
PLACE_LIMIT = 300
CONFIRMABLE = frozenset({VisitStatus.WAITING, VisitStatus.IN_PROGRESS, VisitStatus.FINISHED})
"""From when the patient has come until the note is signed: what is signed stands on what was confirmed."""


@dataclass(frozen=True, slots=True)
class ConsultView:
    """The consult page's facts: the visit's row, the patient and their allergies, and who waits next.

    No allergies are told of somebody whom the specialist does not treat now.
    """

    row: DayRow
    patient: Patient
    allergies: list[Allergy] | None
    next: list[DayRow]


class Consulting:
    """The specialist's own visits only; `allergies`, `files` and `record` are those of their patients.

    `aids` is what helps to write the notes.
    """

    def __init__(self, *, work: Work, announcer: Announcer, invitations: Invitations) -> None:
        self._work = work
        self._announcer = announcer
        self._invitations = invitations
        self.allergies = Allergies(work=work)
        self.files = KeptFiles(work=work)
        self.record = RecordInView(work=work)
        self.aids = NoteAids(work=work)

    async def visit(self, actor: Actor, visit_id: str) -> ConsultView:
        """Return one own visit with the patient and those who wait after it."""
        role_allows(actor, Permission.VISIT_READ)
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(visit_id)
            if row is None:
                raise NotFound
            require(actor, Permission.VISIT_READ, of_visit(row.visit))
            zone = ZoneInfo(row.location.zone)
            day = row.appointment.start.astimezone(zone).date()
            rows = await uow.visits.day(row.visit.practitioner_id, whole_day(day, zone))
            waiting = [row for row in in_line(rows) if row.visit.id != visit_id]
            now = self._work.clock.now()
            near = in_care([meeting_of(row)], now) or await treats(self._work, uow, actor, row.patient.id)
            allergies = await allergies_of(uow, row.patient.id) if near else None
            named = sorted({row.patient.id, *(each.patient.id for each in waiting)})
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_READ, row.visit, patient_ids=named)
        return ConsultView(row, row.patient, allergies, waiting)

    async def confirm(
        self, actor: Actor, visit_id: str, identifiers: tuple[str, ...], place: str, callback: str
    ) -> Consultation:
        """Keep two identifiers heard, the present place and the call-back number; opens the clinical part."""
        _check(identifiers, place, callback)
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            visit = await own_visit(uow, actor, Permission.VISIT_CONFIRM, visit_id)
            if visit.status is VisitStatus.CANCELLED:
                raise VisitClosed
            if visit.status not in CONFIRMABLE or visit.signed_at is not None:
                raise WrongState("Who and where the patient is can be confirmed while they are here.")
            confirmation = Confirmation(
                tuple(sorted(set(identifiers))), place.strip(), callback.strip(), actor.id, now
            )
            visit = replace(visit, confirmation=confirmation, version=visit.version + 1)
            await uow.visits.save(visit)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_CONFIRMED, visit)
        return visit

    async def admit(self, actor: Actor, visit_id: str) -> Consultation:
        """Let the waiting patient in; only now may signalling flow. A second press changes nothing.

        A paused clinic goes on by it: who waits must not read of a break while others are seen.
        """
        async with self._work.units.writing() as uow:
            before = await own_visit(uow, actor, Permission.VISIT_ADMIT, visit_id)
            visit = before.step(VisitEvent.ADMIT, self._work.clock.now())
            if visit is before:
                return visit
            await uow.visits.save(visit)
            if visit.text_me is TextMe.WANTED:
                await nearly(self._work, uow, self._invitations, visit.id)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_ADMITTED, visit)
            resumed = await goes_on(self._work, uow, actor)
            check = await uow.line_checks.of(visit.id)
        begins = beginning(check, PATIENT, self._work.clock.now(), visit.admitted_at)
        await self._tell(_admitted(visit, begins), *resumed)
        return visit

    async def phone(self, actor: Actor, visit_id: str) -> Consultation:
        """Take the visit by phone from now on, on the number on file: the patient cannot come by video.

        Who asked for another number is called on that one. A second press changes nothing. A paused clinic
        goes on. Raises WrongState where there is no number, or the visit is over.
        """
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            before = await own_visit(uow, actor, Permission.VISIT_ADMIT, visit_id)
            patient = await uow.patients.get(before.patient_id)
            number = before.call_on or (patient.phone if patient else "")
            if not number:
                raise WrongState("There is no phone number on file.")
            visit = _phoned(before, number, now)
            if visit is before:
                return visit
            await uow.visits.save(visit)
            await enter_visit(self._work, uow, actor, AuditAction.VISIT_PHONED, visit)
            resumed = await goes_on(self._work, uow, actor)
        await self._tell(changed(visit), *resumed)
        return visit

    async def end(self, actor: Actor, visit_id: str) -> Consultation:
        """End the visit for everyone; the note may still be written and signed."""
        async with self._work.units.writing() as uow:
            before = await own_visit(uow, actor, Permission.VISIT_END, visit_id)
            visit = await finish(self._work, uow, actor, before)
            if visit is before:
                return visit
        await self._tell(changed(visit), VisitEnded(visit.id, "ended"))
        return visit

    async def _tell(self, *notices: Notice) -> None:
        for notice in notices:
            await self._announcer.announce(notice)


def _admitted(visit: Consultation, begins: Beginning | None) -> VisitChanged:
    """Return the notice of an admission; who is phoned has no call to be let into."""
    device = "" if visit.call_on else visit.bound_to or ""
    return replace(changed(visit), lets_in=device, relay_only=visit.relay_only, begins=begins)


def _phoned(before: Consultation, number: str, now: datetime) -> Consultation:
    """Return the visit as a phone call that the specialist makes now, wherever the patient is.

    Nobody has consented to anything by it: the patient answers the call or does not.
    """
    came = before.step(VisitEvent.ARRIVE, now) if before.status in AWAITED else before
    visit = came.step(VisitEvent.WAIT, now).step(VisitEvent.ADMIT, now)
    if visit == before and before.call_on == number:
        return before
    return replace(visit, call_on=number, device=Device.PHONE, version=before.version + 1)


def _check(identifiers: tuple[str, ...], place: str, callback: str) -> None:
    """Raise BadInput naming what is missing before the clinical part may open."""
    problems = []
    unknown = set(identifiers) - IDENTIFIERS
    if unknown or len(set(identifiers)) < 2:  # noqa: PLR2004 (two identifiers, the safety rule)
        problems.append(FieldProblem("identifiers", "two-needed", "Check two different identifiers."))
    if not place.strip() or len(place) > PLACE_LIMIT:
        problems.append(FieldProblem("place", "required", "Write where the patient is now."))
    if TELEPHONE.fullmatch(callback.strip()) is None:
        problems.append(FieldProblem("callback", "not-a-phone", "Write a number to call back on."))
    if problems:
        raise BadInput(*problems)
