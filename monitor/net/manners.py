"""Manners towards a host: one request at a time, and a pause between two of them.

A host's queue is waited for before one of the places in flight is taken, so a host with a thousand feeds
occupies one place and starves nobody.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

MOST_IDLE_HOSTS = 1000
"""Hosts remembered beyond those in use, before the idle ones are forgotten."""


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    users: int = 0


class Manners:
    """Gives each request its turn."""

    def __init__(self, *, pace: timedelta, in_flight: int) -> None:
        self._pace_s = pace.total_seconds()
        self._places = asyncio.Semaphore(in_flight)
        self._hosts: dict[str, _Host] = {}

    @asynccontextmanager
    async def turn(self, host: str, *, paced: bool = True) -> AsyncIterator[None]:
        """Wait until ``host`` may be asked, and hold it meanwhile. Unpaced requests wait only for a place in flight."""
        if not paced:
            async with self._places:
                yield
            return
        state = self._hosts.setdefault(host, _Host())
        state.users += 1
        try:
            async with state.lock:
                await self._pause(state)
                async with self._places:
                    state.last_start = _now_s()
                    yield
        finally:
            state.users -= 1
            self._forget_idle()

    async def _pause(self, state: _Host) -> None:
        wait_s = state.last_start + self._pace_s - _now_s()
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _forget_idle(self) -> None:
        if len(self._hosts) <= MOST_IDLE_HOSTS:
            return
        horizon = _now_s() - self._pace_s
        for name in [n for n, state in self._hosts.items() if not state.users and state.last_start < horizon]:
            del self._hosts[name]


def _now_s() -> float:
    """The event loop's time, by which it sleeps."""
    return asyncio.get_running_loop().time()
