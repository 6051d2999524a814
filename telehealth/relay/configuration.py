"""coturn's configuration file, written by us: for the relay beside the server and for one on its own host."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from telehealth.config import BadSetting
from telehealth.relay.ranges import CLOSED, first_to_last

PORT, TLS_PORT = 3478, 5349
"""The ports that RFC 8656 names."""
LOWEST, HIGHEST = 49152, 65535
"""UDP ports of relayed addresses; a firewall must let them in."""
OF_ONE, OF_ALL = 12, 2000
"""Relayed addresses at a time: three ways in from two networks, and as many while a call changes networks."""
BYTES_A_SECOND = 312_500
"""2.5 Mbit/s each way for one relayed address: more than the best picture takes."""
NONCE_SECONDS = 600

SECRET = re.compile(r"^static-auth-secret=(\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What differs from relay to relay.

    Attributes:
        realm: the name of the service, told to clients.
        listen: the one address to listen on; empty: every address of the machine.
        relay: the machine's IPv4 address that relayed addresses are on; empty: the program finds it.
        public: the address that the world knows `relay` by, where that is another one.
        certificate: paths of certificate and key in PEM; empty: no TLS.
        run_as: user and group to become, once ports and key are open; empty: stay who we are.
        this_machine: both ends of a call are on this machine: a demo.
    """

    realm: str
    secret: str = field(repr=False)
    port: int = PORT
    tls_port: int = PORT
    listen: str = ""
    relay: str = ""
    public: str = ""
    certificate: tuple[str, str] = ("", "")
    run_as: tuple[str, str] = ("", "")
    pidfile: str = ""
    log: str = "/dev/null"
    this_machine: bool = False


def rendered(settings: Settings) -> str:
    """Return the file's text; raises BadSetting for a value that would not stay on its line."""
    return "\n".join(_lines(settings)) + "\n"


def secret_of(text: str) -> str:
    """Return the secret that a file of ours holds; empty when it holds none."""
    found = SECRET.search(text)
    return found[1] if found else ""


def _lines(settings: Settings) -> Iterator[str]:
    yield from _ways_in(settings)
    yield from _who(settings)
    yield from _limits()
    yield from _peers(settings)
    yield from _house(settings)


def _ways_in(settings: Settings) -> Iterator[str]:
    yield "# Where people reach the relay: by UDP, by TCP, and by TLS where there is a certificate."
    yield from _set("listening-port", str(settings.port))
    yield from _set("listening-ip", settings.listen)
    if any(settings.certificate):
        yield from _set("tls-listening-port", str(settings.tls_port))
        yield from _set("cert", settings.certificate[0])
        yield from _set("pkey", settings.certificate[1])
        yield from ("no-tlsv1", "no-tlsv1_1")
    else:
        yield "no-tls"
    yield "no-dtls"
    yield "# What is given to them: UDP ports on IPv4 addresses, which everybody can reach."
    yield from _set("relay-ip", settings.relay)
    if settings.public and settings.public != settings.relay:
        yield from _set("external-ip", "/".join(filter(None, (settings.public, settings.relay))))
    yield from (f"min-port={LOWEST}", f"max-port={HIGHEST}", "no-tcp-relay")


def _who(settings: Settings) -> Iterator[str]:
    yield ""
    yield "# Who may: whoever the service has given a name and a word made of this secret, for two hours."
    yield "use-auth-secret"
    yield from _set("static-auth-secret", settings.secret)
    yield from _set("realm", settings.realm)
    yield from (f"stale-nonce={NONCE_SECONDS}", "fingerprint")
    yield "# No users and no further secrets in a database of the machine."
    yield from ("userdb=:memory:", "no-auth-pings", "no-dynamic-ip-list", "no-dynamic-realms")


def _limits() -> Iterator[str]:
    yield ""
    yield "# How much: relayed addresses of one person and of all, bytes a second of each."
    yield from (f"user-quota={OF_ONE}", f"total-quota={OF_ALL}", f"max-bps={BYTES_A_SECOND}")


def _peers(settings: Settings) -> Iterator[str]:
    yield ""
    yield "# Where the relay leads: into the open internet, and into no network behind it."
    yield "no-multicast-peers"
    for network, meaning in CLOSED:
        yield f"# {network}: {meaning}"
        yield f"denied-peer-ip={first_to_last(network)}"
    if settings.this_machine:
        yield "# Both ends of a call are on this machine: one address of its own is open, the others are not."
        yield "allow-loopback-peers"
    yield "# Two people who both come through the relay meet at its own addresses, whatever these are."
    for address in dict.fromkeys(filter(None, (settings.relay, settings.public))):
        yield from _set("allowed-peer-ip", address)


def _house(settings: Settings) -> Iterator[str]:
    yield ""
    yield "# Nothing else: no console, no tests of networks, no version, no log of who comes from where."
    yield from ("no-cli", "no-rfc5780", "no-stun-backward-compatibility", "no-software-attribute")
    yield from (f"log-file={settings.log}", "simple-log")
    yield from _set("pidfile", settings.pidfile)
    yield from _set("proc-user", settings.run_as[0])
    yield from _set("proc-group", settings.run_as[1])


def _set(name: str, value: str) -> Iterator[str]:
    """Write one value; an empty one is left out, and so to the program."""
    if not value.isprintable():
        raise BadSetting(f"The relay's {name} cannot be written into its configuration.")
    if value:
        yield f"{name}={value}"
