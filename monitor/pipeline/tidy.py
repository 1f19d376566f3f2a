"""What keeps the data directory in order: taking over a configuration, starting over after a stop, retention."""

from __future__ import annotations

from monitor.pipeline.line import Line
from monitor.store import deliveries, entries, feeds, service


def take_over_configuration(line: Line) -> None:
    """Bring the feeds table in line with the settings in force."""
    with line.store.transaction() as db:
        feeds.sync(db, line.settings.feeds, line.clock.now())


def start_over(line: Line) -> None:
    """Free what a stopped or killed process had claimed; what it was sending is in doubt, and each channel decides."""
    now = line.clock.now()
    with line.store.transaction() as db:
        feeds.release_leases(db)
        entries.release_leases(db)
        deliveries.recover(db, line.settings.channels, now)
        service.tell(db, "started", "", now)


def tidy(line: Line) -> None:
    """Drop what is older than its retention and fold the write-ahead log back into the database."""
    with line.store.transaction() as db:
        service.tell(db, "tidied", "", line.clock.now())
    line.store.checkpoint()
