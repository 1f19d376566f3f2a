"""A damaged database is kept aside and replaced; what is merely not ours, or in use, is never touched."""

import os
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.watches import Severity
from monitor.store import alerts, deliveries, recovery
from monitor.store.backup import back_up, back_up_before_migration, faults_of, forget_backups, newest_made
from monitor.store.database import Store, StoreError

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def alert(store: Store, number: int) -> int:
    message = AlertMessage(
        alert_id=0, kind=AlertKind.NEW, watch="blast", severity=Severity.HIGH, score=1.0, reasons=(),
        article={"title": f"Blast {number}"},
    )  # fmt: skip
    with store.transaction() as db:
        return alerts.insert(db, message, channels=["hook"], now=NOW)


def filled(path: Path, count: int = 40) -> None:
    store = Store(path)
    for number in range(count):
        alert(store, number)
    store.close()


def smash(path: Path) -> None:
    """Overwrite a page in the middle, as a dying disk does."""
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xa5" * 4096 * 8)


def mend(path: Path, now: datetime = NOW) -> recovery.Loss | None:
    return recovery.mend(path, path.parent / "backups", now=now, margin=HOUR)


def titles(path: Path) -> list[str]:
    store = Store(path)
    with store.read() as db:
        found = [row["title"] for row in alerts.listed(db, limit=1000)]
    store.close()
    return found


def test_a_sound_database_is_left_alone(tmp_path: Path) -> None:
    filled(tmp_path / "monitor.db")
    before = (tmp_path / "monitor.db").read_bytes()
    assert mend(tmp_path / "monitor.db") is None
    assert (tmp_path / "monitor.db").read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["monitor.db"]


def test_a_missing_database_is_a_first_start(tmp_path: Path) -> None:
    assert mend(tmp_path / "monitor.db") is None
    assert list(tmp_path.iterdir()) == []


def test_a_command_makes_no_database_of_an_empty_file_so_that_the_next_start_restores_the_backup(
    tmp_path: Path,
) -> None:
    path = tmp_path / "monitor.db"
    filled(path, 3)
    store = Store(path, beside=True)
    back_up(store, tmp_path / "backups", NOW - HOUR)
    store.close()
    path.write_bytes(b"")
    with pytest.raises(StoreError, match="is empty: the next start of 'monitor run' or 'monitor once' restores"):
        Store(path, beside=True)
    assert faults_of(path) == ["the file is empty"]
    assert path.stat().st_size == 0
    assert mend(path) is not None
    assert titles(path) == ["Blast 2", "Blast 1", "Blast 0"]


def test_an_empty_backup_is_passed_over_for_an_older_sound_one(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    filled(path, 2)
    store = Store(path)
    sound = back_up(store, tmp_path / "backups", NOW - 2 * HOUR)
    empty = back_up(store, tmp_path / "backups", NOW - HOUR)
    store.close()
    empty.write_bytes(b"")
    path.write_bytes(b"")
    loss = mend(path)
    assert loss is not None
    assert loss.backup == sound.name
    assert titles(path) == ["Blast 1", "Blast 0"]


def test_an_empty_file_without_backups_is_a_first_start_cut_short(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").touch()
    assert mend(tmp_path / "monitor.db") is None


@pytest.mark.parametrize("how", ["smashed", "garbage", "empty", "cut"])
def test_the_newest_sound_backup_takes_the_place_of_a_damaged_database(tmp_path: Path, how: str) -> None:
    path = tmp_path / "monitor.db"
    filled(path)
    store = Store(path)
    back_up(store, tmp_path / "backups", NOW - 3 * HOUR)
    alert(store, 40)
    back_up(store, tmp_path / "backups", NOW - 2 * HOUR)
    alert(store, 41)
    newest = back_up(store, tmp_path / "backups", NOW - HOUR)
    store.close()
    smash(newest)
    match how:
        case "smashed":
            smash(path)
        case "garbage":
            path.write_bytes(b"garbage " * 1000)
        case "empty":
            path.write_bytes(b"")
        case "cut":
            os.truncate(path, 4096 * 5)
    damaged = path.read_bytes()

    loss = mend(path)

    assert loss is not None
    assert loss.backup == "monitor-20240402T100000Z.db"
    assert (tmp_path / loss.kept).read_bytes() == damaged
    assert "Blast 40" in titles(path)
    assert "Blast 41" not in titles(path)
    assert faults_of(path) == []
    assert mend(path) is None
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backups", "monitor.db", loss.kept]


def test_without_a_backup_it_starts_empty_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"garbage " * 1000)
    loss = mend(tmp_path / "monitor.db")
    assert loss is not None
    assert (loss.backup, loss.fault) == (None, "file is not a database")
    assert titles(tmp_path / "monitor.db") == []


def test_numbers_of_alerts_leap_so_that_no_key_is_used_twice(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    filled(path)
    highest = 40
    for at in (NOW, NOW + timedelta(days=1)):
        path.write_bytes(b"garbage " * 1000)
        assert mend(path, at)
        store = Store(path)
        given_now = alert(store, 0)
        store.close()
        assert given_now > highest
        highest = given_now + 500


def test_what_waited_in_the_backup_is_in_doubt(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    filled(path, 3)
    store = Store(path)
    back_up(store, tmp_path / "backups", NOW)
    store.close()
    path.write_bytes(b"")
    assert mend(path)
    store = Store(path)
    with store.transaction() as db:
        assert len(deliveries.recover(db, (), NOW)) == 3
    store.close()


def test_a_restore_that_is_refused_names_the_backup_and_leaves_everything(tmp_path: Path) -> None:
    path, theirs = tmp_path / "monitor.db", tmp_path / "recipes.db"
    filled(path, 1)
    with sqlite3.connect(theirs) as other:
        other.execute("CREATE TABLE recipes (name)")
    other.close()
    with pytest.raises(StoreError, match=r"cannot use the backup .*recipes\.db: .*another program"):
        recovery.restore(path, theirs, now=NOW, margin=HOUR)
    assert titles(path) == ["Blast 0"]


def test_news_counts_from_the_last_write_less_a_margin(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"garbage " * 1000)
    died = NOW - timedelta(days=3)
    os.utime(path, (died.timestamp(), died.timestamp()))
    loss = mend(path)
    assert loss is not None
    assert loss.alert_from == died - HOUR
    store = Store(path)
    with store.read() as db:
        assert recovery.last_loss(db) == loss
        assert recovery.alert_from(db, NOW + HOUR) == loss.alert_from
        assert recovery.alert_from(db, NOW + timedelta(days=2)) is None
    store.close()


def test_another_programs_database_is_never_moved(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA application_id = 77")
        other.execute("CREATE TABLE recipes (name)")
        other.executemany("INSERT INTO recipes VALUES (?)", [("soup " * 50,)] * 500)
    other.close()
    assert mend(path) is None
    smash(path)
    before = path.read_bytes()
    assert mend(path) is None
    assert path.read_bytes() == before


def test_a_database_of_a_newer_version_is_never_moved(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    store = Store(path)
    with store.transaction() as db:
        db.table("_sqlite_migrations").insert({"migration_set": "newsmonitor", "name": "v9999", "applied_at": "-"})
    back_up(store, tmp_path / "backups", NOW)
    store.close()
    assert mend(path) is None
    path.write_bytes(b"garbage " * 1000)
    with pytest.raises(StoreError, match="newer version"):
        mend(path)
    assert path.exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 4096 * 60), noise=st.binary(max_size=300), at=st.integers(0, 4096 * 60))
def test_whatever_became_of_the_file_a_sound_database_follows(
    tmp_path_factory: pytest.TempPathFactory, cut: int, noise: bytes, at: int
) -> None:
    path = tmp_path_factory.mktemp("torn") / "monitor.db"
    filled(path, 2)
    store = Store(path)
    back_up(store, path.parent / "backups", NOW)
    store.close()
    with path.open("r+b") as file:
        file.seek(at)
        file.write(noise)
    os.truncate(path, min(path.stat().st_size, cut))

    mend(path)

    if refused := refusal(path):  # the noise may have signed it with another program's name, or rewritten the schema
        assert "another program" in refused or "malformed" in refused
    else:
        assert [fault for fault in faults_of(path) if "row" not in fault] == []


def refusal(path: Path) -> str:
    try:
        Store(path).close()
    except StoreError as error:
        return str(error)
    return ""


def test_backups_are_forgotten_by_age_but_never_the_newest(tmp_path: Path) -> None:
    store = Store(tmp_path / "monitor.db")
    directory = tmp_path / "backups"
    assert newest_made(directory) is None
    made = [back_up(store, directory, NOW - timedelta(days=days)) for days in (30, 20, 1)]
    store.close()
    assert newest_made(directory) == NOW - timedelta(days=1)
    assert forget_backups(directory, older_than=NOW - timedelta(days=25)) == made[:1]
    assert forget_backups(directory, older_than=NOW) == made[1:2]
    assert list(directory.iterdir()) == made[2:]


def test_a_database_is_copied_before_it_is_migrated_and_only_then(tmp_path: Path) -> None:
    path, directory = tmp_path / "monitor.db", tmp_path / "backups"
    assert back_up_before_migration(path, directory, NOW) is None
    filled(path, 2)
    assert back_up_before_migration(path, directory, NOW) is None
    with sqlite3.connect(path) as older:
        older.execute("DELETE FROM _sqlite_migrations")
    older.close()
    with pytest.raises(StoreError, match="an earlier version of newsmonitor wrote it"):
        Store(path, beside=True)  # a command migrates nothing, least of all without a copy
    copy = back_up_before_migration(path, directory, NOW)
    assert copy is not None
    assert faults_of(copy) == []
