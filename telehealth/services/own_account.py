"""What the signed-in change about their own account: password, authenticator, recovery codes, language."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from telehealth.crypto.totp import new_seed, provisioning_uri
from telehealth.domain.access import Actor, Permission
from telehealth.domain.accounts import Account, LinkPurpose
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import BadInput, FieldProblem, NotSignedIn, WrongState
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.organizations import Organization
from telehealth.domain.people import Practitioner
from telehealth.domain.preferences import Preferences
from telehealth.domain.words import is_language
from telehealth.services.enrolment import Weakness, refuse_weak
from telehealth.services.factors import (
    cleared,
    failed,
    new_recovery,
    refuse_haste,
    step_of_seed,
    wrong_code,
)
from telehealth.services.one_time import use_up
from telehealth.services.ports import Announcer, Hashing
from telehealth.services.repositories import UnitOfWork
from telehealth.services.session_keeping import end_others
from telehealth.services.sessions import require_fresh
from telehealth.services.staff import ISSUER
from telehealth.services.trail import Work, enter, require


@dataclass(frozen=True, slots=True)
class NewAuthenticator:
    """A seed to set an authenticator up with, as text and as the address that its picture holds."""

    seed: str
    uri: str


@dataclass(frozen=True, slots=True)
class Holder:
    """An account with its person and their organization."""

    account: Account
    practitioner: Practitioner
    organization: Organization


class OwnAccount:
    """The actor's own account and nobody else's: no method takes an id."""

    def __init__(self, *, work: Work, hashing: Hashing, announcer: Announcer, weakness: Weakness) -> None:
        self._work, self._hashing, self._announcer = work, hashing, announcer
        self._weakness = weakness

    async def change_password(self, actor: Actor, password: str, new: str) -> None:
        """Change the password by the present one; the actor's other sessions end.

        Raises BadInput (`wrong-password`, `weak-password`), both by their field, and TooMany.
        """
        require(actor, Permission.SESSION_OWN)
        async with self._work.units.reading() as uow:
            before = await _holder(uow, actor)
        refuse_haste(before.account.failures, before.account.failed_at, self._work.clock.now())
        if not await self._hashing.verify(before.account.password_hash, password):
            await self._refuse(actor, AuditAction.PASSWORD_CHANGED)
            raise BadInput(FieldProblem("password", "wrong-password", "That password is not right."))
        refuse_weak(self._weakness, new, before.practitioner, before.organization, "new_password")
        hashed = await self._hashing.hash(new)
        await self._keep(
            actor,
            before.account,
            AuditAction.PASSWORD_CHANGED,
            lambda account: replace(account, password_hash=hashed),
        )

    async def prefer(self, actor: Actor, preferences: Preferences) -> None:
        """Keep how the actor likes to work; raises BadInput naming chords that cannot be used."""
        require(actor, Permission.SESSION_OWN)
        preferences.chords.check()
        async with self._work.units.writing() as uow:
            account = (await _holder(uow, actor)).account
            await uow.accounts.save(replace(account, preferences=preferences))
            await enter(self._work, uow, actor, AuditAction.PREFERENCES_CHANGED)

    async def change_language(self, actor: Actor, language: str) -> None:
        """Keep the language that the actor wants to read; empty leaves it to the browser. Raises BadInput."""
        require(actor, Permission.SESSION_OWN)
        if language and not is_language(language):
            raise BadInput(FieldProblem("language", "not-a-language", "Please choose one of those offered."))
        async with self._work.units.writing() as uow:
            account = (await _holder(uow, actor)).account
            await uow.accounts.save(replace(account, language=language))
            await enter(self._work, uow, actor, AuditAction.LANGUAGE_CHANGED)

    async def speak(self, actor: Actor, languages: Collection[str]) -> None:
        """Keep which languages the actor speaks with patients; raises BadInput."""
        require(actor, Permission.SESSION_OWN)
        if not all(is_language(each) for each in languages):
            raise BadInput(FieldProblem("languages", "not-a-language", "Please choose one of those offered."))
        async with self._work.units.writing() as uow:
            person = (await _holder(uow, actor)).practitioner
            spoken = tuple(sorted(set(languages)))
            await uow.directory.save_practitioner(replace(person, languages=spoken))
            await enter(self._work, uow, actor, AuditAction.LANGUAGES_SPOKEN_CHANGED)

    async def show_authenticator(self, actor: Actor) -> NewAuthenticator:
        """Return a new seed, kept until its first code proves it; the old authenticator works until then.

        Needs a second factor of the last five minutes, for which a recovery code will do: StepUpNeeded.
        """
        require(actor, Permission.SESSION_OWN)
        async with self._work.units.writing() as uow:
            await require_fresh(uow, actor, self._work.clock.now())
            holder = await _holder(uow, actor)
            seed = new_seed(self._work.chance)
            await uow.accounts.save(replace(holder.account, next_seed=seed))
            await enter(self._work, uow, actor, AuditAction.TOTP_SHOWN)
        return _shown(seed, holder.account)

    async def shown_authenticator(self, actor: Actor) -> NewAuthenticator:
        """Return the seed that waits for its first code once more; raises StepUpNeeded and WrongState."""
        require(actor, Permission.SESSION_OWN)
        async with self._work.units.writing() as uow:
            await require_fresh(uow, actor, self._work.clock.now())
            holder = await _holder(uow, actor)
            seed = _waiting(holder.account)
            await enter(self._work, uow, actor, AuditAction.TOTP_SHOWN)
        return _shown(seed, holder.account)

    async def change_authenticator(self, actor: Actor, code: str) -> list[str]:
        """Take the new authenticator by its first code; the old one is void and other sessions end.

        Returns ten new recovery codes, shown this once. Raises StepUpNeeded, WrongState when no seed was
        shown, BadInput (`wrong-code`) and TooMany.
        """
        require(actor, Permission.SESSION_OWN)
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            await require_fresh(uow, actor, now)
            before = (await _holder(uow, actor)).account
        refuse_haste(before.failures, before.failed_at, now)
        seed = _waiting(before)
        step = step_of_seed(seed, code, now)
        if step is None:
            await self._refuse(actor, AuditAction.TOTP_CHANGED)
            raise wrong_code()
        codes, kept = await new_recovery(self._hashing, self._work.chance)
        await self._keep(
            actor,
            before,
            AuditAction.TOTP_CHANGED,
            lambda account: replace(
                account, totp_seed=seed, totp_step=step, recovery_hashes=kept, next_seed=""
            ),
        )
        return codes

    async def _keep(
        self, actor: Actor, before: Account, action: AuditAction, change: Callable[[Account], Account]
    ) -> None:
        """Change the account unless somebody was faster; void reset links and end the other sessions."""
        now = self._work.clock.now()
        async with self._work.units.writing() as uow:
            account = (await _holder(uow, actor)).account
            secrets = (account.password_hash, account.totp_seed, account.next_seed)
            if secrets != (before.password_hash, before.totp_seed, before.next_seed):
                raise WrongState("Your account was changed elsewhere. Please try again.")
            await uow.accounts.save(cleared(change(account)))
            await use_up(uow, account, now, LinkPurpose.PASSWORD_RESET, LinkPurpose.TOTP_RESET)
            ended = await end_others(uow, account.id, now, keep=actor.session_id)
            await enter(self._work, uow, actor, action)
        if ended:
            await self._announcer.announce(SessionsEnded(ended))

    async def _refuse(self, actor: Actor, action: AuditAction) -> None:
        """Count and enter a wrong try."""
        async with self._work.units.writing() as uow:
            account = (await _holder(uow, actor)).account
            await uow.accounts.save(failed(account, self._work.clock.now()))
            await enter(self._work, uow, actor, action, outcome=AuditOutcome.REFUSED)


async def _holder(uow: UnitOfWork, actor: Actor) -> Holder:
    account = await uow.accounts.by_practitioner(actor.id)
    practitioner = await uow.directory.practitioner(actor.id)
    organization = await uow.directory.organization(actor.organization_id)
    if account is None or practitioner is None or organization is None or account.disabled_at is not None:
        raise NotSignedIn
    return Holder(account, practitioner, organization)


def _waiting(account: Account) -> str:
    if not account.next_seed:
        raise WrongState("Open the page of the new authenticator first.")
    return account.next_seed


def _shown(seed: str, account: Account) -> NewAuthenticator:
    return NewAuthenticator(seed, provisioning_uri(seed, account.email, ISSUER))
