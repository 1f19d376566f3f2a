"""A database that is damaged is kept aside and replaced: by the newest sound backup, or else by an empty one.

What the replacement must know of its past is written into it before it takes the lost one's name, in one rename: a
process that dies on the way finds the damage again and starts over. It must know that

- feeds are read as if for the first time, or everything since the backup would look new;
- the numbers of alerts leap ahead, or a receiver that remembers keys would take a new alert for one that it has;
- messages that waited when the backup was made may have been sent since: they are in doubt.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.store import service
from monitor.store.backup import backups_in, faults_of
from monitor.store.database import BUSY_TIMEOUT_S, Store, StoreError
from monitor.store.schema import APPLICATION_ID, SchemaError
from monitor.store.times import to_text

FACT = "database-lost"
BY_HAND = "restored by hand"
READ_ANEW = timedelta(days=1)
"""How long after a loss a feed's first poll is taken for that of a feed that was known before."""
ID_LEAP = 100_000
"""More alerts than were given between a backup and the loss."""

_HEADER = b"SQLite format 3\x00"
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A database that was replaced."""

    at: datetime
    fault: str
    kept: str
    """Name of the damaged file, beside its replacement."""
    backup: str | None
    """Name of the backup that replaces it; None where there was no sound one."""
    alert_from: datetime
    """What was published earlier and looks new has been alerted before, or is too old."""

    @property
    def by_hand(self) -> bool:
        """Whether a person wished it, and nothing was damaged."""
        return self.fault == BY_HAND


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is damaged; a full disk or a lock is no damage."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.DatabaseError) and code is not None and code & 0xFF in _DAMAGED


def damage(path: Path) -> str:
    """Why the database at ``path`` cannot be used any more, in a clause; empty where it is sound or missing.

    Empty too for another program's database, and where it cannot be looked at now: moving it would mend nothing.
    """
    if not path.exists():
        return ""
    if path.stat().st_size == 0:
        return "the file is empty"
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_S)
    try:
        (owner,) = connection.execute("PRAGMA application_id").fetchone()
        found = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.DatabaseError as error:
        return str(error) if is_damage(error) and not _belongs_to_another(path) else ""
    finally:
        connection.close()
    return "; ".join(found) if owner == APPLICATION_ID and found != ["ok"] else ""


def mend(path: Path, backups: Path, *, now: datetime, margin: timedelta) -> Loss | None:
    """Keep a damaged database aside and put the newest sound backup, or an empty database, in its place.

    News that was published from ``margin`` before its last write on is alerted even if the database had told it: late
    or twice, not never. Comes back with None where the database is sound or missing, and where an empty file is all
    that there ever was: a first start that was cut short. Call it while nobody else has the database open.
    Raises StoreError where the backups are of a newer version, OSError where files cannot be moved.
    """
    written = [each.stat().st_mtime for each in (path, _wal_of(path)) if each.exists()]  # looking may write
    fault = damage(path)
    candidates = backups_in(backups)
    if not fault or (path.stat().st_size == 0 and not candidates and len(written) == 1):
        return None
    return _replace(path, candidates, fault=fault, now=now, alert_from=_instant(max(written), now) - margin)


def restore(path: Path, backup: Path, *, now: datetime, margin: timedelta) -> Loss:
    """Put a chosen backup in the place of the database, by a person's wish, in the same way; the backup stays.

    Raises StoreError where the backup is not sound, or not ours.
    """
    if faults := faults_of(backup):
        raise StoreError(f"{backup} is not sound: {faults[0]}")
    written = [each.stat().st_mtime for each in (path, _wal_of(path)) if each.exists()]
    last_write = _instant(max(written, default=backup.stat().st_mtime), now)
    path.parent.mkdir(parents=True, exist_ok=True)
    return _replace(path, [backup], fault=BY_HAND, now=now, alert_from=last_write - margin)


def _instant(stamp: float, now: datetime) -> datetime:
    return min(now, datetime.fromtimestamp(stamp, UTC))


def _replace(path: Path, candidates: list[Path], *, fault: str, now: datetime, alert_from: datetime) -> Loss:
    substitute = path.with_name(f"{path.name}.new")
    kept = path.with_name(f"{path.name}.broken-{now.strftime('%Y%m%dT%H%M%SZ')}")
    store, backup = _substitute(substitute, candidates)
    loss = Loss(
        at=now, fault=fault, kept=kept.name, backup=None if backup is None else backup.name, alert_from=alert_from
    )  # fmt: skip
    try:
        with store.transaction() as db:
            _begin_anew(db, loss)
    finally:
        store.close()
    _take_its_place(path, substitute, kept)
    return loss


def last_loss(db: Database) -> Loss | None:
    """The last replacement of this database, or None."""
    fact = service.facts(db).get(FACT)
    if fact is None:
        return None
    told = json.loads(fact.value)
    return Loss(
        at=fact.at, fault=told["fault"], kept=told["kept"], backup=told["backup"],
        alert_from=datetime.fromisoformat(told["alert_from"]),
    )  # fmt: skip


def alert_from(db: Database, now: datetime) -> datetime | None:
    """From when on what a feed lists is news although its poll is the first; None where nothing was lost lately."""
    loss = last_loss(db)
    return loss.alert_from if loss is not None and abs(now - loss.at) < READ_ANEW else None


def _belongs_to_another(path: Path) -> bool:
    """Whether the first page, where there is one, names another program."""
    with path.open("rb") as file:
        head = file.read(72)
    return head.startswith(_HEADER) and int.from_bytes(head[68:72], "big") not in {0, APPLICATION_ID}


def _substitute(substitute: Path, candidates: list[Path]) -> tuple[Store, Path | None]:
    """The newest sound backup, copied to ``substitute`` and open; or an empty database."""
    for backup in candidates:
        if faults_of(backup):
            continue
        _discard(substitute)
        shutil.copyfile(backup, substitute)
        try:
            return Store(substitute), backup
        except StoreError as error:
            _discard(substitute)
            if isinstance(error.__cause__, SchemaError):
                raise StoreError(f"cannot use the backup {backup}: {error.__cause__}") from error.__cause__
    _discard(substitute)
    return Store(substitute), None


def _begin_anew(db: Database, loss: Loss) -> None:
    db.conn.execute("UPDATE feeds SET polls = 0, last_success_at = NULL, lease_until = NULL")
    db.conn.execute("UPDATE deliveries SET state = 'sending' WHERE state IN ('new', 'retry')")
    (highest,) = db.conn.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'alerts'").fetchone()
    minutes = int(loss.at.timestamp()) // 60  # without a backup, too, it is beyond every number given before
    db.conn.execute("DELETE FROM sqlite_sequence WHERE name = 'alerts'")
    db.conn.execute("INSERT INTO sqlite_sequence VALUES ('alerts', ?)", (max(highest + ID_LEAP, minutes),))
    told = {"fault": loss.fault, "kept": loss.kept, "backup": loss.backup, "alert_from": to_text(loss.alert_from)}
    service.tell(db, FACT, json.dumps(told), loss.at)


def _take_its_place(path: Path, substitute: Path, kept: Path) -> None:
    """The old log first: beside the new file SQLite would play it back into it."""
    _flush(substitute)
    try:
        os.link(path, kept)
    except FileNotFoundError:
        pass  # a backup is restored where there was no database
    except OSError:  # a file system without hard links
        shutil.copyfile(path, kept)
    wal = _wal_of(path)
    if wal.exists():
        wal.rename(_wal_of(kept))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    substitute.replace(path)
    _flush(path.parent)


def _discard(path: Path) -> None:
    for each in (path, _wal_of(path), path.with_name(f"{path.name}-shm")):
        with suppress(FileNotFoundError):
            each.unlink()


def _wal_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
