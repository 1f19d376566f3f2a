"""How far ``monitor replay`` has come with each file of items."""

from __future__ import annotations

from sqlite_utils import Database


def progress(db: Database, source: str) -> int:
    """The number of the last line that was replayed; 0 for a new file."""
    row = db.execute("SELECT items FROM replay_progress WHERE source = ?", (source,)).fetchone()
    return int(row[0]) if row else 0


def advance(db: Database, source: str, items: int) -> None:
    """Record in the item's own transaction that it was replayed."""
    db.execute("INSERT OR REPLACE INTO replay_progress (source, items) VALUES (?, ?)", (source, items))
