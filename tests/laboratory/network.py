"""Hosts in network namespaces around the hub: servers and browsers, each with its own address and line."""

import itertools
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.laboratory.line import WAYS, Line

NET = "10.77.{number}.{host}"
HERE = "here"
"""The host that is this very machine, so that a test reaches the others without going onto one of them."""
NUMBERS = itertools.count(os.getpid() % 200)
"""Networks of one run lie side by side; those of two runs hardly meet."""


def missing() -> str:
    """Return what this machine lacks for a laboratory; nothing when it has all."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "there is no TUN device"
    with suppress(OSError):
        made = subprocess.run(["ip", "netns", "list"], capture_output=True, check=False)
        return "" if made.returncode == 0 else "ip netns does not work here"
    return "the program ip (package iproute2) is missing"


@dataclass
class Network:
    """A running laboratory. Hosts are known by name; `run` prefixes a command so that it runs on one."""

    number: int
    hub: subprocess.Popen[bytes]
    hosts: dict[str, str] = field(default_factory=dict)
    """Name → IPv4 address."""
    moves: int = 0

    def space(self, host: str) -> str:
        """Return the name of the host's namespace."""
        return f"lab{self.number}-{host}"

    def run(self, host: str, *command: str) -> list[str]:
        """Return the command as it runs on a host."""
        return ["ip", "netns", "exec", self.space(host), *command]

    def line(self, host: str, line: Line, *ways: str) -> None:
        """Make a host's line so from now on, in both directions or only `up` (from it) or `down`."""
        self._tell(host, {"line": asdict(line), "ways": ways or WAYS})

    def dark(self, host: str, seconds: float) -> None:
        """Let nothing from or to a host pass for so long, by the hub's own clock."""
        self._tell(host, {"dark": seconds})

    def move(self, host: str) -> None:
        """Take a host's address away and give it another one: it came into another network."""
        self.moves += 1
        old, new = self.hosts[host], NET.format(number=self.number, host=100 + self.moves)
        self._tell(host, {"address": new})
        self.hosts[host] = new
        for change, address in (("del", old), ("add", new)):
            self._ip(host, "addr", change, f"{address}/24", "dev", self.device(host))

    def program(self, host: str, command: str, folder: Path) -> str:
        """Write a script that starts a program on a host: for those who want one path, as playwright does."""
        script = folder / f"{self.space(host)}-{Path(command).name}"
        script.write_text(f'#!/bin/sh\nexec {shlex.join(self.run(host, command))} "$@"\n')
        script.chmod(0o755)
        return str(script)

    def _tell(self, host: str, order: dict[str, object]) -> None:
        assert self.hub.stdin is not None
        self.hub.stdin.write(json.dumps({"host": self.device(host), **order}).encode() + b"\n")
        self.hub.stdin.flush()

    def _ip(self, host: str, *command: str) -> None:
        within = () if host == HERE else ("-n", self.space(host))
        subprocess.run(["ip", *within, *command], check=True, capture_output=True)

    def device(self, host: str) -> str:
        """Return the name of the host's device: TUN devices have at most 15 letters."""
        return f"lab{self.number}{host[:8]}"

    def _attach(self, host: str) -> None:
        """Give a host its namespace, its device and its address."""
        made = self.device(host)
        if host != HERE:
            subprocess.run(["ip", "netns", "add", self.space(host)], check=True, capture_output=True)
            subprocess.run(
                ["ip", "link", "set", made, "netns", self.space(host)], check=True, capture_output=True
            )
        self._ip(host, "link", "set", "lo", "up")
        self._ip(host, "addr", "add", f"{self.hosts[host]}/24", "dev", made)
        self._ip(host, "link", "set", made, "up")


@contextmanager
def network(*hosts: str) -> Iterator[Network]:
    """A network with these hosts for as long as the block lasts."""
    number = next(NUMBERS) % 256
    everyone = (HERE, *hosts)
    addresses = {host: NET.format(number=number, host=at + 2) for at, host in enumerate(everyone)}
    lab = Network(number, None, addresses)  # type: ignore[arg-type]
    told = [f"{lab.device(host)}={address}" for host, address in addresses.items()]
    lab.hub = subprocess.Popen(
        [sys.executable, "-m", "tests.laboratory.hub", *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert lab.hub.stdout is not None
        if lab.hub.stdout.readline() != b"ready\n":
            raise OSError("the hub did not start")
        for host in everyone:
            lab._attach(host)
        yield lab
    finally:
        lab.hub.communicate(timeout=10)
        for host in hosts:
            subprocess.run(["ip", "netns", "del", lab.space(host)], check=False, capture_output=True)
