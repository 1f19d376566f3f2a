"""What the steps of the line work with, wired by :mod:`monitor.app`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import ParamSpec, TypeVar

from monitor.model.clock import LineClock
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Settings
from monitor.net.client import Client
from monitor.net.robots import Robots
from monitor.store.database import Store
from monitor.watches.matcher import Matcher
from monitor.workers.pool import WorkerPool

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True, kw_only=True)
class Line:
    """The tools of every step. A reload replaces ``settings`` and ``matcher`` together, between two steps."""

    settings: Settings
    matcher: Matcher
    store: Store
    clock: LineClock
    client: Client
    workers: WorkerPool
    random: Random = field(default_factory=Random)
    robots: Robots = field(init=False)
    in_hand: set[int] = field(default_factory=set)
    """Deliveries that this process is sending now. No queue: it tells a send that takes long from one that nobody has
    any more, without asking the clock."""
    _store_thread: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
    )

    _headers: tuple[tuple[FeedSpec, ...], dict[str, dict[str, str]]] = ((), {})

    def headers_of(self, feed: str) -> dict[str, str]:
        """The request fields that the configuration in force gives to a feed; they are nowhere stored."""
        listed, headers = self._headers
        if listed is not self.settings.feeds:
            headers = {each.name: dict(each.headers) for each in self.settings.feeds if each.headers}
            self._headers = (self.settings.feeds, headers)
        return headers.get(feed, {})

    def __post_init__(self) -> None:
        self.robots = Robots(self.client, clock=self.clock)

    async def in_store(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``function`` on the store's own thread: a commit waits for the disk, the event loop must not."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._store_thread, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Wait for the store's thread, then close its connections."""
        self._store_thread.shutdown(wait=True)
        self.store.close()
