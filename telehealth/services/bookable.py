"""Whether one specialist can be booked for a service at one instant, and what is wrong where they cannot."""

from dataclasses import dataclass
from datetime import datetime

from telehealth.domain.availability import Timetable, place_of, why_not
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import A_DAY, Interval
from telehealth.domain.sentences import N_
from telehealth.services.repositories import UnitOfWork

REASONS = {
    "closed": N_("The clinic is closed at this time."),
    "away": N_("The specialist is away at this time."),
    "holiday": N_("This day is a holiday at the clinic."),
    "not-offered": N_("The specialist has no hours at this time."),
}
NOBODY = N_("Nobody has hours for this service at this time.")


def within(window: Interval, service: HealthcareService, now: datetime) -> Interval | None:
    """Return the part of `window` in which visits can be booked now; None when there is none."""
    start = max(window.start, service.soonest(now))
    end = min(window.end, service.latest(now) + service.length)
    return Interval(start, end) if start < end else None


def in_time(service: HealthcareService, start: datetime, now: datetime) -> None:
    """Pass when a visit at `start` can be booked now, as far as the service says; raises BadInput."""
    if start < now:
        raise BadInput(FieldProblem("start", "in-the-past", "This time is already over."))
    if start < service.soonest(now):
        raise BadInput(FieldProblem("start", "too-soon", "This is too soon for this service."))
    if start > service.latest(now):
        raise BadInput(FieldProblem("start", "too-far", "This is too far ahead for this service."))


@dataclass(frozen=True, slots=True)
class Bookable:
    """One specialist and one service, with all that says when the two go together."""

    practitioner: Practitioner
    service: HealthcareService
    table: Timetable

    def site_at(self, start: datetime) -> Location | None:
        """Return the site where a visit at `start` is offered, taken or not."""
        found = place_of(self.table, self.service, start)
        return next((each for each in self.table.sites() if each.id == found), None)

    def site_for(self, start: datetime, now: datetime) -> Location:
        """Return the site of a visit that is booked now for `start`; raises BadInput saying what is wrong."""
        in_time(self.service, start, now)
        site = self.site_at(start)
        if site is None:
            reason = why_not(self.table, self.service, start)
            raise BadInput(FieldProblem("start", reason, REASONS[reason]))
        return site


async def bookable(uow: UnitOfWork, service_id: str, practitioner_id: str, start: datetime) -> Bookable:
    """Look up in two queries what decides about a visit at `start` (UTC); raises NotFound."""
    day = Interval(start, start + A_DAY)
    offering = await uow.schedules.offering(service_id, day, practitioner_id)
    if offering is None or offering.practitioner is None:
        raise NotFound
    tables = await uow.schedules.timetables(offering, day, practitioner_id)
    table = tables.get(practitioner_id, Timetable(()))
    return Bookable(offering.practitioner, offering.service, table)
