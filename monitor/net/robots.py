"""What a host's robots.txt forbids us (RFC 9309), for those who configured that it be respected.

The group that names us counts, else that of ``*``; among its rules the longest that fits decides, and of equally long
ones the allowing one. A file that is not there (4xx) forbids nothing; a server in trouble (5xx, no answer) forbids
everything for a while. Kept in memory for a day.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

from monitor.model.clock import Clock
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, FetchOutcome
from monitor.net.client import Client

NAME = "newsmonitor"
"""The product token by which robots.txt may name us."""

KEPT = timedelta(days=1)
IN_TROUBLE = timedelta(minutes=10)
MOST_BYTES = 512 * 1024
MOST_HOSTS = 5000
ACCEPT = "text/plain, */*;q=0.1"
TROUBLE = frozenset({
    FetchFailureKind.DNS, FetchFailureKind.REFUSED, FetchFailureKind.TLS, FetchFailureKind.TIMEOUT,
    FetchFailureKind.RESET, FetchFailureKind.CUT_SHORT, FetchFailureKind.OFFLINE,
})  # fmt: skip
LINE = re.compile(r"^\s*(user-agent|allow|disallow)\s*:\s*([^#]*)", re.IGNORECASE)
Rule = tuple[bool, str]
"""Whether it allows, and its path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """The page must not be fetched; ``for_now`` when that is only because robots.txt could not be had."""

    detail: str
    for_now: bool


@dataclass(slots=True)
class _Host:
    """What is known of an origin."""

    rules: tuple[Rule, ...] = ()
    trouble: str = ""
    until: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Robots:
    """The rules of the hosts that were asked for, fetched once a day each."""

    def __init__(self, client: Client, *, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._hosts: dict[str, _Host] = {}

    async def forbids(self, url: str) -> Forbidden | None:
        """Why ``url`` must not be fetched; None where it may. Asks the host when its rules are not known of today."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        host = self._hosts.setdefault(origin, _Host())
        async with host.lock:
            if host.until is None or self._clock.now() >= host.until:
                self._learn(host, await self._client.get(f"{origin}/robots.txt", accept=ACCEPT))
        while len(self._hosts) > MOST_HOSTS:
            self._hosts.pop(next(iter(self._hosts)))
        if host.trouble:
            return Forbidden(detail=f"robots.txt could not be had: {host.trouble}", for_now=True)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if rule := forbidding(host.rules, path):
            return Forbidden(detail=f"robots.txt of {parts.hostname} disallows {rule}", for_now=False)
        return None

    def _learn(self, host: _Host, outcome: FetchOutcome) -> None:
        host.rules, host.trouble = (), ""
        if isinstance(outcome, Fetched):
            host.rules = rules_for(outcome.body[:MOST_BYTES].decode("utf-8", "replace"))
        elif isinstance(outcome, FetchFailed) and _is_trouble(outcome):
            host.trouble = outcome.detail
        host.until = self._clock.now() + (IN_TROUBLE if host.trouble else KEPT)


def rules_for(text: str, name: str = NAME) -> tuple[Rule, ...]:
    """The rules of the groups for ``name``, else of those for ``*``; total on any text."""
    ours: list[Rule] | None = None
    everybodys: list[Rule] = []
    agents: set[str] = set()
    in_rules = False
    for field_name, value in _fields(text):
        if field_name == "user-agent":
            agents = {value.lower()} if in_rules else agents | {value.lower()}
            in_rules = False
            if name in agents and ours is None:
                ours = []
            continue
        in_rules = True
        if not value:
            continue
        if name in agents and ours is not None:
            ours.append((field_name == "allow", value))
        if "*" in agents:
            everybodys.append((field_name == "allow", value))
    return tuple(everybodys if ours is None else ours)


def forbidding(rules: Iterable[Rule], path: str) -> str:
    """The path of the rule that forbids ``path`` (with its query); "" where none does."""
    path = _normal(path)
    fitting = [(len(rule), allows, rule) for allows, rule in rules if _fits(_normal(rule), path)]
    _, allows, rule = max(fitting, default=(0, True, ""))
    return "" if allows or path == "/robots.txt" else rule


def _fields(text: str) -> Iterable[tuple[str, str]]:
    for line in text.removeprefix("\ufeff").splitlines():
        if found := LINE.match(line[:2000]):
            yield found[1].lower(), found[2].strip()


def _fits(rule: str, path: str) -> bool:
    """Whether the rule is the start of the path; ``*`` stands for anything, ``$`` at its end for the path's end."""
    rule, to_the_end = rule.removesuffix("$"), rule.endswith("$")
    head, *parts = rule.split("*")
    if not path.startswith(head):
        return False
    at = len(head)
    for number, part in enumerate(parts):
        if to_the_end and number == len(parts) - 1:
            return len(path) - len(part) >= at and path.endswith(part)
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not to_the_end or at == len(path)


def _normal(path: str) -> str:
    """Percent-encoded in one way."""
    return quote(unquote(path), safe="/?&=*$;:@+,!~'()%")


def _is_trouble(failure: FetchFailed) -> bool:
    return failure.kind in TROUBLE or (failure.status is not None and failure.status >= 500)
