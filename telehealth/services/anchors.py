"""An anchor: the audit chain's length and head at an instant, signed, as one line of JSON."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from telehealth.crypto.signatures import canonical_digest, public_of, sign, verify

SALT = b"telehealth audit anchor"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A read anchor: `count` entries had the running hash `head` at `at`."""

    count: int
    head: bytes
    at: str
    signature: bytes

    @property
    def day(self) -> str:
        """When it was signed, to the second."""
        return self.at[:19] + "Z"

    def signed_by(self, private: bytes) -> bool:
        """Whether the signature was made with this key."""
        return verify(public_of(private), self.signature, _digest(self.count, self.head, self.at))


def signed_anchor(private: bytes, count: int, head: bytes, now: datetime) -> str:
    """Return the line. It names the public key, so that whoever has noted that key can check without us."""
    at = now.astimezone(UTC).isoformat(timespec="microseconds")
    signature = sign(private, _digest(count, head, at))
    fields = {
        "count": count,
        "head": head.hex(),
        "at": at,
        "key": public_of(private).hex(),
        "signature": signature.hex(),
    }
    return json.dumps(fields)


def read_anchor(line: str) -> Anchor | None:
    """Return the anchor in a line, or None when there is none; the signature is not checked here."""
    try:
        fields = json.loads(line)
        head, signature = bytes.fromhex(fields["head"]), bytes.fromhex(fields["signature"])
        return Anchor(int(fields["count"]), head, str(fields["at"]), signature)
    except (ValueError, KeyError, TypeError):
        return None


def _digest(count: int, head: bytes, at: str) -> bytes:
    return canonical_digest({"count": count, "head": head.hex(), "at": at}, SALT)
