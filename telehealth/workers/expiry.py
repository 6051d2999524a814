"""Frees held times that nobody booked."""

from telehealth.services.trail import Work
from telehealth.workers.loops import Loop

EVERY = 30.0


def expiry(work: Work) -> Loop:
    """Return the loop; it keeps lists of free times right between bookings."""

    async def step() -> None:
        async with work.units.writing() as uow:
            await uow.appointments.release_expired(work.clock.now())

    return Loop("expiry", step, EVERY)
