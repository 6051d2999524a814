"""Staff sessions after signing in: whose a cookie is, lock and unlock, step-up, sign-out, revocation."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, Permission
from telehealth.domain.accounts import STEP_UP_FRESH, Session, SessionStage
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound, NotSignedIn, StepUpNeeded
from telehealth.domain.notices import LockChanged, SessionsEnded
from telehealth.domain.people import Practitioner
from telehealth.domain.preferences import AS_USUAL, Preferences
from telehealth.services.bearer import new_token
from telehealth.services.factors import prove, spend, wrong_code, wrong_password
from telehealth.services.ports import Announcer, Hashing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.session_keeping import Known, Opened, actor_of, alive, known, living_of
from telehealth.services.trail import Work, enter, require
from telehealth.services.tries import SessionTries, of_session

TOUCH_EVERY = timedelta(minutes=1)
"""How often at most the last use of a session is written down."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a cookie stands for. `actor` is there only when the session opens anything; `fresh` is step-up.

    `language` is what the account wants to be spoken to in, or empty.
    """

    session: Session
    practitioner: Practitioner
    actor: Actor | None
    fresh: bool
    preferences: Preferences = AS_USUAL
    language: str = ""


def is_fresh(session: Session, now: datetime) -> bool:
    """Whether the second factor was given within the last five minutes."""
    return session.step_up_at is not None and now < session.step_up_at + STEP_UP_FRESH


async def own_session(uow: UnitOfWork, actor: Actor, session_id: str) -> Session | None:
    """Return a session of the actor's own, ended or not; None for anybody else's."""
    found = await uow.accounts.session_by_id(session_id)
    return found if found is not None and found.practitioner_id == actor.id else None


async def require_fresh(uow: UnitOfWork, actor: Actor, now: datetime) -> None:
    """Pass when the actor's session has a fresh second factor; raise StepUpNeeded."""
    mine = await own_session(uow, actor, actor.session_id)
    if mine is None or not alive(mine, now) or not is_fresh(mine, now):
        raise StepUpNeeded


class Sessions:
    """Everything about a session between signing in and its end."""

    def __init__(self, *, work: Work, hashing: Hashing, announcer: Announcer) -> None:
        self._work, self._hashing, self._announcer = work, hashing, announcer
        self._tries = SessionTries()

    async def standing(self, token: str, *, active: bool = True) -> Standing | None:
        """Return what a cookie stands for, or None; `active=False` (a page's own polling) is no activity."""
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            found = await known(uow, token, now)
        if found is None:
            return None
        if active and now >= found.session.seen_at + TOUCH_EVERY:
            found = await self._touch(token, now)
        if found is None:
            return None
        open_ = found.session.stage is SessionStage.FULL
        fresh = open_ and is_fresh(found.session, now)
        actor = found.actor if open_ else None
        wishes = (found.account.preferences, found.account.language)
        return Standing(found.session, found.practitioner, actor, fresh, *wishes)

    async def lives(self, actor: Actor) -> bool:
        """Whether the session behind `actor` may still be used; asking is no activity."""
        async with self._work.units.reading() as uow:
            session = await own_session(uow, actor, actor.session_id)
        return session is not None and alive(session, self._work.clock.now())

    async def keep_alive(self, actor: Actor) -> bool:
        """Count a running call as activity of the session behind `actor`; False when it has ended."""
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            session = await own_session(uow, actor, actor.session_id)
        if session is None or not alive(session, now):
            return False
        if now < session.seen_at + TOUCH_EVERY:
            return True
        async with self._work.units.writing() as uow:
            session = await own_session(uow, actor, actor.session_id)
            if session is None or not alive(session, now):
                return False
            await uow.accounts.save_session(replace(session, seen_at=now))
        return True

    async def lock(self, token: str) -> None:
        """Lock the screen: the session stays and opens nothing until its password comes, sockets included."""
        async with self._work.units.writing() as uow:
            found = await known(uow, token, self._work.clock.now())
            if found is None or found.session.stage is not SessionStage.FULL:
                return
            locked = replace(found.session, stage=SessionStage.LOCKED, step_up_at=None)
            await uow.accounts.save_session(locked)
            await enter(self._work, uow, found.actor, AuditAction.SESSION_LOCKED)
        await self._announcer.announce(LockChanged(locked.id, locked=True))

    async def unlock(self, token: str, password: str) -> Opened:
        """Open a locked session again with the password; the cookie changes.

        Raises BadInput (`wrong-password`), TooMany, and NotSignedIn when there is no locked session or this
        was its tenth wrong try. What strangers try at the front door does not count here.
        """
        async with self._work.units.reading() as uow:
            before = await self._at(uow, token, SessionStage.LOCKED)
        now = self._work.clock.now()
        with self._tries.judging(of_session(before.session.id), now):
            fits = await self._hashing.verify(before.account.password_hash, password)
        opened, ended = None, False
        async with self._work.units.writing() as uow:
            fresh = await self._at(uow, token, SessionStage.LOCKED)
            if fits and fresh.account.password_hash == before.account.password_hash:
                opened = await self._renew(uow, fresh, AuditAction.SESSION_UNLOCKED, None)
            else:
                ended = await self._count(uow, fresh, AuditAction.SESSION_UNLOCKED)
        if opened is None:
            await self._tell_end(fresh.session, ended=ended)
            raise wrong_password()
        await self._announcer.announce(LockChanged(opened.session.id, locked=False))
        return opened

    async def step_up(self, token: str, code: str) -> Opened:
        """Give a fresh second factor; the cookie changes. Raises as `unlock`, with `wrong-code`."""
        async with self._work.units.reading() as uow:
            before = await self._at(uow, token, SessionStage.FULL)
        now = self._work.clock.now()
        with self._tries.judging(of_session(before.session.id), now):
            proof = await prove(self._hashing, before.account, code, now)
        async with self._work.units.writing() as uow:
            fresh = await self._at(uow, token, SessionStage.FULL)
            spent = spend(fresh.account, proof)
            if spent is not None:
                await uow.accounts.save(spent)
                if proof and proof.recovery:
                    await enter(self._work, uow, fresh.actor, AuditAction.RECOVERY_CODE_USED)
                return await self._renew(uow, fresh, AuditAction.STEP_UP, now)
            ended = await self._count(uow, fresh, AuditAction.STEP_UP)
        await self._tell_end(fresh.session, ended=ended)
        raise wrong_code()

    async def sign_out(self, token: str) -> None:
        """End the session; signing out twice is no error."""
        async with self._work.units.writing() as uow:
            now = self._work.clock.now()
            found = await known(uow, token, now)
            if found is None:
                return
            await uow.accounts.save_session(replace(found.session, ended_at=now))
            await enter(self._work, uow, found.actor, AuditAction.SIGN_OUT)
        await self._announcer.announce(SessionsEnded((found.session.id,)))

    async def mine(self, actor: Actor) -> list[Session]:
        """Return the actor's living sessions, newest first."""
        require(actor, Permission.SESSION_OWN)
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            account = await uow.accounts.by_practitioner(actor.id)
            sessions = await living_of(uow, account.id, now) if account else []
        living = [each for each in sessions if alive(each, now) and each.stage is not SessionStage.PASSWORD]
        return sorted(living, key=lambda each: each.created_at, reverse=True)

    async def revoke(self, actor: Actor, session_id: str) -> None:
        """End one of the actor's own sessions, sockets included; raises NotFound for any other id."""
        require(actor, Permission.SESSION_OWN)
        async with self._work.units.writing() as uow:
            session = await own_session(uow, actor, session_id)
            if session is None:
                raise NotFound
            if session.ended_at is None:
                await uow.accounts.save_session(replace(session, ended_at=self._work.clock.now()))
                act = AuditAction.SESSION_REVOKED
                await enter(self._work, uow, actor, act, entity="Session", entity_id=session_id)
        await self._announcer.announce(SessionsEnded((session_id,)))

    async def revoked_since(self, instant: datetime) -> list[str]:
        """Return the ids of sessions ended at or after `instant`, by this process or another one."""
        async with self._work.units.reading() as uow:
            return await uow.accounts.ended_since(instant)

    async def _touch(self, token: str, now: datetime) -> Known | None:
        """Write down the last use, unless the session ended in between."""
        async with self._work.units.writing() as uow:
            found = await known(uow, token, now)
            if found is None:
                return None
            session = replace(found.session, seen_at=now)
            await uow.accounts.save_session(session)
        return replace(found, session=session)

    async def _at(self, uow: UnitOfWork, token: str, stage: SessionStage) -> Known:
        found = await known(uow, token, self._work.clock.now())
        if found is None or found.session.stage is not stage:
            raise NotSignedIn
        return found

    async def _renew(
        self, uow: UnitOfWork, fresh: Known, action: AuditAction, step_up_at: datetime | None
    ) -> Opened:
        """Give the session a new cookie and enter why."""
        token, digest = new_token(self._work.chance)
        session = replace(
            fresh.session,
            digest=digest,
            stage=SessionStage.FULL,
            seen_at=self._work.clock.now(),
            step_up_at=step_up_at,
        )
        await uow.accounts.save_session(session)
        self._tries.forget(of_session(session.id))
        await enter(self._work, uow, actor_of(session, fresh.practitioner), action)
        return Opened(token, session, fresh.practitioner)

    async def _count(self, uow: UnitOfWork, fresh: Known, action: AuditAction) -> bool:
        """Enter a wrong try of the session; the tenth ends it. Returns whether it did."""
        key, now = of_session(fresh.session.id), self._work.clock.now()
        self._tries.wrong(key)
        await enter(self._work, uow, fresh.actor, action, outcome=AuditOutcome.REFUSED)
        if not self._tries.spent(key):
            return False
        await uow.accounts.save_session(replace(fresh.session, ended_at=now))
        act, id_ = AuditAction.SESSION_REVOKED, fresh.session.id
        await enter(self._work, uow, fresh.actor, act, entity="Session", entity_id=id_, reason="tries")
        return True

    async def _tell_end(self, session: Session, *, ended: bool) -> None:
        """Tell the sockets of a session that wrong tries have ended, and raise NotSignedIn."""
        if ended:
            self._tries.forget(of_session(session.id))
            await self._announcer.announce(SessionsEnded((session.id,)))
            raise NotSignedIn
