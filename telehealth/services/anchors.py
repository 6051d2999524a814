"""Anchors: the audit chain's length and head at an instant, signed, each naming the one before it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from telehealth.crypto.signatures import Json, canonical_digest, public_of, sign, verify

SALT = b"telehealth audit anchor"


class Broken(Exception):
    """The chain or its anchors are not whole; `number` is the entry it is about, 0 for none."""

    def __init__(self, number: int, problem: str) -> None:
        super().__init__(problem)
        self.number, self.problem = number, problem


@dataclass(frozen=True, slots=True)
class Anchor:
    """A read anchor: `count` entries had the running hash `head` at `at`.

    `previous` is the SHA-256 of the line before it, empty for the first: none can be taken out unnoticed.
    `lost` is the anchor's line that the key store remembered when an older backup was put back.
    """

    count: int
    head: bytes
    at: str
    previous: str
    signature: bytes
    lost: str = ""

    @property
    def day(self) -> str:
        """When it was signed, to the second."""
        return self.at[:19] + "Z"

    def signed_by(self, private: bytes) -> bool:
        """Whether the signature was made with this key."""
        digest = _digest(self.count, self.head, self.at, self.previous, self.lost)
        return verify(public_of(private), self.signature, digest)


def signed_anchor(
    private: bytes, count: int, head: bytes, now: datetime, before: str = "", *, lost: str = ""
) -> str:
    """Return the line that follows the line `before`; `lost` is the anchor's line that is given up with it.

    It names the public key, so that whoever has noted that key can check without us.
    """
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    previous = _name(before)
    signature = sign(private, _digest(count, head, at, previous, lost))
    fields = {
        "count": count,
        "head": head.hex(),
        "at": at,
        "previous": previous,
        "key": public_of(private).hex(),
        "signature": signature.hex(),
    }
    return json.dumps(fields | ({"lost": lost} if lost else {}))


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor in a line, or None when there is none; the signature is not checked here."""
    try:
        fields = json.loads(line)
        head, signature = bytes.fromhex(fields["head"]), bytes.fromhex(fields["signature"])
        told = str(fields["at"]), str(fields["previous"]), signature, str(fields.get("lost", ""))
        return Anchor(int(fields["count"]), head, *told)
    except (ValueError, KeyError, TypeError):
        return None


def newest(lines: Sequence[str], remembered: str) -> str:
    """Return the line that the next anchor follows: the one remembered where the lines have lost it."""
    return lines[-1] if lines and (not remembered or remembered in lines) else remembered


def checked(lines: Sequence[str], remembered: str, private: bytes) -> dict[int, list[Anchor]]:
    """Return the anchors by what they cover.

    Raises Broken when one is unreadable, not signed by us, taken out, or when the one that the key store
    remembers is gone.
    """
    by_count: dict[int, list[Anchor]] = {}
    before = ""
    for number, line in enumerate(lines, 1):
        anchor = read_anchor(line)
        if anchor is None:
            raise Broken(0, f"The anchor in line {number} cannot be read.")
        if not anchor.signed_by(private):
            raise Broken(anchor.count, f"The anchor in line {number} does not carry our signature.")
        if anchor.previous != _name(before):
            raise Broken(anchor.count, f"Before the anchor in line {number} another one was taken out.")
        by_count.setdefault(anchor.count, []).append(anchor)
        before = line
    if remembered and remembered not in lines:
        lost = read_anchor(remembered)
        what = f"over {lost.count} entries, signed on {lost.day}," if lost else "that the key store remembers"
        raise Broken(lost.count if lost else 0, f"The anchor {what} is missing.")
    return by_count


def _name(line: str) -> str:
    return sha256(line.encode()).hexdigest() if line else ""


def _digest(count: int, head: bytes, at: str, previous: str, lost: str) -> bytes:
    told: dict[str, Json] = {"count": count, "head": head.hex(), "at": at, "previous": previous}
    return canonical_digest(told | ({"lost": lost} if lost else {}), SALT)
