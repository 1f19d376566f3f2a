"""Which lines are a host's own: those of three stories, counted by host, forgotten in time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.store import host_lines
from monitor.store.database import Store

NOW = datetime(2024, 4, 2, tzinfo=UTC)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = Store(tmp_path / "monitor.db")
    with store.transaction() as db:
        yield db
    store.close()


def test_a_line_is_known_from_its_third_story_on(db: Database) -> None:
    for story, known in ((1, set()), (2, set()), (1, set()), (2, set()), (1, set()), (3, {7, -8}), (1, {7, -8})):
        host_lines.record(db, "a.example", [7, -8], story_id=story, now=NOW)
        assert host_lines.known(db, "a.example") == known, story


def test_what_one_host_repeats_is_nothing_to_another(db: Database) -> None:
    for story in (1, 2, 3):
        host_lines.record(db, "a.example", [7], story_id=story, now=NOW)
        host_lines.record(db, "b.example", [7] if story < 3 else [8], story_id=story, now=NOW)
    assert host_lines.known(db, "b.example") == frozenset()


def test_a_host_keeps_a_bounded_number_and_those_that_repeat_longest(db: Database) -> None:
    for story in (1, 2, 3):
        host_lines.record(db, "a.example", [7], story_id=story, now=NOW)
    for number in range(8):
        lines = range(100 + 400 * number, 500 + 400 * number)
        host_lines.record(db, "a.example", lines, story_id=9, now=NOW + timedelta(hours=number))
        assert db.table("host_lines").count <= host_lines.MOST_LINES
    assert host_lines.known(db, "a.example") == {7}


def test_what_is_not_seen_any_more_is_forgotten(db: Database) -> None:
    host_lines.record(db, "a.example", [7], story_id=1, now=NOW)
    host_lines.record(db, "a.example", [8], story_id=1, now=NOW + timedelta(days=10))
    assert host_lines.forget_old(db, now=NOW + host_lines.EXPIRY + timedelta(hours=1)) == 1
    assert host_lines.forget_old(db, now=NOW + host_lines.EXPIRY + timedelta(hours=1)) == 0
    assert db.table("host_lines").count == 1
