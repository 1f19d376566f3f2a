"""Every version of the schema that was ever released opens as the present one, with all its rows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from monitor.store.database import Store
from monitor.store.schema import versions
from tests.store.freeze import RELEASED

FROZEN = sorted(RELEASED.glob("*.sql"))


def schema_of(path: Path) -> dict[str, str]:
    """What each table, index and trigger is made by, without its blanks; the table of the migrations left out."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: "".join(sql.split()) for name, sql in rows if "migrations" not in name and name != "sqlite_sequence"}


def rows_of(path: Path) -> dict[str, int]:
    connection = sqlite3.connect(path)
    tables = [name for name in schema_of(path) if not connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = ? AND type != 'table'", (name,)).fetchone()]  # fmt: skip
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    connection.close()
    return counts


def thawed(frozen: Path, directory: Path) -> Path:
    """The database that a version left."""
    path = directory / "monitor.db"
    connection = sqlite3.connect(path)
    connection.executescript(frozen.read_text("utf-8"))
    connection.close()
    return path


def test_every_version_is_kept() -> None:
    assert [path.stem for path in FROZEN] == versions(), "run python -m tests.store.freeze"


def test_the_newest_version_is_as_it_was_kept(tmp_path: Path) -> None:
    """Where it is released: never change it, add a version. Where it is not: run ``python -m tests.store.freeze``."""
    Store(tmp_path / "fresh.db").close()
    assert schema_of(thawed(FROZEN[-1], tmp_path)) == schema_of(tmp_path / "fresh.db"), "python -m tests.store.freeze"


@pytest.mark.parametrize("frozen", FROZEN, ids=lambda path: path.stem)
def test_it_opens_as_the_present_version_with_all_its_rows(frozen: Path, tmp_path: Path) -> None:
    path = thawed(frozen, tmp_path)
    before = rows_of(path)
    assert before["alerts"] >= 3, "a database that has something to lose"
    Store(path).close()
    Store(tmp_path / "fresh.db").close()
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")
    after = rows_of(path)
    assert {name: after.get(name) for name in before} == before
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
