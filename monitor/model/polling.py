"""What is remembered of a feed between two polls, and what a poll found changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.model.feeds import FeedSpec, ListedEntry
from monitor.model.fetching import FetchFailureKind, Validators


class FeedHealth(StrEnum):
    """How a feed does, in one word."""

    NEW = "new"
    """Never polled with success."""
    OK = "ok"
    FAILING = "failing"
    DEAD = "dead"
    """404 for days: probed once a week."""
    GONE = "gone"
    """410: not polled any more."""
    SUSPECT = "suspect"
    """It changed identity at once, as a hijacked or parked domain does: no alerts from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a publisher said about how often to come, from the last answer that said it."""

    freshness: timedelta | None = None
    ttl: timedelta | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingRate:
    """A feed's posting rate, learnt with a fading memory: entries counted over days watched."""

    entries: float = 0.0
    days: float = 0.0
    measured: datetime | None = None
    """The poll up to which was counted."""
    hours: tuple[float, ...] = ()
    """The entries counted by hour of the day (UTC), fading likewise; empty while there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect on trial: where to, since when, and how many polls have confirmed it."""

    url: str
    since: datetime
    polls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a reader would recognise a feed by."""

    domain: str = ""
    title: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """A row of the feeds table: the feed and what its polls have taught."""

    id: int
    spec: FeedSpec
    url: str
    """Polled: that of the configuration, or where it moved permanently."""
    active: bool = True
    health: FeedHealth = FeedHealth.NEW
    validators: Validators | None = None
    last_full_answer: datetime | None = None
    """The last 200, for the rule of eight days."""
    polls: int = 0
    """Polls that read the feed, with 200 or 304; 0 means that the next is the baseline."""
    failures: int = 0
    """In a row."""
    failure: FetchFailureKind | None = None
    """The kind of the last of them; None while there are none."""
    failing_since: datetime | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    last_entry: datetime | None = None
    """When the last new entry was seen."""
    problem: str = ""
    """What is wrong, a sentence without a full stop; empty when nothing is."""
    hints: Hints = Hints()
    rate: PostingRate = PostingRate()
    move: Move | None = None
    face: Face = Face()
    last_gap: datetime | None = None
    """When last all entries listed were new, so that some before them may never have been seen."""
    notes: tuple[str, ...] = ()
    """What the last answer was that an operator may want to know, in sentences: a gap, changed guids, no entries."""
    empty_polls: int = 0
    """Answers without entries in a row."""
    seen_items: frozenset[bytes] = frozenset()
    """Digests of the items of the last document, for the item delta."""
    next_poll: datetime | None = None
    next_poll_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The keys by which an entry is recognised, and the digest that tells whether it was revised."""

    guid: str | None
    link_key: str | None
    title_key: str
    text_hash: str

    @property
    def bare_key(self) -> str:
        """Identity of an entry that has neither guid nor link."""
        return self.text_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry in the store, as far as recognising it needs."""

    id: int
    identity: Identity
    revision: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A listed entry with its identity; ``known`` is the stored entry that it revises, None when it is new."""

    listed: ListedEntry
    identity: Identity
    known: KnownEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What a document changes, in the order of the document."""

    new: tuple[Change, ...] = ()
    revised: tuple[Change, ...] = ()
    adopted: tuple[Change, ...] = ()
    """Unchanged entries that the feed lists under another guid now."""
    unchanged: int = 0
    churned: bool = False
    """True when the feed changed (nearly) all its guids and the entries were recognised by link."""
