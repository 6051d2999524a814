"""TURN credentials are short-lived, opaque, and only there when a relay is configured."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from signaling.turn import Relay, ice_servers

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
RELAY = Relay(
    ("turn:t:3478?transport=udp", "turns:t:443?transport=tcp"), b"shared secret", ttl=timedelta(hours=2)
)


def test_the_credential_is_what_a_turn_server_computes() -> None:
    [server] = ice_servers(RELAY, "visit-1", "p", NOW)
    username = server["username"]
    expected = hmac.new(b"shared secret", username.encode(), hashlib.sha1).digest()
    assert server["credential"] == base64.b64encode(expected).decode()
    assert server["urls"] == list(RELAY.urls)


def test_it_expires_after_its_time() -> None:
    [server] = ice_servers(RELAY, "visit-1", "p", NOW)
    assert int(server["username"].split(":")[0]) == int((NOW + timedelta(hours=2)).timestamp())


def test_the_user_name_tells_nothing_and_is_the_same_on_reconnect() -> None:
    names = [
        ice_servers(RELAY, visit, who, NOW)[0]["username"] for visit in ("v1", "v2") for who in ("p", "s")
    ]
    assert len(set(names)) == 4
    assert ice_servers(RELAY, "v1", "p", NOW + timedelta(seconds=9))[0]["username"].split(":")[1] in names[0]


def test_without_a_relay_there_is_nothing() -> None:
    assert ice_servers(Relay(), "v", "p", NOW) == []


def test_without_a_secret_no_credential_is_made_up() -> None:
    assert ice_servers(Relay(urls=("turn:t",)), "v", "p", NOW) == []


def test_the_secret_is_not_printed() -> None:
    assert "shared secret" not in repr(RELAY)
