"""Copies of the database, and whether it is sound."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path

from monitor.store.database import Store

NAME = "monitor-{stamp}.db"


def back_up(store: Store, directory: Path, now: datetime) -> Path:
    """Write a compact copy of the database beside it while it is in use (``VACUUM INTO``); returns its path.

    The copy appears under its name only when it is whole.
    """
    directory.mkdir(parents=True, exist_ok=True)
    target = directory / NAME.format(stamp=now.strftime("%Y%m%dT%H%M%SZ"))
    unfinished = target.with_suffix(".partial")
    unfinished.unlink(missing_ok=True)
    store.vacuum_into(unfinished)
    unfinished.rename(target)
    return target


def forget_backups(directory: Path, *, older_than: datetime) -> list[Path]:
    """Delete our backups made before ``older_than``, but never the newest; returns the deleted paths."""
    ours = sorted(directory.glob(NAME.format(stamp="*")))
    limit = NAME.format(stamp=older_than.strftime("%Y%m%dT%H%M%SZ"))
    forgotten = [path for path in ours[:-1] if path.name < limit]
    for path in forgotten:
        path.unlink()
    return forgotten


def faults_of(path: Path) -> list[str]:
    """What SQLite finds wrong with the database file at ``path``, in its own words; empty when it is sound."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check")]
        broken_keys = connection.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()
    faults = [] if found == ["ok"] else found
    return faults + [f"{table} row {row} points at a missing {parent}" for table, row, parent, _ in broken_keys]
