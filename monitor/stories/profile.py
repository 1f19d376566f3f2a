"""What a story is about, as one small value: the sum of its reports, copies not counted.

Weights are frozen when a report joins, so that a later report is compared at the cost of a dictionary look-up.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.stories.fingerprint import Fingerprint, weighted

MAX_STORY_TERMS = 160
MAX_STORY_LEAD = 80
MAX_STORY_NAMES = 60
MAX_STORY_NUMBERS = 60
PROBES = 12
"""Rarest terms of an article by which candidate stories are found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Sums of unit vectors over the story's reports; ``counts`` has the values reported for each kind of casualty."""

    reports: int = 0
    terms: Mapping[str, float] = field(default_factory=dict)
    lead: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The form in which it is stored."""
        return {
            "reports": self.reports,
            "terms": {term: round(value, 4) for term, value in self.terms.items()},
            "lead": {term: round(value, 4) for term, value in self.lead.items()},
            "names": dict(self.names),
            "numbers": list(self.numbers),
            "counts": {kind: list(values) for kind, values in self.counts.items()},
        }


def from_json(stored: Mapping[str, Any]) -> Profile:
    """The inverse of :meth:`Profile.as_json`."""
    return Profile(
        reports=stored["reports"],
        terms=stored["terms"],
        lead=stored["lead"],
        names=stored["names"],
        numbers=tuple(stored["numbers"]),
        counts={kind: tuple(values) for kind, values in stored["counts"].items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """An article's fingerprint weighed by how rare its words are."""

    terms: Mapping[str, float]
    lead: Mapping[str, float]
    title: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    idf: Mapping[str, float]
    length: int


def weigh(fingerprint: Fingerprint, idf: Mapping[str, float]) -> Weighed:
    """``fingerprint`` as unit vectors; ``idf`` must have every term of it."""
    return Weighed(
        terms=weighted(fingerprint.terms, idf),
        lead=weighted(fingerprint.lead, idf),
        title=frozenset(fingerprint.title),
        names=fingerprint.names,
        numbers=fingerprint.numbers,
        idf=idf,
        length=fingerprint.length,
    )


def joined(profile: Profile, article: Weighed, counts: Mapping[str, Iterable[int]]) -> Profile:
    """``profile`` with one more report."""
    return Profile(
        reports=profile.reports + 1,
        terms=_largest(_added(profile.terms, article.terms), MAX_STORY_TERMS),
        lead=_largest(_added(profile.lead, article.lead), MAX_STORY_LEAD),
        names=_largest(_added(profile.names, dict.fromkeys(article.names, 1)), MAX_STORY_NAMES),
        numbers=tuple(dict.fromkeys([*profile.numbers, *sorted(article.numbers)]))[:MAX_STORY_NUMBERS],
        counts=with_counts(profile.counts, counts),
    )


def with_counts(
    known: Mapping[str, tuple[int, ...]], counts: Mapping[str, Iterable[int]]
) -> dict[str, tuple[int, ...]]:
    """``known`` with the values of one more report, in the order in which they became known."""
    merged = dict(known)
    for kind, values in counts.items():
        merged[kind] = tuple(dict.fromkeys([*merged.get(kind, ()), *values]))
    return merged


def probes(article: Weighed) -> list[str]:
    """The heaviest terms of an article, by which stories are looked up and found."""
    ranked = sorted(article.terms, key=lambda term: (-article.terms[term], term))
    by_lead = sorted(article.lead, key=lambda term: (-article.lead[term], term))
    return list(dict.fromkeys([*by_lead[:PROBES // 2], *ranked[:PROBES]]))[:PROBES]


def length_of(vector: Mapping[str, float]) -> float:
    """The Euclidean length of ``vector``."""
    return math.sqrt(sum(value * value for value in vector.values()))


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    summed = dict(one)
    for term, value in other.items():
        summed[term] = summed.get(term, 0) + value
    return summed


def _largest(vector: dict[str, Any], n: int) -> dict[str, Any]:
    if len(vector) <= n:
        return vector
    return dict(sorted(vector.items(), key=lambda item: (-item[1], item[0]))[:n])
