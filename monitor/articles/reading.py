"""The way of a page, from bytes to an article; see docs/extraction.md. Runs in a worker."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.articles import from_feed
from monitor.model.articles import Article, DroppedLine, NotExtracted, PageHints, Partial


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with what was left out of it."""

    article: Article | NotExtracted
    dropped: tuple[DroppedLine, ...] = ()


def read(body: bytes, hints: PageHints, *, cheap: bool = False) -> Reading:
    """Read the page; see :func:`monitor.articles.extract.extract_article`."""
    return Reading(article=from_feed.article(hints, partial=Partial.SHORT, detail="the page was not read"))
