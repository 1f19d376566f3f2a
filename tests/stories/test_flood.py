"""Ten thousand copies of one text: each costs what the first did."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.model.stories import Rung
from monitor.pipeline.judge import judge
from monitor.store.database import Store
from tests.stories.texts import BLAST, BLAST_TITLE, NOW
from tests.stories.watched import EveryArticle


def seconds_per_copy(store: Store, start: int, end: int) -> float:
    """CPU seconds for each of the copies from number ``start`` to ``end``; all must be recognised."""
    began = time.process_time()
    with store.transaction() as db:
        for n in range(start, end):
            host = f"site{n}.example"
            article = Article(url=f"https://{host}/x", title=BLAST_TITLE, text=BLAST, publisher=host, language="en")
            judgement = judge(
                db, article=article, entry=None, feed=host, guid="x", matcher=EveryArticle(), settings=Settings(),
                now=NOW + timedelta(seconds=n),
            )  # fmt: skip
            assert n == 0 or judgement.placement.rung is Rung.COPY
    return (time.process_time() - began) / (end - start)


def check_flood(store: Store, copies: int) -> None:
    seconds_per_copy(store, 0, 100)
    early = seconds_per_copy(store, 100, 300)
    seconds_per_copy(store, 300, copies - 200)
    late = seconds_per_copy(store, copies - 200, copies)
    # Quadratic time would make it copies / 200 times as much.
    assert late < 3 * early, f"{early * 1000:.1f} ms a copy at first, {late * 1000:.1f} ms at last"


def test_a_thousand_copies_of_one_text_cost_the_same_each(store):
    check_flood(store, 1_000)


@pytest.mark.slow
def test_ten_thousand_copies_of_one_text_cost_the_same_each(store):
    check_flood(store, 10_000)
