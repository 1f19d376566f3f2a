"""Lines that repeat over the articles of a host, by hash, and when they are forgotten."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.store.times import to_text

MOST_LINES = 2000
"""Lines that are kept of a host: some hundred articles' worth, about 150 kB."""

EXPIRY = timedelta(days=14)
"""A line that stood in no new article for so long is forgotten: sites change their furniture."""


def known(db: Database, host: str) -> frozenset[int]:
    """Hashes of the lines that stood in articles of at least three stories of ``host``."""
    rows = db.execute("SELECT line FROM host_lines WHERE host = ? AND third_story IS NOT NULL", [host])
    return frozenset(row[0] for row in rows.fetchall())


def known_in(database: Path, host: str) -> frozenset[int]:
    """Like :func:`known`, of a database file that is only read; nothing where there is none or it cannot be read."""
    try:
        connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error:
        return frozenset()
    with closing(connection):
        try:
            return known(Database(connection), host)
        except sqlite3.Error:
            return frozenset()


def record(db: Database, host: str, lines: Iterable[int], *, story_id: int, now: datetime) -> None:
    """Count the lines of one new article of ``host``; a story counts once for a line, however often it is told.

    Not for copies and revisions: they repeat what belongs to the article. Beyond MOST_LINES of a host, those that
    stood in fewest stories and were not seen for longest are forgotten.
    """
    db.conn.executemany(
        """
        INSERT INTO host_lines (host, line, first_story, seen) VALUES (:host, :line, :story, :now)
        ON CONFLICT DO UPDATE SET seen = :now,
          third_story = CASE WHEN second_story IS NOT NULL AND :story NOT IN (first_story, second_story)
            THEN coalesce(third_story, :story) ELSE third_story END,
          second_story = CASE WHEN :story <> first_story THEN coalesce(second_story, :story) ELSE second_story END
        """,
        [{"host": host, "line": line, "story": story_id, "now": to_text(now)} for line in lines],
    )
    (count,) = db.execute("SELECT count(*) FROM host_lines WHERE host = ?", [host]).fetchone()
    if count > MOST_LINES:
        _forget(db, host, count - MOST_LINES * 3 // 4)


def forget_old(db: Database, *, now: datetime, limit: int = 5000) -> int:
    """Drop up to ``limit`` lines not seen within EXPIRY; returns how many."""
    return db.execute(
        "DELETE FROM host_lines WHERE (host, line) IN (SELECT host, line FROM host_lines WHERE seen < ? LIMIT ?)",
        [to_text(now - EXPIRY), limit],
    ).rowcount


def _forget(db: Database, host: str, count: int) -> None:
    db.execute(
        "DELETE FROM host_lines WHERE host = :host AND line IN (SELECT line FROM host_lines WHERE host = :host "
        "ORDER BY third_story IS NOT NULL, second_story IS NOT NULL, seen LIMIT :count)",
        {"host": host, "count": count},
    )
