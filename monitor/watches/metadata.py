"""Conditions on what is known about an article: its language, its feed, its tags."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase

from monitor.model.articles import Article
from monitor.watches.document import urlsplit_host
from monitor.watches.folding import fold

_LANGUAGE_ALIASES = {"prs": "fa", "pes": "fa", "pus": "ps", "iw": "he", "in": "id", "zho": "zh", "nb": "no", "nn": "no"}

Predicate = Callable[[Article], bool]


def primary_language(tag: str) -> str:
    """``fa`` for ``fa-AF``, ``prs`` and ``FA``: the primary subtag that articles carry."""
    primary = tag.strip().casefold().replace("_", "-").split("-")[0]
    return _LANGUAGE_ALIASES.get(primary, primary)


def in_languages(tags: tuple[str, ...], *, unknown: bool) -> Predicate:
    """The article is in one of ``tags``; ``unknown`` is the answer where its language is not known."""
    wanted = frozenset(map(primary_language, tags))

    def predicate(article: Article) -> bool:
        return unknown if not article.language else primary_language(article.language) in wanted

    return predicate


def from_feeds(patterns: tuple[str, ...]) -> Predicate:
    """It came by a feed of that name or tag, or from that host or a subdomain; ``*`` in a pattern is anything."""
    wanted = tuple(pattern.strip().casefold() for pattern in patterns)

    def predicate(article: Article) -> bool:
        names = {article.feed.casefold(), *(tag.casefold() for tag in article.feed_tags)} - {""}
        host = urlsplit_host(article.url)
        return any(_admits(pattern, names, host) for pattern in wanted)

    return predicate


def _admits(pattern: str, names: set[str], host: str) -> bool:
    if "*" in pattern or "?" in pattern:
        hosts = (host, f"www.{host}") if host else ()
        return any(fnmatchcase(name, pattern) for name in (*names, *hosts))
    return pattern in names or host == pattern.removeprefix("www.") or (bool(host) and host.endswith(f".{pattern}"))


def with_tag(tag: str) -> Predicate:
    """Its feed has the tag, compared as terms are; a final ``*`` admits every tag that begins so."""
    wanted = _folded_tag(tag.removesuffix("*"))
    prefix = tag.endswith("*")

    def predicate(article: Article) -> bool:
        tags = map(_folded_tag, article.feed_tags)
        return any(each.startswith(wanted) if prefix else each == wanted for each in tags)

    return predicate


def _folded_tag(tag: str) -> str:
    return "".join(each for each in fold(tag.strip()) if each.isalnum())
