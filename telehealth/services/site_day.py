"""A day of somebody of the staff: as it is at the own site."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import Location
from telehealth.domain.scheduling import Interval, whole_day
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work


@dataclass(frozen=True, slots=True)
class SiteDay:
    """The day that is wanted at `location`, and which one it is there `today`."""

    location: Location
    today: date
    day: date

    @property
    def window(self) -> Interval:
        """The day as UTC instants."""
        return whole_day(self.day, ZoneInfo(self.location.zone))


async def site_day(
    work: Work, uow: UnitOfWork, actor: Actor, day: date | None = None, ago: timedelta = timedelta(0)
) -> SiteDay:
    """Return `day` at the actor's site, or without it today's, or the one `ago`; raises NotFound."""
    location = await uow.directory.site_of(actor.id)
    if location is None:
        raise NotFound
    today = work.clock.now().astimezone(ZoneInfo(location.zone)).date()
    return SiteDay(location, today, day or today - ago)
