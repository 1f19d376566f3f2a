"""Tells an outage of our own network from the troubles of servers, so that it counts against no feed.

One host out of reach may be the host's affair; several in a row, with nothing heard of any other, are ours. The first
of them cannot know that yet: it waits a moment for what becomes of the requests that are under way with it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from monitor.model.fetching import FetchFailureKind

ENOUGH_HOSTS = 3
"""So many different hosts out of reach in a row, and none that answered between them, are our own outage."""
SURE_FOR_S = 5.0
"""For so long after an answer the network is taken to work, and nobody waits."""
PATIENCE_S = 5.0
"""The longest wait for the other requests under way."""
GRACE_S = 0.2
"""The wait where there is none: those of the same round may be about to begin."""
SAYS_NOTHING = frozenset({FetchFailureKind.BLOCKED_ADDRESS, FetchFailureKind.BAD_URL, FetchFailureKind.TIMEOUT})
"""Failures by which no host was heard, nor found silent."""


@dataclass(slots=True)
class Outage:
    """Keeps the hosts that could not be reached since the last answer of any host. For one event loop."""

    _silent: set[str] = field(default_factory=set)
    _under_way: int = 0
    _answered_at: float = float("-inf")
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @contextmanager
    def request(self) -> Iterator[None]:
        """Around each request, whatever becomes of it."""
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._wake()

    def answered(self) -> None:
        """Any host sent anything, or refused us: the network works."""
        self._answered_at = time.monotonic()
        if self._silent:
            self._silent.clear()
            self._wake()

    async def is_ours(self, host: str, kind: FetchFailureKind) -> bool:
        """Note that nothing was heard of ``host``; True when that is taken for an outage of our own."""
        if kind is FetchFailureKind.OFFLINE:
            return True
        self._silent.add(host)
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_decided():
            wait_s = deadline - time.monotonic() if self._under_way else GRACE_S
            try:
                async with asyncio.timeout(wait_s):
                    await self._news.wait()
            except TimeoutError:
                break
        if len(self._silent) >= ENOUGH_HOSTS:
            self._wake()
            return True
        return False

    def _is_decided(self) -> bool:
        is_sure = time.monotonic() - self._answered_at < SURE_FOR_S
        return is_sure or not self._silent or len(self._silent) >= ENOUGH_HOSTS

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
