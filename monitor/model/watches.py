"""Watches as written, and hits as found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from monitor.model.faults import KeyPath


class Severity(StrEnum):
    """How much a watch matters; ordered by ``rank``."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info … 4 for critical."""
        return list(Severity).index(self)


class Merging(StrEnum):
    """How readily a watch lets a story swallow further articles."""

    STRICT = "strict"
    NORMAL = "normal"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermList:
    """``[terms.NAME]``: variants of one thing."""

    name: str
    any: tuple[str, ...] = ()
    case: tuple[str, ...] = ()
    """Matched only in exactly this spelling."""
    exclude: tuple[str, ...] = ()
    """The ``except`` key: a mention inside one of these phrases does not count."""
    file: str = ""
    path: KeyPath = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTest:
    """``[[watch.test]]``: a text and what the watch must say of it."""

    text: str
    expect: bool
    title: str = ""
    lang: str | None = None
    path: KeyPath = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSpec:
    """``[[watch]]`` as written; ``file`` and ``path`` say where, for errors."""

    name: str
    severity: Severity = Severity.MEDIUM
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    query: str | None = None
    where: str = "text"
    """``title``, ``lead``, ``top``, ``body`` or ``text``."""
    lang: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    """Feed names, tags or host patterns; empty means all."""
    min_score: float = 0.0
    channels: tuple[str, ...] = ()
    """Empty means: as the routes say."""
    merging: Merging = Merging.NORMAL
    min_independent: int = 1
    unconfirmed_after: timedelta = timedelta(hours=6)
    """How long ``min_independent`` may hold an alert before it goes out as unconfirmed."""
    shadow: timedelta | None = None
    tests: tuple[WatchTest, ...] = ()
    file: str = ""
    path: KeyPath = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistSpec:
    """All term lists and watches of a configuration, from all its files."""

    terms: Mapping[str, TermList] = field(default_factory=dict)
    watches: tuple[WatchSpec, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a term was found: code point offsets into that field of the article."""

    field: str
    """``title``, ``lead`` or ``text``."""
    start: int
    end: int
    term: str
    """The term or list as written in the watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One watch satisfied by one article, with the spans that prove it."""

    watch: str
    score: float
    """0..1: event rather than background mention."""
    reasons: tuple[str, ...]
    """Sentences for people, most important first."""
    spans: tuple[Span, ...]
    background: bool = False
    """True when the score is below the watch's ``min_score``: it goes to the digest, never to nowhere."""
