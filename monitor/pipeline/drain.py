"""Run everything that is due, once: what ``monitor once`` and the demo do between two ticks of their clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitor.pipeline import digest
from monitor.pipeline.lanes import pumps
from monitor.pipeline.line import Line
from monitor.pipeline.stations import LEASE, Observer, Station
from monitor.store import feeds


async def drain(line: Line, *, observer: Observer, only_feed: str | None = None) -> None:
    """Poll, ingest, tell what time alone makes due, and deliver, each until nothing more is due now.

    With ``only_feed`` no other feed is polled; what is queued and waiting goes on all the same.
    """
    for pump in pumps(line, observer):
        if only_feed and pump.station.name == "poll":
            pump.station = _only(pump.station, only_feed)
        if pump.station.name == "deliver":
            await line.in_store(digest.beat, line)
        while await pump.fill() or pump.running:
            await pump.settle()


def make_due(line: Line, feed_name: str | None = None) -> None:
    """Make every feed, or the one named, due now, whatever its schedule says."""
    with line.store.transaction() as db:
        feeds.make_due(db, line.clock.now(), feed_name)


def _only(station: Station, feed_name: str) -> Station:
    def claim(db: Database, now: datetime, limit: int) -> list[int]:
        return feeds.claim_named(db, feed_name, now, LEASE) if limit else []

    return replace(station, claim=claim)
