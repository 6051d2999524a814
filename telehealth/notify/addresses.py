"""Where the server may connect to by itself: public addresses, checked on the very socket that is opened.

Names are not checked but the addresses they resolve to, at the moment of connecting: nothing can be renamed
between the look and the connection (DNS rebinding).
"""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is public; what carries an IPv4 address along outside of it (NAT64, SIIT) is not taken."""
TRANSLATED = tuple(ip_network(each) for each in ("2002::/16", "2001::/23", "3fff::/20", "192.88.99.0/24"))
"""What in there may lead anywhere or nowhere (6to4 and its relays, Teredo, addresses for documentation)."""


class PrivateAddress(OSError):
    """The name leads into a network that is not public."""


def is_public(text: str) -> bool:
    """Whether an address belongs to the public internet; what is no address does not."""
    try:
        address: IPv4Address | IPv6Address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    elsewhere = any(address in network for network in TRANSLATED)
    return address.is_global and not address.is_multicast and not elsewhere


def public_socket(found: tuple[Any, ...]) -> socket.socket:
    """Open a socket for one of `getaddrinfo`'s answers; raises PrivateAddress."""
    family, kind, protocol, _, target = found
    if not is_public(target[0]):
        raise PrivateAddress("the address is not public")
    return socket.socket(family, kind, protocol)
