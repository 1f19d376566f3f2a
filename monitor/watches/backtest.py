"""Watches over the archive: what they would have said, what each clause does, and what a change would change."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from monitor.model.articles import Article
from monitor.watches.document import Document
from monitor.watches.explain import text_of
from monitor.watches.matcher import Matcher
from monitor.watches.nodes import AllOf, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """A stored article with the story it stands in and when it was seen."""

    id: int
    story: int
    seen: datetime
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hit in the archive."""

    article: int
    story: int
    title: str
    url: str
    score: float
    background: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseEffect:
    """How many more articles would match without this clause."""

    clause: str
    removes: int


@dataclass(slots=True, kw_only=True)
class Backtest:
    """One watch over ``articles`` articles of ``days`` days."""

    watch: str
    articles: int = 0
    days: float = 1.0
    hits: list[Found] = field(default_factory=list)
    gained: list[Found] = field(default_factory=list)
    """Hits that the watch in force does not have."""
    lost: list[Found] = field(default_factory=list)
    clauses: tuple[ClauseEffect, ...] = ()

    @property
    def stories(self) -> int:
        """Events: the first hit of each that is not background would alert."""
        return len({hit.story for hit in self.hits})

    @property
    def alerts_per_day(self) -> float:
        """New alerts a day, without updates of a story."""
        return len({hit.story for hit in self.hits if not hit.background}) / max(self.days, 1.0)


def backtest(
    names: Sequence[str], matcher: Matcher, archive: Iterable[Archived], *, in_force: Matcher | None = None
) -> list[Backtest]:
    """The watches ``names`` of ``matcher`` over ``archive``, read once; ``in_force`` has those to compare with."""
    runs = [_Run(Backtest(watch=name), _without_each(matcher.roots[name])) for name in names]
    count, first, last = 0, None, None
    for archived in archive:
        count += 1
        first, last = min(first or archived.seen, archived.seen), max(last or archived.seen, archived.seen)
        document = matcher.document(archived.article)
        earlier = in_force.document(archived.article) if in_force is not None else None
        for run in runs:
            name = run.report.watch
            before = _found(name, in_force, archived, earlier) if in_force and name in in_force.watches else None
            run.note(_found(name, matcher, archived, document), before, document)
    days = (last - first).total_seconds() / 86_400 if first and last else 0.0
    return [run.finished(articles=count, days=max(1.0, days), compared=in_force is not None) for run in runs]


@dataclass(slots=True)
class _Run:
    """One watch on its way through the archive; ``without`` has each clause with the rest of the watch."""

    report: Backtest
    without: list[tuple[str, Node]]
    removed: Counter[int] = field(default_factory=Counter)

    def note(self, found: Found | None, before: Found | None, document: Document) -> None:
        if found is not None:
            self.report.hits.append(found)
        else:
            self.removed.update(number for number, (_, rest) in enumerate(self.without) if rest.holds(document))
        if found is not None and before is None:
            self.report.gained.append(found)
        if before is not None and found is None:
            self.report.lost.append(before)

    def finished(self, *, articles: int, days: float, compared: bool) -> Backtest:
        self.report.articles, self.report.days = articles, days
        if not compared:
            self.report.gained.clear()
        self.report.clauses = tuple(
            ClauseEffect(clause=text, removes=self.removed[number]) for number, (text, _) in enumerate(self.without)
        )
        return self.report


def hit_of(name: str, matcher: Matcher, archived: Archived) -> Found | None:
    """The hit of one watch on one stored article, if there is one."""
    return _found(name, matcher, archived, matcher.document(archived.article))


def _found(name: str, matcher: Matcher, archived: Archived, document: Document | None) -> Found | None:
    hit = None if document is None else matcher.hit_of(name, document)
    if hit is None:
        return None
    return Found(
        article=archived.id, story=archived.story, title=archived.article.title, url=archived.article.url,
        score=hit.score, background=hit.background, reasons=hit.reasons,
    )  # fmt: skip


def _without_each(root: Node) -> list[tuple[str, Node]]:
    if not isinstance(root, AllOf):
        return []
    clauses: list[tuple[str, Node]] = []
    for left_out in root.children:
        rest = tuple(child for child in root.children if child is not left_out)
        clauses.append((text_of(left_out), AllOf(rest, rest)))
    return clauses


BANDS = (0.0, 0.3, 0.6, 1.01)
"""Score bands from which a sample is drawn evenly: errors gather at the low end, events at the high one."""


def sample(hits: Sequence[Found], size: int, random: Random) -> list[Found]:
    """``size`` hits, as evenly as possible from each score band, in random order."""
    strata = [[hit for hit in hits if low <= hit.score < high] for low, high in itertools.pairwise(BANDS)]
    for stratum in strata:
        random.shuffle(stratum)
    chosen: list[Found] = []
    while len(chosen) < size and any(strata):
        for stratum in strata:
            if stratum and len(chosen) < size:
                chosen.append(stratum.pop())
    random.shuffle(chosen)
    return chosen


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimated share with its bounds."""

    share: float
    low: float
    high: float


def wilson(right: int, total: int, *, z: float = 1.96) -> Interval:
    """Wilson's score interval for ``right`` of ``total`` (E. B. Wilson, 1927); 95 % by default, 0..1 for none."""
    if total == 0:
        return Interval(0.0, 0.0, 1.0)
    share = right / total
    scale = 1 + z * z / total
    centre = (share + z * z / (2 * total)) / scale
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / scale
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half))


def precision(hits: Sequence[Found], labels: dict[int, bool]) -> Interval:
    """The precision over all ``hits`` from the labelled ones: bands weighted by their size, Wilson bounds alike."""
    total = len(hits)
    share = low = high = 0.0
    for bottom, top in itertools.pairwise(BANDS):
        stratum = [hit for hit in hits if bottom <= hit.score < top]
        known = [labels[hit.article] for hit in stratum if hit.article in labels]
        if not stratum:
            continue
        part = wilson(sum(known), len(known))
        weight = len(stratum) / total
        share, low, high = share + weight * part.share, low + weight * part.low, high + weight * part.high
    return Interval(share, low, high) if total else wilson(0, 0)
