"""Where a relay must lead nobody: every address that is not somebody's own in the open internet.

Whoever is let into a call may ask the relay to send to any address; without this list that is a way into the
network that the relay stands in. IPv4 written as IPv6 is a way too, and so are the forms that translators
turn back into IPv4. The sources are the registries of special-purpose addresses (RFC 6890) and RFC 5735.
"""

from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network

UNSPECIFIED = IPv6Address("::")
CLOSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "this network"),
    ("10.0.0.0/8", "private"),
    ("100.64.0.0/10", "shared by the customers of a carrier"),
    ("127.0.0.0/8", "this machine"),
    ("169.254.0.0/16", "this link, and the metadata of cloud machines"),
    ("172.16.0.0/12", "private"),
    ("192.0.0.0/24", "protocol assignments"),
    ("192.0.2.0/24", "for documents"),
    ("192.88.99.0/24", "relays to IPv6, given up"),
    ("192.168.0.0/16", "private"),
    ("198.18.0.0/15", "for measuring"),
    ("198.51.100.0/24", "for documents"),
    ("203.0.113.0/24", "for documents"),
    ("224.0.0.0/4", "many at once"),
    ("240.0.0.0/4", "reserved, and everybody at once"),
    ("::/96", "this machine, and IPv4 as it was once written in IPv6"),
    ("::ffff:0:0/96", "IPv4 written as IPv6: this machine and every private address, too"),
    ("64:ff9b::/96", "IPv4 behind a translator"),
    ("64:ff9b:1::/48", "IPv4 behind a local translator"),
    ("100::/64", "where everything is dropped"),
    ("2001::/23", "protocol assignments, and IPv4 in tunnels (Teredo)"),
    ("2001:db8::/32", "for documents"),
    ("2002::/16", "IPv4 in tunnels (6to4)"),
    ("fc00::/7", "private"),
    ("fe80::/10", "this link"),
    ("fec0::/10", "private, as it was once"),
    ("ff00::/8", "many at once"),
)
"""Network and what it is."""


def first_to_last(network: str) -> str:
    """Return a network as the program wants it: its first and its last address, for it knows no masks.

    A range that begins with `::` would deny every IPv4 address, and `::` alone every address there is: the
    program takes it for "from the very first". So that network begins with its second address.
    """
    whole: IPv4Network | IPv6Network = ip_network(network)
    first = whole[1] if whole[0] == UNSPECIFIED else whole[0]
    return f"{first.exploded}-{whole[-1].exploded}"
