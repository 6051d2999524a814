"""When the clinic is closed, as its coordinators and administrators keep it."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.closures import ClosedBecause, Closure
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.notices import VisitMoved
from telehealth.domain.organizations import Location, Organization
from telehealth.domain.scheduling import instants
from telehealth.domain.sentences import say
from telehealth.domain.words import telephone
from telehealth.services.ports import Announcer
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter, require

NO_DIGIT = re.compile(r"[^+0-9]")
LONGEST = timedelta(days=366)
MOST = 50
"""Closures of one organization that are not over."""


@dataclass(frozen=True, slots=True)
class NewClosure:
    """From when to when, as clocks at the actor's own site show; all sites where `location_id` is empty."""

    location_id: str
    from_day: date
    from_time: time
    to_day: date
    to_time: time
    reason: ClosedBecause
    phone: str


@dataclass(frozen=True, slots=True)
class ClosureList:
    """What is coming, where it can be, and whose clocks are meant."""

    closures: list[Closure]
    sites: dict[str, Location]
    zone: str


class Closures:
    """The actor's own organization and no other. Booked visits stay booked: their rows say to move them."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def listed(self, actor: Actor) -> ClosureList:
        """Return the closures that are not over, the first to begin first."""
        own = _may(actor)
        async with self._work.units.reading() as uow:
            found = await uow.closures.coming(own, self._work.clock.now())
            sites = await _sites(uow, own)
            zone = (await _site(uow, actor)).zone
        return ClosureList(found, sites, zone)

    async def add(self, actor: Actor, new: NewClosure) -> Closure:
        """Close from now on or later; who has a visit then is told so at once. Raises BadInput."""
        own = _may(actor)
        async with self._work.units.writing() as uow:
            if len(await uow.closures.coming(own, self._work.clock.now())) >= MOST:
                raise BadInput(detail=say("At most {count}, please.", count=MOST))
            closure = await self._closure(uow, actor, new)
            await uow.closures.add(closure)
            await self._enter(uow, actor, AuditAction.CLOSURE_ADDED, closure)
            concerned = await uow.closures.concerned(closure)
        await self._tell(concerned)
        return closure

    async def remove(self, actor: Actor, closure_id: str) -> None:
        """Open again; who has a visit in that time can come. Raises NotFound for anybody else's."""
        own = _may(actor)
        async with self._work.units.writing() as uow:
            closure = await uow.closures.get(closure_id)
            if closure is None or closure.organization_id != own:
                raise NotFound
            concerned = await uow.closures.concerned(closure)
            await uow.closures.remove(closure_id)
            await self._enter(uow, actor, AuditAction.CLOSURE_REMOVED, closure)
        await self._tell(concerned)

    async def _closure(self, uow: UnitOfWork, actor: Actor, new: NewClosure) -> Closure:
        zone = ZoneInfo((await _site(uow, actor)).zone)
        if new.location_id and new.location_id not in await _sites(uow, actor.organization_id):
            raise BadInput(FieldProblem("site", "unknown", "Choose one of the organization's sites."))
        start = _instant("from_time", new.from_day, new.from_time, zone)
        end = _instant("to_time", new.to_day, new.to_time, zone)
        if end <= max(start, self._work.clock.now()):
            raise BadInput(FieldProblem("to_day", "upside-down", "The end must come after the start."))
        if end - start > LONGEST:
            raise BadInput(FieldProblem("to_day", "too-long", "At most one year, please."))
        phone = NO_DIGIT.sub("", telephone(new.phone))
        if new.phone.strip() and not phone:
            raise BadInput(FieldProblem("phone", "not-a-phone", "Write the number with its area code."))
        own, reason = actor.organization_id, new.reason
        return Closure(self._work.identifier(), own, new.location_id, start, end, reason, phone)

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, closure: Closure) -> None:
        await enter(
            self._work, uow, actor, action, entity="Closure", entity_id=closure.id, reason=closure.reason
        )

    async def _tell(self, concerned: list[tuple[str, str]]) -> None:
        for visit_id, practitioner_id in concerned:
            await self._announcer.announce(VisitMoved(visit_id, practitioner_id))


async def closure_of(uow: UnitOfWork, row: DayRow) -> Closure | None:
    """Return the closure that keeps a visit from taking place."""
    return await uow.closures.get(row.closure_id) if row.closure_id else None


def rung(closure: Closure | None, house: Organization) -> str:
    """Return whom to ring: the number for the time of the closure, or the usual one."""
    return (closure.phone if closure else "") or house.phone


def _may(actor: Actor) -> str:
    """Return the organization whose closures the actor keeps."""
    own = actor.organization_id
    require(actor, Permission.CLOSURE_MANAGE, Subject(organizations=(own,)))
    return own


def _instant(field: str, day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the first instant at which clocks show this; raises BadInput for an hour that is skipped."""
    found = instants(day, wall, zone)
    if not found:
        raise BadInput(
            FieldProblem(field, "no-such-time", "This time does not exist: clocks are put forward.")
        )
    return found[0]


async def _site(uow: UnitOfWork, actor: Actor) -> Location:
    site = await uow.directory.site_of(actor.id)
    if site is None:
        raise NotFound
    return site


async def _sites(uow: UnitOfWork, organization_id: str) -> dict[str, Location]:
    found = await uow.directory.locations()
    return {each.id: each for each in found if each.organization_id == organization_id}
