"""What all changes of a staff session share: who acts, new cookies, at most five, ending the others."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.domain.access import Actor, ActorKind
from telehealth.domain.accounts import SESSION_ABSOLUTE, SESSIONS_PER_ACCOUNT, Account, Session, SessionStage
from telehealth.domain.people import Practitioner
from telehealth.observability import current_request
from telehealth.services.bearer import digest_of
from telehealth.services.repositories import UnitOfWork

CODE_WITHIN = timedelta(minutes=10)
"""How long the code may take after the password."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened or renewed. `token` is the cookie's value; any older one is void.

    `mark` is for the browser's other cookie, where somebody has just signed in.
    """

    token: str
    session: Session
    practitioner: Practitioner
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A living session with its account and its person, as one unit of work read them."""

    session: Session
    account: Account
    practitioner: Practitioner

    @property
    def actor(self) -> Actor:
        """Who acts behind the session."""
        return actor_of(self.session, self.practitioner)


async def known(uow: UnitOfWork, token: str, now: datetime) -> Known | None:
    """Return what a cookie stands for, or None when it opens nothing (any more)."""
    digest = digest_of(token)
    found = await uow.accounts.signed_in(digest) if digest else None
    if found is None:
        return None
    session, account, practitioner = found
    if not alive(session, now) or account.disabled_at is not None:
        return None
    return Known(session, account, practitioner)


def alive(session: Session, now: datetime) -> bool:
    """Whether the session may be used: idle and absolute limits, and ten minutes for the code."""
    in_time = session.stage is not SessionStage.PASSWORD or now < session.created_at + CODE_WITHIN
    return in_time and session.alive(now)


def actor_of(session: Session, practitioner: Practitioner) -> Actor:
    """Return who acts behind a session."""
    return Actor(
        kind=ActorKind.STAFF,
        id=practitioner.id,
        role=practitioner.role,
        organization_id=practitioner.organization_id,
        session_id=session.id,
        name=practitioner.display,
        request_id=current_request(),
    )


def account_actor(account: Account | None) -> Actor:
    """Return who acts without a session: the account's holder as far as known; may do nothing."""
    return Actor(
        kind=ActorKind.STAFF,
        id=account.practitioner_id if account else "",
        role=None,
        organization_id=account.organization_id if account else "",
        session_id="",
        name="",
        request_id=current_request(),
    )


async def living_of(uow: UnitOfWork, account_id: str, now: datetime) -> list[Session]:
    """Return the account's sessions that have neither ended nor reached the absolute limit, oldest first."""
    return await uow.accounts.sessions_of(account_id, now - SESSION_ABSOLUTE)


async def end_others(uow: UnitOfWork, account_id: str, now: datetime, *, keep: str = "") -> tuple[str, ...]:
    """End every session of an account but `keep`; return their ids, to be announced after the commit."""
    ended = []
    for session in await living_of(uow, account_id, now):
        if session.id != keep:
            await uow.accounts.save_session(replace(session, ended_at=now))
            ended.append(session.id)
    return tuple(ended)


async def make_room(uow: UnitOfWork, session: Session, now: datetime) -> tuple[str, ...]:
    """End the oldest sessions of the same kind so that `session` is one of five at most; return their ids."""
    halfway = session.stage is SessionStage.PASSWORD
    others = [
        other
        for other in await living_of(uow, session.account_id, now)
        if alive(other, now) and other.id != session.id and (other.stage is SessionStage.PASSWORD) is halfway
    ]
    others.sort(key=lambda other: (other.created_at, other.id))
    surplus = others[: max(0, len(others) + 1 - SESSIONS_PER_ACCOUNT)]
    for other in surplus:
        await uow.accounts.save_session(replace(other, ended_at=now))
    return tuple(other.id for other in surplus)
