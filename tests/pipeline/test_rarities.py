"""How rare words are is remembered, and computed anew when articles were counted, here or elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.pipeline.candidates import rarities
from monitor.store import term_counts
from monitor.store.database import Store
from monitor.stories import rarity
from monitor.stories.words import stable_hash

TERMS = frozenset(("blast", "balkh", "rain"))


def rare(store: Store, *terms: str) -> dict[str, float]:
    with store.read() as db:
        found = rarities(db, frozenset(terms))
        return {term: found.by_term[term] for term in terms}


def count(store: Store, *terms: str, times: int = 1) -> None:
    with store.transaction() as db:
        for _ in range(times):
            term_counts.count(db, terms, stable_hash)


def test_terms_asked_for_later_are_as_rare_as_those_asked_for_at_once(store: Store) -> None:
    count(store, "blast", "balkh", times=40)
    assert rare(store, "blast") | rare(store, "rain") == rare(store, "blast", "rain")
    assert rare(store, "blast", "rain") == rarity.idf(("blast", "rain"), {"blast": 40}, 40)


def test_what_another_process_counts_makes_words_less_rare(store: Store, tmp_path: Path) -> None:
    before = rare(store, "rain")
    other = Store(tmp_path / "monitor.db")
    count(other, "rain", times=40)
    other.close()
    assert rare(store, "rain") == rarity.idf(["rain"], {"rain": 40}, 40) != before


def test_what_was_taken_back_makes_no_word_less_rare(store: Store) -> None:
    before = rare(store, "rain")
    with pytest.raises(TypeError):
        count_ask_and_fail(store)
    assert rare(store, "rain") == before


def count_ask_and_fail(store: Store) -> None:
    with store.transaction() as db:
        for _ in range(40):
            term_counts.count(db, TERMS, stable_hash)
        rarities(db, TERMS)
        raise TypeError
