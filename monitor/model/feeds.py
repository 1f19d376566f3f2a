"""A feed as its owner configured it, and a feed document as its publisher wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """One ``[[feed]]`` table. ``weight`` is the importance of the watches on it (1.0 when none says otherwise)."""

    name: str
    url: str
    tags: tuple[str, ...] = ()
    language: str | None = None
    """BCP 47 primary tag that overrides detection."""
    country: str | None = None
    """ISO 3166 alpha-2 of the publisher; tells Dari (af) from Iranian Persian (ir)."""
    publisher: str | None = None
    """Publisher family for corroboration; the registrable domain of each article when absent."""
    interval: timedelta | None = None
    """A fixed interval between polls instead of the learnt one."""
    weight: float = 1.0
    alert_younger_than: timedelta | None = None
    """On the first poll, entries younger than this may alert; the others are the baseline."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Request fields of the user's own, for the feed's own origin only; often secrets, so never stored."""


def by_name_or_address(feeds: Iterable[FeedSpec]) -> dict[str, FeedSpec]:
    """The feeds by both, in lower case, for :func:`named_feed`."""
    return {key.casefold(): feed for feed in feeds for key in (feed.url, feed.name)}


def named_feed(feeds: Mapping[str, FeedSpec], name: str) -> FeedSpec:
    """The configured feed of that name or address; one that knows nothing but its name where there is none."""
    return feeds.get(name.casefold()) or FeedSpec(name=name, url="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """One item of a feed document, as listed; text fields are never None, HTML is untouched."""

    guid: str | None
    url: str | None
    """Absolute; None where the item has no link to the web."""
    other_link: str = ""
    """The link as listed where ``url`` is None: relative without a base, ``mailto:``, an id that is said to be one."""
    title: str = ""
    """Plain text."""
    title_markup: str = ""
    """The title as the feed has it, where that differs: with its HTML."""
    summary: str = ""
    """HTML or plain text, as the feed has it."""
    content: str = ""
    """HTML of the full text where the feed carries it."""
    author: str | None = None
    published: datetime | None = None
    """As stated, in UTC; the poll makes it None outside 1990 … now + 24 h. None where missing or meaningless."""
    published_raw: str | None = None
    updated: datetime | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDocument:
    """A parsed feed document of any format. Empty ``entries`` is legal."""

    format: str
    """feedparser's version names (``rss20``, ``atom10``, ``rss10`` …), ``json11`` or ``news-sitemap``."""
    entries: tuple[ListedEntry, ...]
    title: str = ""
    link: str | None = None
    language: str | None = None
    next_url: str | None = None
    """RFC 5005 ``rel=next``."""
    hub_url: str | None = None
    self_url: str | None = None
    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in UTC, 0–23."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week in UTC, Monday is 0."""
    update_period: timedelta | None = None
    """``sy:updatePeriod`` ÷ ``sy:updateFrequency``: a weak hint."""
    children: tuple[str, ...] = ()
    """The sitemaps that a sitemap index names, newest first; such a document has no entries of its own."""
    item_hashes: tuple[bytes, ...] = ()
    """What the item delta saw, one digest for each item in the document; empty where it was parsed whole."""
    unseen_only: bool = False
    """True when ``entries`` leaves out the items whose digests the caller had already seen."""
    problems: tuple[str, ...] = ()
    """What was malformed and read all the same, in sentences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAFeed:
    """A document that is no feed of any format."""

    reason: str
    """A sentence without a full stop."""
    is_html: bool = False
    links: tuple[str, ...] = ()
    """The feeds that an HTML page announces, absolute, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedEntry:
    """An entry in the queue between poll and ingest: its key, what the feed listed, and where it comes from."""

    id: int
    feed: FeedSpec
    listed: ListedEntry
    first_seen: datetime
    baseline: bool
    """True when it came with the first poll of its feed: matched and stored, but it alerts nobody."""
    attempts: int = 0
    flood: bool = False
    """True when far more entries came at once than the feed's rhythm lets expect: told in one message."""
    revision: int = 0
    """How often the publisher has changed it since it was first seen."""
    article_id: int | None = None
    """The article made from an earlier revision of this entry, or the article to read again."""
