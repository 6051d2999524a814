"""A wish of an invited patient for whom no time fits: on the waiting list by the link, and off it again."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from telehealth.domain.access import Actor, Permission
from telehealth.domain.audit import AuditAction
from telehealth.domain.choice import Choice, ChoiceState
from telehealth.domain.errors import WrongState
from telehealth.domain.waitlist import OWN_NOTICE, Suits, Waiting, WaitStatus, check_wish
from telehealth.services.choice_door import booker_of, choice_of, ours
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require
from telehealth.services.visit_making import Invitations
from telehealth.services.wishes import leave, nothing_more


@dataclass(frozen=True, slots=True)
class InvitedWish:
    """What an invited patient wishes: `waiting` is None while nothing, `zone` the one of days and hours.

    `no_more` says that nothing more is offered: offers were not answered.
    """

    waiting: Waiting | None
    zone: str
    no_more: bool


class ChoiceWishes:
    """Knows people by an invitation's link, as ChoiceDoor does."""

    def __init__(self, *, work: Work, invitations: Invitations) -> None:
        self._work = work
        self._invitations = invitations

    async def standing(self, token: str) -> InvitedWish:
        """Return what the patient wishes now."""
        async with self._work.units.reading() as uow:
            choice = await choice_of(uow, self._invitations, token)
            one = await uow.waitlist.standing(choice.patient_id, choice.service_id)
            no_more = one is not None and await nothing_more(uow, one)
            return InvitedWish(one, await _zone(uow, choice), no_more)

    async def ask(self, token: str, suits: Suits) -> None:
        """Put the patient on the list until the invitation's last day; their own wish is written over.

        What staff wished for them stays as it is. Raises WrongState once no time can be chosen any more, and
        for whom an interpreter is needed: offers bring none.
        """
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            choice = await choice_of(uow, self._invitations, token)
            require(booker_of(choice), Permission.WAITLIST_JOIN, ours(choice))
            if choice.standing(now) is not ChoiceState.OPEN or choice.interpreter:
                raise WrongState
            stands = await uow.waitlist.standing(choice.patient_id, choice.service_id)
            if stands is not None and not stands.by_patient:
                await self._enter(uow, booker_of(choice), AuditAction.WAITLIST_READ, stands)
                return
            one = await self._wish(uow, choice, suits)
            if stands is not None:
                await leave(uow, stands, WaitStatus.LEFT)
                one = replace(one, since=stands.since)
            await uow.waitlist.add(one)
            await self._enter(uow, booker_of(choice), AuditAction.WAITLIST_ADDED, one)

    async def take_back(self, token: str) -> None:
        """Take the patient's own wish off the list, not one of staff's; twice is as good as once."""
        async with self._work.units.writing() as uow:
            choice = await choice_of(uow, self._invitations, token)
            require(booker_of(choice), Permission.WAITLIST_JOIN, ours(choice))
            one = await uow.waitlist.standing(choice.patient_id, choice.service_id)
            if one is not None and one.by_patient:
                await leave(uow, one, WaitStatus.LEFT)
                await self._enter(uow, booker_of(choice), AuditAction.WAITLIST_LEFT, one)

    async def _wish(self, uow: UnitOfWork, choice: Choice, suits: Suits) -> Waiting:
        now, zone = self._work.clock.now(), ZoneInfo(await _zone(uow, choice))
        one = Waiting(
            id=self._work.identifier(),
            organization_id=choice.organization_id,
            patient_organization_id=choice.patient_organization_id,
            service_id=choice.service_id,
            patient_id=choice.patient_id,
            practitioner_id=choice.practitioner_id,
            first=now.astimezone(zone).date(),
            last=choice.last.astimezone(zone).date(),
            weekdays=tuple(sorted(set(suits.weekdays))),
            notice_hours=OWN_NOTICE,
            since=now,
            from_hour=suits.from_hour,
            until_hour=suits.until_hour,
            by_patient=True,
        )
        check_wish(one, one.first)
        return one

    async def _enter(self, uow: UnitOfWork, booker: Actor, action: AuditAction, one: Waiting) -> None:
        ids = (one.patient_id,)
        await enter(self._work, uow, booker, action, patient_ids=ids, entity="Waitlist", entity_id=one.id)


async def _zone(uow: UnitOfWork, choice: Choice) -> str:
    """Return the zone of the first site of the house whose service it is."""
    sites = await uow.directory.locations()
    return next((each.zone for each in sites if each.organization_id == choice.organization_id), "UTC")
