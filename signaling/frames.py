"""Counts the frames of a websocket where they arrive, before anything is done about them.

The library answers pings and gathers fragments by itself, so neither would ever reach whoever keeps a budget.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp.web import BaseRequest, WebSocketResponse

SHORTEST_HEAD = 2
LENGTH_BITS = 0x7F
MASK_BIT = 0x80
MASK_BYTES = 4
LONGER_HEADS = {126: 2, 127: 8}
"""Further bytes of a head by its seven bits of length (RFC 6455, 5.2)."""


@dataclass(slots=True)
class FrameCount:
    """Follows a stream of frames from head to head; nothing of their content is kept."""

    _head: bytearray = field(default_factory=bytearray)
    _skip: int = 0

    def begun(self, data: bytes) -> int:
        """Return how many heads end in `data`, the next piece of the stream."""
        count, at = 0, 0
        while at < len(data):
            if self._skip:
                step = min(self._skip, len(data) - at)
                self._skip -= step
                at += step
                continue
            self._head.append(data[at])
            at += 1
            if self._head_is_whole():
                count += 1
        return count

    def _head_is_whole(self) -> bool:
        if len(self._head) < SHORTEST_HEAD:
            return False
        length = self._head[1] & LENGTH_BITS
        more = LONGER_HEADS.get(length, 0)
        if len(self._head) < SHORTEST_HEAD + more:
            return False
        payload = int.from_bytes(self._head[SHORTEST_HEAD:]) if more else length
        self._skip = payload + (MASK_BYTES if self._head[1] & MASK_BIT else 0)
        self._head.clear()
        return True


class CountedParser:
    """Stands before the library's parser; `allowed` says whether so many more frames may come."""

    def __init__(self, parser: Any, allowed: Callable[[int], bool]) -> None:
        self._parser = parser
        self._allowed = allowed
        self._count = FrameCount()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """Pass bytes on, or drop them and say that this was the end."""
        if not self._allowed(self._count.begun(data)):
            return True, b""
        answer: tuple[bool, bytes] = self._parser.feed_data(data)
        return answer

    def feed_eof(self) -> None:
        """Pass the end on."""
        self._parser.feed_eof()


class CountedSocket(WebSocketResponse):
    """A websocket that asks `allowed` about every frame, those sent ahead of the handshake's answer too."""

    def __init__(self, allowed: Callable[[int], bool], **options: Any) -> None:
        super().__init__(**options)
        self._allowed = allowed

    def _post_start(self, request: BaseRequest, protocol: str | None, writer: Any) -> None:
        """Put the counter in; nothing is awaited in here, so no byte comes in between."""
        handler: Any = request.protocol
        early, handler._message_tail = handler._message_tail, b""  # noqa: SLF001 - its only seam
        super()._post_start(request, protocol, writer)
        handler._payload_parser = CountedParser(handler._payload_parser, self._allowed)  # noqa: SLF001
        if early:
            handler.data_received(early)
