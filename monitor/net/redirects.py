"""Redirects: where an answer sends us, which cookies go along, and what may not cross to another host. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
MAX_HOPS = 10
_NOT_IN_A_HOST = frozenset(' \\"<>|^`{}')
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadUrlError(ValueError):
    """Not an http(s) URL with a host; the message is a sentence without a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An http(s) URL taken apart for a request."""

    url: str
    """Without user information and fragment."""
    scheme: str
    host: str
    """Lower case, without brackets."""
    port: int
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port."""
        return self.scheme, self.host, self.port


@lru_cache(maxsize=1024)
def target(url: str) -> Target:
    """Take ``url`` apart; raises BadUrlError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise BadUrlError(f"{url[:200]!r} is not a URL ({error})") from error
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS:
        raise BadUrlError(f"{url[:200]!r} is not an http or https URL")
    if not host or not _NOT_IN_A_HOST.isdisjoint(host):
        raise BadUrlError(f"{url[:200]!r} names no host")
    credentials = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Target(
        url=_plain(parts, scheme, host, port),
        scheme=scheme,
        host=host,
        port=port or _DEFAULT_PORTS[scheme],
        credentials=credentials,
    )


def _plain(parts: SplitResult, scheme: str, host: str, port: int | None) -> str:
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        netloc += f":{port}"
    return urlunsplit((scheme, netloc, parts.path or "/", parts.query, ""))


def same_origin(configured: str, url: str) -> bool:
    """Whether secrets meant for ``configured`` may go to ``url``: the same origin, or the same host now over https."""
    try:
        here, there = target(configured), target(url)
    except BadUrlError:
        return False
    upgraded = (here.scheme, here.port, there.scheme, there.port) == ("http", 80, "https", 443)
    return here.host == there.host and (here.origin == there.origin or upgraded)


def next_url(current: str, headers: Mapping[str, str]) -> str | None:
    """The absolute URL that ``Location`` names; None without one.

    Where a server sent the field twice, the first value counts.
    """
    location = headers.get("location", "").strip()
    if ", http" in location:
        location = location.split(", http", 1)[0]
    if not location:
        return None
    try:
        return urljoin(current, location.replace(" ", "%20"))
    except ValueError:
        return location


@dataclass(slots=True)
class ChainCookies:
    """Cookies that live for one redirect chain: some sites send nothing until their cookie comes back."""

    _jar: dict[tuple[str, str], str] = field(default_factory=dict)

    def keep(self, host: str, set_cookies: tuple[str, ...]) -> None:
        """Take the cookies that ``host`` set, for itself or for a domain above it."""
        for text in set_cookies:
            try:
                parsed = SimpleCookie(text)
            except CookieError:
                continue
            for name, morsel in parsed.items():
                domain = str(morsel["domain"]).lstrip(".").lower() or host
                if _within(host, domain) and len(self._jar) < 50:
                    self._jar[domain if domain != host else f"={host}", name] = morsel.coded_value

    def header(self, host: str) -> str | None:
        """The ``Cookie`` field for ``host``; None where it gets none."""
        pairs = [
            f"{name}={value}"
            for (domain, name), value in self._jar.items()
            if domain == f"={host}" or _within(host, domain)
        ]
        return "; ".join(pairs) or None


def _within(host: str, domain: str) -> bool:
    return host == domain or ("." in domain and host.endswith(f".{domain}"))
