"""The hub: takes IP packets from every host's TUN device and hands them on late, rarely, or not at all.

A process of its own, so that a busy test delays no packet: `python -m tests.laboratory.hub NAME=ADDRESS …`.
It makes a TUN device for each host and says `ready`; then each line on its input is the JSON of an order: a
`Line` for one host, a blackout, or another address. Kernels may have no netem, and a hub in user space can be
turned in the middle of a call.
"""

import asyncio
import fcntl
import json
import os
import random
import socket
import struct
import sys
from contextlib import suppress
from typing import Any

from tests.laboratory.line import WAYS, Journey, Line

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
LARGEST_PACKET = 65536
DESTINATION = slice(16, 20)


class Host:
    """A host's device, and what its line does in each direction."""

    def __init__(self, device: int) -> None:
        self.device = device
        self.ways = {way: Journey() for way in WAYS}
        self.dark_until = 0.0

    def arrival(self, way: str, size: int, now: float, chance: random.Random) -> float | None:
        """Return when a packet that comes to this line now leaves it, None when it is lost."""
        return None if now < self.dark_until else self.ways[way].arrival(size, now, chance)


class Hub:
    """Forwards between devices by destination address."""

    def __init__(self, hosts: dict[bytes, Host], seed: int) -> None:
        self._hosts = hosts
        self._chance = random.Random(seed)
        self._loop = asyncio.get_running_loop()

    def start(self) -> None:
        """Listen to every device."""
        for host in self._hosts.values():
            self._loop.add_reader(host.device, self._take, host)

    def obey(self, host: Host, order: dict[str, Any]) -> None:
        """Do as one order says."""
        if "dark" in order:
            host.dark_until = self._loop.time() + order["dark"]
        elif "address" in order:
            for address in [known for known, at in self._hosts.items() if at is host]:
                del self._hosts[address]
            self._hosts[socket.inet_aton(order["address"])] = host
        else:
            for way in order["ways"]:
                host.ways[way].line = Line(**order["line"])

    def _take(self, host: Host) -> None:
        try:
            packet = os.read(host.device, LARGEST_PACKET)
        except BlockingIOError:
            return
        to = self._hosts.get(packet[DESTINATION])
        if packet[0] >> 4 != 4 or to is None:
            return
        now = self._loop.time()
        up = host.arrival("up", len(packet), now, self._chance)
        if up is None:
            return
        if up > now:
            self._loop.call_at(up, self._forward, to, packet)
        else:
            self._forward(to, packet)

    def _forward(self, to: Host, packet: bytes) -> None:
        down = to.arrival("down", len(packet), self._loop.time(), self._chance)
        if down is not None:
            self._loop.call_at(down, self._give, to, packet)

    def _give(self, host: Host, packet: bytes) -> None:
        try:
            os.write(host.device, packet)
        except (BlockingIOError, OSError):
            return  # the host's own queue is full, or it has gone: lost, as on any line


def device(name: str) -> int:
    """Make a TUN device and return its file; raises OSError without the right to."""
    opened = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(opened, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return opened


async def main(arguments: list[str]) -> None:
    """Make the devices, say so, then obey the input until it ends."""
    with suppress(PermissionError):
        os.nice(-10)  # on a busy machine its lateness would be the line's
    named: dict[str, Host] = {}
    addressed: dict[bytes, Host] = {}
    for argument in arguments:
        name, address = argument.split("=")
        named[name] = addressed[socket.inet_aton(address)] = Host(device(name))
    hub = Hub(addressed, seed=len(addressed))
    hub.start()
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while wanted := await reader.readline():
        order = json.loads(wanted)
        hub.obey(named[order.pop("host")], order)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
