"""Getting back in: a new password by link and second factor, a new authenticator by two persons' word."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from telehealth.crypto.totp import new_seed
from telehealth.domain.access import Actor, Permission, Subject
from telehealth.domain.accounts import Account, LinkPurpose, OneTimeLink
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound, NotPermitted, WrongState
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.outbox import PASSWORD_FORGOTTEN, Channel, OutboxMessage
from telehealth.services.bearer import new_token
from telehealth.services.enrolment import Weakness, refuse_weak
from telehealth.services.factors import (
    UNPROVEN,
    Proof,
    cleared,
    failed,
    prove,
    refuse_haste,
    spend,
    wrong_code,
)
from telehealth.services.one_time import open_link, send_link, use_up
from telehealth.services.ports import Announcer, Hashing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.session_keeping import account_actor, end_others
from telehealth.services.sessions import require_fresh
from telehealth.services.trail import Work, enter, require

RESETS_AT_ONCE = 3
"""Password resets that may be open for one account; a link lives an hour, so this is the number per hour."""
APPROVAL_WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class WaitingReset:
    """A TOTP reset that waits for a second person's word."""

    link_id: str
    practitioner_id: str
    name: str
    asked_by: str
    expires_at: datetime


class Recovery:
    """Lost passwords and lost authenticators."""

    def __init__(
        self, *, work: Work, hashing: Hashing, announcer: Announcer, link_base: str, weakness: Weakness
    ) -> None:
        self._work, self._hashing, self._announcer = work, hashing, announcer
        self._link_base, self._weakness = link_base, weakness

    async def forgotten(self, email: str) -> None:
        """Keep that somebody typed this address: the same work, and so the same time, for every address.

        Delivery hands it to `ask_password_reset` a moment later.
        """
        now = self._work.clock.now()
        wish = OutboxMessage(
            id=self._work.chance.identifier(now),
            channel=Channel.EMAIL,
            template=PASSWORD_FORGOTTEN,
            person_id="",
            language="",
            values={"wish": email.strip()},
            due_at=now,
            organization_id="",
            made_at=now,
            changed_at=now,
        )
        async with self._work.units.writing() as uow:
            await uow.outbox.put(wish)

    async def ask_password_reset(self, email: str) -> None:
        """Mail a link if there is an active account; nobody may wait for it: it takes longer then."""
        async with self._work.units.writing() as uow:
            account = await uow.accounts.by_email(email.strip())
            allowed = account is not None and await self._may_reset(uow, account)
            if account is not None and allowed:
                purpose = LinkPurpose.PASSWORD_RESET
                await send_link(self._work, uow, self._link_base, account, purpose=purpose)
            await enter(
                self._work,
                uow,
                account_actor(account),
                AuditAction.PASSWORD_RESET_ASKED,
                outcome=AuditOutcome.SUCCESS if allowed else AuditOutcome.REFUSED,
            )

    async def reset_password(self, token: str, password: str, code: str) -> None:
        """Set a new password with the mailed link and a TOTP or recovery code.

        Ends all sessions and the address of the own calendar: both may be in the hands of others.

        Raises NotFound, BadInput (`weak-password`, `wrong-code`) and TooMany.
        """
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            opened = await open_link(uow, token, now, LinkPurpose.PASSWORD_RESET)
        refuse_haste(opened.account.failures, opened.account.failed_at, now)
        refuse_weak(self._weakness, password, opened.practitioner, opened.organization)
        proof = await prove(self._hashing, opened.account, code, now)
        hashed = await self._hashing.hash(password) if proof else ""
        ended = await self._set_password(token, hashed, proof)
        if ended is None:
            raise wrong_code()
        if ended:
            await self._announcer.announce(SessionsEnded(ended))

    async def ask_totp_reset(self, actor: Actor, practitioner_id: str) -> None:
        """Ask for somebody's authenticator to be replaced; nothing happens until a second person approves."""
        require(actor, Permission.STAFF_MANAGE)
        async with self._work.units.writing() as uow:
            account = await uow.accounts.by_practitioner(practitioner_id)
            if account is None:
                raise NotFound
            require(actor, Permission.STAFF_MANAGE, Subject(organizations=(account.organization_id,)))
            if not account.password_hash or account.disabled_at is not None:
                raise WrongState("This person has no active account.")
            now = self._work.clock.now()
            await use_up(uow, account, now, LinkPurpose.TOTP_RESET)
            _, nobody_knows = new_token(self._work.chance)
            link = OneTimeLink(
                id=self._work.chance.identifier(now),
                account_id=account.id,
                purpose=LinkPurpose.TOTP_RESET,
                digest=nobody_knows,
                expires_at=now + APPROVAL_WITHIN,
                requested_by=actor.id,
            )
            await uow.accounts.add_link(link)
            await self._enter(uow, actor, AuditAction.TOTP_RESET_ASKED, practitioner_id)

    async def waiting(self, actor: Actor) -> list[WaitingReset]:
        """Return the resets of the actor's organization that wait for approval, oldest first."""
        require(actor, Permission.STAFF_RESET_APPROVE, Subject(organizations=(actor.organization_id,)))
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            links = await uow.accounts.open_links(LinkPurpose.TOTP_RESET, actor.organization_id, now)
            rows = [await _waiting_row(uow, link) for link in links if not link.approved_by]
        return sorted((row for row in rows if row is not None), key=lambda row: row.expires_at)

    async def approve_totp_reset(self, actor: Actor, link_id: str) -> None:
        """Approve as the second person, with a fresh second factor of one's own; the link goes out by e-mail.

        From here on the old authenticator is void. Raises StepUpNeeded, NotFound, and NotPermitted for the
        person who asked and for the one whose authenticator it is.
        """
        require(actor, Permission.STAFF_RESET_APPROVE)
        async with self._work.units.writing() as uow:
            link, account = await self._to_approve(uow, actor, link_id)
            if actor.id in {link.requested_by, account.practitioner_id}:
                raise NotPermitted("A second person has to approve this.")
            await require_fresh(uow, actor, self._work.clock.now())
            renewed = replace(account, totp_seed=new_seed(self._work.chance), totp_step=UNPROVEN)
            await uow.accounts.save(renewed)
            purpose = LinkPurpose.TOTP_RESET
            await send_link(self._work, uow, self._link_base, renewed, link, purpose=purpose, by=actor.id)
            await self._enter(uow, actor, AuditAction.TOTP_RESET_APPROVED, account.practitioner_id)

    async def _to_approve(self, uow: UnitOfWork, actor: Actor, link_id: str) -> tuple[OneTimeLink, Account]:
        """Return an open, unapproved reset of the actor's organization; raise NotFound."""
        link = await uow.accounts.link_by_id(link_id)
        account = await uow.accounts.get(link.account_id) if link else None
        if link is None or account is None or link.purpose is not LinkPurpose.TOTP_RESET:
            raise NotFound
        require(actor, Permission.STAFF_RESET_APPROVE, Subject(organizations=(account.organization_id,)))
        over = link.used_at is not None or self._work.clock.now() >= link.expires_at
        if over or link.approved_by or account.disabled_at is not None:
            raise NotFound
        return link, account

    async def _may_reset(self, uow: UnitOfWork, account: Account) -> bool:
        """Whether the account is active and has had fewer than three links within the hour."""
        if account.disabled_at is not None or not account.password_hash:
            return False
        now = self._work.clock.now()
        links = await uow.accounts.open_links(LinkPurpose.PASSWORD_RESET, account.organization_id, now)
        return sum(link.account_id == account.id for link in links) < RESETS_AT_ONCE

    async def _set_password(self, token: str, hashed: str, proof: Proof | None) -> tuple[str, ...] | None:
        """Spend link and code and keep the hash; return the ended sessions, None for a wrong code."""
        async with self._work.units.writing() as uow:
            now = self._work.clock.now()
            fresh = await open_link(uow, token, now, LinkPurpose.PASSWORD_RESET)
            who, spent = account_actor(fresh.account), spend(fresh.account, proof)
            if spent is None:
                await uow.accounts.save(failed(fresh.account, now))
                refused = AuditOutcome.REFUSED
                await enter(self._work, uow, who, AuditAction.PASSWORD_CHANGED, outcome=refused)
                return None
            await uow.accounts.save(cleared(replace(spent, password_hash=hashed)))
            await use_up(uow, spent, now, LinkPurpose.PASSWORD_RESET)
            ended = await end_others(uow, spent.id, now)
            await enter(self._work, uow, who, AuditAction.PASSWORD_CHANGED)
            if await uow.feeds.remove(who.id):
                await self._enter(uow, who, AuditAction.CALENDAR_ENDED, who.id, entity="Schedule")
            if proof and proof.recovery:
                await enter(self._work, uow, who, AuditAction.RECOVERY_CODE_USED)
        return ended

    async def _enter(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: AuditAction,
        practitioner_id: str,
        entity: str = "Practitioner",
    ) -> None:
        await enter(self._work, uow, actor, action, entity=entity, entity_id=practitioner_id)


async def _waiting_row(uow: UnitOfWork, link: OneTimeLink) -> WaitingReset | None:
    account = await uow.accounts.get(link.account_id)
    person = await uow.directory.practitioner(account.practitioner_id) if account else None
    asker = await uow.directory.practitioner(link.requested_by)
    if person is None:
        return None
    asked_by = asker.display if asker else link.requested_by
    return WaitingReset(link.id, person.id, person.display, asked_by, link.expires_at)
