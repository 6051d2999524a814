"""Where people are called from the queue now: at which site by the caller's hours, and from which clinics."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor
from telehealth.domain.availability import Timetable, at_work, why_not_at_work
from telehealth.domain.errors import NotFound, WrongState
from telehealth.domain.organizations import HealthcareService, Location
from telehealth.domain.scheduling import whole_day
from telehealth.domain.sentences import N_
from telehealth.services.repositories import UnitOfWork

NOT_NOW = {
    "closed": N_("Your clinic is closed now. The coordinator can open it under Closed times."),
    "away": N_("You are noted as away now. Change that under Hours first."),
    "holiday": N_("Today is a holiday at your clinic. Add extra hours under Hours first."),
    "not-offered": N_("You have no hours for this service today. Add extra hours under Hours first."),
}


async def calling_at(
    uow: UnitOfWork, actor: Actor, service_id: str, now: datetime
) -> tuple[HealthcareService, Location]:
    """Return a service that the actor offers and the site at which they do so today.

    Raises NotFound for what they never offer, WrongState while they are away or the site is closed.
    """
    hours = await uow.directory.hours(practitioner_id=actor.id, service_id=service_id)
    home = await uow.directory.site_of(actor.id)
    if not hours or home is None:
        raise NotFound
    zone = ZoneInfo(home.zone)
    day = whole_day(now.astimezone(zone).date(), zone)
    offering = await uow.schedules.offering(service_id, day)
    if offering is None:
        raise NotFound
    tables = await uow.schedules.timetables(offering, day, actor.id)
    table = tables.get(actor.id, Timetable(()))
    place = at_work(table, day, now)
    if place is None:
        raise WrongState(NOT_NOW[why_not_at_work(table, day, now)])
    return offering.service, offering.sites[place.location_id]


@dataclass(frozen=True, slots=True)
class Shut:
    """Until when a clinic is closed, and whose clocks it goes by."""

    until: datetime
    zone: str


async def closed_now(uow: UnitOfWork, organization_ids: Collection[str], now: datetime) -> dict[str, Shut]:
    """Return which of these clinics are closed now at all their sites.

    At which of several sites somebody waits is not known, so a clinic with one open site is open.
    """
    in_force = await uow.closures.in_force(set(organization_ids), now)
    everywhere = await uow.directory.locations() if in_force else []
    found: dict[str, Shut] = {}
    for each in {one.organization_id for one in in_force}:
        closures = [one for one in in_force if one.organization_id == each]
        sites = [one for one in everywhere if one.organization_id == each]
        closed = {one.location_id for one in closures}
        if "" in closed or all(one.id in closed for one in sites):
            found[each] = Shut(max(one.end for one in closures), sites[0].zone if sites else "UTC")
    return found
