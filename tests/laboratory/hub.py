"""The hub: takes IP packets from every host's TUN device and hands them on late, rarely, or not at all.

A process of its own, so that a busy test delays no packet: `python -m tests.laboratory.hub NAME=ADDRESS …`.
It makes a TUN device for each host and says `ready`; then each line on its input is the JSON of a `Line` for
one host, or of the address that a host has from now on. Kernels may have no netem, and a hub in user space
can be turned in the middle of a call.
"""

import asyncio
import fcntl
import json
import os
import random
import socket
import struct
import sys
from dataclasses import asdict, dataclass, field

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
LARGEST_PACKET = 65536
SOURCE, DESTINATION = slice(12, 16), slice(16, 20)


@dataclass(frozen=True, slots=True)
class Line:
    """What the line of one host does to each packet, in either direction.

    `delay` and `jitter` are seconds one way, `loss` a share from 0 to 1, `rate` bytes a second (0: no limit)
    behind a queue of `queue` seconds, `cut` lets nothing pass.
    """

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    rate: float = 0.0
    queue: float = 0.5
    cut: bool = False

    def command(self, host: str) -> bytes:
        """Return the hub's input for this host."""
        return json.dumps({"host": host, **asdict(self)}).encode() + b"\n"


@dataclass(slots=True)
class Host:
    """A host's device, its line, and when each direction of a limited line is free again."""

    device: int
    line: Line = field(default_factory=Line)
    free: dict[str, float] = field(default_factory=lambda: {"up": 0.0, "down": 0.0})

    def wait(self, direction: str, size: int, now: float, chance: random.Random) -> float | None:
        """Return how many seconds a packet spends on this line, None when it is lost."""
        line = self.line
        if line.cut or chance.random() < line.loss:
            return None
        queued = 0.0
        if line.rate:
            start = max(now, self.free[direction])
            queued = start + size / line.rate - now
            if queued > line.queue + size / line.rate:
                return None
            self.free[direction] = now + queued
        return queued + line.delay + chance.random() * line.jitter


class Hub:
    """Forwards between devices by destination address."""

    def __init__(self, hosts: dict[bytes, Host], seed: int) -> None:
        self._hosts = hosts
        self._chance = random.Random(seed)
        self._loop = asyncio.get_running_loop()

    def move(self, host: Host, address: str) -> None:
        """Deliver to a host what is sent to this address, and no more what is sent to its old one."""
        for old in [old for old, kept in self._hosts.items() if kept is host]:
            del self._hosts[old]
        self._hosts[socket.inet_aton(address)] = host

    def start(self) -> None:
        """Listen to every device."""
        for host in self._hosts.values():
            self._loop.add_reader(host.device, self._take, host)

    def _take(self, host: Host) -> None:
        try:
            packet = os.read(host.device, LARGEST_PACKET)
        except BlockingIOError:
            return
        to = self._hosts.get(packet[DESTINATION])
        if packet[0] >> 4 != 4 or to is None:
            return
        now = self._loop.time()
        up = host.wait("up", len(packet), now, self._chance)
        down = to.wait("down", len(packet), now, self._chance) if up is not None else None
        if up is not None and down is not None:
            self._loop.call_later(up + down, self._give, to, packet)

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
        told = json.loads(wanted)
        host = named[told.pop("host")]
        if "address" in told:
            hub.move(host, told["address"])
        else:
            host.line = Line(**told)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
