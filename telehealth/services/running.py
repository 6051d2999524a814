"""What a specialist says about the own clinic of today: that it runs late, is paused, and goes on."""

from collections.abc import Callable, Sequence

from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.audit import AuditAction
from telehealth.domain.notices import RunningChanged
from telehealth.domain.queue import Reason, Running
from telehealth.services.lateness import tell_at_home
from telehealth.services.ports import Announcer
from telehealth.services.repositories import UnitOfWork
from telehealth.services.site_day import site_day
from telehealth.services.trail import Work, enter, require
from telehealth.services.visit_making import Invitations


class ClinicRunning:
    """Changes how the actor's own clinic runs; who waits reads it on the page, others in a message."""

    def __init__(self, *, work: Work, announcer: Announcer, invitations: Invitations) -> None:
        self._work = work
        self._announcer = announcer
        self._invitations = invitations

    async def late(self, actor: Actor, minutes: int, reason: Reason) -> Running:
        """Keep that the clinic runs so many minutes late, and why; 0 takes it back."""
        return await self._change(actor, AuditAction.CLINIC_LATE, lambda was: was.late(minutes, reason))

    async def pause(self, actor: Actor, reason: Reason) -> Running:
        """Call nobody for the time being."""
        now = self._work.clock.now()
        return await self._change(actor, AuditAction.CLINIC_PAUSED, lambda was: was.pause(reason, now))

    async def resume(self, actor: Actor) -> Running:
        """Call people again."""
        return await self._change(actor, AuditAction.CLINIC_RESUMED, lambda was: was.resume())

    async def _change(
        self, actor: Actor, action: AuditAction, change: Callable[[Running], Running]
    ) -> Running:
        require(actor, Permission.CLINIC_RUN, Subject(practitioner_id=actor.id))
        async with self._work.units.writing() as uow:
            before = await self._today(uow, actor)
            after = change(before)
            if after is before:
                return after
            told = []
            if after.late_minutes != before.late_minutes:
                told = await tell_at_home(self._work, uow, self._invitations, after)
            notice = await _said(self._work, uow, actor, action, after, told)
        await self._announcer.announce(notice)
        return after

    async def _today(self, uow: UnitOfWork, actor: Actor) -> Running:
        """Return what was said today, or an ordinary day."""
        now = self._work.clock.now()
        known = await uow.lines.running(actor.id, now)
        if known is not None:
            return known
        at = await site_day(self._work, uow, actor)
        return Running(actor.id, actor.organization_id, at.day, at.window.end)


async def goes_on(work: Work, uow: UnitOfWork, actor: Actor) -> list[RunningChanged]:
    """Resume the actor's own clinic where it is paused: who calls somebody is back. Return the news."""
    before = await uow.lines.running(actor.id, work.clock.now())
    if before is None or not before.paused:
        return []
    return [await _said(work, uow, actor, AuditAction.CLINIC_RESUMED, before.resume())]


async def _said(
    work: Work,
    uow: UnitOfWork,
    actor: Actor,
    action: AuditAction,
    after: Running,
    told: Sequence[str] = (),
) -> RunningChanged:
    """Keep how the clinic runs, with its entry in the audit trail; return what to announce."""
    await uow.lines.put_running(after)
    reason = after.pause_reason if action is AuditAction.CLINIC_PAUSED else after.late_reason
    await enter(
        work,
        uow,
        actor,
        action,
        patient_ids=told,
        entity="Schedule",
        entity_id=actor.id,
        reason=reason,
    )
    return RunningChanged(actor.id, after.late_minutes, after.late_reason, after.paused, after.pause_reason)
