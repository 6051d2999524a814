"""Writing into the shared record from outside: valid, once, about a patient whom the writer treats."""

from dataclasses import dataclass

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import BadInput, NotFound, SeveralMatch, StaleVersion, VersionNeeded
from telehealth.domain.people import Identifier
from telehealth.domain.record import FROM_OUTSIDE, ResourceVersion
from telehealth.fhir.arriving import identifiers_of, patient_element, patient_of
from telehealth.fhir.parameters import refusal
from telehealth.fhir.received import Received, stamped
from telehealth.fhir.validation.check import problems_of
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require, role_allows

MOST_PROBLEMS = 20
"""Elements at fault that are told of one resource."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A resource that was sent to the address of a type; `base` is our own address, for references to us."""

    type: str
    received: Received
    base: str


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands in the record now, and whether it was not there before."""

    resource: ResourceVersion
    new: bool


async def require_care(uow: UnitOfWork, actor: Actor, permission: Permission, patient_id: str) -> None:
    """Pass when the actor may and treats the patient; raise like `require`."""
    treats = await uow.visits.cared_for(actor.id, patient_id)
    require(actor, permission, Subject(care_team=(actor.id,) if treats else ()))


class Arriving:
    """Takes resources in. Nothing that is invalid is stored, and what is stored is what was sent."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def create(self, actor: Actor, arrival: Arrival, unless: Identifier | None = None) -> Saved:
        """Write a new resource; with `unless` the patient's own one that has this identifier stays instead.

        Raises BadInput naming the elements at fault, SeveralMatch where more than one has the identifier.
        """
        permission = _permission(actor, arrival.type)
        patient_id, identifiers = _checked(arrival)
        if unless is not None and unless not in identifiers:
            raise refusal(f"{arrival.type}.identifier", "required", "Give it the identifier it is known by.")
        async with self._work.units.writing() as uow:
            await require_care(uow, actor, permission, patient_id)
            id_ = self._work.identifier()
            if unless is not None:
                known = await self._known(uow, (arrival.type, patient_id, unless), id_)
                if known is not None:
                    await self._enter(uow, actor, AuditAction.RECORD_READ, known)
                    return Saved(known, new=False)
            made = self._version(arrival, id_, 1, (patient_id, actor.organization_id))
            await uow.record.put(made)
            await uow.record.identify(arrival.type, patient_id, id_, identifiers)
            await self._enter(uow, actor, AuditAction.RECORD_CREATED, made, "version 1")
        return Saved(made, new=True)

    async def update(self, actor: Actor, arrival: Arrival, id_: str, version: int | None) -> ResourceVersion:
        """Write the next version of a resource; `version` is the one that was read.

        Raises VersionNeeded without it, StaleVersion where it is not the newest, and BadInput as `create`
        does, and for another id or patient.
        """
        permission = _permission(actor, arrival.type)
        if version is None:
            raise VersionNeeded
        patient_id, identifiers = _checked(arrival)
        if arrival.received.resource.get("id") != id_:
            raise refusal(f"{arrival.type}.id", "value", "The id is that of the address.")
        async with self._work.units.writing() as uow:
            known = await uow.record.get(arrival.type, id_)
            if known is None:
                raise NotFound
            await require_care(uow, actor, permission, known.patient_id)
            if known.patient_id != patient_id:
                raise refusal(patient_element(arrival.type), "value", "The patient stays the same.")
            if known.version != version:
                raise StaleVersion(current=known.version)
            owner = (known.patient_id, known.organization_id)
            made = self._version(arrival, id_, version + 1, owner)
            await uow.record.put(made)
            await uow.record.identify(arrival.type, patient_id, id_, identifiers)
            await self._enter(uow, actor, AuditAction.RECORD_UPDATED, made, f"version {made.version}")
        return made

    async def _known(
        self, uow: UnitOfWork, key: tuple[str, str, Identifier], id_: str
    ) -> ResourceVersion | None:
        """Return who has the identifier already; None when it was free and is now claimed for `id_`."""
        holders = await uow.record.holders(*key)
        if not holders:
            if await uow.record.claim(*key, id_):
                return None
            holders = await uow.record.holders(*key)
        if len(holders) != 1:
            raise SeveralMatch
        return await uow.record.get(key[0], holders[0])

    def _version(self, arrival: Arrival, id_: str, version: int, owner: tuple[str, str]) -> ResourceVersion:
        now = self._work.clock.now()
        text = stamped(arrival.received.text, id_=id_, version=version, at=now)
        patient_id, organization_id = owner
        return ResourceVersion(arrival.type, id_, version, patient_id, organization_id, now, text)

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


def _permission(actor: Actor, type_: str) -> Permission:
    """Return what is needed to write this type; asked before anything is looked up."""
    if type_ not in FROM_OUTSIDE:
        raise NotFound
    role_allows(actor, FROM_OUTSIDE[type_])
    return FROM_OUTSIDE[type_]


def _checked(arrival: Arrival) -> tuple[str, list[Identifier]]:
    """Return whose a resource is and its identifiers; raises BadInput for all that is wrong with it."""
    resource = arrival.received.resource
    if resource.get("resourceType") != arrival.type:
        raise refusal("resourceType", "value", f"A resource of type {arrival.type} is expected.")
    problems = problems_of(resource)
    if problems:
        raise BadInput(*problems[:MOST_PROBLEMS])
    return patient_of(resource, arrival.base), identifiers_of(resource)
