"""Staff accounts, their sessions and one-time links: what is kept, and the pure rules of time about them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from telehealth.domain.preferences import AS_USUAL, Preferences

SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
STEP_UP_FRESH = timedelta(minutes=5)
SESSIONS_PER_ACCOUNT = 5
SESSION_TRIES = 10
"""Wrong passwords and codes within one session, after which it ends."""
FORGIVEN_AFTER = timedelta(minutes=15)
"""Wrong tries count for nothing this long after the delay that they earned."""
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Account:
    """A practitioner's way in. Hashes are argon2id texts; `totp_seed` is base32.

    `failures` and `failed_at` drive the growing delay after wrong second factors; there is no hard lock, and
    strangers' wrong passwords are not counted here (services/tries.py). `totp_step` is the last
    accepted time step, so that a code works once, and -1 while no code has proven the seed yet. `next_seed`
    is a new authenticator's, shown to its owner and waiting for its first code; empty mostly. `language` is
    what its pages and letters speak; empty is what the browser asks for, and the organization's in letters.
    """

    id: str
    practitioner_id: str
    organization_id: str
    email: str
    password_hash: str
    totp_seed: str
    recovery_hashes: tuple[str, ...] = ()
    totp_step: int = 0
    failures: int = 0
    failed_at: datetime | None = None
    disabled_at: datetime | None = None
    next_seed: str = ""
    preferences: Preferences = AS_USUAL
    language: str = ""


class SessionStage(StrEnum):
    """How far a session has come: only FULL opens anything."""

    PASSWORD = "password"  # noqa: S105 (a stage's name, no secret)
    FULL = "full"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser. The cookie's SHA-256 is `digest`; the cookie itself is kept nowhere."""

    id: str
    account_id: str
    practitioner_id: str
    organization_id: str
    digest: bytes
    stage: SessionStage
    created_at: datetime
    seen_at: datetime
    step_up_at: datetime | None = None
    ended_at: datetime | None = None

    def alive(self, now: datetime) -> bool:
        """Whether the session may still be used, by idle and absolute limits."""
        return (
            self.ended_at is None
            and now < self.seen_at + SESSION_IDLE
            and now < self.created_at + SESSION_ABSOLUTE
        )


class LinkPurpose(StrEnum):
    """What a one-time link to staff is for."""

    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"  # noqa: S105 (a purpose's name)
    TOTP_RESET = "totp-reset"


@dataclass(frozen=True, slots=True)
class OneTimeLink:
    """A single-use link to a member of staff; `approved_by` is the second person of a TOTP reset."""

    id: str
    account_id: str
    purpose: LinkPurpose
    digest: bytes
    expires_at: datetime
    requested_by: str = ""
    approved_by: str = ""
    used_at: datetime | None = None


def wait_after(failures: int) -> timedelta:
    """How long the next try must wait: nothing for 3 failures, then doubling from 2 s up to 5 minutes."""
    if failures < 3:  # noqa: PLR2004 (three free tries)
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - 2, 10)), timedelta(minutes=5))


def standing_failures(failures: int, failed_at: datetime | None, now: datetime) -> int:
    """Return how many of the wrong tries, the last at `failed_at`, still count: one rule for all."""
    if failed_at is None or now >= failed_at + wait_after(failures) + FORGIVEN_AFTER:
        return 0
    return failures
