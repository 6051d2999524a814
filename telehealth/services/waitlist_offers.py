"""Offers from the waiting lists: a free time is kept for whoever is next in order, and moves on unanswered.

Whatever freed it, a time is found here: a visit that was cancelled or moved, a hold that ran out, new hours.
"""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment, AppointmentStatus, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import SlotTaken, StaleVersion
from telehealth.domain.outbox import WAITLIST_OFFER, OutboxMessage
from telehealth.domain.people import Patient
from telehealth.domain.waitlist import (
    PATIENCE,
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
)
from telehealth.services.parties import claims_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder, SlotQuery
from telehealth.services.trail import Work, enter
from telehealth.services.visit_making import Invitations
from telehealth.services.waitlist import close, later_visits

AROUND = timedelta(days=1)
"""A day somewhere begins and ends within one of UTC's and this."""
AT_ONCE = 50
"""Free times that are looked at in one query."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """Somebody to whom something can be offered now; `before` is the visit that would be moved earlier."""

    one: Waiting
    patient: Patient
    before: datetime | None


class WaitlistOffers:
    """The worker's part of waiting lists, in the system's name; several of them may run at once."""

    def __init__(self, *, work: Work, invitations: Invitations, tzdata: str) -> None:
        self._work = work
        self._invitations = invitations
        self._tzdata = tzdata
        self._finder = SlotFinder(work=work)

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
        """Offer what is free to whoever is next in order, by day where they are; returns how many offers."""
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
        async with self._work.units.writing() as uow:
            listed = await uow.waitlist.all()
            ids = sorted({one.patient_id for one in listed})
            patients, ahead = await uow.patients.many(ids), await uow.visits.ahead(ids, now)
            booked = {row.visit.id for row in ahead}
            waiting = [one for one in listed if not await self._over(uow, one, booked, now)]
            offers = await uow.waitlist.offers_of([one.id for one in waiting])
        tired = Counter(each.waiting_id for each in offers if each.state is OfferState.EXPIRED)
        busy = {each.waiting_id for each in offers if each.state is OfferState.OPEN}
        busy |= {waiting_id for waiting_id, count in tired.items() if count >= PATIENCE}
        asking = []
        for one in in_order(waiting):
            patient = patients[one.patient_id]
            if one.id in busy or at_night(now, patient.zone):
                continue
            visits = later_visits([row for row in ahead if row.patient.id == patient.id], one.service_id)
            asking.append(_Asking(one, patient, visits[0].appointment.start if visits else None))
        return asking, {(each.waiting_id, each.practitioner_id, each.start) for each in offers}

    async def _over(self, uow: UnitOfWork, one: Waiting, booked: set[str], now: datetime) -> bool:
        """Take somebody off whose last day is over everywhere, or whose visit is; whether it is so."""
        if one.last + AROUND >= now.date() and (not one.visit_id or one.visit_id in booked):
            return False
        fresh = await uow.waitlist.get(one.id)
        if fresh is not None and fresh.status is WaitStatus.WAITING:
            await uow.waitlist.save(fresh.end(WaitStatus.OVER))
        return True

    async def _fitting(
        self, who: _Asking, refused: set[tuple[str, str, datetime]], now: datetime, count: int
    ) -> AsyncIterator[FreeSlot]:
        """Yield the first times that fit; as many as are surely enough, whatever those before them get."""
        one, start = who.one, max(now, _day(who.one, first=True))
        end = min(_day(one, first=False), who.before or datetime.max.replace(tzinfo=UTC))
        query = SlotQuery(one.service_id, start, end, one.practitioner_id, AT_ONCE, patient_id=one.patient_id)
        onward: datetime | None = start
        while onward is not None and onward < end and count:
            found, onward = await self._finder.onward(replace(query, start=onward))
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
            )
            for way in self._invitations.ways(patient)
        ]

    async def _enter(self, uow: UnitOfWork, action: AuditAction, one: Waiting, entity_id: str) -> None:
        system = replace(SYSTEM, organization_id=one.organization_id)
        ids = (one.patient_id,)
        await enter(
            self._work, uow, system, action, patient_ids=ids, entity="Appointment", entity_id=entity_id
        )


def _chance(slot: FreeSlot) -> Chance:
    return Chance(slot.practitioner.id, slot.start, slot.location.zone)


def _day(one: Waiting, *, first: bool) -> datetime:
    """Return before when, or after when, nothing lies that is wished, in whatever zone."""
    day = one.first - AROUND if first else one.last + 2 * AROUND
    return datetime.combine(day, time(0), tzinfo=UTC)
