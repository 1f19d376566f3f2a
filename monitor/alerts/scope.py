"""Whether an article lies within a list of feeds, as routes and silences name them."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from monitor.model.articles import Article


def names_feed(patterns: Iterable[str], article: Article) -> bool:
    """True where a pattern is the article's feed name, one of its feed's tags, or a ``*`` pattern of its host."""
    names = {article.feed, *article.feed_tags, _host(article.url), article.publisher} - {""}
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns for name in names)


def names_watch(patterns: Iterable[str], watch: str) -> bool:
    """True where a pattern is the watch's name or matches it with ``*``."""
    return any(fnmatchcase(watch.casefold(), pattern.casefold()) for pattern in patterns)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
