"""The places of the cluster: organizations, their sites and what can be booked there."""

import re
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import available_timezones

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound
from telehealth.domain.organizations import (
    HealthcareService,
    Location,
    Organization,
    OrganizationKind,
    SiteKind,
)
from telehealth.domain.words import is_a_line
from telehealth.services.desk import PHONE
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require

NAME_LIMIT = 100
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
MINUTES = range(5, 241)
PAUSES = range(121)

Place = TypeVar("Place", Organization, Location, HealthcareService)


@dataclass(frozen=True, slots=True)
class NewOrganization:
    """A member of the cluster to be added; `phone` (E.164) is the help line that its patients are given."""

    name: str
    kind: OrganizationKind
    phone: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site to be added; `zone` is an IANA time zone, in which its weekly hours are meant.

    Patients who come there read its `address`.
    """

    organization_id: str
    name: str
    kind: SiteKind
    zone: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class NewService:
    """What can be booked; `minutes` is a visit's length, `pause` what the specialist has after it."""

    organization_id: str
    name: str
    specialty: str
    minutes: int
    pause: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """An organization with everything that belongs to it."""

    organization: Organization
    sites: list[Location]
    services: list[HealthcareService]


class Places:
    """Adds and lists places; nothing is ever removed here, because visits and records name them."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def add_organization(self, actor: Actor, new: NewOrganization) -> Organization:
        """Add a member of the cluster: the system only, for it belongs to nobody's organization yet.

        Raises BadInput naming the field; `taken` when the name is.
        """
        made = Organization(
            self._work.identifier(), new.name.strip(), new.kind, new.phone.replace(" ", ""), new.language
        )
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(made.id,)))
        _check(
            _named(made.name),
            (PHONE.fullmatch(made.phone) is not None, "phone", "Write the phone as +15551234."),
            (LANGUAGE.fullmatch(made.language) is not None, "language", "Write the language as en or pt-BR."),
        )
        async with self._work.units.writing() as uow:
            _free(made, await uow.directory.organizations())
            await uow.directory.add_organization(made)
            await self._enter(uow, actor, made)
        return made

    async def add_site(self, actor: Actor, new: NewSite) -> Location:
        """Add a site to an organization; raises BadInput, and NotFound for one not the actor's."""
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(new.organization_id,)))
        made = Location(
            self._work.identifier(),
            new.organization_id,
            new.name.strip(),
            new.kind,
            new.zone,
            address=new.address.strip(),
        )
        known = made.zone in available_timezones()
        _check(
            _named(made.name),
            (known, "zone", "Write the time zone as Europe/Berlin."),
            (is_a_line(made.address), "address", "Write the address in one line."),
        )
        async with self._work.units.writing() as uow:
            await self._known(uow, new.organization_id)
            _free(made, _of(new.organization_id, await uow.directory.locations()))
            await uow.directory.add_location(made)
            await self._enter(uow, actor, made)
        return made

    async def add_service(self, actor: Actor, new: NewService) -> HealthcareService:
        """Add what can be booked at an organization; raises as `add_site` does."""
        require(actor, Permission.STAFF_MANAGE, Subject(organizations=(new.organization_id,)))
        made = HealthcareService(
            self._work.identifier(),
            new.organization_id,
            new.name.strip(),
            new.specialty.strip(),
            new.minutes,
            new.pause,
        )
        _check(
            _named(made.name),
            (_readable(made.specialty), "specialty", f"Use up to {NAME_LIMIT} plain characters."),
            (made.minutes in MINUTES, "minutes", "A visit takes from 5 to 240 minutes."),
            (made.buffer_minutes in PAUSES, "pause", "The pause takes up to 120 minutes."),
        )
        async with self._work.units.writing() as uow:
            await self._known(uow, new.organization_id)
            _free(made, _of(new.organization_id, await uow.directory.services()))
            await uow.directory.add_service(made)
            await self._enter(uow, actor, made)
        return made

    async def listed(self, actor: Actor) -> list[Listed]:
        """Return the actor's organization with its places; the system sees all."""
        require(actor, Permission.STAFF_MANAGE)
        async with self._work.units.reading() as uow:
            organizations = await uow.directory.organizations()
            sites, services = await uow.directory.locations(), await uow.directory.services()
        return [
            Listed(each, _of(each.id, sites), _of(each.id, services))
            for each in organizations
            if actor.organization_id in {"", each.id}
        ]

    async def _known(self, uow: UnitOfWork, organization_id: str) -> None:
        if await uow.directory.organization(organization_id) is None:
            raise NotFound

    async def _enter(self, uow: UnitOfWork, actor: Actor, made: Place) -> None:
        kind, action = type(made).__name__, AuditAction.PLACE_ADDED
        await enter(self._work, uow, actor, action, entity=kind, entity_id=made.id)


def _of(organization_id: str, places: list[Place]) -> list[Place]:
    return [each for each in places if _owner(each) == organization_id]


def _owner(place: Organization | Location | HealthcareService) -> str:
    return place.id if isinstance(place, Organization) else place.organization_id


def _readable(text: str) -> bool:
    return len(text) <= NAME_LIMIT and text.isprintable()


def _named(name: str) -> tuple[bool, str, str]:
    return bool(name) and _readable(name), "name", f"A name of up to {NAME_LIMIT} plain characters is needed."


def _check(*rules: tuple[bool, str, str]) -> None:
    """Raise BadInput with every (holds, field, sentence) that does not hold."""
    problems = [FieldProblem(field, "unusable", detail) for holds, field, detail in rules if not holds]
    if problems:
        raise BadInput(*problems)


def _free(made: Place, others: list[Place]) -> None:
    """Raise BadInput when another one has the name already: people tell places apart by it."""
    if made.name.casefold() in {each.name.casefold() for each in others}:
        raise BadInput(FieldProblem("name", "taken", f"There is one called {made.name} already."))
