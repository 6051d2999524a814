"""The way of somebody who came without an appointment: their place by a link, going away and coming back.

The link is the one that opens their visit once they are called: the visit bears the id of the place.
"""

from dataclasses import dataclass

from telehealth.crypto.tokens import TOKEN_LENGTH
from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.errors import NotFound
from telehealth.domain.organizations import Organization
from telehealth.domain.people import Patient
from telehealth.domain.walk_in import Standing, WalkIn, WalkInStatus, standings
from telehealth.services.ports import LinkKeys
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work
from telehealth.services.walk_in_changes import A_QUEUE_LASTS, WalkInChanges
from telehealth.services.walk_in_places import Shut, closed_now


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Somebody's own place in a queue, none for who cannot be called; `clinic` is where they wait.

    `over` says that the place is from an earlier day. A clinic that is `shut` calls nobody.
    """

    walk_in: WalkIn
    standing: Standing | None
    clinic: Organization
    shut: Shut | None
    over: bool


class WalkInDoor:
    """Knows people by the link that staff showed or gave them: whoever holds it sees a place and no name."""

    def __init__(self, *, work: Work, keys: LinkKeys, places: WalkInChanges) -> None:
        self._work = work
        self._keys = keys
        self._places = places

    async def look(self, token: str) -> OwnPlace:
        """Return the place of a link; raises NotFound."""
        async with self._work.units.reading() as uow:
            return await self._place(uow, await self._one(uow, token))

    async def leave(self, token: str) -> OwnPlace:
        """Keep that somebody went away; raises NotFound, WrongState once they were called."""
        one, actor = await self._who(token)
        await self._places.leave(actor, one.id)
        return await self.look(token)

    async def back(self, token: str) -> OwnPlace:
        """Let somebody who went away wait again, by their first arrival; raises NotFound, WrongState."""
        one, actor = await self._who(token)
        await self._places.back(actor, one.id)
        return await self.look(token)

    async def _who(self, token: str) -> tuple[WalkIn, Actor]:
        async with self._work.units.reading() as uow:
            one = await self._one(uow, token)
            patient = await uow.patients.get(one.patient_id)
        if patient is None:
            raise NotFound
        return one, _visitor(one, patient)

    async def _one(self, uow: UnitOfWork, token: str) -> WalkIn:
        digest = self._keys.digest(token if len(token) == TOKEN_LENGTH else "-")
        found = await uow.walk_ins.by_link(digest)
        if found is None:
            raise NotFound
        return found

    async def _place(self, uow: UnitOfWork, one: WalkIn) -> OwnPlace:
        now = self._work.clock.now()
        since = now - A_QUEUE_LASTS
        service = await uow.directory.service(one.service_id)
        clinic = await uow.directory.organization(one.organization_id)
        if service is None or clinic is None:
            raise NotFound
        waiting = await uow.walk_ins.waiting([service.id], since)
        shut = await closed_now(uow, {each.organization_id for each in waiting}, now)
        able = [each for each in waiting if each.organization_id not in shut]
        place = next((each for each in standings(able, service.minutes) if each.walk_in.id == one.id), None)
        over = one.arrived_at < since and one.status is not WalkInStatus.CALLED
        return OwnPlace(one, place, clinic, shut.get(one.organization_id), over)


def _visitor(one: WalkIn, patient: Patient) -> Actor:
    """Return the patient as they act at their place; it exists for them alone, as their visit will."""
    return Actor(
        kind=ActorKind.VISITOR,
        id=patient.id,
        role=None,
        organization_id=one.organization_id,
        session_id="",
        name=patient.name.guarded,
        visit_id=one.id,
    )
