"""The hashes of copies are found, whether they stand in memory or in the table, and whoever put them there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from monitor.model.articles import Article
from monitor.store import articles, sketches, stories
from monitor.store.database import Store
from monitor.stories.sketch import pack_sketch

NOW = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)


@pytest.fixture
def other(store: Store, tmp_path: Path) -> Iterator[Store]:
    """Another process on the same database."""
    opened = Store(tmp_path / "monitor.db")
    yield opened
    opened.close()


def add(db: Database, *hashes: int, seen: datetime = NOW) -> int:
    story_id = stories.create(db, title="", seen=seen, happened=seen)
    return articles.insert(
        db, Article(url="https://one.example/a", title="", text=""), url_key="", seen=seen, happened=seen,
        content_hash=0, shingles=b"", sketch=pack_sketch(hashes), story_id=story_id, copy_of=None,
    )  # fmt: skip


def found(store: Store, *hashes: int, from_id: int = 1) -> list[int]:
    with store.transaction() as db:
        return sketches.sharing(db, hashes, from_id=from_id)[0]


def fold(store: Store, *, after: int = 0, from_id: int = 1) -> None:
    with store.transaction() as db:
        sketches.catch_up(db, from_id=from_id, folded_after=after)


def table(store: Store) -> set[int]:
    with store.read() as db:
        return {row[0] for row in db.execute("SELECT article_id FROM sketch")}


def added(store: Store, sketched: Sequence[Sequence[int]]) -> list[int]:
    with store.transaction() as db:
        return [add(db, *hashes) for hashes in sketched]


def test_an_article_is_found_before_and_after_it_is_folded(store: Store) -> None:
    (first,) = added(store, [(1, 2, 3)])
    assert found(store, 2, 3, 4) == [first]
    assert table(store) == set()
    fold(store)
    assert table(store) == {first}
    assert found(store, 2, 3, 4) == [first]
    assert found(store, 3, 4) == []


def test_each_process_finds_what_the_other_stored(store: Store, other: Store) -> None:
    one, two = added(store, [(1, 2), (5, 6)])
    (three,) = added(other, [(1, 2, 7)])
    assert found(store, 1, 2) == found(other, 1, 2) == [three, one]
    fold(other)
    (four,) = added(store, [(5, 6)])
    assert found(store, 1, 2) == found(other, 1, 2) == [three, one]
    assert found(store, 5, 6) == found(other, 5, 6) == [four, two]
    fold(store)
    assert table(other) == {one, two, three, four}


def test_what_is_taken_back_is_found_by_nobody(store: Store) -> None:
    with pytest.raises(TypeError):
        add_look_and_fail(store)
    assert found(store, 1, 2) == []
    (again,) = added(store, [(8, 9)])
    assert (found(store, 1, 2), found(store, 8, 9)) == ([], [again])


def add_look_and_fail(store: Store) -> None:
    with store.transaction() as db:
        add(db, 1, 2)
        sketches.sharing(db, (1, 2), from_id=1)
        sketches.catch_up(db, from_id=1, folded_after=0)
        raise TypeError


def test_a_folding_that_is_taken_back_is_done_again(store: Store) -> None:
    first, second = added(store, [(1, 2), (1, 2)])
    assert found(store, 1, 2) == [second, first]
    with pytest.raises(TypeError):
        fold_and_fail(store)
    assert table(store) == set()
    assert found(store, 1, 2) == [second, first]
    fold(store)
    assert table(store) == {first, second}


def fold_and_fail(store: Store) -> None:
    with store.transaction() as db:
        sketches.catch_up(db, from_id=1, folded_after=0)
        raise TypeError


def test_an_id_that_was_taken_back_is_found_under_the_sketch_that_was_kept(store: Store) -> None:
    added(store, [(3, 4)])
    with pytest.raises(TypeError):
        add_look_and_fail(store)
    (again,) = added(store, [(5, 6)])
    assert (found(store, 5, 6), found(store, 1, 2)) == ([again], [])


def test_a_hash_of_several_articles_finds_them_all(store: Store) -> None:
    ids = added(store, [(1, 2), (2, 1), (1, 2, 3)])
    assert found(store, 1, 2) == ids[::-1]
    assert found(store, 1, 2, from_id=ids[1]) == ids[:0:-1]


def test_an_article_that_is_too_old_is_never_folded(store: Store) -> None:
    old, young = added(store, [(1, 2), (1, 2)])
    found(store, 1, 2)
    with store.transaction() as db:
        db.execute("UPDATE articles SET seen = '2020' WHERE id = ?", [old])
        assert sketches.forget(db, before=NOW - timedelta(days=7)) == 1
    fold(store)
    assert table(store) == {young}


@pytest.mark.parametrize("folded_after", [0, 100])
def test_ids_that_are_given_again_are_found_under_their_new_sketch(store: Store, folded_after: int) -> None:
    added(store, [(1, 2), (3, 4)])
    fold(store, after=folded_after)
    with store.transaction() as db:
        sketches.forget(db, before=NOW + timedelta(days=1))
        db.execute("DELETE FROM articles")
    (again,) = added(store, [(5, 6)])
    assert again == 1
    assert (found(store, 5, 6), found(store, 1, 2)) == ([1], [])


def test_a_database_that_does_not_know_what_was_folded_is_put_right(store: Store) -> None:
    """As an earlier version, or a rescue, leaves it."""
    ids = added(store, [(1, 2), (3, 4), (5, 6)])
    fold(store)
    with store.transaction() as db:
        db.execute("PRAGMA user_version = 0")
    assert found(store, 1, 2) == [ids[0]]
    fold(store)
    assert table(store) == set(ids)


def test_of_many_unknown_articles_only_those_that_matter_are_read(store: Store) -> None:
    ids = added(store, [(1, 2), (1, 2), (1, 2)])
    fold(store, after=1, from_id=ids[2])
    assert table(store) == {ids[2]}


def test_a_hash_that_too_many_share_finds_nothing(store: Store) -> None:
    added(store, [(1, 2, 100 + n) for n in range(sketches.CROWDED)])
    with store.transaction() as db:
        assert sketches.sharing(db, (1, 2, 100), from_id=1) == ([], {1, 2})


def test_a_copy_of_the_database_knows_what_was_folded(store: Store, tmp_path: Path) -> None:
    (first,) = added(store, [(1, 2)])
    fold(store)
    store.vacuum_into(tmp_path / "copy.db")
    copy = Store(tmp_path / "copy.db")
    with copy.read() as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == first
    copy.close()
