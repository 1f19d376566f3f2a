"""Copies of the database, and whether it is sound."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from monitor.store.database import Store
from monitor.store.schema import is_behind

NAME = "monitor-{stamp}.db"
SPARE_BYTES = 8 * 1024 * 1024
"""A copy leaves so much free."""
STAMP = "%Y%m%dT%H%M%SZ"


def back_up(store: Store, directory: Path, now: datetime) -> Path:
    """Write a compact copy of the database beside it while it is in use (``VACUUM INTO``); returns its path.

    The copy appears under its name only when it is whole. Raises OSError where it would fill the disk.
    """
    directory.mkdir(parents=True, exist_ok=True)
    _refuse_to_fill(directory, 0 if store.path is None else store.path.stat().st_size)
    target = directory / NAME.format(stamp=now.strftime(STAMP))
    for left_over in directory.glob(NAME.format(stamp="*").replace(".db", ".partial")):
        left_over.unlink(missing_ok=True)  # of a copy whose process was killed
    unfinished = target.with_suffix(".partial")
    try:
        store.vacuum_into(unfinished)
        unfinished.rename(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return target


def _refuse_to_fill(directory: Path, size_bytes: int) -> None:
    free = shutil.disk_usage(directory).free
    if free < size_bytes + SPARE_BYTES:
        text = f"{free / 1e6:.0f} MB free, too little for a copy of {size_bytes / 1e6:.0f} MB"
        raise OSError(errno.ENOSPC, text, str(directory))


def back_up_before_migration(path: Path, directory: Path, now: datetime) -> Path | None:
    """Copy a database that the next opening would migrate, as it is; None where there is none or it is up to date.

    Raises OSError where there is no room for it: better not to migrate than without a way back.
    """
    if not path.exists():
        return None
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        if not is_behind(Database(connection, execute_plugins=False)):
            return None
        _refuse_to_fill(directory.parent, path.stat().st_size)
        directory.mkdir(parents=True, exist_ok=True)
        target = directory / NAME.format(stamp=now.strftime(STAMP))
        connection.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.DatabaseError:
        return None  # opening it says what is wrong with it
    finally:
        connection.close()
    return target


def backups_in(directory: Path) -> list[Path]:
    """Our backups, the newest first."""
    return sorted(directory.glob(NAME.format(stamp="*")), reverse=True)


def newest_made(directory: Path) -> datetime | None:
    """When the newest backup was made; None where there is none."""
    for path in backups_in(directory):
        with suppress(ValueError):
            return datetime.strptime(path.name, NAME.format(stamp=STAMP)).replace(tzinfo=UTC)
    return None


def forget_backups(directory: Path, *, older_than: datetime) -> list[Path]:
    """Delete our backups made before ``older_than``, but never the newest; returns the deleted paths."""
    limit = NAME.format(stamp=older_than.strftime(STAMP))
    forgotten = [path for path in backups_in(directory)[1:] if path.name < limit]
    for path in forgotten:
        path.unlink()
    return forgotten


def faults_of(path: Path) -> list[str]:
    """What SQLite finds wrong with the database file at ``path``, in its own words; empty when it is sound.

    To SQLite a file of no bytes is an empty database; here it is one that lost everything.
    """
    if path.stat().st_size == 0:
        return ["the file is empty"]
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
