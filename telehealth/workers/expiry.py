"""Frees held times that nobody booked, and forgets answers that nobody will ask for again."""

from datetime import timedelta

from telehealth.services.trail import Work
from telehealth.workers.loops import Loop

EVERY = 30.0
ANSWERS_KEPT = timedelta(days=1)


def expiry(work: Work) -> Loop:
    """Return the loop; it keeps lists of free times right between bookings."""

    async def step() -> None:
        now = work.clock.now()
        async with work.units.writing() as uow:
            await uow.appointments.release_expired(now)
            await uow.answers.forget(now - ANSWERS_KEPT)

    return Loop("expiry", step, EVERY)
