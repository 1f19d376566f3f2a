"""One door to SQLite: connections, transactions, and nothing about what is stored.

Every thread has a connection of its own. A writing transaction is ``BEGIN IMMEDIATE``: read-then-write under a
plain ``BEGIN`` (which ``Database.atomic()`` opens) failed 171 of 200 times with "database is locked". Connections
are in WAL mode with ``synchronous=FULL``: nothing acknowledged is lost in a power cut.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from monitor.store.schema import NEXT_START, SchemaError, migrate, refuse_all_but_present

BUSY_TIMEOUT_S = 30.0
"""Longest wait for another writer: a VACUUM INTO of a large database takes seconds."""

PREPARED_STATEMENTS = 512
"""Kept by each connection; the whole line has more than the 128 of the default."""

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    # An article changes some 50 pages all over the file. By default the log is folded in after every twentieth article,
    # and hardly a page is found in memory the next time.
    "wal_autocheckpoint=8000",
    "cache_size=-16000",
)


class StoreError(Exception):
    """The database cannot be used; the message is one line for the user."""


class DamagedError(sqlite3.DatabaseError):
    """SQLite's own check found the database damaged."""

    sqlite_errorcode = sqlite3.SQLITE_CORRUPT


class Store:
    """The database of one data directory, safe to use from any thread."""

    def __init__(self, path: Path | None, *, beside: bool = False) -> None:
        """Open or create the database at ``path`` and bring its schema up to date; None keeps it in memory,
        for use by the opening thread alone.

        ``beside`` is for commands, which may run beside a daemon: they create and migrate nothing. An empty file that a
        command made a database of would hide from the next start that everything was lost.

        Raises StoreError where the file is unreadable, corrupt, not ours, or of a newer version; ``beside``, where it
        is empty or of an earlier version too.
        """
        self.path = path
        self._local = threading.local()
        self._open_connections: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        if beside and path is not None and path.stat().st_size == 0:
            raise StoreError(f"the database {path} is empty: {NEXT_START} restores the newest backup, if there is one")
        try:
            if beside:
                with self.read() as db:
                    refuse_all_but_present(db)
                return
            with self.transaction() as db:
                migrate(db)
        except (sqlite3.DatabaseError, SchemaError) as error:
            raise StoreError(f"cannot use the database {path}: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[Database]:
        """All or nothing: ``BEGIN IMMEDIATE`` … ``COMMIT``, or ``ROLLBACK`` if the block raises."""
        db = self._database()
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            if db.conn.in_transaction:  # a full disk has rolled back already, and its error is the one to tell
                db.conn.execute("ROLLBACK")
            raise
        db.conn.execute("COMMIT")

    @contextmanager
    def read(self) -> Iterator[Database]:
        """One consistent view for several queries; fetch lists, since a half-read cursor holds the WAL."""
        db = self._database()
        db.conn.execute("BEGIN")
        try:
            yield db
        finally:
            db.conn.execute("COMMIT")

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the database file and empty it; nothing happens while a reader holds it."""
        self._database().conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def check(self) -> None:
        """Raise sqlite3.DatabaseError where the database is damaged (``quick_check``: seconds for a large one)."""
        found = [row[0] for row in self._database().conn.execute("PRAGMA quick_check(3)")]
        if found != ["ok"]:
            raise DamagedError("; ".join(found))

    def vacuum_into(self, target: Path) -> None:
        """Write a compact, consistent copy to ``target``, which must not exist; other connections go on."""
        self._database().conn.execute("VACUUM INTO ?", [str(target)])

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            for connection in self._open_connections:
                connection.close()
            self._open_connections.clear()
        self._local = threading.local()

    def _database(self) -> Database:
        db = getattr(self._local, "database", None)
        if db is None:
            db = Database(self._connect(), execute_plugins=False)
            self._local.database = db
        return db

    def _connect(self) -> sqlite3.Connection:
        target = ":memory:" if self.path is None else str(self.path)
        connection = sqlite3.connect(
            target,
            timeout=BUSY_TIMEOUT_S,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=PREPARED_STATEMENTS,
        )
        try:
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        with self._lock:
            self._open_connections.append(connection)
        return connection
