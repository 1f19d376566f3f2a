"""Silences: kept after they end, since ``why`` names them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model.alerts import Silence
from monitor.store.marks import rows_of
from monitor.store.times import from_text, to_text


def add(
    db: Database,
    *,
    until: datetime,
    reason: str,
    author: str,
    now: datetime,
    starts: datetime | None = None,
    watch: str = "",
    story_id: int | None = None,
    feed: str = "",
    term: str = "",
) -> int:
    """Record a silence and return its id; it starts now unless ``starts`` says otherwise."""
    if not (watch or feed or term or story_id is not None):
        raise ValueError("a silence names a watch, a story, a feed or a term")
    cursor = db.conn.execute(
        "INSERT INTO silences (watch, story_id, feed, term, starts, until, reason, author, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (watch, story_id, feed, term, to_text(starts or now), to_text(until), reason, author, to_text(now)),
    )
    return int(cursor.lastrowid or 0)


def active(db: Database, now: datetime) -> tuple[Silence, ...]:
    """The silences in force at ``now``."""
    at = to_text(now)
    return _silences(rows_of(db, "SELECT * FROM silences WHERE until > ? AND starts <= ? ORDER BY id", [at, at]))


def listed(db: Database, now: datetime, *, ended: bool = False) -> tuple[Silence, ...]:
    """The silences in force or to come, and with ``ended`` those of the past too; by id."""
    after = "" if ended else to_text(now)
    return _silences(db.query("SELECT * FROM silences WHERE until > ? ORDER BY id", [after]))


def expire(db: Database, silence_id: int, now: datetime) -> bool:
    """End a silence now; False where there is none in force or to come by that id."""
    cursor = db.conn.execute(
        "UPDATE silences SET until = ?, starts = min(starts, ?) WHERE id = ? AND until > ?",
        (to_text(now), to_text(now), silence_id, to_text(now)),
    )
    return cursor.rowcount > 0


def _silences(rows: Iterable[Mapping[str, Any]]) -> tuple[Silence, ...]:
    return tuple(
        Silence(
            id=row["id"],
            watch=row["watch"],
            story_id=row["story_id"],
            feed=row["feed"],
            term=row["term"],
            starts=from_text(row["starts"]),
            until=from_text(row["until"]),
            reason=row["reason"],
            author=row["author"],
        )
        for row in rows
    )
