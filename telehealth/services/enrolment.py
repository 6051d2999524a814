"""Taking up an account: a password strong enough, an authenticator proven by its code, recovery codes."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from telehealth.domain.accounts import Account, LinkPurpose
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import BadInput, FieldProblem
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.organizations import Organization
from telehealth.domain.people import Practitioner
from telehealth.domain.sentences import N_
from telehealth.services.factors import (
    cleared,
    failed,
    first_step,
    new_recovery,
    refuse_haste,
    wrong_code,
    wrong_password,
)
from telehealth.services.one_time import OpenedLink, open_link, use_up
from telehealth.services.ports import Announcer, Hashing
from telehealth.services.session_keeping import account_actor, end_others
from telehealth.services.trail import Work, enter

Weakness = Callable[[str, Iterable[str]], str | None]
"""Why a password is refused, as a stable word, or None; the second argument are words about the person."""

WEAK = {
    "too-short": N_("Use at least 12 characters; a few unrelated words are easy to remember."),
    "too-long": N_("Use at most 256 characters."),
    "repetitive": N_("Use more different characters."),
    "personal": N_("Leave out your own name and the name of the clinic."),
    "guessable": N_("This password is easy to guess. Use a few unrelated words."),
}
ENROLLING = (LinkPurpose.INVITATION, LinkPurpose.TOTP_RESET)


def refuse_weak(
    weakness: Weakness,
    password: str,
    person: Practitioner,
    organization: Organization,
    field: str = "password",
) -> None:
    """Raise BadInput (`weak-password`) unless the password will do for this person."""
    words = (person.name.given, person.name.family, organization.name, person.email)
    found = weakness(password, words)
    if found is not None:
        detail = WEAK.get(found, N_("Choose a longer and less usual password."))
        raise BadInput(FieldProblem(field, "weak-password", detail))


class Enrolment:
    """What stands behind an invitation and behind an approved TOTP reset."""

    def __init__(self, *, work: Work, hashing: Hashing, announcer: Announcer, weakness: Weakness) -> None:
        self._work, self._hashing, self._announcer = work, hashing, announcer
        self._weakness = weakness

    async def accept(self, token: str, password: str, code: str) -> list[str]:
        """Use an invitation (the password is new) or a TOTP reset (it is the present one).

        Returns ten recovery codes, shown this once. Raises NotFound, BadInput (`weak-password`,
        `wrong-password`, `wrong-code`) and TooMany.
        """
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            opened = await open_link(uow, token, now, *ENROLLING)
        refuse_haste(opened.account.failures, opened.account.failed_at, now)
        joining = opened.link.purpose is LinkPurpose.INVITATION
        if joining:
            refuse_weak(self._weakness, password, opened.practitioner, opened.organization)
        elif not await self._hashing.verify(opened.account.password_hash, password):
            await self._refuse(opened.account, "password")
            raise wrong_password()
        step = first_step(opened.account, code, now)
        if step is None:
            await self._refuse(opened.account, "code")
            raise wrong_code()
        hashed = await self._hashing.hash(password) if joining else opened.account.password_hash
        codes, kept = await new_recovery(self._hashing, self._work.chance)
        enrolled = replace(opened.account, password_hash=hashed, totp_step=step, recovery_hashes=kept)
        ended = await self._keep(token, opened, enrolled)
        if ended:
            await self._announcer.announce(SessionsEnded(ended))
        return codes

    async def _keep(self, token: str, before: OpenedLink, enrolled: Account) -> tuple[str, ...]:
        """Write the enrolled account down if the link is still unused and nothing changed meanwhile."""
        joining = before.link.purpose is LinkPurpose.INVITATION
        async with self._work.units.writing() as uow:
            now = self._work.clock.now()
            fresh = await open_link(uow, token, now, before.link.purpose)
            if (fresh.account.totp_seed, fresh.account.password_hash) != (
                before.account.totp_seed,
                before.account.password_hash,
            ):
                raise wrong_code()
            await uow.accounts.save(cleared(enrolled))
            await use_up(uow, enrolled, now, *ENROLLING)
            ended = await end_others(uow, enrolled.id, now)
            who = account_actor(enrolled)
            await enter(
                self._work, uow, who, AuditAction.STAFF_JOINED if joining else AuditAction.TOTP_CHANGED
            )
        return ended

    async def _refuse(self, account: Account, reason: str) -> None:
        """Count and enter a wrong try with a link."""
        async with self._work.units.writing() as uow:
            fresh = await uow.accounts.get(account.id)
            if fresh is not None:
                await uow.accounts.save(failed(fresh, self._work.clock.now()))
            await enter(
                self._work,
                uow,
                account_actor(account),
                AuditAction.SIGN_IN_FAILED,
                outcome=AuditOutcome.REFUSED,
                reason=f"link:{reason}",
            )
