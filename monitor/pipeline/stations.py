"""The stations of the line and the pump that keeps one busy: claim what is due, run a step for each key.

The daemon's tick fills the pumps once a second; :func:`monitor.pipeline.drain.drain` fills them until nothing is due.
Both therefore run the same steps in the same way.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from sqlite_utils import Database

from monitor.pipeline import ingest, poll
from monitor.pipeline.deliver import DeliveryReport, deliver
from monitor.pipeline.ingest import IngestReport
from monitor.pipeline.line import Line
from monitor.pipeline.poll import PollReport
from monitor.store import deliveries, entries, feeds

Report: TypeAlias = PollReport | IngestReport | DeliveryReport

LEASE = timedelta(minutes=10)
"""A claim outlives any step (30 s for a request, 20 s for a worker, three tries)."""
FAULTS_OF_A_KEY = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError, sqlite3.InterfaceError)
"""What the database refuses for what it was given; its other errors are troubles of its own, whatever the key."""


class Observer(Protocol):
    """Hears what the steps report: the log, the demo's screen, the tests."""

    def reported(self, report: Report) -> None:
        """A step ended and was recorded."""
        ...

    def broke(self, station: str, key: int, error: Exception) -> None:
        """A step raised: a bug of ours, which harms no other key. It is tried again, some time later."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One stop of the line: how to claim its keys, the step for a key, and how many may run at once."""

    name: str
    claim: Callable[[Database, datetime, int], list[int]]
    step: Callable[[Line, int], Awaitable[Report]]
    capacity: int
    set_aside: Callable[[Line, int, Exception], None] | None = None
    """Called on the store's thread when the step raised; without it the key is tried again when its lease ends."""


def stations(in_flight: int) -> tuple[Station, ...]:
    """The line in its order; ``in_flight`` bounds the requests of polling and of reading pages, each."""
    return (
        Station(name="poll", claim=_due_feeds, step=poll.poll, capacity=in_flight, set_aside=poll.set_aside),
        Station(
            name="ingest",
            claim=_queued_entries,
            step=ingest.ingest,
            capacity=max(1, in_flight // 4),
            set_aside=ingest.set_aside,
        ),
        Station(name="deliver", claim=deliveries.claim_due, step=deliver, capacity=50),
    )


def _due_feeds(db: Database, now: datetime, limit: int) -> list[int]:
    return feeds.claim_due(db, now, limit, LEASE)


def _queued_entries(db: Database, now: datetime, limit: int) -> list[int]:
    return entries.claim_queued(db, now, limit, LEASE)


@dataclass(slots=True, kw_only=True)
class Pump:
    """Keeps one station busy, never beyond its capacity."""

    station: Station
    line: Line
    observer: Observer
    running: set[asyncio.Task[None]] = field(default_factory=set)

    async def fill(self) -> int:
        """Claim as many due keys as there is room for and start their steps; return how many."""
        room = self.station.capacity - len(self.running)
        if room <= 0:
            return 0
        keys = await self.line.in_store(self._claim, room)
        for key in keys:
            task = asyncio.create_task(self._run(key), name=f"{self.station.name} {key}")
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return len(keys)

    async def settle(self, limit: timedelta | None = None) -> None:
        """Wait until the running steps have ended; after ``limit`` those left are cancelled (and recorded nothing)."""
        if not self.running:
            return
        _, late = await asyncio.wait(self.running, timeout=None if limit is None else limit.total_seconds())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _claim(self, room: int) -> list[int]:
        with self.line.store.transaction() as db:
            return self.station.claim(db, self.line.clock.now(), room)

    async def _run(self, key: int) -> None:
        try:
            report = await self.station.step(self.line, key)
        except Exception as error:  # noqa: BLE001 - a bug in one step must not stop the line; it is told aloud
            self.observer.broke(self.station.name, key, error)
            await self._set_aside(key, error)
        else:
            self.observer.reported(report)

    async def _set_aside(self, key: int, error: Exception) -> None:
        """A full disk or a database in trouble is the key's fault least of all: its lease ends by itself."""
        is_databases_own = isinstance(error, sqlite3.Error) and not isinstance(error, FAULTS_OF_A_KEY)
        if self.station.set_aside is None or is_databases_own:
            return
        try:
            await self.line.in_store(self.station.set_aside, self.line, key, error)
        except Exception as another:  # noqa: BLE001 - as above; the lease ends by itself
            self.observer.broke(self.station.name, key, another)
