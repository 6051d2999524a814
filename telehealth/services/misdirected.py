"""A link that reached somebody else: they say so and are out; the clinic is told nothing about them."""

from dataclasses import replace

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.errors import NotFound
from telehealth.domain.notices import SessionsEnded
from telehealth.services.joining import changed
from telehealth.services.ports import Announcer
from telehealth.services.trail import Work, enter, require


class Misdirected:
    """Ends one browser's session; the link itself stays with the person it was made for."""

    def __init__(self, *, work: Work, announcer: Announcer) -> None:
        self._work = work
        self._announcer = announcer

    async def not_me(self, actor: Actor) -> None:
        """End the session of this browser, which speaks for nobody in the visit any more."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            before = await uow.visits.get(actor.visit_id)
            if before is None:
                raise NotFound
            for session in await uow.visits.sessions_of(before.id):
                if session.id == actor.session_id:
                    await uow.visits.save_session(replace(session, ended_at=self._work.clock.now()))
            visit = before.without(actor.session_id)
            if visit is not before:
                await uow.visits.save(visit)
            await enter(
                self._work,
                uow,
                actor,
                AuditAction.LINK_NOT_MINE,
                patient_ids=(visit.patient_id,),
                entity="Encounter",
                entity_id=visit.id,
            )
        await self._announcer.announce(SessionsEnded((actor.session_id,)))
        if visit is not before:
            await self._announcer.announce(changed(visit))
