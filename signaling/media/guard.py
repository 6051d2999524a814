"""Closes a hole in the library: an empty datagram, which anybody can send to its port, ended a call.

Whoever makes a peer connection calls `harden` first.
"""

from functools import cache

from aioice.ice import Connection


@cache
def harden() -> None:
    """Drop empty datagrams: DTLS reads the first byte of whatever ICE hands on, and dies without one."""
    take = Connection.data_received

    def data_received(self: Connection, data: bytes, component: int) -> None:
        if data:
            take(self, data, component)

    Connection.data_received = data_received  # type: ignore[method-assign]
