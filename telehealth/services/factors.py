"""The second factor and the growing delay: what is proof, how it is spent once, how wrong tries slow down.

A recovery code is `N-XXXXX-XXXXX`: its number says which hash to check, so one slow verification is enough.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from telehealth.crypto.passwords import DUMMY_HASH
from telehealth.crypto.tokens import normalise_spoken, recovery_codes
from telehealth.crypto.totp import verify as verify_totp
from telehealth.domain.accounts import Account, standing_failures, wait_after
from telehealth.domain.errors import BadInput, FieldProblem, TooMany
from telehealth.services.ports import Chance, Hashing

TOTP_DIGITS = 6
UNPROVEN = -1
"""The `totp_step` of a seed that no authenticator has shown a code of yet: whoever sees the mailed link knows
the seed, so until it was taken up together with the password it proves nothing."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A second factor found right: a TOTP time step, or the kept hash of a recovery code."""

    step: int = 0
    recovery: str = ""


def wrong_code() -> BadInput:
    """The one answer to every wrong, used or misread second factor."""
    return BadInput(
        FieldProblem("code", "wrong-code", "That code is not right. Use the newest one from your app.")
    )


def wrong_password() -> BadInput:
    """The answer to a wrong password of somebody whose name is known already."""
    return BadInput(FieldProblem("password", "wrong-password", "That password is not right."))


def refuse_haste(failures: int, failed_at: datetime | None, now: datetime) -> None:
    """Raise TooMany while the delay after `failures` wrong tries, the last at `failed_at`, still runs."""
    if failed_at is None:
        return
    left = failed_at + wait_after(failures) - now
    if left > timedelta(0):
        raise TooMany(ceil(left.total_seconds()))


def failed(account: Account, now: datetime) -> Account:
    """Return the account with one more wrong try."""
    counting = standing_failures(account.failures, account.failed_at, now)
    return replace(account, failures=counting + 1, failed_at=now)


def cleared(account: Account) -> Account:
    """Return the account without wrong tries."""
    return replace(account, failures=0, failed_at=None)


async def prove(hashing: Hashing, account: Account, code: str, at: datetime) -> Proof | None:
    """Check a TOTP or recovery code without spending it; slow, so call it outside of a unit of work."""
    text = normalise_spoken(code)
    if len(text) == TOTP_DIGITS:
        step = first_step(account, code, at) if account.totp_step > UNPROVEN else None
        return None if step is None else Proof(step=step)
    kept = next((entry for entry in account.recovery_hashes if entry[:2] == f"{text[:1]}:"), "")
    # The same work for a number that is spent or was never given.
    fits = await hashing.verify(kept[2:] or DUMMY_HASH, text[:64])
    return Proof(recovery=kept) if kept and fits else None


def first_step(account: Account, code: str, at: datetime) -> int | None:
    """Return the time step of a right, unused TOTP code, also of a seed that is not proven yet."""
    return step_of_seed(account.totp_seed, code, at, account.totp_step)


def step_of_seed(seed: str, code: str, at: datetime, last: int = UNPROVEN) -> int | None:
    """Return the time step of a seed's right code, later than `last`; no seed has no codes."""
    return verify_totp(seed, normalise_spoken(code), at, last) if seed else None


def spend(account: Account, proof: Proof | None) -> Account | None:
    """Return the account with the proof used up, or None when there is none or somebody was faster."""
    if proof is None:
        return None
    if proof.recovery:
        if proof.recovery not in account.recovery_hashes:
            return None
        left = tuple(entry for entry in account.recovery_hashes if entry != proof.recovery)
        return replace(account, recovery_hashes=left)
    return replace(account, totp_step=proof.step) if proof.step > account.totp_step else None


async def new_recovery(hashing: Hashing, chance: Chance) -> tuple[list[str], tuple[str, ...]]:
    """Return ten numbered recovery codes to show once and what is kept of them."""
    codes = [f"{number}-{code}" for number, code in enumerate(recovery_codes(chance))]
    # One after the other: the pool is everybody's.
    kept = [f"{code[0]}:{await hashing.hash(normalise_spoken(code))}" for code in codes]
    return codes, tuple(kept)
