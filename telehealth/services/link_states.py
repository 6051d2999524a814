"""What the link to a visit is good for at a moment."""

from datetime import datetime

from telehealth.domain.consultation import CLOSED, VisitStatus
from telehealth.domain.visiting import STAYS_AFTER_END, WAITS_AFTER_END, window
from telehealth.services.repositories import DayRow

SHUT = {
    "over": "This visit is over.",
    "cancelled": "This visit was cancelled.",
    "closed": "The clinic is closed.",
}


def link_state(row: DayRow, now: datetime) -> str:
    """Return what the link is good for now: open, early, over, cancelled, or closed as the clinic is then."""
    if row.visit.status is VisitStatus.CANCELLED:
        return "cancelled"
    opens, closes = window(row.appointment.start, row.appointment.end)
    if row.visit.status in {VisitStatus.WAITING, VisitStatus.IN_PROGRESS}:
        closes = row.appointment.end + WAITS_AFTER_END
    if row.closure_id and now < closes:
        return "closed"
    if now < opens:
        return "early"
    return "over" if row.visit.status in CLOSED or now >= closes else "open"


def shut(row: DayRow, now: datetime) -> bool:
    """Whether neither link nor cookie is good for anything: outside the hours, or the stay after the end."""
    state, ended = link_state(row, now), row.visit.ended_at
    if state == "cancelled":
        ended = row.visit.since  # who waited is told on the page that they have open
    staying = state in SHUT and ended is not None and now < ended + STAYS_AFTER_END
    return state != "open" and not staying
