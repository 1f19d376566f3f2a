"""Google News sitemaps and sitemap indexes (https://www.sitemaps.org, the ``sitemap-news/0.9`` extension)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from monitor.feeds.dates import from_iso
from monitor.feeds.text import mended_xml, one_line
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(urlset|sitemapindex)[\s>]")
_HEAD_BYTES = 4096
_BLANK = b"\xef\xbb\xbf \t\r\n"
_NEVER = datetime.min.replace(tzinfo=UTC)


def is_sitemap(body: bytes) -> bool:
    """True when the document's first element may be a sitemap's."""
    return bool(_ROOT.search(body[:_HEAD_BYTES].replace(b"\0", b"")))


def read_sitemap(body: bytes, *, url: str) -> FeedDocument | NotAFeed:
    """A news sitemap as a feed, or a sitemap index as a document with children."""
    if b"<!DOCTYPE" in body.replace(b"\0", b"")[:_HEAD_BYTES]:
        return NotAFeed(reason="the document is a sitemap with a DOCTYPE, which sitemaps have no use for")
    root, problem = _tree(body.lstrip(_BLANK) if b"\0" not in body[:4] else body)
    if root is None:
        return NotAFeed(reason=f"the document looks like a sitemap but is not well-formed ({problem})")
    problems = (f"not well-formed, read as well as possible: {problem}",) if problem else ()
    if _name(root) == "sitemapindex":
        return FeedDocument(format="sitemap-index", entries=(), children=_children(root, url), problems=problems)
    entries = tuple(entry for entry in (_entry(each, url) for each in _named(root, "url")) if entry is not None)
    if not entries and len(root):
        return NotAFeed(reason="the document is a sitemap without news in it")
    return FeedDocument(format="news-sitemap", entries=entries, link=url or None, problems=problems)


def _tree(body: bytes) -> tuple[ET.Element | None, str]:
    """The document's tree, and what was wrong with it: mended where that helps, else as far as it could be read."""
    try:
        return ET.fromstring(body), ""  # noqa: S314 - no DOCTYPE, so no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        problem = str(error)[:200]
    parser: ET.XMLPullParser[Any] = ET.XMLPullParser(events=("start", "end"))
    with suppress(ET.ParseError, ValueError, LookupError):
        parser.feed(mended_xml(body))
        parser.close()
    return _closed_children(list(parser.read_events())), problem


def _closed_children(events: list[Any]) -> ET.Element | None:
    """The root with those of its children that were read to their end; None where there are none."""
    root = events[0][1] if events else None
    if root is not None and len(root) and not any(kind == "end" and each is root[-1] for kind, each in events):
        root.remove(root[-1])
    return root if root is not None and len(root) else None


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
    stated = _child_text(element, "loc")
    try:
        location = urljoin(base, stated) if stated else ""
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
