"""What an administrator decides for the whole organization: whether calls are made ready before Admit."""

from dataclasses import replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import Organization
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require


class OrganizationRules:
    """The actor's own organization and no other: no method takes an id."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def read(self, actor: Actor) -> Organization:
        """Return the organization."""
        require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.reading() as uow:
            return await _own(uow, actor)

    async def prepare(self, actor: Actor, *, wanted: bool) -> Organization:
        """Keep whether the next in line is prepared; from the next look at a line on it holds."""
        require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(actor.organization_id,)))
        async with self._work.units.writing() as uow:
            before = await _own(uow, actor)
            if before.prepares is wanted:
                return before
            after = replace(before, prepares=wanted)
            await uow.directory.save_organization(after)
            word = "on" if wanted else "off"
            action = AuditAction.PREPARING_CHANGED
            await enter(
                self._work, uow, actor, action, entity="Organization", entity_id=after.id, reason=word
            )
        return after


async def _own(uow: UnitOfWork, actor: Actor) -> Organization:
    found = await uow.directory.organization(actor.organization_id)
    if found is None:
        raise NotFound
    return found
