"""Routers between a host and the others: addresses of their own inside, one outside, and a firewall."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.laboratory import network
from tests.laboratory.network import Network

INSIDE = "192.168.77.{}"
NO_UDP = "meta l4proto udp drop"
"""What a hotel's firewall may let through: nothing but TCP, or nothing but the web."""
WEB_ONLY = f'{NO_UDP}; iifname "inside" tcp dport != 443 drop'
MASQUERADE = """
table ip router {{
  chain out {{ type nat hook postrouting priority srcnat; oifname "{outside}" masquerade; }}
  chain in {{ type filter hook input priority filter; iifname "{outside}" drop; }}
}}
"""
"""What comes in unasked is dropped: answered, it would take the port from who is about to call out."""
FIREWALL = """
table ip firewall
delete table ip firewall
table ip firewall {{
  chain through {{ type filter hook forward priority filter; {rules}; }}
}}
"""


def missing() -> str:
    """Return what this machine lacks for routers; nothing when it has all."""
    return network.missing() or (
        "" if shutil.which("nft") else "the program nft (package nftables) is missing"
    )


@dataclass(slots=True)
class Router:
    """A host of the network that another one is behind."""

    lab: Network
    name: str
    host: str
    number: int = 2
    """Of the host's address inside."""

    def lets_through(self, rules: str = "accept") -> None:
        """Drop from now on what the rules say; without any, nothing."""
        self._nft(FIREWALL.format(rules=rules))

    def readdress(self) -> None:
        """Give the host behind it another address and take the old one away: a phone in another network."""
        old, self.number = self.number, self.number + 1
        for command in (
            ["addr", "del", f"{INSIDE.format(old)}/24", "dev", "eth"],
            ["addr", "add", f"{INSIDE.format(self.number)}/24", "dev", "eth"],
            ["route", "add", "default", "via", INSIDE.format(1)],
        ):
            subprocess.run(["ip", "-n", self.lab.space(self.host), *command], check=True, capture_output=True)

    def _nft(self, rules: str) -> None:
        self._run("nft", "-f", "-", told=rules)

    def _run(self, *command: str, told: str = "") -> None:
        subprocess.run(
            self.lab.run(self.name, *command), input=told.encode(), check=True, capture_output=True
        )


@contextmanager
def behind(lab: Network, name: str, host: str) -> Iterator[Router]:
    """Make a host that reaches the network through the one named only, for as long as the block lasts."""
    router, space = lab.space(name), lab.space(host)
    try:
        for command in (
            ["netns", "add", space],
            ["-n", router, "link", "add", "inside", "type", "veth", "peer", "name", "eth", "netns", space],
            ["-n", router, "addr", "add", f"{INSIDE.format(1)}/24", "dev", "inside"],
            ["-n", router, "link", "set", "inside", "up"],
            ["-n", space, "link", "set", "lo", "up"],
            ["-n", space, "addr", "add", f"{INSIDE.format(2)}/24", "dev", "eth"],
            ["-n", space, "link", "set", "eth", "up"],
            ["-n", space, "route", "add", "default", "via", INSIDE.format(1)],
        ):
            subprocess.run(["ip", *command], check=True, capture_output=True)
        made = Router(lab, name, host)
        made._run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
        made._nft(MASQUERADE.format(outside=lab.device(name)))
        yield made
    finally:
        subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)
