"""The way from one browser to another of the same person: a code that is good once, for five minutes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from telehealth.crypto import crockford
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED, Consultation
from telehealth.domain.errors import NotFound, OtherDevice, VisitClosed
from telehealth.domain.notices import DeviceMoved
from telehealth.services.browsers import Held, nothing_held, session_of
from telehealth.services.joining import OpenedVisit, changed, visitor_of
from telehealth.services.ports import Announcer, LinkKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter_visit, require

GOOD_FOR = timedelta(minutes=5)
LENGTH = 12
"""60 random bits; the doors count tries beside."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A code for another browser, shown once: only its HMAC is kept."""

    code: str
    until: datetime


class Transfers:
    """The patient's device hands over by itself: nobody at the clinic has to decide."""

    def __init__(self, *, work: Work, keys: LinkKeys, announcer: Announcer) -> None:
        self._work = work
        self._keys = keys
        self._announcer = announcer

    async def issue(self, actor: Actor) -> Transfer:
        """Return a code; an earlier one is void. Raises OtherDevice for other browsers."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        code = crockford.encode(self._work.chance.token(8))[:LENGTH]
        until = self._work.clock.now() + GOOD_FOR
        async with self._work.units.writing() as uow:
            visit = await uow.visits.get(actor.visit_id)
            if visit is None:
                raise NotFound
            if visit.status in CLOSED:
                raise VisitClosed
            if not visit.serves(actor.session_id):
                raise OtherDevice
            await uow.visits.save(visit.handing_over(self._keys.digest(code), until))
            await enter_visit(self._work, uow, actor, AuditAction.TRANSFER_ISSUED, visit)
        return Transfer(code, until)

    async def redeem(self, code: str, held: Held = nothing_held) -> OpenedVisit:
        """Make this browser the patient's device. Raises NotFound, whatever is wrong with the code."""
        digest = self._keys.digest(code if len(code) == LENGTH else "-")
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            before, row = await _good(uow, digest, now)
            if row.link is None or row.link.revoked_at is not None:
                raise NotFound
            session_id, cookie = await session_of(self._work, uow, row.link, held(before.id))
            visit = before.hand_over(session_id)
            await uow.visits.save(visit)
            await enter_visit(
                self._work, uow, visitor_of(row, session_id), AuditAction.TRANSFER_REDEEMED, visit
            )
        if before.bound_to not in {None, session_id}:
            await self._announcer.announce(DeviceMoved(visit.id, str(before.bound_to), session_id))
        await self._announcer.announce(changed(visit))
        return OpenedVisit(cookie, visit.id)


async def _good(uow: UnitOfWork, digest: bytes, now: datetime) -> tuple[Consultation, DayRow]:
    """Return the open visit of a code that is good now."""
    visit = await uow.visits.by_transfer(digest)
    row = await uow.visits.row(visit.id) if visit else None
    if visit is None or row is None or visit.status in CLOSED:
        raise NotFound
    if visit.transfer_until is None or now >= visit.transfer_until:
        raise NotFound
    return visit, row
