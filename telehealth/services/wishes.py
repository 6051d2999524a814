"""What becomes of a wish on a waiting list, whoever has a hand in it: how it stands, its offers, its end."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from telehealth.domain.appointment import AppointmentStatus
from telehealth.domain.waitlist import LONGEST, Offer, OfferState, Waiting, WaitStatus, tired
from telehealth.services.held_times import give_up
from telehealth.services.repositories import DayRow, UnitOfWork


def as_it_stands(one: Waiting, row: DayRow | None) -> Waiting:
    """Return a wish for an earlier visit with whom and until when that visit is by now; any other as is."""
    if row is None or one.visit_id != row.visit.id:
        return one
    own = row.appointment.start.astimezone(ZoneInfo(row.location.zone)).date()
    return replace(one, practitioner_id=row.visit.practitioner_id, last=min(own, one.first + LONGEST))


async def close(uow: UnitOfWork, offer: Offer, state: OfferState) -> None:
    """End an open offer and free the time that it kept."""
    await uow.waitlist.save_offer(offer.close(state))
    await give_up(uow, offer.hold_id)


async def leave(uow: UnitOfWork, one: Waiting, status: WaitStatus) -> None:
    """End somebody's waiting and free the time that is kept for them."""
    await uow.waitlist.save(one.end(status))
    for offer in await uow.waitlist.offers_of([one.id]):
        if offer.state is OfferState.OPEN:
            await close(uow, offer, OfferState.WITHDRAWN)


async def nothing_more(uow: UnitOfWork, one: Waiting) -> bool:
    """Whether nothing more is offered for a wish: too many offers were not answered."""
    return tired(await uow.waitlist.offers_of([one.id]), await uow.waitlist.unreached([one.id]))


def later_visits(rows: Sequence[DayRow], one: Waiting) -> list[DayRow]:
    """Return which booked visits an offer could move, the next one first: the wish's own, or any like it."""
    return [
        row
        for row in rows
        if row.patient.id == one.patient_id
        and row.service.id == one.service_id
        and row.appointment.status is AppointmentStatus.BOOKED
        and one.visit_id in {"", row.visit.id}
    ]
