"""An article: what was extracted from an entry's page, and how sure we are of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.fetching import Validators


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
    live_updates: tuple[LiveUpdate, ...] = ()
    """Entries of a live blog, latest first; ``text`` has them all, one below the other. Empty for other articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHints:
    """What is known of a page before it is read: its address, and what the feed said of it."""

    url: str
    content_type: str = ""
    """The ``Content-Type`` header, with its charset; empty where there was none (a file)."""
    title: str = ""
    """Plain text, as are author and tags; ``summary`` and ``content`` may be HTML."""
    summary: str = ""
    content: str = ""
    author: str | None = None
    published: datetime | None = None
    language: str | None = None
    """Of the entry, as listed."""
    feed: str = ""
    feed_tags: tuple[str, ...] = ()
    feed_language: str | None = None
    """As configured: it decides where given."""
    country: str | None = None
    """ISO 3166 alpha-2 of the publisher."""
    publisher: str | None = None
    """Publisher family as configured; the registrable domain of ``url`` where None."""
    host_lines: frozenset[int] = frozenset()
    """Hashes of lines that are known as the host's own (:mod:`monitor.articles.repeats`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotExtracted:
    """Neither the page nor the feed has any text; ``detail`` is a sentence without a full stop."""

    reason: Partial
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedLine:
    """A line that was found and left out, with the reason."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What became of a page, for the person who asks why."""

    article: Article | NotExtracted
    dropped: tuple[DroppedLine, ...] = ()
    elapsed: timedelta = timedelta()
    """CPU time in the worker."""
    lines: tuple[int, ...] = ()
    """Hashes of the body's lines, for counting those that repeat over the host."""
    rule: str = ""
    """File of the site rule that was at work; empty for nearly all pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUpdate:
    """One entry of a live blog. ``at`` is None where it states no time."""

    text: str
    title: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRead:
    """The entry's article, with what its page teaches of its host."""

    article: Article
    host: str = ""
    """Whose lines ``lines`` are; empty where no page was read."""
    lines: tuple[int, ...] = ()
    validators: Validators | None = None
    """What the server gave with a whole page, for the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUnchanged:
    """The server says that the page is as it was when it was last read (304)."""

    validators: Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class PageUnavailable:
    """The page could not be read; ``article`` is what the feed tells, marked partial.

    ``retry_later``: the failure is of the moment (a timeout, 5xx, DNS), so the page is worth another try.
    """

    reason: Partial
    retry_later: bool
    article: Article
