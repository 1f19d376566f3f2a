"""Who publishes an address: its registrable domain, by the public suffix list in ``tld`` (the only door to it)."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

_PLAIN = re.compile(r"https?://([a-z0-9.-]+)/")


@lru_cache(maxsize=256)
def publisher_of(url: str) -> str:
    """The registrable domain of ``url`` in lower case (``x.localhost`` stays whole); "" where it has no host.

    Private suffixes count (``someone.github.io``): what two strangers may register is not one publisher.
    """
    plain = _PLAIN.match(url)
    if plain:
        return _domain(plain[1].rstrip("."))
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
    return _domain(host)


@lru_cache(maxsize=4096)
def _domain(host: str) -> str:
    if not host or _is_address(host) or "." not in host or host.endswith(".localhost"):
        return ".".join(host.split(".")[-2:]) if host.endswith(".localhost") else host
    from tld import get_fld  # noqa: PLC0415 - its list takes 60 ms, once

    domain = get_fld(f"https://{host}/", fail_silently=True)
    return str(domain).lower() if domain else ".".join(host.split(".")[-2:])


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
