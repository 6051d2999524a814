"""Checks of lines: the far end that measures with a browser, the advice, and what is kept with a visit."""

from dataclasses import asdict, dataclass, field
from typing import Any

from telehealth.crypto.tokens import TOKEN_LENGTH
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.consultation import CLOSED
from telehealth.domain.errors import NotFound
from telehealth.domain.line_check import Figures, LineCheck, Verdict, judge
from telehealth.services.joining import changed, living, visitor_of
from telehealth.services.ports import Announcer, FarEnd, LinkKeys
from telehealth.services.repositories import DayRow, UnitOfWork
from telehealth.services.trail import Work, enter_visit, require


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to a browser's offer, and the relays (`iceServers`) that it may try for a minute."""

    sdp: str
    relays: list[dict[str, Any]] = field(repr=False)


class LineChecks:
    """Anybody may check a line; with a visit the last check is kept, and the clinic sees it."""

    def __init__(
        self, *, work: Work, keys: LinkKeys, far_end: FarEnd, announcer: Announcer, relay_only: bool
    ) -> None:
        self._work = work
        self._keys = keys
        self._far_end = far_end
        self._announcer = announcer
        self._relay_only = relay_only

    async def answer(self, offer: str, whose: str) -> Answered:
        """Take a browser's offer, from the network `whose`; raises ManyTesting, Unavailable, BadInput."""
        sdp = await self._far_end.answer(offer, whose)
        return Answered(sdp, self._far_end.relays(self._work.identifier(), self._work.clock.now()))

    def advise(self, found: Figures) -> Verdict:
        """Return how somebody had best begin whom nobody knows; nothing is kept."""
        return judge(found, relay_only=self._relay_only)

    async def keep(self, actor: Actor, found: Figures) -> Verdict:
        """Keep what the patient's browser has found, as the visit's last check, and return the advice."""
        require(actor, Permission.VISIT_ATTEND, Subject(visit_id=actor.visit_id))
        async with self._work.units.writing() as uow:
            row = await uow.visits.row(actor.visit_id)
            if row is None:
                raise NotFound
            verdict = await self._keep(uow, actor, row, found)
        await self._announcer.announce(changed(row.visit))
        return verdict

    async def keep_by_link(self, token: str, found: Figures) -> Verdict:
        """Do as `keep` for who holds the visit's link and has not come yet; that is no arrival."""
        async with self._work.units.writing() as uow:
            digest = self._keys.digest(token) if len(token) == TOKEN_LENGTH else b""
            link, row = await living(uow, await uow.visits.link(digest))
            if link.moved:
                raise NotFound
            verdict = await self._keep(uow, visitor_of(row, ""), row, found)
        await self._announcer.announce(changed(row.visit))
        return verdict

    async def _keep(self, uow: UnitOfWork, actor: Actor, row: DayRow, found: Figures) -> Verdict:
        """Write the check, unless the visit is over or this browser is not the patient's device in it."""
        verdict = judge(found, by_phone=bool(row.patient.phone), relay_only=self._relay_only)
        if row.visit.status in CLOSED or not row.visit.serves(actor.session_id):
            return verdict
        before = await uow.line_checks.of(row.visit.id)
        await uow.line_checks.put(
            LineCheck(
                visit_id=row.visit.id,
                by_kind=actor.kind,
                taken_at=self._work.clock.now(),
                plan=verdict.plan,
                because=verdict.because,
                version=before.version + 1 if before else 1,
                session_id=actor.session_id,
                **asdict(found),
            )
        )
        await enter_visit(
            self._work, uow, actor, AuditAction.LINE_CHECKED, row.visit, reason=verdict.plan.value
        )
        return verdict
