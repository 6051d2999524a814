"""What is wrong with a relay, in sentences: asked with credentials of the service's own, as people's are."""

import ssl
from dataclasses import replace
from datetime import timedelta

from signaling.media.allocation import UNAUTHORIZED, NoRelay, RelayServer, allocate, relays_of
from signaling.turn import Relay, ice_servers
from telehealth.services.ports import Clock

MUCH_LATER = timedelta(days=400)


async def troubles(relay: Relay, clock: Clock, tls: ssl.SSLContext | None = None) -> list[str]:
    """Return what is wrong with the addresses of a relay, a sentence each; empty when nothing is."""
    found: list[str] = []
    for server in _servers(relay, clock):
        try:
            found += (await allocate(server, tls)).remarks
        except NoRelay as error:
            found.append(await _explained(error, server, relay, clock, tls))
    return found


async def _explained(
    error: NoRelay, server: RelayServer, relay: Relay, clock: Clock, tls: ssl.SSLContext | None
) -> str:
    """Return the trouble, and of refused credentials whether the secret or the clock is to blame."""
    if error.code != UNAUTHORIZED:
        return str(error)
    [lasting] = _servers(replace(relay, urls=(server.url,), ttl=MUCH_LATER), clock)
    try:
        await allocate(lasting, tls)
    except NoRelay:
        return f"{server.url} refused with error {error.code}: its secret is not the one that the service has"
    hours = int(relay.ttl.total_seconds() // 3600)
    return f"{server.url} refused with error {error.code}: its clock is more than {hours} h ahead of ours"


def _servers(relay: Relay, clock: Clock) -> list[RelayServer]:
    """Return the addresses with credentials of the service's own, whose quota is nobody else's."""
    return relays_of(ice_servers(relay, "the service itself", "", clock.now()))
