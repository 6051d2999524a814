"""Offers from the waiting lists: a free time is kept for whoever is next in order, and moves on unanswered.

Whatever freed it, a time is found here: a visit that was cancelled or moved, a hold that ran out, new hours.
"""

from asyncio import sleep
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

from telehealth.domain.access import SYSTEM
from telehealth.domain.appointment import Appointment, AppointmentStatus, ResourceKind, wall_time
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, SlotTaken, StaleVersion
from telehealth.domain.modality import Modality
from telehealth.domain.outbox import WAITLIST_OFFER, OutboxMessage
from telehealth.domain.people import Patient
from telehealth.domain.scheduling import Interval
from telehealth.domain.waitlist import (
    LONGEST,
    Offer,
    OfferState,
    Place,
    Waiting,
    WaitStatus,
    answer_by,
    at_night,
    in_order,
    left_for,
)
from telehealth.domain.ways import way_anywhere
from telehealth.services.parties import claims_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.slots import FreeSlot, SlotFinder
from telehealth.services.trail import Work, enter
from telehealth.services.visit_making import Invitations
from telehealth.services.waitlist_asking import LAST, Asking, answering, by_wish, chance_of, is_over, query_of
from telehealth.services.waitlist_times import FreeTimes
from telehealth.services.wishes import as_it_stands, close, later_visits, leave

FAR = 2 * LONGEST
"""So far ahead it is looked up when somebody is busy; beyond, the database says so."""
PEOPLE = 1000
"""So many wishes are looked up at once."""
TRIES = 5
"""So many races somebody loses in one round at most."""


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
        """Offer what is free to whoever is next in order, by day where they are; returns how many offers.

        Each round goes through all who wait, whoever has waited longest first, and looks up but once what is
        free for all who wish the same.
        """
        now, times = self._work.clock.now(), FreeTimes(self._finder)
        gone: set[Place] = set()
        async with self._work.units.reading() as uow:
            listed = in_order(await uow.waitlist.all())
        made = 0
        for first in range(0, len(listed), PEOPLE):
            for each in await self._asking(listed[first : first + PEOPLE], now):
                made += await self._offer_one(each, times, gone, now)
                await sleep(0)  # a round of many wishes keeps nobody else in this process waiting
        return made

    async def _asking(self, turn: list[Waiting], now: datetime) -> list[Asking]:
        """Return to whom of these something can be offered now, in the same order."""
        async with self._work.units.reading() as uow:
            ids = sorted({one.patient_id for one in turn})
            patients, ahead = await uow.patients.many(ids), await uow.visits.ahead(ids, now)
            offers = await uow.waitlist.offers_of([one.id for one in turn])
            lost = await uow.waitlist.unreached([one.id for one in turn])
            moves = {one.id: found[0] for one in turn if (found := later_visits(ahead, one))}
            turn = [as_it_stands(one, moves.get(one.id)) for one in turn]
            had = await uow.resources.parties([row.appointment.id for row in moves.values()])
            busy = await uow.appointments.busy(ResourceKind.PATIENT, ids, Interval(now, now + FAR))
        booked = {row.visit.id for row in ahead}
        over = {one.id for one in turn if is_over(one, booked, now)}
        for waiting_id in sorted(over):
            await self._end(waiting_id)
        asking, off, refused = [], over | answering(offers, lost, now), by_wish(offers)
        for one in turn:
            patient, row = patients[one.patient_id], moves.get(one.id)
            if (
                one.id in off
                or (one.visit_id and row is None)
                or at_night(now, patient.zone)
                or not self._invitations.ways(patient)
            ):
                continue
            needed = had[row.appointment.id] if row else ()
            asking.append(Asking(one, patient, row, needed, refused[one.id], busy[one.patient_id]))
        return asking

    async def _end(self, waiting_id: str) -> None:
        """Take somebody off for whom there is nothing to wait for any more."""
        async with self._work.units.writing() as uow:
            one = await uow.waitlist.get(waiting_id)
            if one is None or one.status is not WaitStatus.WAITING:
                return
            await leave(uow, one, WaitStatus.OVER)
            await self._enter(uow, AuditAction.WAITLIST_LEFT, one, one.id, "Waitlist")

    async def _offer_one(self, who: Asking, times: FreeTimes, gone: set[Place], now: datetime) -> bool:
        """Offer somebody the first time that fits; who loses a race for it is offered the next at once."""
        lost = 0
        async for slot in self._fitting(who, times, gone, now):
            place = chance_of(slot).place
            try:
                async with self._work.units.writing() as uow:
                    made = await self._offer(uow, who, slot)
            except SlotTaken as refused:
                if refused.missing != {ResourceKind.PATIENT}:
                    gone.add(place)
                lost += 1
                if lost == TRIES:
                    return False
                continue
            except (StaleVersion, BadInput):
                # Another worker has just offered something to them; or no way of the service leads to them.
                return False
            if made and slot.left == 1:
                gone.add(place)
            return made
        return False

    async def _fitting(
        self, who: Asking, times: FreeTimes, gone: set[Place], now: datetime
    ) -> AsyncIterator[FreeSlot]:
        """Yield the times that fit, earliest first; none where what the visit needs is nowhere any more."""
        query = query_of(who, now)
        found = times.of_one(query) if who.had else times.of_all(replace(query, end=LAST))
        try:
            async for slot in found:
                if slot.start >= query.end:
                    return
                fitting = left_for(who.one, [chance_of(slot)], gone, now)
                if fitting and who.takes(slot) and self._until(slot, who.patient, now) is not None:
                    yield slot
        except BadInput:
            return

    def _until(self, slot: FreeSlot, patient: Patient, now: datetime) -> datetime | None:
        latest = slot.start - timedelta(minutes=slot.service.notice_minutes)
        return answer_by(now, patient.zone, latest)

    async def _offer(self, uow: UnitOfWork, who: Asking, slot: FreeSlot) -> bool:
        now, one, patient = self._work.clock.now(), who.one, who.patient
        fresh, until = await uow.waitlist.get(one.id), self._until(slot, patient, now)
        if fresh is None or fresh.status is not WaitStatus.WAITING or until is None:
            return False
        had = who.moves.appointment.modality if who.moves else None
        held = self._held(slot, patient, until, had or way_anywhere(slot.service.modalities, patient.phone))
        await uow.appointments.release_expired(now)
        await uow.appointments.book(held, claims_of(held, slot.service))
        identifier = self._work.identifier()
        digests = self._invitations.offers.digests(identifier, patient.id)
        whom = (patient.id, held.id, slot.practitioner.id)
        await uow.waitlist.add_offer(Offer(identifier, one.id, *whom, slot.start, until, now, *digests))
        await uow.outbox.put(*self._messages(patient, held, identifier))
        await self._enter(uow, AuditAction.OFFER_MADE, one, held.id)
        return True

    def _held(self, slot: FreeSlot, patient: Patient, until: datetime, way: Modality) -> Appointment:
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
            modality=way,
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
