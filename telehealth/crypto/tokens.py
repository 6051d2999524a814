"""Texts that open something: visit links, sessions, forms, spoken codes and recovery codes."""

import base64
import binascii
import hmac
from collections.abc import Iterable
from hashlib import sha256

from telehealth.crypto import crockford
from telehealth.crypto.chance import Chance
from telehealth.crypto.derive import derive, fields
from telehealth.crypto.purposes import Purpose

TOKEN_BYTES = 32
TOKEN_LENGTH = 43
CODE_LENGTH = 8
NAME_BYTES = 16
RECOVERY_CODES = 10
RECOVERY_LENGTH = 10


class LinkTokens:
    """The secret part of visit links, derived so that a reminder can carry the same link again."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the keyring's derived secret for Purpose.LINK_KEY."""
        self._secret = secret
        self._digest_key = derive(secret, Purpose.LINK_DIGEST)

    def derive(self, visit_id: str, person_id: str, generation: int) -> str:
        """The token of a person's link to a visit, 43 characters; a new generation makes the old one void."""
        parts = (visit_id, person_id, str(generation))
        return url_text(derive(self._secret, Purpose.LINK_TOKEN, parts))

    def spoken(self, visit_id: str, person_id: str, generation: int) -> str:
        """The code to read out beside the link: 8 Crockford characters under a key of their own."""
        parts = (visit_id, person_id, str(generation))
        return crockford.encode(derive(self._secret, Purpose.LINK_SPOKEN, parts, length=5))

    def guest(self, visit_id: str, guest_id: str) -> str:
        """The token of a guest's link to a visit, 43 characters under a key of its own; it never rotates."""
        return url_text(derive(self._secret, Purpose.LINK_GUEST, (visit_id, guest_id)))

    def digest(self, token: str) -> bytes:
        """What the database keeps of a token: 32 bytes that do not show it and need the key to be made."""
        return hmac.digest(self._digest_key, token.encode(), "sha256")


class BrowserMarks:
    """Cookies of browsers in which an account's owner has signed in; they open nothing."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the keyring's derived secret for Purpose.BROWSER_KEY."""
        self._key = derive(secret, Purpose.BROWSER_MARK)

    def mark(self, name: bytes, owner: Iterable[str]) -> str:
        """The cookie of the browser `name` (16 random bytes), 64 characters, good for one `owner` only."""
        return url_text(name + self._mac(name, owner))

    def name(self, mark: str, owner: Iterable[str]) -> bytes:
        """The name of the browser whose cookie this is; empty for one of another owner or of nobody."""
        data = url_bytes(mark) or b""
        name, mac = data[:NAME_BYTES], data[NAME_BYTES:]
        return name if hmac.compare_digest(mac, self._mac(name, owner)) else b""

    def _mac(self, name: bytes, owner: Iterable[str]) -> bytes:
        return hmac.digest(self._key, fields((name.hex(), *owner)), "sha256")


def url_text(data: bytes) -> str:
    """Bytes as base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def url_bytes(text: str) -> bytes | None:
    """The bytes of a base64url text without padding, or None when it is none."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    # Several texts decode to the same bytes; only the one we would write is taken.
    return data if url_text(data) == text else None


def session_token(chance: Chance) -> str:
    """A new cookie value: 32 random bytes as 43 characters."""
    return url_text(chance.token(TOKEN_BYTES))


def session_digest(token: str) -> bytes:
    """What the database keeps of a session's cookie: SHA-256, enough for 256 random bits."""
    return sha256(token.encode()).digest()


def csrf(secret: bytes, session_id: str) -> bytes:
    """A session's form token, 32 bytes; `secret` is the derived secret for Purpose.CSRF_KEY."""
    return hmac.digest(derive(secret, Purpose.CSRF_TOKEN), fields((session_id,)), "sha256")


def mask(token: bytes, pad: bytes) -> str:
    """A form token under a fresh pad of 32 random bytes, so that no two pages show the same (BREACH)."""
    mixed = bytes(one ^ other for one, other in zip(token, pad, strict=True))
    return url_text(pad + mixed)


def unmask(text: str) -> bytes | None:
    """The form token of a page, or None for a text that is none."""
    data = url_bytes(text)
    if data is None or len(data) != 2 * TOKEN_BYTES:
        return None
    return bytes(one ^ other for one, other in zip(data[:TOKEN_BYTES], data[TOKEN_BYTES:], strict=True))


def csrf_fits(secret: bytes, session_id: str, text: str) -> bool:
    """Whether a masked form token belongs to the session; takes as long for every wrong one."""
    token = unmask(text)
    return token is not None and hmac.compare_digest(token, csrf(secret, session_id))


def normalise_spoken(text: str) -> str:
    """What was typed of a spoken or recovery code, ready to compare: capitals, no dashes, I as 1, O as 0."""
    return crockford.normalise(text)


def recovery_codes(chance: Chance) -> tuple[str, ...]:
    """Ten codes of 50 random bits for a lost authenticator, in two groups of five; keep only their hashes."""
    codes = (crockford.encode(chance.token(7))[:RECOVERY_LENGTH] for _ in range(RECOVERY_CODES))
    return tuple(crockford.grouped(code, 5) for code in codes)
