"""Everybody comes from an address of their own: all from one would be more than one clinic's limits allow."""

from ipaddress import IPv4Network

PROXIES = "127.0.0.1,::1"
"""Whose word about addresses the journeys' server believes, as behind a proxy."""
PEOPLE = IPv4Network("198.18.0.0/15").hosts()
"""Addresses for measuring (RFC 2544): nobody's in the real world."""
AGAIN = 1
"""How often a request of the JSON API is sent again where the server has just closed an idle connection.

A browser does so by itself; what tests send without a page would fail in the moment in which both meet.
"""


def from_elsewhere() -> dict[str, str]:
    """What a proxy would tell about somebody new."""
    return {"X-Forwarded-For": str(next(PEOPLE))}
