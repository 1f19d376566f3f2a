"""What keeps the data directory in order: taking over a configuration, starting over after a stop, retention."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.alerts.route import channels_for_notices
from monitor.model.settings import Settings
from monitor.pipeline import notices
from monitor.pipeline.line import Line
from monitor.store import alerts, backup, deliveries, due, entries, feeds, host_lines, retention, service, sketches
from monitor.store import websub as subscriptions
from monitor.store.database import Store

COPIES_FOUND_WITHIN = timedelta(days=7)
"""Copies are looked for among the articles of the last 96 hours; beyond this, what finds them is dropped."""

BACKUP_EVERY = timedelta(days=1)

NOTABLE_STEP = timedelta(minutes=1)
"""A clock that is set by less is kept by NTP as it should be."""


def take_over_configuration(line: Line) -> None:
    """Bring the feeds table in line with the settings in force; the trial of a new or reworded watch starts now.

    Messages that were held because their channel was missing go out when it is there again.
    """
    now = line.clock.now()
    with line.store.transaction() as db:
        feeds.sync(db, line.settings.feeds, now)
        alerts.note_watches(db, line.matcher.watches.values(), now)
        notices.tell_of_loss(db, line.settings, now)
        deliveries.release_for(db, [channel.name for channel in line.settings.channels], now)


def start_over(line: Line) -> None:
    """Free what a stopped or killed process had claimed; what it was sending is in doubt, and each channel decides."""
    now = line.clock.now()
    with line.store.transaction() as db:
        feeds.release_leases(db)
        entries.release_leases(db)
        subscriptions.release_claims(db)
        deliveries.recover(db, line.settings.channels, now)
        service.tell(db, "started", "", now)


def take_over_clock(line: Line, step: timedelta) -> None:
    """Set the line's clock as the machine's was, and every due time with it: both or, where it raises, neither."""
    line.clock.take_over(step)
    try:
        shift_due_times(line, step)
    except BaseException:
        line.clock.take_over(-step)
        raise


def shift_due_times(line: Line, step: timedelta) -> None:
    """After the clock was set by ``step``, what was due in ten minutes is still due in ten minutes; people hear of it
    where it was a minute or more, since the times in their alerts jump with it.
    """
    now = line.clock.now()
    with line.store.transaction() as db:
        due.shift(db, step)
        if abs(step) >= NOTABLE_STEP:
            text = (
                f"The clock was set {'forward' if step > timedelta() else 'back'} by {_length(step)}\n"
                "Nothing was lost and nothing is told twice: what waits goes on waiting as long as it would have."
                " Times of alerts before and after do not compare."
            )
            channels = channels_for_notices(line.settings)
            alerts.notice(db, text, channels=channels, now=now, once_key=f"clock:{now.isoformat()}")


def _length(step: timedelta) -> str:
    """``1 h 0 min``."""
    minutes = round(abs(step).total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"


def tidy(line: Line) -> None:
    """Drop what is older than its retention and fold the write-ahead log back into the database."""
    now = line.clock.now()
    drop_old(line.store, line.settings, now)
    with line.store.transaction() as db:
        service.tell(db, "tidied", "", now)
    line.store.checkpoint()


def keep_a_backup(line: Line) -> Path | None:
    """Once a day, check the database and make a copy of it; then forget old copies. None where it is not yet time.

    Takes seconds with a large database: call it on a thread of its own. Raises sqlite3.DatabaseError, which
    :func:`monitor.store.recovery.is_damage` tells apart, and OSError; the copies that there are stay.
    """
    now, storage = line.clock.now(), line.settings.storage
    newest = backup.newest_made(storage.backups)
    if newest is not None and abs(now - newest) < BACKUP_EVERY:
        return None
    line.store.check()
    made = backup.back_up(line.store, storage.backups, now)
    backup.forget_backups(storage.backups, older_than=now - storage.keep_backups)
    return made


def drop_old(store: Store, settings: Settings, now: datetime) -> dict[str, int]:
    """Drop what is past its retention, in short transactions so that nobody waits long; counts by what it was."""
    keep = now - settings.storage.keep_articles
    forgotten = _in_batches(store, lambda db: sketches.forget(db, before=max(keep, now - COPIES_FOUND_WITHIN)))
    dropped = _in_batches(store, lambda db: retention.drop_articles(db, before=keep))
    stories = _in_batches(store, lambda db: retention.drop_empty_stories(db, before=keep))
    _in_batches(store, lambda db: host_lines.forget_old(db, now=now))
    _in_batches(store, entries.forget_contents)
    return {"sketches": forgotten, "articles": dropped, "stories": stories}


def _in_batches(store: Store, drop: Callable[[Database], int]) -> int:
    total = 0
    while True:
        with store.transaction() as db:
            count = drop(db)
        total += count
        if not count:
            return total
