"""Google News sitemaps and sitemap indexes (https://www.sitemaps.org, the ``sitemap-news/0.9`` extension)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from monitor.feeds.dates import from_iso
from monitor.feeds.text import one_line
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(urlset|sitemapindex)[\s>]")
_HEAD_BYTES = 4096
_NEVER = datetime.min.replace(tzinfo=UTC)


def is_sitemap(body: bytes) -> bool:
    """True when the document's first element may be a sitemap's."""
    return bool(_ROOT.search(body[:_HEAD_BYTES].replace(b"\0", b"")))


def read_sitemap(body: bytes, *, url: str) -> FeedDocument | NotAFeed:
    """A news sitemap as a feed, or a sitemap index as a document with children."""
    if b"<!DOCTYPE" in body.replace(b"\0", b"")[:_HEAD_BYTES]:
        return NotAFeed(reason="the document is a sitemap with a DOCTYPE, which sitemaps have no use for")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no DOCTYPE, so no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        return NotAFeed(reason=f"the document looks like a sitemap but is not well-formed ({error})")
    if _name(root) == "sitemapindex":
        return FeedDocument(format="sitemap-index", entries=(), children=_children(root, url))
    entries = tuple(entry for entry in (_entry(each, url) for each in _named(root, "url")) if entry is not None)
    if not entries and len(root):
        return NotAFeed(reason="the document is a sitemap without news in it")
    return FeedDocument(format="news-sitemap", entries=entries, link=url or None)


def _entry(element: ET.Element, base: str) -> ListedEntry | None:
    """An address with a ``news:news`` element; None for any other."""
    location = _location(element, base)
    news = next(_named(element, "news"), None)
    if location is None or news is None:
        return None
    publication = next(_named(news, "publication"), news)
    stated = _child_text(news, "publication_date")
    return ListedEntry(
        guid=location,
        url=location,
        title=one_line(_child_text(news, "title")),
        published=from_iso(stated),
        published_raw=stated or None,
        updated=from_iso(_child_text(element, "lastmod")),
        language=_child_text(publication, "language") or None,
        tags=tuple(word.strip() for word in _child_text(news, "keywords").split(",") if word.strip()),
    )


def _children(root: ET.Element, base: str) -> tuple[str, ...]:
    dated = [
        (from_iso(_child_text(each, "lastmod")) or _NEVER, location)
        for each in _named(root, "sitemap")
        if (location := _location(each, base))
    ]
    return tuple(location for _, location in sorted(dated, key=lambda pair: pair[0], reverse=True))


def _location(element: ET.Element, base: str) -> str | None:
    try:
        location = urljoin(base, _child_text(element, "loc"))
    except ValueError:
        return None
    return location if location.lower().startswith(("http://", "https://")) else None


def _name(element: ET.Element) -> str:
    """The local name: publishers get the namespace wrong."""
    return str(element.tag).rpartition("}")[2]  # a comment's tag is a function


def _named(element: ET.Element, name: str) -> Iterator[ET.Element]:
    return (child for child in element if _name(child) == name)


def _child_text(element: ET.Element, name: str) -> str:
    child = next(_named(element, name), None)
    return (child.text or "").strip() if child is not None else ""
