"""A clinician's own short texts: read, kept and taken out by nobody else."""

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.snippets import Snippets
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require


class OwnSnippets:
    """For who writes notes."""

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def listed(self, actor: Actor) -> Snippets:
        """Return the actor's texts."""
        require(actor, Permission.NOTE_WRITE, Subject(practitioner_id=actor.id))
        async with self._work.units.reading() as uow:
            return await snippets_of(uow, actor)

    async def keep(self, actor: Actor, name: str, text: str, instead: str = "") -> None:
        """Keep a text by a name, in the place of `instead` where that is named; raises BadInput."""
        require(actor, Permission.NOTE_WRITE, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            known = await snippets_of(uow, actor)
            await self._write(uow, actor, known.kept(name, text, instead=instead), AuditAction.SNIPPET_KEPT)

    async def remove(self, actor: Actor, name: str) -> None:
        """Take a text out; one that is not there changes nothing."""
        require(actor, Permission.NOTE_WRITE, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            known = await snippets_of(uow, actor)
            if name in {each.name for each in known.texts}:
                await self._write(uow, actor, known.without(name), AuditAction.SNIPPET_REMOVED)

    async def _write(self, uow: UnitOfWork, actor: Actor, kept: Snippets, action: AuditAction) -> None:
        await uow.snippets.put(kept)
        await enter(self._work, uow, actor, action, entity="Practitioner", entity_id=actor.id)


async def snippets_of(uow: UnitOfWork, actor: Actor) -> Snippets:
    """Return the actor's texts; none where nothing was kept."""
    return await uow.snippets.of(actor.id) or Snippets(actor.id, actor.organization_id)
