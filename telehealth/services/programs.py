"""Programs that work by themselves: added by whoever runs the service, let in by what they sign, for minutes.

As HL7's SMART App Launch 2.2 says of backend services: a program signs an assertion with a key whose public
half is known here, and gets a token that opens what its scopes name, of its own organization's patients.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from telehealth.crypto.assertions import claims, key_id, keys_of, unverified_issuer
from telehealth.domain.access import Actor, ActorKind, Permission, Subject
from telehealth.domain.audit import AuditAction, AuditOutcome
from telehealth.domain.errors import NotFound, NotSignedIn, WrongState
from telehealth.domain.programs import MOST_SCOPES, TOKEN_LIFE, Program, ProgramToken, granted, proper
from telehealth.fhir.parameters import ID, refusal
from telehealth.services.bearer import digest_of, new_token
from telehealth.services.repositories import UnitOfWork
from telehealth.services.trail import Work, enter, require

TOKEN_ENDPOINT = "/fhir/R4/auth/token"  # noqa: S105 (an address)
"""Where programs ask to be let in, below our public address."""
LONGEST_JTI, LONGEST_SCOPE = 200, 2_000
ASSERTED_FOR = timedelta(minutes=5)
"""An assertion lasts at most as long (SMART App Launch, client-confidential-asymmetric)."""
SKEW = timedelta(seconds=60)
"""By so much two clocks may differ."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a program gets: the secret, shown this once, and what it opens."""

    token: str
    scopes: tuple[str, ...]
    life: timedelta = TOKEN_LIFE


class Programs:
    """Who they are, and letting them in. `audience` is the address of the token endpoint."""

    def __init__(self, *, work: Work, audience: str) -> None:
        self._work = work
        self._audience = audience

    async def add(
        self, actor: Actor, organization_id: str, name: str, scopes: Sequence[str], keys: str
    ) -> Program:
        """Add a program of an organization; raises BadInput for scopes and BadKeys for keys that are none."""
        require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(organization_id,)))
        wrong = next((each for each in scopes if not proper(each)), None)
        if wrong is not None or not 0 < len(scopes) <= MOST_SCOPES:
            raise refusal("scope", "unknown", f"This is no scope that is given here: {wrong or 'none'}.")
        keys_of(keys)
        now = self._work.clock.now()
        made = Program(
            self._work.identifier(), organization_id, name, tuple(dict.fromkeys(scopes)), keys, now
        )
        async with self._work.units.writing() as uow:
            if await uow.directory.organization(organization_id) is None:
                raise NotFound
            await uow.programs.add(made)
            ours = replace(actor, organization_id=organization_id)
            await self._enter(uow, ours, AuditAction.PROGRAM_ADDED, made, " ".join(made.scopes))
        return made

    async def end(self, actor: Actor, program_id: str) -> Program:
        """End a program: what it was given opens nothing any more, at once."""
        async with self._work.units.writing() as uow:
            known = await uow.programs.get(program_id)
            if known is None:
                raise NotFound
            require(actor, Permission.ORGANIZATION_MANAGE, Subject(organizations=(known.organization_id,)))
            if known.ended_at is not None:
                raise WrongState("This program has been ended already.")
            now = self._work.clock.now()
            ended = replace(known, ended_at=now, version=known.version + 1)
            await uow.programs.save(ended)
            if (export := await uow.exports.of(program_id)) is not None:
                await uow.exports.remove(export.id)
            await uow.subscriptions.end_all(program_id, now)
            ours = replace(actor, organization_id=known.organization_id)
            await self._enter(uow, ours, AuditAction.PROGRAM_ENDED, ended)
        return ended

    async def let_in(self, assertion: str, scope: str, request_id: str = "") -> Given:
        """Give a token for what a program has signed; raises NotSignedIn for all that is not taken.

        Raises BadInput naming `scope` where nothing that is asked for is allowed.
        """
        async with self._work.units.writing() as uow:
            issuer = unverified_issuer(assertion)
            program = await uow.programs.get(issuer) if ID.fullmatch(issuer) else None
            wrong = "unknown" if program is None else await self._wrong(uow, program, assertion)
            scopes = granted(scope[:LONGEST_SCOPE].split(), program.scopes) if program else ()
            given = None if wrong else await self._given(uow, program, scopes)
            if program is not None:
                await self._told(uow, program, wrong or ("" if scopes else "scope"), scopes, request_id)
        if given is None and wrong:
            raise NotSignedIn("This assertion is not taken.")
        if given is None:
            raise refusal("scope", "unknown", "None of these scopes is allowed to this program.")
        return given

    async def _given(self, uow: UnitOfWork, program: Program | None, scopes: tuple[str, ...]) -> Given | None:
        if program is None or not scopes:
            return None
        token, digest = new_token(self._work.chance)
        expires_at = self._work.clock.now() + TOKEN_LIFE
        await uow.programs.give(ProgramToken(digest, program.id, scopes, expires_at))
        return Given(token, scopes)

    async def _wrong(self, uow: UnitOfWork, program: Program, assertion: str) -> str:
        """Return why an assertion is not taken, empty where it is; then it is used up."""
        key = keys_of(program.keys).get(key_id(assertion))
        said = claims(assertion, key) if key is not None else None
        if program.ended_at is not None or said is None:
            return "ended" if program.ended_at is not None else "signature"
        now = self._work.clock.now()
        expires_at = _instant(said.get("exp"))
        if expires_at is None or not now < expires_at <= now + ASSERTED_FOR + SKEW:
            return "expiry"
        wrong = _wrong_claims(said, program.id, self._audience, now)
        if wrong:
            return wrong
        digest = sha256(said["jti"].encode()).digest()
        return "" if await uow.programs.use(program.id, digest, expires_at) else "replay"

    async def who(self, token: str) -> Actor | None:
        """Return the program that a token lets in; None for one that opens nothing, or no longer."""
        digest = digest_of(token)
        if digest is None:
            return None
        async with self._work.units.reading() as uow:
            found = await uow.programs.by_digest(digest)
        if found is None:
            return None
        program, given = found
        if program.ended_at is not None or self._work.clock.now() >= given.expires_at:
            return None
        return acting(program, given.scopes)

    async def _told(
        self, uow: UnitOfWork, program: Program, wrong: str, scopes: tuple[str, ...], request_id: str
    ) -> None:
        """Enter that a program was let in, or why it was not."""
        action = AuditAction.PROGRAM_REFUSED if wrong else AuditAction.PROGRAM_LET_IN
        actor = replace(acting(program), request_id=request_id)
        await self._enter(uow, actor, action, program, wrong or " ".join(scopes))

    async def _enter(
        self, uow: UnitOfWork, actor: Actor, action: AuditAction, program: Program, reason: str = ""
    ) -> None:
        refused = action is AuditAction.PROGRAM_REFUSED
        await enter(
            self._work,
            uow,
            actor,
            action,
            outcome=AuditOutcome.REFUSED if refused else AuditOutcome.SUCCESS,
            entity="Program",
            entity_id=program.id,
            reason=reason,
        )


def acting(program: Program, scopes: tuple[str, ...] = ()) -> Actor:
    """Return a program as whoever asks."""
    return Actor(
        ActorKind.PROGRAM, program.id, None, program.organization_id, program.id, program.name, scopes=scopes
    )


def _wrong_claims(said: Mapping[str, Any], program_id: str, audience: str, now: datetime) -> str:
    """Return which of the claims is not as RFC 7523 and SMART want it, empty where all are."""
    if not said.get("iss") == said.get("sub") == program_id:
        return "subject"
    if said.get("aud") not in (audience, [audience]):
        return "audience"
    for name in ("nbf", "iat"):
        since = _instant(said.get(name)) if name in said else now
        if since is None or since > now + SKEW:
            return name
    jti = said.get("jti")
    return "" if isinstance(jti, str) and jti.isascii() and 0 < len(jti) <= LONGEST_JTI else "jti"


def _instant(value: object) -> datetime | None:
    """Return a NumericDate (RFC 7519, 2); None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
