"""The counts of terms are remembered, and forgotten when they changed elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.store import term_counts
from monitor.store.database import Store
from monitor.stories.words import stable_hash

TERMS = frozenset(("blast", "balkh", "rain"))


def look_up(store: Store) -> tuple[dict[str, int], int]:
    with store.read() as db:
        counted = term_counts.counted(db)
        counts = term_counts.look_up(db, TERMS, stable_hash)
        return {term: counts[term] for term in sorted(TERMS)}, counted


def count(store: Store, *terms: str) -> None:
    with store.transaction() as db:
        term_counts.count(db, terms, stable_hash)


def count_and_fail(store: Store) -> None:
    with store.transaction() as db:
        term_counts.count(db, TERMS, stable_hash)
        raise TypeError


def test_terms_that_no_article_has_count_nothing(store: Store) -> None:
    assert look_up(store) == ({"balkh": 0, "blast": 0, "rain": 0}, 0)


def test_counted_articles_count_at_once(store: Store) -> None:
    look_up(store)
    count(store, "blast", "balkh")
    count(store, "blast", "unasked")
    assert look_up(store) == ({"balkh": 1, "blast": 2, "rain": 0}, 2)


def test_what_another_process_counts_is_noticed(store: Store, tmp_path: Path) -> None:
    look_up(store)
    other = Store(tmp_path / "monitor.db")
    count(other, "rain")
    other.close()
    assert look_up(store) == ({"balkh": 0, "blast": 0, "rain": 1}, 1)


def test_what_was_taken_back_does_not_count(store: Store) -> None:
    count(store, "rain")
    look_up(store)
    with pytest.raises(TypeError):
        count_and_fail(store)
    assert look_up(store) == ({"balkh": 0, "blast": 0, "rain": 1}, 1)
