"""A specialist's line without names, how the clinic runs, and its messages under the patient's key."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, or_, select, update

from telehealth.crypto.purposes import Purpose
from telehealth.domain.clinic_message import ClinicMessage
from telehealth.domain.consultation import VisitStatus
from telehealth.domain.queue import Line, Running, Stand
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.lines import clinic_message, running, told_late
from telehealth.storage.rows.visits import visits
from telehealth.storage.sealing import Place, Vault
from telehealth.storage.transaction import Transaction

SEALED = ("text", "language")


class LineRows:
    """The Lines Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def waiting(self, organization_id: str, since: datetime) -> list[str]:
        """Return ids of waiting visits whose specialist or patient is an organization's, without tests."""
        statement = (
            select(visits.c.id)
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .where(
                visits.c.status == VisitStatus.WAITING,
                ~visits.c.test,
                appointments.c.end >= since,
                or_(
                    appointments.c.organization_id == organization_id,
                    appointments.c.patient_organization_id == organization_id,
                ),
            )
            .order_by(visits.c.id)
        )
        return [row.id for row in await self._transaction.all(statement)]

    async def of(self, practitioner_id: str, now: datetime, since: datetime, newest: int) -> Line:
        """Return who waits and is in a call, appointments that ended before `since` and tests left out."""
        statement = (
            select(
                visits.c.id,
                visits.c.status,
                visits.c.priority,
                visits.c.text_me,
                visits.c.waiting_at,
                visits.c.admitted_at,
                visits.c.since,
                appointments.c.start,
            )
            .join(appointments, appointments.c.id == visits.c.appointment_id)
            .where(
                visits.c.practitioner_id == practitioner_id,
                visits.c.status.in_([VisitStatus.WAITING, VisitStatus.IN_PROGRESS]),
                appointments.c.end > since,
                visits.c.test.is_(False),
            )
        )
        rows = await self._transaction.all(statement)
        return Line(
            waiting=tuple(
                Stand(row.id, row.priority, row.start, row.waiting_at or row.since, row.text_me)
                for row in rows
                if row.status is VisitStatus.WAITING
            ),
            called_at=max(
                (row.admitted_at or row.since for row in rows if row.status is VisitStatus.IN_PROGRESS),
                default=None,
            ),
            durations=await self._durations(practitioner_id, newest),
            running=await self.running(practitioner_id, now),
        )

    async def running(self, practitioner_id: str, now: datetime) -> Running | None:
        """Return how the clinic runs on the day that is now; None when nobody has said anything."""
        statement = (
            select(running)
            .where(running.c.practitioner_id == practitioner_id, running.c.ends_at > now)
            .order_by(running.c.day.desc())
            .limit(1)
        )
        row = await self._transaction.first(statement)
        return Running(**columns(row)) if row else None

    async def put_running(self, state: Running) -> None:
        """Write how the clinic runs: version 1 is new; raises StaleVersion unless one less is stored."""
        if state.version == 1:
            await self._transaction.write(insert(running).values(values(state)))
            return
        stored = (
            running.c.practitioner_id == state.practitioner_id,
            running.c.day == state.day,
            running.c.version == state.version - 1,
        )
        await self._transaction.swap(update(running).where(*stored).values(values(state)))

    async def told_late(self, visit_ids: Sequence[str]) -> dict[str, tuple[datetime, int]]:
        """Return, for each visit whose patient was told at home, its time then and how many minutes late."""
        rows = await self._transaction.all(select(told_late).where(told_late.c.visit_id.in_(visit_ids)))
        return {row.visit_id: (row.start, row.minutes) for row in rows}

    async def put_told_late(self, visit_id: str, start: datetime, minutes: int) -> None:
        """Keep what a visit's patient is told at home, over what was told before."""
        await self._transaction.write(delete(told_late).where(told_late.c.visit_id == visit_id))
        row = {"visit_id": visit_id, "start": start, "minutes": minutes}
        await self._transaction.write(insert(told_late).values(row))

    async def add_message(self, message: ClinicMessage) -> None:
        """Insert a message."""
        row = values(message, *SEALED)
        sealed = self._vault.seal(place_of(row), {name: getattr(message, name) for name in SEALED})
        await self._transaction.write(insert(clinic_message).values(row | sealed))

    async def messages(self, visit_id: str) -> list[ClinicMessage]:
        """Return a visit's messages, oldest first."""
        statement = select(clinic_message).where(clinic_message.c.visit_id == visit_id)
        rows = await self._transaction.all(statement.order_by(clinic_message.c.sent_at, clinic_message.c.id))
        return [self._message(columns(row)) for row in rows]

    async def _durations(self, practitioner_id: str, newest: int) -> tuple[timedelta, ...]:
        statement = (
            select(visits.c.admitted_at, visits.c.ended_at)
            .where(
                visits.c.practitioner_id == practitioner_id,
                visits.c.ended_at.is_not(None),
                visits.c.admitted_at.is_not(None),
                visits.c.test.is_(False),
            )
            .order_by(visits.c.ended_at.desc())
            .limit(newest)
        )
        rows = await self._transaction.all(statement)
        return tuple(row.ended_at - row.admitted_at for row in rows)

    def _message(self, row: dict[str, Any]) -> ClinicMessage:
        content = self._vault.open(place_of(row), row.pop("key_id"), row.pop("sealed"))
        return ClinicMessage(**row, **content)


def place_of(row: dict[str, Any]) -> Place:
    """Return where the sealed columns of a row stand."""
    within = f"{row['visit_id']}/{row['author_id']}/{row['id']}"
    return Place(row["patient_id"], Purpose.CLINIC_MESSAGE, row["organization_id"], "clinic_message", within)
