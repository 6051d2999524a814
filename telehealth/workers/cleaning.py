"""Forgets sessions and links that open nothing any more, wishes once met, and figures of old lines."""

from datetime import timedelta

from telehealth.domain.accounts import SESSION_ABSOLUTE
from telehealth.domain.line_record import LINES_KEPT
from telehealth.domain.own_wish import KEPT
from telehealth.domain.subscriptions import KEPT as SUBSCRIPTIONS_KEPT
from telehealth.services.erasing import Erasing
from telehealth.services.recordings import Recordings
from telehealth.services.trail import Work
from telehealth.workers.loops import Loop

EVERY = 3600.0
SESSIONS_KEPT = SESSION_ABSOLUTE + timedelta(days=1)
LINKS_KEPT = timedelta(days=7)
VISITS_KEPT = timedelta(days=7)
OWN_BOOKINGS_KEPT = timedelta(days=1)
"""What somebody told who booked nothing is nobody's to keep."""
WISHES_KEPT = timedelta(days=1)
"""Anybody may leave a wish: met or not, none stays."""


def cleaning(work: Work) -> Loop:
    """Return the loop; what it deletes has long been refused by its own limits of time."""

    async def step() -> None:
        now = work.clock.now()
        async with work.units.writing() as uow:
            await uow.accounts.forget_sessions(now - SESSIONS_KEPT)
            await uow.accounts.forget_links(now - LINKS_KEPT)
            await uow.visits.forget_sessions(now - VISITS_KEPT)
            await uow.own_bookings.forget(now - OWN_BOOKINGS_KEPT)
            await uow.own_wishes.forget(now - KEPT, now - OWN_BOOKINGS_KEPT)
            await uow.outbox.forget_wishes(now - WISHES_KEPT)
            await uow.line_records.forget(now - LINES_KEPT)
            await uow.programs.forget(now)
            await uow.subscriptions.forget(now - SUBSCRIPTIONS_KEPT)

    return Loop("cleaning", step, EVERY)


def erasing(recordings: Recordings) -> Loop:
    """Return the loop that erases recordings which are kept no longer."""
    return Loop("erasing", recordings.erase_overdue, EVERY)


def going_on(erasing: Erasing) -> Loop:
    """Return the loop that ends erasures which were cut short, or undone by a backup, from the start on."""
    return Loop("going-on", erasing.finish_all, EVERY)
