"""One-time codes of an authenticator app: TOTP of RFC 6238 with SHA-1, 6 digits and steps of 30 seconds."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote, urlencode

from telehealth.crypto.blind import folded
from telehealth.crypto.chance import Chance

STEP_SECONDS = 30
DIGITS = 6
SEED_BYTES = 20


def new_seed(chance: Chance) -> str:
    """A seed of 160 random bits as base 32 text; keep it sealed."""
    return base64.b32encode(chance.token(SEED_BYTES)).decode()


def code_at(seed: str, step: int) -> str:
    """The code of one time step (RFC 4226 section 5.3)."""
    mac = hmac.digest(base64.b32decode(seed), step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(at: datetime) -> int:
    """The number of the time step an instant lies in."""
    return int(at.timestamp()) // STEP_SECONDS


def verify(seed: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """The time step of a right code, or None; keep it as the next `last_step`, for a code is good once.

    The step before and after now are accepted, for clocks that go wrong (RFC 6238 section 5.2).
    """
    given = "".join(folded(code).split()).encode()
    accepted = None
    now = step_of(at)
    for step in (now - 1, now, now + 1):
        # Every step is compared: how long it takes tells nothing.
        fits = hmac.compare_digest(code_at(seed, step).encode(), given)
        if fits and (last_step is None or step > last_step):
            accepted = step
    return accepted


def provisioning_uri(seed: str, name: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator app reads from a QR code."""
    label = f"{quote(issuer, safe='')}:{quote(name, safe='@')}"
    settings = {"secret": seed.rstrip("="), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS}
    return f"otpauth://totp/{label}?{urlencode(settings | {'period': STEP_SECONDS}, quote_via=quote)}"
