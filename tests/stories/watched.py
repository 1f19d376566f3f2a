"""A matcher that every article hits."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.model.articles import Article
from monitor.model.watches import Hit, WatchSpec


class EveryArticle:
    """Stands where a matcher does: one watch, one hit an article."""

    def __init__(self) -> None:
        self.watches: Mapping[str, WatchSpec] = {"all": WatchSpec(name="all")}

    def match(self, article: Article) -> tuple[Hit, ...]:
        return (Hit(watch="all", score=1.0, reasons=("all",), spans=()),)
