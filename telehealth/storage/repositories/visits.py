"""Consultations as rows, the links to them, the browsers in them, and the clinic's day from one query."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update

from telehealth.domain.care import Meeting
from telehealth.domain.consultation import CLOSED, HERE, UNBEGUN, Connection, Consultation, VisitStatus
from telehealth.domain.resources import NEEDED, in_order
from telehealth.domain.scheduling import Interval
from telehealth.domain.visiting import VisitLink, VisitSession
from telehealth.services.repositories import DayRow
from telehealth.storage.repositories.closures import takes_place
from telehealth.storage.repositories.confirmations import visit_of, visit_row
from telehealth.storage.repositories.day_rows import DAY_SELECT, OTHERS, day_row
from telehealth.storage.repositories.resources import party_of
from telehealth.storage.repositories.shapes import Joined, columns, values
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.rows.erasures import erasures
from telehealth.storage.rows.resources import resources
from telehealth.storage.rows.visits import visit_link, visit_session, visits
from telehealth.storage.sealing import Vault
from telehealth.storage.transaction import Transaction


def _starts_within(window: str) -> ColumnElement[bool]:
    """The appointment starts in a half-open window, whose ends are bound later under these names."""
    start = appointments.c.start
    return and_(start >= bindparam(f"{window}_start"), start < bindparam(f"{window}_end"))


def _ends(window: str, interval: Interval) -> dict[str, datetime]:
    return {f"{window}_start": interval.start, f"{window}_end": interval.end}


OF_PRACTITIONER = DAY_SELECT.where(appointments.c.practitioner_id == bindparam("practitioner")).order_by(
    appointments.c.start, visits.c.id
)
WINDOW = OF_PRACTITIONER.where(_starts_within("day"))
CLINIC = (
    OF_PRACTITIONER.where(
        visits.c.status != VisitStatus.CANCELLED,
        ~visits.c.test,
        or_(_starts_within("day"), and_(visits.c.status.in_(HERE), _starts_within("around"))),
    )
    .outerjoin(
        appointment_resource,
        and_(
            appointment_resource.c.appointment_id == appointments.c.id,
            appointment_resource.c.kind.in_(NEEDED),
        ),
    )
    .outerjoin(resources, resources.c.id == appointment_resource.c.resource_id)
    .add_columns(resources, appointment_resource)
)
"""A row for each room, device and interpreter of a visit, or one without."""
PARTIES = Joined(resources, appointment_resource, start=OTHERS.stop)
ROW = DAY_SELECT.where(visits.c.id == bindparam("sought"))
VISIT = select(visits).where(visits.c.id == bindparam("sought"))
OF_APPOINTMENT = select(visits).where(visits.c.appointment_id == bindparam("sought"))
OF_TRANSFER = select(visits).where(visits.c.transfer_digest == bindparam("sought"))
LINK = select(visit_link).where(visit_link.c.digest == bindparam("digest"))
NEWEST_LINK = (
    select(visit_link)
    .where(visit_link.c.visit_id == bindparam("visit"), visit_link.c.person_id == bindparam("person"))
    .order_by(visit_link.c.generation.desc())
    .limit(1)
)
MEETINGS = (
    select(visits, appointments.c.start, appointments.c.end, appointments.c.by_practitioner)
    .join(appointments, appointments.c.id == visits.c.appointment_id)
    .where(visits.c.practitioner_id == bindparam("practitioner"), visits.c.patient_id == bindparam("patient"))
)
OF_MEETING = Joined(visits)
NOBODYS = dict.fromkeys(("bound_to", "asked_by", "transfer_digest", "transfer_until"))
BY_COOKIE = select(visit_session).where(visit_session.c.digest == bindparam("digest"))
SAVE = update(visits).where(visits.c.id == bindparam("which"), visits.c.version == bindparam("before"))


class VisitRows:
    """The Visits Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def add(self, visit: Consultation) -> None:
        """Insert; raises StaleVersion when the id or the appointment has a visit."""
        await self._transaction.insert(visits, visit_row(self._vault, visit))

    async def get(self, visit_id: str) -> Consultation | None:
        """Return one visit."""
        return await self._one(VISIT, visit_id)

    async def by_appointment(self, appointment_id: str) -> Consultation | None:
        """Return the visit of an appointment."""
        return await self._one(OF_APPOINTMENT, appointment_id)

    async def by_transfer(self, digest: bytes) -> Consultation | None:
        """Return the visit that a code for another browser belongs to."""
        return await self._one(OF_TRANSFER, digest)

    async def save(self, visit: Consultation) -> None:
        """Write all of a visit; raises StaleVersion unless the stored version is exactly one less."""
        guard = {"which": visit.id, "before": visit.version - 1}
        await self._transaction.swap(SAVE, visit_row(self._vault, visit) | guard)

    async def day(self, practitioner_id: str, window: Interval) -> list[DayRow]:
        """Return visits whose appointment starts within `window`, in order of start, from one query."""
        bound = {"practitioner": practitioner_id} | _ends("day", window)
        return [self._day_row(row) for row in await self._transaction.all(WINDOW, bound)]

    async def clinic(self, practitioner_id: str, day: Interval, around: Interval) -> list[DayRow]:
        """Return a clinic's rows from one query: of `day`, and of `around` whose patient is here now."""
        bound = {"practitioner": practitioner_id} | _ends("day", day) | _ends("around", around)
        found = await self._transaction.all(CLINIC, bound)
        return [self._with_parties(list(rows)) for _, rows in groupby(found, key=lambda row: row[0])]

    def _with_parties(self, rows: list[Any]) -> DayRow:
        """Return one visit from all rows that it has."""
        taken = [(PARTIES.part(row, resources), PARTIES.part(row, appointment_resource)) for row in rows]
        had = [party_of(self._vault, *each) for each in taken if each[0]["id"]]
        parties = tuple(sorted(had, key=lambda each: in_order(each.resource)))
        return replace(self._day_row(rows[0]), parties=parties)

    async def owing(self, practitioner_id: str) -> list[str]:
        """Return ids of a specialist's visits that are over and want a signature, by id."""
        over = (visits.c.practitioner_id == practitioner_id, visits.c.status == VisitStatus.FINISHED)
        erased = visits.c.patient_id.in_(select(erasures.c.patient_id))
        statement = select(visits.c.id).where(*over, ~erased).order_by(visits.c.id)
        return [row.id for row in await self._transaction.all(statement)]

    async def lapsed(self, before: datetime, limit: int) -> list[str]:
        """Return ids of `overdue` visits that ended before `before`, earliest first; none closed."""
        gone = and_(visits.c.status == VisitStatus.WAITING, visits.c.connection == Connection.AWAY)
        unattended = or_(visits.c.status.in_([VisitStatus.BOOKED, VisitStatus.ARRIVED]), gone)
        return await self._ended(before, limit, unattended, takes_place())

    async def forgotten(self, before: datetime, limit: int) -> list[str]:
        """Return ids of visits in progress whose hours ended before `before`, without their patient."""
        gone = visits.c.connection.in_([Connection.UNKNOWN, Connection.AWAY])
        return await self._ended(before, limit, visits.c.status == VisitStatus.IN_PROGRESS, gone)

    async def _ended(self, before: datetime, limit: int, *which: ColumnElement[bool]) -> list[str]:
        statement = (
            select(visits.c.id)
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .where(appointments.c.end < before, *which)
            .order_by(appointments.c.end, visits.c.id)
            .limit(limit)
        )
        return [row.id for row in await self._transaction.all(statement)]

    async def thought_here(self) -> list[str]:
        """Return ids of visits arrived or waiting whose patient's page was last known to be open."""
        statement = select(visits.c.id).where(
            visits.c.status.in_([VisitStatus.ARRIVED, VisitStatus.WAITING]),
            visits.c.connection.not_in([Connection.UNKNOWN, Connection.AWAY]),
        )
        return [row.id for row in await self._transaction.all(statement.order_by(visits.c.id))]

    async def row(self, visit_id: str) -> DayRow | None:
        """Return one visit as a row of the day."""
        row = await self._transaction.first(ROW, {"sought": visit_id})
        return self._day_row(row) if row else None

    async def rows(self, visit_ids: Sequence[str]) -> dict[str, DayRow]:
        """Return several visits as rows of the day, by id, from one query."""
        statement = DAY_SELECT.where(visits.c.id.in_(visit_ids))
        found = [self._day_row(row) for row in await self._transaction.all(statement)]
        return {row.visit.id: row for row in found}

    async def coming(self, patient_id: str, now: datetime) -> str:
        """Return the id of the patient's next booked visit that is not over; empty when there is none."""
        statement = (
            select(visits.c.id)
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .where(
                visits.c.patient_id == patient_id,
                visits.c.status == VisitStatus.BOOKED,
                ~visits.c.test,
                appointments.c.end > now,
            )
            .order_by(appointments.c.start, visits.c.id)
            .limit(1)
        )
        row = await self._transaction.first(statement)
        return str(row.id) if row else ""

    async def ahead(self, patient_ids: Sequence[str], after: datetime) -> list[DayRow]:
        """Return these patients' visits that have not begun and end after an instant, in one query."""
        statement = DAY_SELECT.where(
            visits.c.patient_id.in_(patient_ids),
            visits.c.status.in_(UNBEGUN),
            ~visits.c.test,
            appointments.c.end > after,
        ).order_by(appointments.c.start, visits.c.id)
        return [self._day_row(row) for row in await self._transaction.all(statement)]

    async def meetings(self, practitioner_id: str, patient_id: str) -> list[Meeting]:
        """Return the visits of the two with the hours of their appointments."""
        bound = {"practitioner": practitioner_id, "patient": patient_id}
        rows = await self._transaction.all(MEETINGS, bound)
        return [
            Meeting(
                visit_of(self._vault, OF_MEETING.part(row, visits)), row.start, row.end, row.by_practitioner
            )
            for row in rows
        ]

    async def add_link(self, link: VisitLink) -> None:
        """Insert a link."""
        await self._transaction.insert(visit_link, values(link))

    async def link(self, digest: bytes) -> VisitLink | None:
        """Return the link of a token's digest, revoked or not. Links are not locked: their visit is."""
        return await self._link(LINK, {"digest": digest})

    async def link_by_code(self, code_digest: bytes) -> VisitLink | None:
        """Return the newest link with this spoken code, revoked or not."""
        statement = select(visit_link).where(visit_link.c.code_digest == code_digest)
        return await self._link(statement.order_by(visit_link.c.id.desc()).limit(1))

    async def link_of(self, visit_id: str, person_id: str) -> VisitLink | None:
        """Return a person's newest link to a visit."""
        return await self._link(NEWEST_LINK, {"visit": visit_id, "person": person_id})

    async def save_link(self, link: VisitLink) -> None:
        """Write all of a link; raises StaleVersion when there is none."""
        statement = update(visit_link).where(visit_link.c.id == link.id)
        await self._transaction.swap(statement.values(values(link, "id")))

    async def add_session(self, session: VisitSession) -> None:
        """Insert a browser's session."""
        await self._transaction.insert(visit_session, values(session))

    async def session(self, digest: bytes) -> VisitSession | None:
        """Return the session of a cookie's digest, ended or not."""
        row = await self._transaction.first(self._transaction.kept(BY_COOKIE), {"digest": digest})
        return VisitSession(**columns(row)) if row else None

    async def sessions_of(self, visit_id: str) -> list[VisitSession]:
        """Return all browsers of a visit, oldest first."""
        statement = select(visit_session).where(visit_session.c.visit_id == visit_id)
        rows = await self._transaction.all(statement.order_by(visit_session.c.created_at, visit_session.c.id))
        return [VisitSession(**columns(row)) for row in rows]

    async def forget_sessions(self, closed_before: datetime) -> int:
        """Delete the sessions of visits that have been closed since before an instant; returns how many."""
        closed = exists().where(
            visits.c.id == visit_session.c.visit_id,
            visits.c.status.in_(CLOSED),
            visits.c.since < closed_before,
        )
        return await self._transaction.write(delete(visit_session).where(closed))

    async def end_every_session(self, now: datetime) -> int:
        """End every browser's session, and let no visit be any browser's; return how many ended.

        The visits keep their versions: what is sealed in them is bound to these.
        """
        await self._transaction.write(update(visits).values(NOBODYS))
        living = update(visit_session).where(visit_session.c.ended_at.is_(None))
        return await self._transaction.write(living.values(ended_at=now))

    async def save_session(self, session: VisitSession) -> None:
        """Write all of a session; one that has ended stays ended. Raises StaleVersion when there is none."""
        changes = values(session, "id", "ended_at")
        changes["ended_at"] = func.coalesce(visit_session.c.ended_at, session.ended_at)
        await self._transaction.swap(
            update(visit_session).where(visit_session.c.id == session.id).values(changes)
        )

    async def _one(self, statement: Select[Any], sought: str | bytes) -> Consultation | None:
        row = await self._transaction.first(self._transaction.kept(statement), {"sought": sought})
        return visit_of(self._vault, columns(row)) if row else None

    async def _link(self, statement: Select[Any], bound: dict[str, object] | None = None) -> VisitLink | None:
        row = await self._transaction.first(statement, bound)
        return VisitLink(**columns(row)) if row else None

    def _day_row(self, row: Any) -> DayRow:
        return day_row(self._vault, row)
