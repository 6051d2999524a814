"""Where the server may connect to by itself: public addresses, checked on the very socket that is opened.

Names are not checked but the addresses they resolve to, at the moment of connecting: nothing can be renamed
between the look and the connection (DNS rebinding).
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

TRANSLATED = tuple(ip_network(each) for each in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/23"))
"""IPv6 addresses that carry an IPv4 address along, which may be anything (NAT64, 6to4, Teredo)."""


class PrivateAddress(OSError):
    """The name leads into a network that is not public."""


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet; what is no address does not."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if any(address in network for network in TRANSLATED):
            return False
        address = address.ipv4_mapped or address
    return address.is_global and not address.is_multicast


def public_socket(found: tuple[Any, ...]) -> socket.socket:
    """Open a socket for one of `getaddrinfo`'s answers; raises PrivateAddress."""
    family, kind, protocol, _, target = found
    if not is_public(target[0]):
        raise PrivateAddress("the address is not public")
    return socket.socket(family, kind, protocol)
