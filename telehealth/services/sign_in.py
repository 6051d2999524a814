"""Signing in: e-mail and password, then a code; the answer is the same for whoever is not to get in."""

from dataclasses import replace
from typing import NoReturn

from telehealth.crypto.passwords import DUMMY_HASH
from telehealth.crypto.tokens import NAME_BYTES
from telehealth.domain.access import Actor
from telehealth.domain.accounts import Account, Session, SessionStage
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotSignedIn
from telehealth.domain.notices import SessionsEnded
from telehealth.domain.people import Practitioner
from telehealth.domain.sentences import N_
from telehealth.services.bearer import new_token
from telehealth.services.browsers import Held
from telehealth.services.factors import Proof, cleared, failed, prove, refuse_haste, spend, wrong_code
from telehealth.services.ports import Announcer, BrowserKeys, Hashing, SigningKeys
from telehealth.services.repositories import UnitOfWork
from telehealth.services.session_keeping import Known, Opened, account_actor, actor_of, known, make_room
from telehealth.services.trail import Work, enter
from telehealth.services.tries import Tries, of_address, of_browser

REFUSAL = N_("The e-mail address or the password is not right.")


class SignIn:
    """The two steps of signing in."""

    def __init__(
        self,
        *,
        work: Work,
        hashing: Hashing,
        announcer: Announcer,
        keys: SigningKeys,
        browsers: BrowserKeys,
    ) -> None:
        self._work, self._hashing, self._announcer, self._keys = work, hashing, announcer, keys
        self._browsers = browsers
        self._tries = Tries()

    async def counted(self, email: str, held: Held) -> bytes:
        """Return as whose tries those at an address count.

        A browser in which the account's owner has signed in has tries of its own, so that nobody can slow
        the owner down there; all others share the address's. `held` gives its mark of an account.
        """
        async with self._work.units.reading() as uow:
            account = await uow.accounts.by_email(email.strip())
        mark = held(account.id) if account else ""
        name = self._browsers.name(mark, _owner(account)) if account and mark else b""
        return of_browser(account.id, name) if account and name else of_address(email)

    async def password(self, email: str, password: str, counted: bytes = b"") -> Opened:
        """Open a session that waits for its code; `counted` is where there is a browser to ask.

        Raises NotSignedIn, the same for unknown, disabled and not yet accepted accounts and wrong passwords,
        and TooMany after wrong tries, known address or not.
        """
        now, key = self._work.clock.now(), counted or of_address(email)
        async with self._work.units.reading() as uow:
            account = await uow.accounts.by_email(email.strip())
        with self._tries.judging(key, now):
            fits = await self._hashing.verify((account and account.password_hash) or DUMMY_HASH, password)
        if account is None or account.disabled_at is not None or not account.password_hash or not fits:
            await self._refuse(account)
        self._tries.forget(key)
        outdated = self._hashing.outdated(account.password_hash)
        return await self._halfway(account, await self._hashing.hash(password) if outdated else "")

    async def code(self, token: str, code: str) -> Opened:
        """Complete a session with a TOTP or recovery code; the cookie changes.

        Raises NotSignedIn when the password step is missing or more than ten minutes old, BadInput
        (`wrong-code`) and TooMany.
        """
        now = self._work.clock.now()
        async with self._work.units.reading() as uow:
            before = await self._waiting(uow, token)
        refuse_haste(before.account.failures, before.account.failed_at, now)
        proof = await prove(self._hashing, before.account, code, now)
        async with self._work.units.writing() as uow:
            fresh = await self._waiting(uow, token)
            opened, ended = await self._complete(uow, fresh, proof)
        if opened is None:
            raise wrong_code()
        if ended:
            await self._announcer.announce(SessionsEnded(ended))
        return opened

    async def _refuse(self, account: Account | None) -> NoReturn:
        """Enter the wrong try, which was counted by its address before it was judged, then raise."""
        async with self._work.units.writing() as uow:
            await self._enter_failure(uow, account_actor(account), "password")
        raise NotSignedIn(REFUSAL)

    async def _enter_failure(self, uow: UnitOfWork, actor: Actor, reason: str) -> None:
        action, refused = AuditAction.SIGN_IN_FAILED, AuditOutcome.REFUSED
        await enter(self._work, uow, actor, action, outcome=refused, reason=reason)

    async def _halfway(self, checked: Account, rehashed: str) -> Opened:
        """Open the session that a right password gives; the delay that wrong codes earned stays.

        `rehashed` is the password's hash with today's parameters where the kept one has older ones.
        """
        async with self._work.units.writing() as uow:
            now = self._work.clock.now()
            account = await uow.accounts.get(checked.id)
            practitioner = await uow.directory.practitioner(checked.practitioner_id)
            if account is None or practitioner is None or account.disabled_at is not None:
                raise NotSignedIn(REFUSAL)
            if account.password_hash != checked.password_hash:
                raise NotSignedIn(REFUSAL)
            if rehashed:
                await uow.accounts.save(replace(account, password_hash=rehashed))
            token, digest = new_token(self._work.chance)
            session = Session(
                id=self._work.chance.identifier(now),
                account_id=account.id,
                practitioner_id=account.practitioner_id,
                organization_id=account.organization_id,
                digest=digest,
                stage=SessionStage.PASSWORD,
                created_at=now,
                seen_at=now,
            )
            await make_room(uow, session, now)
            await uow.accounts.add_session(session)
        return Opened(token, session, practitioner)

    async def _waiting(self, uow: UnitOfWork, token: str) -> Known:
        """Return the session that waits for its code; raise NotSignedIn."""
        found = await known(uow, token, self._work.clock.now())
        if found is None or found.session.stage is not SessionStage.PASSWORD:
            raise NotSignedIn
        return found

    async def _complete(
        self, uow: UnitOfWork, fresh: Known, proof: Proof | None
    ) -> tuple[Opened | None, tuple[str, ...]]:
        """Spend the code and open the session; return it and the sessions that had to make room."""
        now = self._work.clock.now()
        spent = spend(fresh.account, proof)
        if spent is None:
            await uow.accounts.save(failed(fresh.account, now))
            await self._enter_failure(uow, fresh.actor, "code")
            return None, ()
        token, digest = new_token(self._work.chance)
        session = replace(
            fresh.session,
            digest=digest,
            stage=SessionStage.FULL,
            created_at=now,
            seen_at=now,
            step_up_at=now,
        )
        ended = await make_room(uow, session, now)
        await uow.accounts.save(cleared(spent))
        await uow.accounts.save_session(session)
        practitioner = await self._with_key(uow, fresh.practitioner)
        actor = actor_of(session, practitioner)
        await enter(self._work, uow, actor, AuditAction.SIGN_IN)
        if proof and proof.recovery:
            await enter(self._work, uow, actor, AuditAction.RECOVERY_CODE_USED)
        mark = self._browsers.mark(self._work.chance.token(NAME_BYTES), _owner(spent))
        return Opened(token, session, practitioner, mark), ended

    async def _with_key(self, uow: UnitOfWork, practitioner: Practitioner) -> Practitioner:
        """Make the signer's own key at the first sign-in and keep its public part with the person."""
        if practitioner.public_key is not None:
            return practitioner
        signer = replace(practitioner, public_key=self._keys.public(practitioner.id))
        await uow.directory.save_practitioner(signer)
        return signer


def _owner(account: Account) -> tuple[str, ...]:
    """Return whose marks are good: with a new password or authenticator the account is another owner's."""
    return account.id, account.password_hash, account.totp_seed
