"""What goes when its time is over, and what stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.pipeline.judge import judge
from monitor.pipeline.tidy import drop_old
from monitor.store.database import Store
from tests.stories.texts import BLAST, BLAST_TITLE, RAIN, RAIN_TITLE
from tests.stories.watched import EveryArticle

NOW = datetime(2024, 4, 2, 18, 0, tzinfo=UTC)
OF_ARTICLES = ("articles", "article_keys", "article_guids", "article_versions", "placements", "sketch", "hits")


def put(store: Store, title: str, text: str, url: str, *, at: datetime) -> int:
    """Judge one article that a watch hits; its id."""
    article = Article(url=url, title=title, text=text, publisher=url.split("/")[2])
    with store.transaction() as db:
        judgement = judge(
            db, article=article, entry=None, feed="feed", guid=url, matcher=EveryArticle(), settings=Settings(), now=at
        )
    return judgement.placement.article_id


def counts(store: Store) -> dict[str, int]:
    with store.read() as db:
        tables = (*OF_ARTICLES, "stories", "story_terms", "story_sources", "alerts", "entries")
        return {name: db.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


def dangling(store: Store) -> list[tuple]:
    with store.read() as db:
        return db.execute("PRAGMA foreign_key_check").fetchall()


@pytest.fixture
def filled(store: Store) -> Store:
    """An old story with a copy and a revision, and a new one."""
    put(store, BLAST_TITLE, BLAST, "https://one.example/a", at=NOW)
    put(store, BLAST_TITLE, BLAST[:600], "https://two.example/b", at=NOW + timedelta(hours=1))
    put(store, BLAST_TITLE, BLAST.replace("one person", "three people"), "https://one.example/a",
        at=NOW + timedelta(hours=2))  # fmt: skip
    put(store, RAIN_TITLE, RAIN, "https://three.example/c", at=NOW + timedelta(days=80))
    return store


def test_articles_past_their_time_go_with_all_that_was_kept_of_them(filled: Store) -> None:
    before = counts(filled)
    dropped = drop_old(filled, Settings(), NOW + timedelta(days=100))
    after = counts(filled)
    assert (dropped["articles"], dropped["stories"]) == (2, 1)
    assert before["articles"] == 3
    assert {name: after[name] for name in OF_ARTICLES if after[name] != 1} == {"article_versions": 0, "sketch": 0}
    assert after["stories"] == 1
    assert 0 < after["story_terms"] < before["story_terms"]
    assert 0 < after["story_sources"] < before["story_sources"]
    assert dangling(filled) == []


def test_alerts_stay_with_what_they_said(filled: Store) -> None:
    drop_old(filled, Settings(), NOW + timedelta(days=100))
    with filled.read() as db:
        told = db.execute("SELECT kind, article_id, payload FROM alerts ORDER BY id").fetchall()
    assert [kind for kind, _, _ in told] == ["new", "update", "new"]
    assert [article_id is None for _, article_id, _ in told] == [True, True, False]
    assert BLAST_TITLE in told[0][2]


def test_nothing_goes_before_its_time_but_what_finds_copies(filled: Store) -> None:
    before = counts(filled)
    dropped = drop_old(filled, Settings(), NOW + timedelta(days=85))
    assert (dropped["articles"], dropped["stories"]) == (0, 0)
    assert counts(filled) | {"sketch": 0} == before | {"sketch": 0}
    assert dropped["sketches"] == 2


def test_a_kept_copy_of_a_dropped_article_stands_on_its_own(store: Store) -> None:
    put(store, BLAST_TITLE, BLAST, "https://one.example/a", at=NOW)
    copy = put(store, BLAST_TITLE, BLAST[:600], "https://two.example/b", at=NOW + timedelta(days=3))
    settings = Settings()
    settings = replace(settings, storage=replace(settings.storage, keep_articles=timedelta(days=2)))
    drop_old(store, settings, NOW + timedelta(days=4))
    with store.read() as db:
        assert db.execute("SELECT id, copy_of FROM articles").fetchall() == [(copy, None)]
        assert db.execute("SELECT first_article_id FROM stories").fetchall() == [(None,)]
    assert dangling(store) == []


def test_an_article_that_comes_again_after_its_time_is_placed_anew(filled: Store) -> None:
    drop_old(filled, Settings(), NOW + timedelta(days=100))
    put(filled, BLAST_TITLE, BLAST, "https://one.example/a", at=NOW + timedelta(days=101))
    assert counts(filled)["articles"] == 2
    assert dangling(filled) == []
