"""Rooms, devices and interpreters, as the coordinators and administrators of their organization keep them."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.appointment import ResourceKind
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, FieldProblem, NotFound, StaleVersion
from telehealth.domain.organizations import Location
from telehealth.domain.resources import NEEDED, Resource
from telehealth.domain.sentences import N_, say
from telehealth.services.parties import LONGEST_PAUSE
from telehealth.services.places import LANGUAGE
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require

MOST = 200
"""Resources in use of one organization."""
NAME_LIMIT = 60
PAUSES = range(int(LONGEST_PAUSE.total_seconds()) // 60 + 1)


@dataclass(frozen=True, slots=True)
class Description:
    """What is said of a resource; pauses in minutes, languages (BCP 47) for interpreters only."""

    name: str
    before_minutes: int = 0
    after_minutes: int = 0
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResourceList:
    """An organization's resources, those in use first, and its sites by id."""

    resources: list[Resource]
    sites: dict[str, Location]

    def languages(self) -> list[str]:
        """Return which languages can be interpreted."""
        return sorted({each for one in self.in_use(ResourceKind.INTERPRETER) for each in one.languages})

    def in_use(self, kind: str) -> list[Resource]:
        """Return those of a kind that can be booked."""
        return [each for each in self.resources if each.kind == kind and each.retired_at is None]


class ResourceDesk:
    """The actor's own organization and no other. Visits keep what they have, also when it is retired."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> ResourceList:
        """Return all of the organization, to keep them."""
        return await self._list(actor, Permission.RESOURCE_MANAGE)

    async def bookable(self, actor: Actor) -> ResourceList:
        """Return all of the organization, to book them."""
        return await self._list(actor, Permission.SLOT_FIND)

    async def one(self, actor: Actor, resource_id: str) -> Resource:
        """Return one of the organization's that is in use; raises NotFound."""
        async with self._work.units.reading() as uow:
            return await _own(uow, actor, resource_id)

    async def add(self, actor: Actor, location_id: str, kind: ResourceKind, new: Description) -> Resource:
        """Add a room, device or interpreter to a site of the organization; raises BadInput."""
        own = _may(actor, Permission.RESOURCE_MANAGE)
        async with self._work.units.writing() as uow:
            others = [each for each in await uow.resources.of(own) if each.retired_at is None]
            if len(others) >= MOST:
                raise BadInput(detail=say("At most {count}, please.", count=MOST))
            if kind not in NEEDED:
                raise BadInput(FieldProblem("kind", "unknown", "Choose a room, a device or an interpreter."))
            if location_id not in await _sites(uow, own):
                raise BadInput(FieldProblem("site", "unknown", "Choose one of the organization's sites."))
            made = _described(Resource(self._work.identifier(), own, location_id, kind, ""), new, others)
            await uow.resources.add(made)
            await self._enter(uow, actor, AuditAction.RESOURCE_ADDED, made)
        return made

    async def change(self, actor: Actor, resource_id: str, version: int, said: Description) -> Resource:
        """Say something else of a resource; raises BadInput, StaleVersion, and NotFound for a retired one."""
        async with self._work.units.writing() as uow:
            before = _as_read(await _own(uow, actor, resource_id), version)
            others = await uow.resources.of(before.organization_id)
            after = replace(_described(before, said, others), version=version + 1)
            await uow.resources.save(after)
            await self._enter(uow, actor, AuditAction.RESOURCE_CHANGED, after)
        return after

    async def retire(self, actor: Actor, resource_id: str, version: int) -> Resource:
        """Book it no more; raises as `change` does."""
        async with self._work.units.writing() as uow:
            before = _as_read(await _own(uow, actor, resource_id), version)
            after = replace(before, retired_at=self._work.clock.now(), version=version + 1)
            await uow.resources.save(after)
            await self._enter(uow, actor, AuditAction.RESOURCE_RETIRED, after)
        return after

    async def _list(self, actor: Actor, permission: Permission) -> ResourceList:
        own = _may(actor, permission)
        async with self._work.units.reading() as uow:
            return ResourceList(await uow.resources.of(own), await _sites(uow, own))

    async def _enter(self, uow: UnitOfWork, actor: Actor, action: AuditAction, resource: Resource) -> None:
        kind, reason = "Resource", resource.kind.value
        await enter(self._work, uow, actor, action, entity=kind, entity_id=resource.id, reason=reason)


def _may(actor: Actor, permission: Permission) -> str:
    """Return the organization whose resources are meant."""
    own = actor.organization_id
    require(actor, permission, Subject(organizations=(own,)))
    return own


async def _own(uow: UnitOfWork, actor: Actor, resource_id: str) -> Resource:
    """Return one of the actor's organization that is in use; raises NotFound."""
    own = _may(actor, Permission.RESOURCE_MANAGE)
    found = await uow.resources.get(resource_id)
    if found is None or found.organization_id != own or found.retired_at is not None:
        raise NotFound
    return found


def _as_read(found: Resource, version: int) -> Resource:
    """Return it while it is what was read; raises StaleVersion."""
    if found.version != version:
        raise StaleVersion(current=found.version)
    return found


async def _sites(uow: UnitOfWork, organization_id: str) -> dict[str, Location]:
    found = await uow.directory.locations()
    return {each.id: each for each in found if each.organization_id == organization_id}


def _described(resource: Resource, said: Description, others: list[Resource]) -> Resource:
    """Return the resource as it is said to be; raises BadInput naming every field at fault."""
    interprets = resource.kind is ResourceKind.INTERPRETER
    after = replace(
        resource,
        name=" ".join(said.name.split()),
        languages=tuple(dict.fromkeys(said.languages)) if interprets else (),
        before_minutes=said.before_minutes,
        after_minutes=said.after_minutes,
    )
    named = 0 < len(after.name) <= NAME_LIMIT and after.name.isprintable()
    single = not any(_alike(after, each) for each in others)
    spoken = all(map(LANGUAGE.fullmatch, after.languages))
    rules = (
        (named, "name", N_("Write a name of up to 60 characters.")),
        (single, "name", N_("There is one of this name at the site already.")),
        (after.before_minutes in PAUSES, "before_minutes", N_("A pause takes up to 120 minutes.")),
        (after.after_minutes in PAUSES, "after_minutes", N_("A pause takes up to 120 minutes.")),
        (bool(after.languages) or not interprets, "languages", N_("Name at least one language.")),
        (spoken, "languages", N_("Write a language as en or pt-BR.")),
    )
    problems = [FieldProblem(field, "unusable", why) for holds, field, why in rules if not holds]
    if problems:
        raise BadInput(*problems)
    return after


def _alike(one: Resource, other: Resource) -> bool:
    """Whether people could not tell two apart."""
    same = (one.location_id, one.kind, one.name.casefold())
    in_use = other.retired_at is None and other.id != one.id
    return in_use and same == (other.location_id, other.kind, other.name.casefold())
