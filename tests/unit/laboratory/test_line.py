"""What a line of the laboratory does to packets, and the hub between two of them."""

import asyncio
import itertools
import os
import random
import socket
from collections.abc import Iterator

import pytest

from tests.laboratory.hub import Host, Hub
from tests.laboratory.line import Journey, Line

Cables = list[tuple[socket.socket, socket.socket]]
EACH = 0.02
"""Seconds between packets."""


def arrivals(line: Line, packets: int = 5000, size: int = 100) -> list[float | None]:
    """When each packet of a steady stream arrives, counted from when it was sent."""
    journey, chance = Journey(), random.Random(1)
    journey.line = line
    found = [(number * EACH, journey.arrival(size, number * EACH, chance)) for number in range(packets)]
    return [None if at is None else at - sent for sent, at in found]


def test_a_line_that_nothing_is_wrong_with_takes_no_time() -> None:
    assert arrivals(Line(), 3) == [0, 0, 0]


def test_single_losses_and_rows_of_them_lose_the_same_share() -> None:
    for burst, rows in ((1.0, 1.25), (5.0, 5.0)):
        lost = [at is None for at in arrivals(Line(loss=0.2, burst=burst), 20_000)]
        beginnings = sum(here and not before for before, here in zip([False, *lost], lost, strict=False))
        assert sum(lost) / len(lost) == pytest.approx(0.2, abs=0.02)
        assert sum(lost) / beginnings == pytest.approx(rows, rel=0.1)


def test_jitter_keeps_the_order_and_reordering_breaks_it() -> None:
    def overtaken(line: Line) -> int:
        at = [number * EACH + (delay or 0) for number, delay in enumerate(arrivals(line))]
        return sum(later < earlier for earlier, later in itertools.pairwise(at))

    assert overtaken(Line(delay=0.05, jitter=0.1)) == 0
    assert overtaken(Line(reorder=0.1, late=0.05)) == pytest.approx(500, rel=0.2)


def test_a_limited_line_queues_and_then_loses() -> None:
    found = arrivals(Line(rate=4000, queue=0.5), 200)  # 5,000 bytes a second are sent
    assert found[0] == pytest.approx(0.025)
    got = [delay for delay in found if delay is not None]
    assert max(got) == pytest.approx(0.525, abs=0.03)
    assert len(got) == pytest.approx(160 + 20, abs=3), "four of five, and what the queue holds"


@pytest.fixture
def cables() -> Iterator[Cables]:
    pairs = [socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2)]
    for one, other in pairs:
        one.setblocking(False)
        other.setblocking(False)
    yield pairs
    for pair in pairs:
        for end in pair:
            end.close()


def packet(source: str, destination: str) -> bytes:
    return b"\x45" + bytes(11) + socket.inet_aton(source) + socket.inet_aton(destination)


async def test_the_hub_forwards_by_address_and_obeys(
    cables: list[tuple[socket.socket, socket.socket]],
) -> None:
    (a, inner_a), (b, inner_b) = cables
    first, second = Host(inner_a.fileno()), Host(inner_b.fileno())
    hub = Hub({socket.inet_aton("10.0.0.2"): first, socket.inet_aton("10.0.0.3"): second}, seed=1)
    hub.start()

    async def arrives(at: str = "10.0.0.3") -> bool:
        os.write(a.fileno(), packet("10.0.0.2", at))
        for _ in range(3):
            await asyncio.sleep(0)
        try:
            return len(b.recv(100)) == 20
        except BlockingIOError:
            return False

    assert await arrives()
    hub.obey(first, {"line": {"cut": True}, "ways": ["down"]})
    assert await arrives(), "only what comes to the first host is cut"
    hub.obey(first, {"line": {"cut": True}, "ways": ["up"]})
    assert not await arrives()
    hub.obey(first, {"line": {}, "ways": ["up"]})
    hub.obey(second, {"address": "10.0.0.9"})
    assert not await arrives(), "where it was"
    assert await arrives("10.0.0.9")
    hub.obey(second, {"dark": 60})
    assert not await arrives("10.0.0.9")
