"""Frees held times that nobody booked, closes visits that nobody attended or ended, forgets old answers."""

from datetime import timedelta

from telehealth.services.lapses import Lapses
from telehealth.services.trail import Work
from telehealth.workers.loops import Loop

EVERY = 30.0
ANSWERS_KEPT = timedelta(days=1)


def expiry(work: Work, lapses: Lapses) -> Loop:
    """Return the loop; it keeps lists of free times and of the day right without anybody asking."""

    async def step() -> None:
        now = work.clock.now()
        async with work.units.writing() as uow:
            await uow.appointments.release_expired(now)
            await uow.answers.forget(now - ANSWERS_KEPT)
        await lapses.miss_overdue()
        await lapses.end_forgotten()

    return Loop("expiry", step, EVERY)
