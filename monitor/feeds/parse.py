"""A feed document of any format, from bytes to values. Synchronous and picklable, to be run in a worker process.

Rules: a document that could be read in part is a feed with problems, never a failure; a document is no feed only when
it has neither a known format nor entries; nothing in it can open a file, a connection or an entity.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from monitor.feeds.charsets import in_utf8
from monitor.feeds.delta import unseen_part
from monitor.feeds.discovery import announced_in_html
from monitor.feeds.jsonfeed import read_json_feed
from monitor.feeds.sitemaps import is_sitemap, read_sitemap
from monitor.feeds.syndication import read_syndication
from monitor.model.feeds import FeedDocument, NotAFeed

PARSE_DEADLINE = timedelta(seconds=10)
"""For the worker that parses: a longer parse is an attack."""
_HTML = re.compile(rb"<(?:!doctype\s+html|html[\s>]|head[\s>]|body[\s>])", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:rss|feed|RDF|channel)[\s>]", re.IGNORECASE)
_BLANK = b"\xef\xbb\xbf \t\r\n\0"


def parse_document(
    body: bytes,
    *,
    content_type: str | None,
    url: str,
    language: str | None = None,
    seen: frozenset[bytes] | None = None,
) -> FeedDocument | NotAFeed:
    """Read ``body`` as JSON Feed, news sitemap, RSS, Atom, RDF or CDF, whatever its labels say.

    ``url`` is the document's own address, against which relative links are resolved; empty where it has none.
    ``language`` overrides what the feed says of its own. ``seen`` has the digests of items (``item_hashes`` of an
    earlier document) that need not be shown again; None asks for no digests at all.
    """
    start = body[:2048].removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").lstrip(_BLANK)
    if not body.strip(_BLANK):
        return NotAFeed(reason="the document is empty")
    try:
        document = _read(body, start, content_type, url, seen)
    except Exception as error:  # noqa: BLE001 - parsers fail in countless ways on hostile bytes; none is ours to know
        return NotAFeed(reason=f"the document cannot be read ({type(error).__name__}: {str(error)[:100]})")
    if isinstance(document, NotAFeed):
        return _explained(document, body, url)
    return _in_language(document, language)


def _read(
    body: bytes, start: bytes, content_type: str | None, url: str, seen: frozenset[bytes] | None
) -> FeedDocument | NotAFeed:
    if start.startswith((b"{", b"[")):
        return read_json_feed(body, url=url)
    if is_sitemap(body):
        return read_sitemap(in_utf8(body, content_type), url=url)
    if _is_page(body):
        return NotAFeed(reason="the document is an HTML page, not a feed", is_html=True)
    delta = unseen_part(body, seen) if seen is not None else None
    if delta is None:
        return read_syndication(body, content_type=content_type, url=url)
    document = read_syndication(delta.document, content_type=content_type, url=url, whole=body)
    if isinstance(document, NotAFeed):
        return document
    return replace(document, item_hashes=delta.digests, unseen_only=delta.left_out > 0)


def _explained(verdict: NotAFeed, body: bytes, url: str) -> NotAFeed:
    """An HTML page with the feeds that it announces."""
    if not verdict.is_html:
        return verdict
    return replace(verdict, links=announced_in_html(body[:1_000_000].decode("utf-8", "replace"), url=url))


def _is_page(body: bytes) -> bool:
    """True for HTML, which feedparser would search for entries slowly; XHTML inside a feed does not count."""
    return bool(_HTML.search(body[:4096])) and not _FEED_ROOT.search(body)


def _in_language(document: FeedDocument, language: str | None) -> FeedDocument:
    if language is None:
        return document
    entries = tuple(replace(entry, language=language) for entry in document.entries)
    return replace(document, entries=entries, language=language)
