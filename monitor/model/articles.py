"""An article: what was extracted from an entry's page, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Partial(StrEnum):
    """Why less than the whole article could be read. A partial article is matched all the same, and says so."""

    PAYWALL = "paywall"
    CONSENT = "consent"
    SHORT = "short"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    NON_HTML = "non-html"
    OVERSIZE = "oversize"
    HTTP_ERROR = "http-error"
    """``partial_detail`` has the code, shown as ``http-404``."""
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    """The address guard or robots rules forbade the fetch."""
    SCRIPT_ONLY = "script-only"
    """The page has no text without JavaScript."""
    CRASH = "crash"


class Method(StrEnum):
    """Which source the body came from, best first; anything but PAGE (and FEED with full content) is partial."""

    PAGE = "page"
    JSON_LD = "json-ld"
    FEED = "feed"
    RECALL = "recall"
    TEXT_OF_MAIN = "text-of-main"
    LEAD = "lead"
    SUMMARY = "summary"
    GIVEN = "given"
    """The text came ready-made (``match``, ``replay``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """``PLACE[, Region][, Mon DD] [(AGENCY)] –`` at the start of the body; ``start``/``end`` are offsets into text."""

    place: str
    agency: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text that is matched and shown. Strings are NFC, without control or bidi override characters.

    ``text`` is the body; when the page's standfirst is not part of it, ``lead`` holds that standfirst, and when it
    is, ``lead`` repeats it. ``titles`` has every variant found, by source (``feed``, ``h1``, ``og``, ``headline``,
    ``title``); ``title`` is the best of them.
    """

    url: str
    title: str
    text: str
    lead: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    author: str | None = None
    site: str | None = None
    """Publisher's name as the page states it."""
    published: datetime | None = None
    """As stated by page or feed, in UTC."""
    language: str | None = None
    """ISO 639-1 (``fa`` for Dari and Persian alike)."""
    canonical_url: str | None = None
    amp_url: str | None = None
    dateline: Dateline | None = None
    method: Method = Method.PAGE
    partial: Partial | None = None
    partial_detail: str = ""
    feed: str = ""
    """Name of the feed it came by; empty where none."""
    feed_tags: tuple[str, ...] = ()
    publisher: str = ""
    """Registrable domain or configured family: the unit of independence."""
