"""Short-lived TURN credentials for admitted participants (coturn's `use-auth-secret`).

The user name holds the expiry and an opaque id: TURN servers log it, so it must never name a person. The id
is the same for one participant of one visit, so that coturn's quota for a user holds over reconnects.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

OPAQUE_BYTES = 8


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the TURN server is and the secret shared with it. Without `urls` calls go direct only."""

    urls: tuple[str, ...] = ()
    secret: bytes = field(default=b"", repr=False)
    ttl: timedelta = timedelta(hours=2)


def opaque_id(relay: Relay, visit_id: str, participant: str) -> str:
    """Return a name for the participant that only we can connect with the visit: 16 hex digits."""
    text = f"turn user\0{visit_id}\0{participant}".encode()
    return hmac.digest(relay.secret, text, "sha256")[:OPAQUE_BYTES].hex()


def credentials(relay: Relay, opaque: str, now: datetime) -> tuple[str, str]:
    """Return user name and credential, good until `ttl` from `now`.

    HMAC-SHA1 is what TURN servers expect here; its known weakness concerns collisions, not MACs.
    """
    username = f"{int((now + relay.ttl).timestamp())}:{opaque}"
    digest = hmac.new(relay.secret, username.encode(), hashlib.sha1).digest()
    return username, base64.b64encode(digest).decode()


def ice_servers(relay: Relay, visit_id: str, participant: str, now: datetime) -> list[dict[str, object]]:
    """Return the value of `RTCConfiguration.iceServers`; an empty list where nothing is configured."""
    if not relay.urls or not relay.secret:
        return []
    username, credential = credentials(relay, opaque_id(relay, visit_id, participant), now)
    return [{"urls": list(relay.urls), "username": username, "credential": credential}]
