"""Closes two holes in the library: whatever a stranger sent to its port counted as the other side's.

An empty datagram ended a call; a greeting or junk from elsewhere ended one that was being made. And its peers
knock at every address that is offered to them, which a peer on a server must not (candidates.py).
Whoever makes a peer connection calls `harden` first.
"""

from functools import cache
from typing import Any

from aioice import ice, stun
from aioice.ice import Connection, StunProtocol

ANSWERS = (stun.Class.RESPONSE, stun.Class.ERROR)


class Guarded(StunProtocol):
    """A port that hears the other side, who knocks by the name that only it was told, and what we asked."""

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        """Pass on what the peer sends, and the knocking by which it becomes the peer."""
        if isinstance(data, bytes) and self._admits(data, addr[:2]):
            super().datagram_received(data, addr)

    def _admits(self, data: bytes, sender: tuple[Any, ...]) -> bool:
        peer: Any = self.receiver
        if any(pair.remote_addr == sender for pair in peer._check_list):  # noqa: SLF001 (nothing public tells it)
            return True
        try:
            said = stun.parse_message(data)
        except ValueError:
            return False
        if said.message_class in ANSWERS:
            return said.transaction_id in self.transactions
        return str(said.attributes.get("USERNAME", "")).startswith(f"{peer.local_username}:")


@cache
def harden() -> None:
    """Guard every port that the library opens from now on.

    DTLS reads the first byte of whatever ICE hands on, and dies without one: empty datagrams are dropped.
    """
    setattr(ice, "StunProtocol", Guarded)  # noqa: B010 (to mypy a class is no variable)
    take = Connection.data_received

    def data_received(self: Connection, data: bytes, component: int) -> None:
        if data:
            take(self, data, component)

    Connection.data_received = data_received  # type: ignore[method-assign]
