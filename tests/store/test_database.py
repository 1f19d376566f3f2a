"""The one door to SQLite: transactions, and refusing what is not ours."""

import sqlite3
import threading
from pathlib import Path

import pytest

from monitor.store.database import Store, StoreError


def counter(store: Store) -> int:
    with store.read() as db:
        return int(db.execute("SELECT value FROM service WHERE key = 'n'").fetchone()[0])


def start_counting(store: Store) -> None:
    with store.transaction() as db:
        db.table("service").insert({"key": "n", "value": "0", "at": "-"})


def write_and_fail(store: Store) -> None:
    with store.transaction() as db:
        db.table("service").upsert({"key": "n", "value": "7", "at": "-"}, pk="key")
        db.table("service").insert_all([{"key": str(n), "value": "", "at": "-"} for n in range(300)])
        list(db.query("UPDATE service SET value = 'x' RETURNING key"))
        raise ZeroDivisionError


def test_read_then_write_by_eight_threads_loses_no_write(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    start_counting(store)

    def add_fifty() -> None:
        for _ in range(50):
            with store.transaction() as db:
                (value,) = db.execute("SELECT value FROM service WHERE key = 'n'").fetchone()
                db.execute("UPDATE service SET value = ? WHERE key = 'n'", [str(int(value) + 1)])

    threads = [threading.Thread(target=add_fifty) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counter(store) == 400
    store.close()


def test_a_block_that_raises_leaves_nothing_behind(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    start_counting(store)

    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)

    assert counter(store) == 0


def test_sqlite_utils_calls_compose_inside_one_transaction(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)

    with store.read() as db:
        assert db.table("service").count == 0


def test_a_second_opening_finds_the_schema_in_place(tmp_path: Path) -> None:
    Store(tmp_path / "m.db").close()
    store = Store(tmp_path / "m.db")
    start_counting(store)
    assert counter(store) == 0


def test_a_file_that_is_no_database_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store(tmp_path / "m.db")


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "m.db") as other:
        other.execute("CREATE TABLE recipes (name)")
    with pytest.raises(StoreError, match="another program"):
        Store(tmp_path / "m.db")


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.transaction() as db:
        db.table("_sqlite_migrations").insert({"migration_set": "newsmonitor", "name": "v9999", "applied_at": "-"})
    store.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(tmp_path / "m.db")


def test_a_database_in_memory_needs_no_file() -> None:
    store = Store(None)
    start_counting(store)
    assert counter(store) == 0


def test_a_full_disk_is_told_as_such_and_not_as_a_failed_rollback(tmp_path: Path) -> None:
    store = Store(tmp_path / "m.db")
    with store.read() as db:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(sqlite3.OperationalError, match="full"), store.transaction() as db:
        db.execute("INSERT INTO service VALUES ('big', ?, '-')", ["x" * 10_000_000])
    start_counting(store)
    assert counter(store) == 0
