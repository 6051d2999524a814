"""Fake repositories of care: patients, visits, notes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from telehealth.domain.care import Meeting
from telehealth.domain.consultation import (
    AWAITED,
    CLOSED,
    HERE,
    UNBEGUN,
    Connection,
    Consultation,
    VisitStatus,
    overdue,
)
from telehealth.domain.errors import StaleVersion
from telehealth.domain.note import Addendum, Note, NoteState
from telehealth.domain.outbox import INVITING, LOST
from telehealth.domain.people import Patient, PatientQuery
from telehealth.domain.scheduling import Interval
from telehealth.domain.visiting import VisitLink, VisitSession
from telehealth.services.repositories import DayRow
from tests.fakes.closures import closure_of
from tests.fakes.resources import parties_of
from tests.fakes.rows import change, forget, insert, swap


class FakePatients:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, patient: Patient) -> None:
        insert(self._t.patients, patient.id, patient)

    async def get(self, patient_id: str) -> Patient | None:
        return self._t.patients.get(patient_id)

    async def many(self, patient_ids: Sequence[str]) -> dict[str, Patient]:
        return {each: self._t.patients[each] for each in patient_ids if each in self._t.patients}

    async def house_of(self, patient_id: str) -> str | None:
        found = self._t.patients.get(patient_id)
        return found.organization_id if found else None

    async def count(self, organization_id: str) -> int:
        return len(await self.ids(organization_id, "", len(self._t.patients)))

    async def ids(self, organization_id: str, after: str, limit: int) -> list[str]:
        own = (key for key, each in self._t.patients.items() if each.organization_id == organization_id)
        return sorted(each for each in own if each > after)[:limit]

    async def search(self, query: PatientQuery, organization_id: str) -> list[Patient]:
        patients = self._t.patients.values()
        return [p for p in patients if p.organization_id == organization_id and _fits(p, query)]


def _fits(patient: Patient, query: PatientQuery) -> bool:
    """Whether a patient meets everything asked; nothing usable asked finds nobody."""
    met = []
    if query.identifier:
        met.append(any(each.value == query.identifier for each in patient.identifiers))
    if query.phone:
        met.append(patient.phone == query.phone)
    if query.email:
        met.append(patient.email.casefold() == query.email.casefold())
    if query.family and query.birth_date:
        called = patient.name.family or patient.name.given
        same = called.casefold() == query.family.casefold()
        met.append(same and patient.birth_date == query.birth_date)
    return bool(met) and all(met)


class FakeVisits:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def add(self, visit: Consultation) -> None:
        insert(self._t.visits, visit.id, visit)

    async def get(self, visit_id: str) -> Consultation | None:
        return self._t.visits.get(visit_id)

    async def by_appointment(self, appointment_id: str) -> Consultation | None:
        found = (each for each in self._t.visits.values() if each.appointment_id == appointment_id)
        return next(found, None)

    async def by_transfer(self, digest: bytes) -> Consultation | None:
        found = (each for each in self._t.visits.values() if each.transfer_digest == digest)
        return next(found, None)

    async def save(self, visit: Consultation) -> None:
        swap(self._t.visits, visit)

    async def day(self, practitioner_id: str, window: Interval) -> list[DayRow]:
        mine = [each for each in self._t.visits.values() if each.practitioner_id == practitioner_id]
        rows = [self._row(each) for each in mine]
        inside = [row for row in rows if window.start <= row.appointment.start < window.end]
        return sorted(inside, key=lambda row: row.appointment.start)

    async def clinic(self, practitioner_id: str, day: Interval, around: Interval) -> list[DayRow]:
        rows = [*await self.day(practitioner_id, day), *await self.day(practitioner_id, around)]
        found = {
            row.visit.id: row
            for row in rows
            if row.visit.status is not VisitStatus.CANCELLED
            and not row.visit.test
            and (row.visit.status in HERE or day.start <= row.appointment.start < day.end)
        }
        shown = [
            replace(row, parties=tuple(parties_of(self._t, row.appointment.id))) for row in found.values()
        ]
        return sorted(shown, key=lambda row: row.appointment.start)

    async def owing(self, practitioner_id: str) -> list[str]:
        over = [v for v in self._t.visits.values() if v.status is VisitStatus.FINISHED]
        mine = [v for v in over if v.practitioner_id == practitioner_id]
        return sorted(v.id for v in mine if v.patient_id not in self._t.erasures)

    async def lapsed(self, before: datetime, limit: int) -> list[str]:
        ends = [
            (self._t.appointments[v.appointment_id].end, v.id)
            for v in self._t.visits.values()
            if overdue(v) and not closure_of(self._t, v)
        ]
        return [visit_id for end, visit_id in sorted(ends) if end < before][:limit]

    async def forgotten(self, before: datetime, limit: int) -> list[str]:
        gone = {Connection.UNKNOWN, Connection.AWAY}
        ends = [
            (self._t.appointments[v.appointment_id].end, v.id)
            for v in self._t.visits.values()
            if v.status is VisitStatus.IN_PROGRESS and v.connection in gone
        ]
        return [visit_id for end, visit_id in sorted(ends) if end < before][:limit]

    async def thought_here(self) -> list[str]:
        here, nowhere = {VisitStatus.ARRIVED, VisitStatus.WAITING}, {Connection.UNKNOWN, Connection.AWAY}
        visits = self._t.visits.values()
        return sorted(v.id for v in visits if v.status in here and v.connection not in nowhere)

    async def row(self, visit_id: str) -> DayRow | None:
        visit = self._t.visits.get(visit_id)
        return self._row(visit) if visit else None

    async def rows(self, visit_ids: Sequence[str]) -> dict[str, DayRow]:
        return {each: self._row(self._t.visits[each]) for each in visit_ids if each in self._t.visits}

    async def coming(self, patient_id: str, now: datetime) -> str:
        booked = [v for v in self._t.visits.values() if v.status is VisitStatus.BOOKED and not v.test]
        theirs = [self._row(v).appointment for v in booked if v.patient_id == patient_id]
        next_one = min((a for a in theirs if a.end > now), key=lambda a: a.start, default=None)
        visit = await self.by_appointment(next_one.id) if next_one else None
        return visit.id if visit else ""

    async def ahead(self, patient_ids: Sequence[str], after: datetime) -> list[DayRow]:
        theirs = [each for each in self._t.visits.values() if each.patient_id in patient_ids]
        rows = [self._row(each) for each in theirs if each.status in UNBEGUN and not each.test]
        ahead = [row for row in rows if row.appointment.end > after]
        return sorted(ahead, key=lambda row: (row.appointment.start, row.visit.id))

    async def meetings(self, practitioner_id: str, patient_id: str) -> list[Meeting]:
        pair = (practitioner_id, patient_id)
        theirs = [v for v in self._t.visits.values() if (v.practitioner_id, v.patient_id) == pair]
        booked = [(each, self._t.appointments[each.appointment_id]) for each in theirs]
        return [Meeting(each, at.start, at.end, at.by_practitioner) for each, at in booked]

    async def add_link(self, link: VisitLink) -> None:
        insert(self._t.visit_links, link.id, link)

    async def link(self, digest: bytes) -> VisitLink | None:
        return next((each for each in self._t.visit_links.values() if each.digest == digest), None)

    async def link_by_code(self, code_digest: bytes) -> VisitLink | None:
        links = self._t.visit_links.values()
        return next((each for each in links if each.code_digest == code_digest), None)

    async def link_of(self, visit_id: str, person_id: str) -> VisitLink | None:
        pair = (visit_id, person_id)
        links = [each for each in self._t.visit_links.values() if (each.visit_id, each.person_id) == pair]
        return max(links, key=lambda each: each.generation, default=None)

    async def save_link(self, link: VisitLink) -> None:
        change(self._t.visit_links, link)

    async def add_session(self, session: VisitSession) -> None:
        insert(self._t.visit_sessions, session.id, session)

    async def session(self, digest: bytes) -> VisitSession | None:
        return next((each for each in self._t.visit_sessions.values() if each.digest == digest), None)

    async def sessions_of(self, visit_id: str) -> list[VisitSession]:
        return [each for each in self._t.visit_sessions.values() if each.visit_id == visit_id]

    async def forget_sessions(self, closed_before: datetime) -> int:
        over = {v.id for v in self._t.visits.values() if v.status in CLOSED and v.since < closed_before}
        return forget(self._t.visit_sessions, lambda each: each.visit_id in over)

    async def end_every_session(self, now: datetime) -> int:
        nobodys = dict.fromkeys(("bound_to", "asked_by", "transfer_digest", "transfer_until"))
        for visit in list(self._t.visits.values()):
            change(self._t.visits, replace(visit, **nobodys))
        living = [each for each in self._t.visit_sessions.values() if each.ended_at is None]
        for each in living:
            change(self._t.visit_sessions, replace(each, ended_at=now))
        return len(living)

    async def save_session(self, session: VisitSession) -> None:
        change(self._t.visit_sessions, session)

    def _row(self, visit: Consultation) -> DayRow:
        appointment = self._t.appointments[visit.appointment_id]
        notes = [each for each in self._t.notes.values() if each.visit_id == visit.id]
        links = [each for each in self._t.visit_links.values() if each.visit_id == visit.id]
        told = [each for each in self._t.outbox.values() if each.visit_id == visit.id]
        invited = [each for each in told if each.template in INVITING]
        return DayRow(
            visit=visit,
            appointment=appointment,
            patient=self._t.patients[visit.patient_id],
            service=self._t.services[appointment.service_id],
            location=self._t.locations[appointment.location_id],
            note_state=max(notes, key=lambda each: each.number).state.value if notes else "",
            link=max(links, key=lambda each: each.generation, default=None),
            undelivered=visit.status in AWAITED
            and bool(invited)
            and all(each.state in LOST for each in invited),
            closure_id=closure_of(self._t, visit),
            together=_together(self._t.claims, visit.appointment_id),
            check=self._t.line_checks.get(visit.id),
        )


class FakeNotes:
    def __init__(self, tables: Any) -> None:
        self._t = tables

    async def of_visit(self, visit_id: str, author_id: str) -> Note | None:
        return next(iter(await self.all_of_visit(visit_id, author_id)), None)

    async def all_of_visit(self, visit_id: str, author_id: str) -> list[Note]:
        pair = (visit_id, author_id)
        found = [each for each in self._t.notes.values() if (each.visit_id, each.author_id) == pair]
        return sorted(found, key=lambda each: -each.number)

    async def get(self, note_id: str) -> Note | None:
        return self._t.notes.get(note_id)

    async def add(self, note: Note) -> None:
        known = await self.all_of_visit(note.visit_id, note.author_id)
        if note.number in {each.number for each in known}:
            raise StaleVersion
        insert(self._t.notes, note.id, note)

    async def save(self, note: Note) -> None:
        swap(self._t.notes, note)

    async def unsigned(self, author_id: str) -> list[Note]:
        notes = self._t.notes.values()
        return [each for each in notes if each.author_id == author_id and each.state is NoteState.DRAFT]

    async def versions(self, visit_ids: Sequence[str]) -> dict[tuple[str, str], int]:
        notes = sorted(self._t.notes.values(), key=lambda each: each.version)
        return {(n.visit_id, n.author_id): n.version for n in notes if n.visit_id in set(visit_ids)}

    async def add_addendum(self, addendum: Addendum) -> None:
        insert(self._t.addenda, addendum.id, addendum)

    async def addenda(self, note_id: str) -> list[Addendum]:
        found = [each for each in self._t.addenda.values() if each.note_id == note_id]
        return sorted(found, key=lambda each: each.added_at)


def _together(claims: Any, appointment_id: str) -> int:
    own = {each.session for each in claims.get(appointment_id, ()) if each.seats}
    return sum(any(each.session in own for each in theirs) for theirs in claims.values() if own)
