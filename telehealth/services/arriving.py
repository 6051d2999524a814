"""Writing into the shared record from outside: valid, once, about a patient whom the writer treats."""

from dataclasses import dataclass, replace

from telehealth.domain.access import Actor, ActorKind, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import (
    BadInput,
    NotFound,
    NotPermitted,
    SeveralMatch,
    StaleVersion,
    VersionNeeded,
)
from telehealth.domain.people import Identifier
from telehealth.domain.programs import writes
from telehealth.domain.record import FROM_OUTSIDE, ResourceVersion
from telehealth.fhir.arriving import identifiers_of, patient_element, patient_of
from telehealth.fhir.parameters import refusal
from telehealth.fhir.received import Received, stamped
from telehealth.fhir.validation.check import problems_of
from telehealth.services.caring import can_read, require_care
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, role_allows

MOST_PROBLEMS = 20
"""Elements at fault that are told of one resource."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A resource that was sent to the address of a type; `base` is our own address, for references to us."""

    type: str
    received: Received
    base: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A valid resource: its text, whose it is, and by what it is found."""

    type: str
    text: str
    id: str
    patient_id: str
    identifiers: tuple[Identifier, ...]

    def knows(self, identifier: Identifier) -> None:
        """Raise BadInput unless the resource itself carries the identifier that it is known by."""
        if identifier not in self.identifiers:
            raise refusal(f"{self.type}.identifier", "required", "Give it the identifier it is known by.")


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in the record now, whether it was not there before, and whether the writer may read it."""

    resource: ResourceVersion
    new: bool
    shown: bool


def permitted(actor: Actor, type_: str) -> Permission:
    """Return what is needed to write this type; asked before anything is looked up."""
    if type_ not in FROM_OUTSIDE:
        raise NotFound
    role_allows(actor, FROM_OUTSIDE[type_])
    if actor.kind is ActorKind.PROGRAM and not writes(actor.scopes, type_):
        raise NotPermitted
    return FROM_OUTSIDE[type_]


def checked(arrival: Arrival) -> Checked:
    """Return whose a resource is and its identifiers; raises BadInput for all that is wrong with it."""
    resource = arrival.received.resource
    if resource.get("resourceType") != arrival.type:
        raise refusal("resourceType", "value", f"A resource of type {arrival.type} is expected.")
    problems = problems_of(resource)
    if problems:
        raise BadInput(*problems[:MOST_PROBLEMS])
    patient_id, identifiers = patient_of(resource, arrival.base), identifiers_of(resource)
    return Checked(
        arrival.type, arrival.received.text, resource.get("id", ""), patient_id, tuple(identifiers)
    )


class Arriving:
    """Takes resources in. Nothing that is invalid is stored, and what is stored is what was sent."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def create(self, actor: Actor, arrival: Arrival, unless: Identifier | None = None) -> Saved:
        """Write a new resource; with `unless` the patient's own one that has this identifier stays instead.

        Raises BadInput naming the elements at fault, SeveralMatch where more than one has the identifier.
        """
        permission, given = permitted(actor, arrival.type), checked(arrival)
        if unless is not None:
            given.knows(unless)
        async with self._work.units.writing() as uow:
            await require_care(self._work, uow, actor, permission, given.patient_id)
            await uow.record.queue([given.patient_id])
            id_ = self._work.identifier()
            known = await self.known(uow, given, unless, id_) if unless else None
            return await self.made(uow, actor, given, id_, known)

    async def update(self, actor: Actor, arrival: Arrival, id_: str, version: int | None) -> Saved:
        """Write the next version of a resource; `version` is the one that was read.

        Raises VersionNeeded without it, StaleVersion where it is not the newest, and BadInput as `create`
        does, and for another id or patient.
        """
        permission = permitted(actor, arrival.type)
        if version is None:
            raise VersionNeeded
        given = checked(arrival)
        async with self._work.units.writing() as uow:
            await require_care(self._work, uow, actor, permission, await self.owner(uow, given.type, id_))
            await uow.record.queue([given.patient_id])
            return await self.changed(uow, actor, given, id_, version)

    async def put(
        self, actor: Actor, arrival: Arrival, identifier: Identifier, version: int | None = None
    ) -> Saved:
        """Write the next version of the patient's resource that has this identifier, or a new one.

        `version` is the one that was read, where one was; raises as `create` and `update` do.
        """
        permission, given = permitted(actor, arrival.type), checked(arrival)
        given.knows(identifier)
        async with self._work.units.writing() as uow:
            await require_care(self._work, uow, actor, permission, given.patient_id)
            await uow.record.queue([given.patient_id])
            id_ = self._work.identifier()
            known = await self.known(uow, given, identifier, id_)
            return await self.placed(uow, actor, given, (id_, version), known)

    async def owner(self, uow: UnitOfWork, type_: str, id_: str) -> str:
        """Return whose a resource is; raises NotFound where there is none."""
        known = await uow.record.get(type_, id_)
        if known is None:
            raise NotFound
        return known.patient_id

    async def known(
        self, uow: UnitOfWork, given: Checked, identifier: Identifier, id_: str
    ) -> ResourceVersion | None:
        """Return who has the identifier already; None when it was free and is now claimed for `id_`."""
        key = (given.type, given.patient_id, identifier)
        holders = await uow.record.holders(*key)
        if not holders:
            if await uow.record.claim(*key, id_):
                return None
            holders = await uow.record.holders(*key)
        if len(holders) != 1:
            raise SeveralMatch
        return await uow.record.get(given.type, holders[0])

    async def made(
        self, uow: UnitOfWork, actor: Actor, given: Checked, id_: str, known: ResourceVersion | None
    ) -> Saved:
        """Write a new resource in this unit, or show the `known` one; the caller has asked for permission."""
        if known is not None:
            await self._enter(uow, actor, AuditAction.RECORD_READ, known)
            return _saved(actor, known, new=False)
        made = self._version(given, id_, 1, actor.organization_id)
        await self._write(uow, actor, AuditAction.RECORD_CREATED, made, given)
        return _saved(actor, made, new=True)

    async def changed(
        self, uow: UnitOfWork, actor: Actor, given: Checked, id_: str, version: int | None
    ) -> Saved:
        """Write the next version in this unit, whose caller has asked for permission; as `update`.

        It is the writer's house that it is from; a program changes only what is from its own.
        """
        known = await uow.record.get(given.type, id_)
        if known is None:
            raise NotFound
        if given.id != id_:
            raise refusal(f"{given.type}.id", "value", "The id is that of the address.")
        if known.patient_id != given.patient_id:
            raise refusal(patient_element(given.type), "value", "The patient stays the same.")
        if version is not None and known.version != version:
            raise StaleVersion(current=known.version)
        if actor.kind is ActorKind.PROGRAM and known.organization_id != actor.organization_id:
            raise refusal(given.type, "value", "Another house has written this: send a resource of your own.")
        made = self._version(given, id_, known.version + 1, actor.organization_id)
        await self._write(uow, actor, AuditAction.RECORD_UPDATED, made, given)
        return _saved(actor, made, new=False)

    async def placed(
        self,
        uow: UnitOfWork,
        actor: Actor,
        given: Checked,
        asked: tuple[str, int | None],
        known: ResourceVersion | None,
    ) -> Saved:
        """Write the next version of the `known` one or a new one; `asked` are id and version. As `made`."""
        id_, version = asked
        if known is None:
            if version is not None:
                raise StaleVersion
            return await self.made(uow, actor, given, id_, None)
        named = replace(given, id=given.id or known.id)
        return await self.changed(uow, actor, named, known.id, version)

    def _version(self, given: Checked, id_: str, version: int, organization_id: str) -> ResourceVersion:
        now = self._work.clock.now()
        text = stamped(given.text, id_=id_, version=version, at=now)
        return ResourceVersion(given.type, id_, version, given.patient_id, organization_id, now, text)

    async def _write(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, made: ResourceVersion, given: Checked
    ) -> None:
        await uow.record.put(made)
        await uow.subscriptions.notice(made)
        await uow.record.identify(made.type, made.patient_id, made.id, given.identifiers)
        await self._enter(uow, actor, action, made, f"version {made.version}")

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, resource: ResourceVersion, reason: str = ""
    ) -> None:
        await enter(
            self._work,
            uow,
            actor,
            action,
            patient_ids=(resource.patient_id,),
            entity=resource.type,
            entity_id=resource.id,
            reason=reason,
        )


def _saved(actor: Actor, resource: ResourceVersion, *, new: bool) -> Saved:
    return Saved(resource, new, can_read(actor, resource.type))
