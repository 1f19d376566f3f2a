"""A database to place articles in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.model.stories import Placement
from monitor.pipeline.place import place
from monitor.store.database import Store
from tests.stories.texts import NOW

Placer = Callable[..., Placement]


@pytest.fixture
def put(store: Store) -> Placer:
    """Place one article in a transaction of its own."""

    def place_one(
        title: str,
        text: str,
        *,
        url: str = "https://one.example/a",
        feed: str = "one",
        guid: str | None = "a",
        hours: float = 0.0,
        **fields: object,
    ) -> Placement:
        article = Article(url=url, title=title, text=text, **fields)  # type: ignore[arg-type]  # fields of the test
        with store.transaction() as db:
            return place(db, article, feed=feed, guid=guid, now=NOW + timedelta(hours=hours), settings=Settings())

    return place_one
