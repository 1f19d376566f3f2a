"""Every "due at" of the queues at once, for when the clock is set."""

from __future__ import annotations

from datetime import timedelta

from sqlite_utils import Database

from monitor.store.times import from_text, to_text

QUEUES = (
    ("feeds", "next_poll_at", "next_poll_at IS NOT NULL"),
    ("feeds", "lease_until", "lease_until IS NOT NULL"),
    ("entries", "due_at", "state = 'queued'"),
    ("entries", "lease_until", "lease_until IS NOT NULL"),
    ("subscriptions", "due_at", "due_at IS NOT NULL"),
    ("subscriptions", "lease_until", "lease_until IS NOT NULL"),
    ("subscriptions", "claimed_until", "claimed_until IS NOT NULL"),
    ("deliveries", "due", "state IN ('new', 'retry')"),
    ("deliveries", "retry_until", "state IN ('new', 'sending', 'retry')"),
    # Quiet hours end by the clock on the wall, a storm after an hour.
    ("deliveries", "due", "state = 'held' AND hold_reason = 'storm'"),
    ("channel_states", "paused_until", "paused_until IS NOT NULL"),
    ("channel_states", "probe_at", "probe_at IS NOT NULL"),
)
"""Table, column, and which of its rows wait."""


def shift(db: Database, step: timedelta) -> None:
    """Move every due time by ``step``: what was due in ten minutes before the clock was set still is."""
    for table, column, waiting in QUEUES:
        rows = db.execute(f"SELECT rowid, {column} FROM {table} WHERE {waiting}").fetchall()  # noqa: S608 - constants
        db.conn.executemany(
            f"UPDATE {table} SET {column} = ? WHERE rowid = ?",  # noqa: S608 - constants
            [(to_text(from_text(text) + step), rowid) for rowid, text in rows if text is not None],
        )
