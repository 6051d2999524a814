"""Offers from the waiting lists: a free time is kept for whoever is next in order, and moves on unanswered.

Whatever freed it, a time is found here: a visit that was cancelled or moved, a hold that ran out, new hours.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment, AppointmentStatus, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, SlotTaken, StaleVersion
from telehealth.domain.outbox import WAITLIST_OFFER, OutboxMessage
from telehealth.domain.people import Patient
from telehealth.domain.resources import Party, needs_of
from telehealth.domain.waitlist import (
    Chance,
    Offer,
    OfferState,
    Waiting,
    WaitStatus,
    answer_by,
    at_night,
    fits,
    in_order,
    matched,
    resting,
    tired,
)
from telehealth.services.parties import claims_of
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Work, enter
from telehealth.services.visit_making import Invitations
from telehealth.services.waitlist import as_it_stands, close, later_visits, leave

LAST = datetime.max.replace(tzinfo=UTC)
AROUND = timedelta(days=1)
"""A day somewhere begins and ends within one of UTC's and this."""
AT_ONCE = 200
"""Free times that are looked at in one query."""
PAGES = 12
"""So many queries look for times for one wish in one round."""
PEOPLE = 1000
"""So many wishes are looked at in one round."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody to whom something can be offered now; `moves` is the visit that would be earlier.

    `had` is what that visit has, and needs at any other time too.
    """

    one: Waiting
    patient: Patient
    moves: DayRow | None
    had: Sequence[Party]


class WaitlistOffers:
    """The worker's part of waiting lists, in the system's name; several of them may run at once."""

    def __init__(self, *, work: Work, invitations: Invitations, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._tzdata = tzdata
        self._finder = SlotFinder(work=work)
        self._looked = 0

    async def expire(self) -> int:
        """End offers that were not answered, each once whatever else does the same; returns how many."""
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            over = await uow.waitlist.run_out(now)
        ended = [await self._expire(each) for each in over]
        return sum(ended)

    async def _expire(self, found: Offer) -> bool:
        async with self._work.units.writing() as uow:
            # The wish first: whoever changes both locks them in this order.
            one = await uow.waitlist.get(found.waiting_id)
            offer = await uow.waitlist.offer(found.id)
            if one is None or offer is None or offer.state is not OfferState.OPEN:
                return False
            await close(uow, offer, OfferState.EXPIRED)
            await self._enter(uow, AuditAction.OFFER_EXPIRED, one, offer.hold_id)
        return True

    async def offer(self) -> int:
        """Offer what is free to whoever is next in order, by day where they are; returns how many offers.

        One round looks at PEOPLE wishes and, for each, at no more than PAGES times AT_ONCE free times. Where
        more people wait, the next round goes on behind them, and so around: what becomes free just then is
        offered to the first of those first.
        """
        now = self._work.clock.now()
        asking, refused = await self._asking(now)
        slots: dict[tuple[str, Chance], FreeSlot] = {}
        queue = []
        for ahead, each in enumerate(asking):
            found = [slot async for slot in self._fitting(each, refused, now, ahead + 1)]
            chances = [_chance(slot) for slot in found]
            slots |= {(each.one.id, chance): slot for chance, slot in zip(chances, found, strict=True)}
            queue.append((each.one, chances))
        patients = {each.one.id: each.patient for each in asking}
        pairs = matched(queue, refused, now)
        return sum([await self._try(one, patients[one.id], slots[one.id, chance]) for one, chance in pairs])

    async def _asking(self, now: datetime) -> tuple[list[_Asking], set[tuple[str, str, datetime]]]:
        """Return to whom something can be offered, in order, and what was offered before."""
        async with self._work.units.reading() as uow:
            turn = self._turn(in_order(await uow.waitlist.all()))
            ids = sorted({one.patient_id for one in turn})
            patients, ahead = await uow.patients.many(ids), await uow.visits.ahead(ids, now)
            offers = await uow.waitlist.offers_of([one.id for one in turn])
            lost = await uow.waitlist.unreached([one.id for one in turn])
            moves = {one.id: found[0] for one in turn if (found := later_visits(ahead, one))}
            turn = [as_it_stands(one, moves.get(one.id)) for one in turn]
            had = await uow.resources.parties([row.appointment.id for row in moves.values()])
        booked = {row.visit.id for row in ahead}
        over = {one.id for one in turn if _over(one, booked, now)}
        for waiting_id in sorted(over):
            await self._end(waiting_id)
        asking, off = [], over | _busy(offers, lost, now)
        for one in turn:
            patient, row = patients[one.patient_id], moves.get(one.id)
            if (
                one.id in off
                or (one.visit_id and row is None)
                or at_night(now, patient.zone)
                or not self._invitations.ways(patient)
            ):
                continue
            asking.append(_Asking(one, patient, row, had[row.appointment.id] if row else ()))
        return asking, {(each.waiting_id, each.practitioner_id, each.start) for each in offers}

    def _turn(self, listed: list[Waiting]) -> list[Waiting]:
        """Return whose turn it is in this round."""
        first = self._looked if self._looked < len(listed) else 0
        self._looked = first + PEOPLE
        return listed[first : first + PEOPLE]

    async def _end(self, waiting_id: str) -> None:
        """Take somebody off for whom there is nothing to wait for any more."""
        async with self._work.units.writing() as uow:
            one = await uow.waitlist.get(waiting_id)
            if one is None or one.status is not WaitStatus.WAITING:
                return
            await leave(uow, one, WaitStatus.OVER)
            await self._enter(uow, AuditAction.WAITLIST_LEFT, one, one.id, "Waitlist")

    async def _fitting(
        self, who: _Asking, refused: set[tuple[str, str, datetime]], now: datetime, count: int
    ) -> AsyncIterator[FreeSlot]:
        """Yield the first times that fit; as many as are surely enough, whatever those before them get.

        None where nothing serves any more what the visit needs.
        """
        one, start = who.one, max(now + timedelta(hours=who.one.notice_hours), _day(who.one, first=True))
        end = min(_day(one, first=False), who.moves.appointment.start if who.moves else LAST)
        query = _query(who, start, end)
        onward: datetime | None = start
        for _ in range(PAGES):
            if onward is None or onward >= end or not count:
                return
            try:
                found, onward = await self._finder.onward(replace(query, start=onward))
            except BadInput:
                return
            for slot in found:
                place = (one.id, slot.practitioner.id, slot.start)
                wanted = slot.start < end and fits(one, _chance(slot), now) and place not in refused
                if count and wanted and self._until(slot, who.patient, now) is not None:
                    count -= 1
                    yield slot

    def _until(self, slot: FreeSlot, patient: Patient, now: datetime) -> datetime | None:
        latest = slot.start - timedelta(minutes=slot.service.notice_minutes)
        return answer_by(now, patient.zone, latest)

    async def _try(self, one: Waiting, patient: Patient, slot: FreeSlot) -> bool:
        """Offer in a unit of its own; what somebody else took meanwhile is looked at in the next round."""
        try:
            async with self._work.units.writing() as uow:
                return await self._offer(uow, one, patient, slot)
        except (SlotTaken, StaleVersion):
            return False

    async def _offer(self, uow: UnitOfWork, one: Waiting, patient: Patient, slot: FreeSlot) -> bool:
        now = self._work.clock.now()
        fresh, until = await uow.waitlist.get(one.id), self._until(slot, patient, now)
        if fresh is None or fresh.status is not WaitStatus.WAITING or until is None:
            return False
        held = self._held(slot, patient, until)
        await uow.appointments.release_expired(now)
        await uow.appointments.book(held, claims_of(held, slot.service))
        identifier = self._work.identifier()
        digests = self._invitations.offers.digests(identifier, patient.id)
        whom = (patient.id, held.id, slot.practitioner.id)
        await uow.waitlist.add_offer(Offer(identifier, one.id, *whom, slot.start, until, now, *digests))
        await uow.outbox.put(*self._messages(patient, held, identifier))
        await self._enter(uow, AuditAction.OFFER_MADE, one, held.id)
        return True

    def _held(self, slot: FreeSlot, patient: Patient, until: datetime) -> Appointment:
        identifier, zone = self._work.identifier(), slot.location.zone
        return Appointment(
            id=identifier,
            uid=f"{identifier}@telehealth",
            organization_id=slot.practitioner.organization_id,
            patient_organization_id=patient.organization_id,
            patient_id=patient.id,
            practitioner_id=slot.practitioner.id,
            service_id=slot.service.id,
            location_id=slot.location.id,
            status=AppointmentStatus.PENDING,
            start=slot.start,
            end=slot.end,
            zone=zone,
            local_start=wall_time(slot.start, zone),
            tzdata=self._tzdata,
            held_until=until,
            by_patient=True,
        )

    def _messages(self, patient: Patient, held: Appointment, offer_id: str) -> list[OutboxMessage]:
        now = self._work.clock.now()
        return [
            OutboxMessage(
                id=self._work.identifier(),
                channel=way,
                template=WAITLIST_OFFER,
                person_id=patient.id,
                language=patient.language,
                values={"offer": offer_id},
                due_at=now,
                organization_id=held.organization_id,
                made_at=now,
                changed_at=now,
                offer_id=offer_id,
            )
            for way in self._invitations.ways(patient)
        ]

    async def _enter(
        self, uow: UnitOfWork, action: AuditAction, one: Waiting, entity_id: str, entity: str = "Appointment"
    ) -> None:
        system = replace(SYSTEM, organization_id=one.organization_id)
        ids = (one.patient_id,)
        await enter(self._work, uow, system, action, patient_ids=ids, entity=entity, entity_id=entity_id)


def _busy(offers: Sequence[Offer], lost: Collection[str], now: datetime) -> set[str]:
    """Return the wishes that have an open offer, or too many that nobody answered or that reached nobody."""
    had = defaultdict(list)
    for each in offers:
        had[each.waiting_id].append(each)
    open_ = {each.waiting_id for each in offers if each.state is OfferState.OPEN}
    return open_ | {one for one, those in had.items() if tired(those, lost) or resting(those, lost, now)}


def _over(one: Waiting, booked: Collection[str], now: datetime) -> bool:
    """Whether the last wished day is over everywhere, or the wish's visit is none of those ahead."""
    return one.last + AROUND < now.date() or bool(one.visit_id and one.visit_id not in booked)


def _query(who: _Asking, start: datetime, end: datetime) -> SlotQuery:
    """Return what is looked for, with what the visit needs that would be moved."""
    one, whose = who.one, who.moves.appointment.patient_organization_id if who.moves else ""
    query = SlotQuery(one.service_id, start, end, one.practitioner_id, AT_ONCE, patient_id=one.patient_id)
    return replace(query, needs=needs_of(who.had), whose=whose, had=who.had)


def _chance(slot: FreeSlot) -> Chance:
    return Chance(slot.practitioner.id, slot.start, slot.location.zone)


def _day(one: Waiting, *, first: bool) -> datetime:
    """Return before when, or after when, nothing lies that is wished, in whatever zone."""
    day = one.first - AROUND if first else one.last + 2 * AROUND
    return datetime.combine(day, time(0), tzinfo=UTC)
