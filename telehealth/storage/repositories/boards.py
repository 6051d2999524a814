"""The clinics of an organization on one day, counted by the database: nothing is opened for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from telehealth.domain.queue import Running
from telehealth.domain.scheduling import Interval
from telehealth.services.board_repository import Counted
from telehealth.storage.repositories.shapes import columns
from telehealth.storage.rows.appointments import appointments
from telehealth.storage.rows.lines import running
from telehealth.storage.rows.visits import visits
from telehealth.storage.transaction import Transaction

JOINED = visits.join(appointments, appointments.c.id == visits.c.appointment_id)


class BoardRows:
    """The Boards Protocol."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def counted(self, organization_id: str, window: Interval) -> list[Counted]:
        """Return the counts of visits that start in `window`, by specialist and status."""
        by = (visits.c.practitioner_id, visits.c.status)
        statement = (
            select(*by, func.count().label("number"), func.min(visits.c.waiting_at).label("since"))
            .select_from(JOINED)
            .where(*_of_day(organization_id, window))
            .group_by(*by)
            .order_by(*by)
        )
        return [Counted(**columns(row)) for row in await self._transaction.all(statement)]

    async def visits(self, organization_id: str, practitioner_id: str, window: Interval) -> list[str]:
        """Return ids of one specialist's visits that start in `window`."""
        statement = (
            select(visits.c.id)
            .select_from(JOINED)
            .where(visits.c.practitioner_id == practitioner_id, *_of_day(organization_id, window))
        )
        return [row.id for row in await self._transaction.all(statement)]

    async def running(self, practitioner_ids: Sequence[str], now: datetime) -> dict[str, Running]:
        """Return how these specialists' clinics run, the newest word of each that still counts."""
        statement = (
            select(running)
            .where(running.c.practitioner_id.in_(practitioner_ids), running.c.ends_at > now)
            .order_by(running.c.day)
        )
        found = [Running(**columns(row)) for row in await self._transaction.all(statement)]
        return {each.practitioner_id: each for each in found}


def _of_day(organization_id: str, window: Interval) -> tuple[ColumnElement[bool], ...]:
    """Real visits that start in `window` and whose specialist or patient is the organization's."""
    c = appointments.c
    ours = or_(c.organization_id == organization_id, c.patient_organization_id == organization_id)
    return ~visits.c.test, c.start >= window.start, c.start < window.end, ours
