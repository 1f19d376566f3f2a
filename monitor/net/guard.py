"""Which addresses may be connected to: public unicast ones, and those that the user admits on purpose.

The guard decides on the address of a socket just before it connects, so it sees literals in any spelling, names,
redirect hops and rebinding resolvers alike. ``ipaddress.is_global`` does not serve: on Python 3.11 it calls NAT64,
6to4, site-local and multicast addresses global.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, TypeAlias

Network: TypeAlias = IPv4Network | IPv6Network

MARK = "address not allowed"
"""Stands in every refusal: aiohappyeyeballs joins the errors of several addresses into one text."""

_SPECIAL_V4 = {
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "shared by a carrier",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "protocol assignments",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay",
    "192.168.0.0/16": "private",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
}
_SPECIAL_V6 = {
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::/96": "IPv4-compatible",
    "::ffff:0:0:0/96": "IPv4-translated",
    "64:ff9b::/96": "NAT64",
    "64:ff9b:1::/48": "local NAT64",
    "100::/64": "discard",
    "2001::/23": "protocol assignments",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}
SPECIAL: dict[Network, str] = {ip_network(net): why for net, why in (_SPECIAL_V4 | _SPECIAL_V6).items()}
"""The special-purpose registries of IANA (RFC 6890 and its updates), with the names for them in our messages."""

GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")
"""All that IANA has allocated for IPv6 unicast; anything else is refused unseen."""


class AddressRefusedError(OSError):
    """The guard forbids this address."""


@lru_cache(maxsize=4096)
def refusal(address: str, allowed: tuple[Network, ...]) -> str | None:
    """Why this numeric address must not be connected to; None when it may be.

    An IPv4-mapped IPv6 address is judged as the IPv4 address that the kernel would connect to.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return f"{MARK}: {address} is not an IP address"
    plain = _unmapped(parsed)
    if any(plain.version == net.version and plain in net for net in allowed):
        return None
    for net, why in SPECIAL.items():
        if plain.version == net.version and plain in net:
            return f"{MARK}: {address} is {why}"
    if isinstance(plain, IPv6Address) and plain not in GLOBAL_UNICAST_V6:
        return f"{MARK}: {address} is not global unicast"
    return None


def is_private(address: str) -> bool:
    """True for an address that no stranger serves: loopback, private, link-local and their like."""
    return refusal(address, ()) is not None


def socket_factory(allowed: tuple[Network, ...]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """Make the function that opens every socket of the client: it raises AddressRefusedError for a forbidden one."""

    def guarded(info: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, sockaddr = info
        why = refusal(str(sockaddr[0]), allowed)
        if why is not None:
            raise AddressRefusedError(why)
        return socket.socket(family, kind, protocol)

    return guarded


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or address
    return address
