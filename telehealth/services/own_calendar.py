"""A specialist's visits in the calendar of their phone: a secret address, made, ended and fetched."""

from telehealth.calendars import CalendarEntry
from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.calendar_feed import AHEAD, MOST, PAST, CalendarFeed
from telehealth.domain.errors import NotFound
from telehealth.domain.people import Practitioner
from telehealth.domain.scheduling import Interval
from telehealth.services.bearer import digest_of, new_token
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require


class OwnCalendar:
    """The actor's own calendar and nobody else's: no method takes an id.

    Whoever has the address reads it, so it is like a key: it tells times and nothing else, neither of
    patients nor what a site or a service is called. Calendars are kept by companies outside the care.
    """

    def __init__(self, *, work: Work) -> None:
        self._work = work

    async def feed(self, actor: Actor) -> CalendarFeed | None:
        """Return the address as it stands, which its secret is no part of."""
        require(actor, Permission.CALENDAR_OWN, Subject(practitioner_id=actor.id))
        async with self._work.units.reading() as uow:
            return await uow.feeds.of(actor.id)

    async def renew(self, actor: Actor) -> str:
        """Make a new address, the one before is dead; return its secret, which is told this once."""
        require(actor, Permission.CALENDAR_OWN, Subject(practitioner_id=actor.id))
        token, digest = new_token(self._work.chance)
        feed = CalendarFeed(actor.id, actor.organization_id, digest, self._work.clock.now())
        async with self._work.units.writing() as uow:
            await uow.feeds.put(feed)
            await enter(
                self._work, uow, actor, AuditAction.CALENDAR_MADE, entity="Schedule", entity_id=actor.id
            )
        return token

    async def end(self, actor: Actor) -> None:
        """End the address; twice is as good as once."""
        require(actor, Permission.CALENDAR_OWN, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            if await uow.feeds.remove(actor.id):
                action = AuditAction.CALENDAR_ENDED
                await enter(self._work, uow, actor, action, entity="Schedule", entity_id=actor.id)

    async def fetch(self, token: str, request_id: str) -> list[CalendarEntry]:
        """Return the visits of the address with this secret; NotFound for any other and for who left."""
        digest, now = digest_of(token), self._work.clock.now()
        async with self._work.units.reading() as uow:  # who has no address holds up nobody who writes
            feed = await uow.feeds.by_digest(digest) if digest else None
        if feed is None:
            raise NotFound
        async with self._work.units.writing() as uow:
            actor = await _owner(uow, feed, request_id)
            if actor is None:
                raise NotFound
            require(actor, Permission.CALENDAR_OWN, Subject(practitioner_id=actor.id))
            found = await uow.feeds.visits(actor.id, Interval(now - PAST, now + AHEAD), MOST)
            await enter(
                self._work, uow, actor, AuditAction.CALENDAR_READ, entity="Schedule", entity_id=actor.id
            )
        return [
            CalendarEntry(at.uid, at.sequence, at.start, at.end, cancelled=False, way=at.modality)
            for at in found
        ]


async def _owner(uow: UnitOfWork, feed: CalendarFeed, request_id: str) -> Actor | None:
    """Return whose address it is, where they still work here."""
    account = await uow.accounts.by_practitioner(feed.practitioner_id)
    person = await uow.directory.practitioner(feed.practitioner_id)
    if account is None or account.disabled_at is not None or person is None:
        return None
    return _acting(person, request_id)


def _acting(person: Practitioner, request_id: str) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        id=person.id,
        role=person.role,
        organization_id=person.organization_id,
        session_id="",
        name=person.display,
        request_id=request_id,
    )
