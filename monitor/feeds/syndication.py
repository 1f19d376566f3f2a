"""RSS, Atom, RDF and CDF, read by feedparser. The only door to feedparser.

What it is given and why: a stream, because ``parse(bytes)`` opens a local file when the body equals a path; no
sanitizing, which is quadratic and not needed for matching; resolving inside HTML, which costs five times the parse,
only where something relative may stand; the document's own URL, without which base URLs leak from one entry into the
next; UTF-8 where the bytes are surely UTF-8.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from monitor.feeds.charsets import believed
from monitor.feeds.dates import from_feed
from monitor.feeds.sturdy import make_sturdy
from monitor.feeds.text import plain_text, storable
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed

HTML_TYPES = {"text/html", "application/xhtml+xml"}
LONGEST_TTL = timedelta(days=31)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
_SKIP_HOURS = re.compile(rb"<skipHours>(.{0,4000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{0,2000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*(\d{1,2})\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*(mon|tue|wed|thu|fri|sat|sun)[a-z]*\s*</day>", re.IGNORECASE)
_DAYS = [b"mon", b"tue", b"wed", b"thu", b"fri", b"sat", b"sun"]
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,1000}>")
_HEAD_BYTES = 64 * 1024
_SURROGATE = re.compile(
    rb"&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|0*(?:5529[6-9]|55[3-9]\d\d|56\d{3}|57[0-2]\d\d|573[0-3]\d|5734[0-3]));"
)
_RELATIVE = re.compile(  # it begins with a literal, for which the engine scans a hundred times faster
    rb"=(?:(?<=href=)|(?<=src=)|(?<=cite=)|(?<=poster=)|(?<=data=)|(?<=action=)|(?<=longdesc=)|(?<=background=))"
    rb"\s*(?:[\"']|&quot;|&apos;|&#3[49];)?(?!\s*(?:https?:|mailto:|tel:|data:|javascript:|#|[\"'>]))",
    re.IGNORECASE,
)


@cache
def _feedparser() -> Any:
    """feedparser, made sturdy."""
    import feedparser  # noqa: PLC0415 - a heavy import, only where a feed is read
    from feedparser import mixin  # noqa: PLC0415

    make_sturdy(mixin._FeedParserMixin)  # noqa: SLF001 - no public place to bound it
    return feedparser


def read(
    body: bytes, *, content_type: str | None, url: str, language: str | None = None, whole: bytes | None = None
) -> Any:
    """feedparser's own result for a document: a dictionary that all else is taken from.

    Where ``body`` is part of a document, ``whole`` is that document, so that both are read in the same way.
    """
    headers = {"content-location": url} if url else {}
    if language:
        headers["content-language"] = language
    body, content_type = believed(body, content_type, whole=whole or body)
    if content_type:
        headers["content-type"] = content_type
    body = _SURROGATE.sub(b"&#xFFFD;", body)  # feedparser cannot encode half of a pair
    parse = partial(
        _feedparser().parse,
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=_may_be_relative(whole or body),
    )
    try:
        return parse(io.BytesIO(body))
    except (ValueError, LookupError):  # an encoding whose very name cannot be read
        undeclared = _DECLARATION.sub(b"", body, count=1)
        if undeclared == body:
            raise
        return parse(io.BytesIO(undeclared))


def _may_be_relative(body: bytes) -> bool:
    return b"base64" in body or bool(_RELATIVE.search(body))


def read_syndication(
    body: bytes, *, content_type: str | None, url: str, whole: bytes | None = None
) -> FeedDocument | NotAFeed:
    """A document in any of feedparser's formats; a document without format and entries is no feed."""
    parsed = read(body, content_type=content_type, url=url, whole=whole)
    if not parsed.entries and not parsed.get("version"):
        return NotAFeed(reason="the document is not a feed of any known format")
    return _document(parsed, body)


def _document(parsed: Any, body: bytes) -> FeedDocument:
    feed = parsed.feed
    links = _links(feed)
    language = _text(feed, "language") or None
    is_atom = dict.get(parsed, "version", "").startswith("atom")
    return FeedDocument(
        format=parsed.get("version") or "unknown",
        entries=tuple(_entry(each, None if is_atom else language) for each in parsed.entries),
        title=_plain(feed, "title"),
        link=_http(_text(feed, "link")),
        language=language,
        next_url=links.get("next"),
        hub_url=links.get("hub"),
        self_url=links.get("self"),
        ttl=_ttl(_text(feed, "ttl")),
        skip_hours=_skip_hours(body),
        skip_days=_skip_days(body),
        update_period=_update_period(feed),
        problems=_problems(parsed),
    )


def _entry(entry: Any, feed_language: str | None) -> ListedEntry:
    title = _text(entry, "title")
    plain_title = _plain(entry, "title")
    content = dict.get(entry, "content") or []
    link = _text(entry, "link")
    return ListedEntry(
        guid=_text(entry, "id") or None,
        url=_http(link),
        other_link="" if _http(link) else link,
        title=plain_title,
        title_markup=title if title != plain_title else "",
        summary=_text(entry, "summary"),
        content=_text(content[0], "value") if content else "",
        author=_text(entry, "author") or None,
        published=_instant(entry, "published"),
        published_raw=_text(entry, "published") or None,
        updated=_instant(entry, "updated"),
        language=_language(entry, content) or feed_language,
        tags=tuple(dict.fromkeys(_text(tag, "term") for tag in dict.get(entry, "tags") or [] if _text(tag, "term"))),
    )


def _text(source: Any, key: str) -> str:
    """A string value as it is stored: feedparser's own ``get`` would answer with another key's value."""
    value = dict.get(source, key)
    return storable(value) if isinstance(value, str) else ""


def _plain(source: Any, key: str) -> str:
    """A text without markup: what is declared as plain text is left as it is."""
    detail = dict.get(source, f"{key}_detail") or {}
    text = _text(source, key)
    return plain_text(text) if _text(detail, "type") in HTML_TYPES else " ".join(text.split())


def _instant(entry: Any, key: str) -> datetime | None:
    return from_feed(_text(entry, key), dict.get(entry, f"{key}_parsed"))


def _language(entry: Any, content: list[Any]) -> str | None:
    for detail in (*content[:1], dict.get(entry, "title_detail"), dict.get(entry, "summary_detail")):
        if detail and _text(detail, "language"):
            return _text(detail, "language")
    return _text(entry, "language") or None


def _http(url: str) -> str | None:
    return url if url.lower().startswith(("http://", "https://")) else None


def _links(feed: Any) -> dict[str, str]:
    """The first link of each relation that has an http(s) address."""
    links: dict[str, str] = {}
    for link in dict.get(feed, "links") or []:
        href = _http(_text(link, "href"))
        if href:
            links.setdefault(_text(link, "rel").lower(), href)
    return links


def _ttl(text: str) -> timedelta | None:
    digits = text.strip()
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return None
    return min(timedelta(minutes=int(digits)), LONGEST_TTL)


def _skip_hours(body: bytes) -> frozenset[int]:
    """Hours 0–23; 24 stands for midnight in old RSS."""
    block = _SKIP_HOURS.search(body[:_HEAD_BYTES])
    hours = [int(hour) for hour in _HOUR.findall(block.group(1))] if block else []
    return frozenset(hour % 24 for hour in hours if hour <= 24)


def _skip_days(body: bytes) -> frozenset[int]:
    block = _SKIP_DAYS.search(body[:_HEAD_BYTES])
    return frozenset(_DAYS.index(day.lower()) for day in _DAY.findall(block.group(1))) if block else frozenset()


def _update_period(feed: Any) -> timedelta | None:
    hours = _PERIODS.get(_text(feed, "sy_updateperiod").strip().lower())
    frequency = _text(feed, "sy_updatefrequency").strip() or "1"
    if hours is None or not frequency.isascii() or not frequency.isdigit() or not 1 <= int(frequency[:6]) <= 1000:
        return None
    return timedelta(hours=hours) / int(frequency[:6])


def _problems(parsed: Any) -> tuple[str, ...]:
    error = dict.get(parsed, "bozo_exception")
    if not dict.get(parsed, "bozo") or error is None or type(error).__name__ == "NonXMLContentType":
        return ()
    if type(error).__name__ == "CharacterEncodingOverride":
        return (f"the encoding is not the declared one: {str(error)[:200]}",)
    return (f"not well-formed, read as well as possible: {str(error)[:200]}",)
