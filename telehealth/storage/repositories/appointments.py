"""Booked times as rows; the database decides who wins."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from telehealth.domain.appointment import (
    TAKES_TIME,
    Appointment,
    AppointmentQuery,
    AppointmentStatus,
    Claim,
    ResourceKind,
)
from telehealth.domain.groups import Session
from telehealth.domain.scheduling import Interval
from telehealth.services.appointment_repository import Claimed, Ends
from telehealth.storage.repositories.claims import take
from telehealth.storage.repositories.seats import (
    queue_for_seats,
    sessions_of,
    sitting,
    stay_together,
    together,
)
from telehealth.storage.repositories.shapes import columns, values
from telehealth.storage.repositories.stretches import (
    LONGEST_CLAIM,
    claimed,
    ends_of,
    ran_out,
    stretches,
    touching,
)
from telehealth.storage.rows.appointments import appointment_resource, appointments
from telehealth.storage.sealing import Vault
from telehealth.storage.transaction import Transaction

CHANGES = ("status", "sequence", "version", "held_until", "by_patient")
"""What `save` writes; another time means other claims, see `move`."""
MOVES = (
    *CHANGES,
    "start",
    "end",
    "location_id",
    "zone",
    "local_start",
    "tzdata",
    "patient_moves",
    "practitioner_id",
    "by_practitioner",
    "apart",
)

MOST_LOOKED_AT = 50
"""Visits of a patient that are looked at for the last one of a kind."""
APPOINTMENT = select(appointments).where(appointments.c.id == bindparam("sought"))
EXPIRE = (
    update(appointments)
    .where(*ran_out(bindparam("now")))
    .values(status=AppointmentStatus.CANCELLED, version=appointments.c.version + 1)
    .returning(appointments.c.id)
)


class AppointmentRows:
    """The Appointments Protocol."""

    def __init__(self, transaction: Transaction, vault: Vault) -> None:
        self._transaction = transaction
        self._vault = vault

    async def book(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        """Insert one; see `book_all`."""
        await self.book_all([(appointment, claims)])

    async def book_all(self, booked: Sequence[Claimed]) -> None:
        """Insert each with its claims, those of all in sorted order; raises SlotTaken for all of them."""
        await self._transaction.insert(appointments, [values(appointment) for appointment, _ in booked])
        await take(self._transaction, self._vault, booked)

    async def get(self, appointment_id: str) -> Appointment | None:
        """Return one appointment."""
        sought = {"sought": appointment_id}
        row = await self._transaction.first(self._transaction.kept(APPOINTMENT), sought)
        return Appointment(**columns(row)) if row else None

    async def save(self, appointment: Appointment, *, retake: bool = True) -> None:
        """Write status, sequence and hold; claims are busy exactly while the status takes time.

        Without `retake`, what was freed stays free. Raises StaleVersion unless the stored version is exactly
        one less, and SlotTaken when a cancelled appointment comes back to a time that is somebody else's now.
        """
        await self._write(appointment, CHANGES)
        active = appointment.status in TAKES_TIME
        if active and not retake:
            return
        await self._transaction.write(
            update(appointment_resource)
            .where(
                appointment_resource.c.appointment_id == appointment.id,
                appointment_resource.c.active.is_not(active),
            )
            .values(active=active)
        )

    async def free(self, appointment_id: str) -> None:
        """Give up all that an appointment takes, whatever its status."""
        await self._transaction.write(
            update(appointment_resource)
            .where(appointment_resource.c.appointment_id == appointment_id)
            .values(active=False)
        )

    async def move(self, appointment: Appointment, claims: Sequence[Claim]) -> None:
        """Move one; see `move_all`."""
        await self.move_all([(appointment, claims)])

    async def move_all(self, moved: Sequence[Claimed]) -> None:
        """Write other times and places, and claim them instead; raises StaleVersion and SlotTaken.

        All former claims are given up before one is made: the visits of a series may change places.
        """
        await queue_for_seats(self._transaction, moved)
        for appointment, _ in moved:
            await self._write(appointment, MOVES)
        former = appointment_resource.c.appointment_id.in_([appointment.id for appointment, _ in moved])
        await self._transaction.write(delete(appointment_resource).where(former))
        await take(self._transaction, self._vault, moved)

    async def _write(self, appointment: Appointment, names: Sequence[str]) -> None:
        await self._transaction.swap(
            update(appointments)
            .where(appointments.c.id == appointment.id, appointments.c.version == appointment.version - 1)
            .values({name: getattr(appointment, name) for name in names})
        )

    async def busy(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        """Return the busy times that touch `window` for each resource asked for, earliest first.

        With `now` without holds that ran out by then; without it they count until they are released.
        """
        busy: dict[str, list[Interval]] = {each: [] for each in resource_ids}
        if not busy:
            return busy
        claim = appointment_resource.c
        statement = (
            select(claim.resource_id, claim.busy_start, claim.busy_end)
            .where(*touching(kind, list(busy), window, now))
            .order_by(claim.busy_start)
        )
        for row in await self._transaction.all(statement):
            busy[row.resource_id].append(Interval(row.busy_start, row.busy_end))
        return busy

    async def taken(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, list[Interval]]:
        """Return the same as `busy`, but as one what has no time between."""
        ends = await self.ends(kind, resource_ids, window, now)
        return {each: list(stretches(ends[each])) if each in ends else [] for each in resource_ids}

    async def ends(
        self,
        kind: ResourceKind,
        resource_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> dict[str, Ends]:
        """Return the same as `busy` for long windows: of those resources of which anything is taken."""
        if not resource_ids:
            return {}
        sent = self._transaction.postgresql
        rows = await self._transaction.all(claimed(kind, resource_ids, window, now, sent=sent))
        return ends_of(rows, sent=sent)

    async def sessions(
        self,
        service_id: str,
        practitioner_ids: Sequence[str],
        window: Interval,
        now: datetime | None = None,
    ) -> list[Session]:
        """Return these specialists' group sessions of a service that start within `window`, in order."""
        statement = sitting(service_id, practitioner_ids, window, now)
        return sessions_of(await self._transaction.all(statement))

    async def together(self, appointment_id: str) -> list[str]:
        """Return the ids of all in the group session of an appointment, by id; of one alone its own."""
        return await together(self._transaction, appointment_id)

    async def stay_together(self, appointment_ids: Sequence[str], toward: str = "") -> None:
        """Keep others out of the session of these, and of the one where they go, until the unit ends."""
        await stay_together(self._transaction, appointment_ids, toward)

    async def fulfilled(self, patient_id: str) -> list[Appointment]:
        """Return the patient's last visits that took place, the newest first."""
        c = appointments.c
        took_place = (c.patient_id == patient_id, c.status == AppointmentStatus.FULFILLED, ~c.test)
        statement = (
            select(appointments).where(*took_place).order_by(c.start.desc(), c.id).limit(MOST_LOOKED_AT)
        )
        return [Appointment(**columns(row)) for row in await self._transaction.all(statement)]

    async def give_back(self, practitioner_id: str, now: datetime) -> None:
        """End what a practitioner's fulfilled appointments take beyond `now`: they were over sooner."""
        c, claim = appointments.c, appointment_resource.c
        over = c.practitioner_id == practitioner_id, c.status == AppointmentStatus.FULFILLED
        ids = select(c.id).where(*over, c.start > now - LONGEST_CLAIM, c.start <= now)
        lasting = claim.busy_start < now, claim.busy_end > now
        await self._transaction.write(
            update(appointment_resource).where(claim.appointment_id.in_(ids), *lasting).values(busy_end=now)
        )

    async def search(
        self, query: AppointmentQuery, organization_id: str, now: datetime
    ) -> tuple[list[Appointment], int]:
        """Return what an organization manages of those sought, earliest first, and how many there are."""
        matching = _sought(query, organization_id, now)
        total = await self._transaction.first(select(func.count()).select_from(appointments).where(*matching))
        statement = select(appointments).where(*matching).order_by(appointments.c.start, appointments.c.id)
        rows = await self._transaction.all(statement.limit(query.count))
        return [Appointment(**columns(row)) for row in rows], int(total[0]) if total else 0

    async def of_other_rules(self, tzdata: str, now: datetime) -> list[Appointment]:
        """Return what is booked from `now` on under other time-zone rules than these."""
        c = appointments.c
        booked = c.status == AppointmentStatus.BOOKED
        statement = select(appointments).where(booked, c.start >= now, c.tzdata != tzdata)
        return [Appointment(**columns(row)) for row in await self._transaction.all(statement)]

    async def release_expired(self, now: datetime) -> int:
        """Cancel holds that ran out and free their time; returns how many."""
        ids = [row.id for row in await self._transaction.all(EXPIRE, {"now": now})]
        if ids:
            freed = update(appointment_resource).where(appointment_resource.c.appointment_id.in_(ids))
            await self._transaction.write(freed.values(active=False))
        return len(ids)


def _sought(query: AppointmentQuery, organization_id: str, now: datetime) -> list[ColumnElement[bool]]:
    c = appointments.c
    matching = [
        or_(c.organization_id == organization_id, c.patient_organization_id == organization_id),
        or_(c.status != AppointmentStatus.PENDING, c.held_until > now),
        c.status.in_(query.statuses),
        ~c.test,
    ]
    if query.patient_id:
        matching.append(c.patient_id == query.patient_id)
    if query.practitioner_id:
        matching.append(c.practitioner_id == query.practitioner_id)
    if query.modality is not None:
        matching.append(c.modality == query.modality)
    if query.start is not None:
        matching.append(c.start >= query.start)
    if query.end is not None:
        matching.append(c.start < query.end)
    return matching
