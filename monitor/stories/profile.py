"""What a story is about, as one small value: the sum of its reports, copies not counted.

Weights are frozen when a report joins, so that a later report is compared at the cost of a dictionary look-up.

A profile is stored as JSON. It begins with its opening, by which most candidate stories are told from an article; only
those that remain are read to the end.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice, takewhile
from operator import mul
from typing import Any, TypeVar

from monitor.stories import rarity
from monitor.stories.fingerprint import Fingerprint, weighted
from monitor.stories.words import stem

T = TypeVar("T")

_BETWEEN = "|"
"""Stands in no word; a space may: folding makes four words of the ligature ﷺ."""
_END_OF_OPENING = ',"terms":'
"""Stands nowhere else: a quotation mark is part of no word."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

MAX_STORY_TERMS = 160
MAX_STORY_LEAD = 80
MAX_STORY_NAMES = 60
MAX_STORY_NUMBERS = 60
MAX_STORY_DAYS = 30
MAX_STORY_DATES = 60
MAX_STORY_QUANTITIES = 80
MAX_NUMBERS_OF_ONE = 30
"""Numbers of one thing that a story keeps, the first of them."""
WEIGHT_STEPS = 10_000
PROBES = 12
"""Heaviest terms of an article by which candidate stories are found."""
ADDED_ENDING, LONGEST_ENDING = 1, 2
"""Letters by which names of one stem may differ: "Kabul" and "Kabuls", "Москве" and "Москвы"; not Balkh and Balkhab."""
IN_LEAD = 2.0
"""A name counts so many times as much where the lead has it."""
ONCE_MORE = math.log(3.0) + 0.01
"""What an article that has a word takes at most from the weight of one that nobody had."""
LEAST_UNKNOWN = 6.5
"""About the weight of a word that two articles had, of the background's number and hardly more."""
MAX_LISTED_TERMS = 60
"""A story is findable by the probes of its reports, up to so many."""


class _Naming:
    """Something with names, an article or a story, that can be asked for one."""

    terms: Mapping[str, float]
    names: Iterable[str]

    @cached_property
    def _names_by_stem(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self.names):
            found.setdefault(stem(name), []).append(name)
        return found

    @cached_property
    def stems_of_names(self) -> frozenset[str]:
        """The terms that are names."""
        return frozenset(self._names_by_stem)

    def knows(self, name: str) -> bool:
        """Whether it speaks of that name: Jalalabad is not Jalalpur, but Кабуле is Кабул.

        Also where the word stands in it and no name begins alike: at the head of a sentence a capital tells no name.
        """
        begin = stem(name)
        if begin not in self.terms:
            return False
        begin_alike = self._names_by_stem.get(begin, ())
        return not begin_alike or name in begin_alike or any(_same_name(name, each) for each in begin_alike)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How the reports of a story begin.

    Without slots, so that what every comparison needs is computed once for a story and not for each article.
    """

    reports: int = 0
    lead: Mapping[str, float] = field(default_factory=dict)
    """The sum of the unit vectors of the reports' leads."""
    lead_reports: Mapping[str, int] = field(default_factory=dict)
    """In how many reports' leads a term of ``lead`` stands."""

    @cached_property
    def lead_length(self) -> float:
        """The Euclidean length of ``lead``."""
        return length_of(self.lead)

    @cached_property
    def agreed(self) -> Mapping[str, float]:
        """The lead terms of at least half of the reports."""
        if self.reports <= 2:
            return self.lead
        return {term: self.lead[term] for term, n in self.lead_reports.items() if 2 * n >= self.reports}


@dataclass(frozen=True, kw_only=True)
class Profile(Opening, _Naming):
    """Sums of unit vectors over the story's reports; ``counts`` has the values reported for each kind of casualty."""

    terms: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, int] = field(default_factory=dict)
    """In how many reports a name stands."""
    numbers: tuple[str, ...] = ()
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    """The terms by which the story is findable."""
    days: tuple[str, ...] = ()
    """The days that the leads of its reports name: see :mod:`monitor.stories.days`."""
    quantities: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Numbers by the stem of what they count, and below it dates: see :mod:`monitor.stories.particulars`."""
    dates: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Of its reports, where known."""

    @cached_property
    def length(self) -> float:
        """The Euclidean length of ``terms``."""
        return length_of(self.terms)

    @cached_property
    def lead_names(self) -> Mapping[str, float]:
        """The names that stand in leads, by the number of reports that have them and their weights."""
        return {name: n * self.terms.get(stem(name), 0.0) for name, n in self.names.items() if stem(name) in self.lead}

    def to_json(self) -> str:
        """The form in which it is stored: words in one text, their weights in whole parts of WEIGHT_STEPS."""
        stored = {
            "reports": self.reports,
            "lead": [*_packed(self.lead), list(self.lead_reports.values())],
            "terms": _packed(self.terms),
            "names": [_BETWEEN.join(self.names), list(self.names.values())],
            "numbers": _BETWEEN.join(self.numbers),
            "counts": self.counts,
            "listed": _BETWEEN.join(self.listed),
            "days": self.days,
            "quantities": self.quantities,
            "dates": _BETWEEN.join(self.dates),
            "languages": self.languages,
        }
        return _encode(stored)


def _packed(vector: Mapping[str, float]) -> list[Any]:
    return [_BETWEEN.join(vector), [int(value * WEIGHT_STEPS + 0.5) for value in vector.values()]]


def _split(words: str) -> list[str]:
    return words.split(_BETWEEN) if words else []


def _unpacked(words: str, weights: Iterable[int]) -> dict[str, float]:
    return dict(zip(_split(words), [value / WEIGHT_STEPS for value in weights], strict=True))


def opening(text: str) -> Opening:
    """The beginning of what :meth:`Profile.to_json` made."""
    end = text.find(_END_OF_OPENING)
    begun = _begun(text[:end] + "}") if end >= 0 else None
    return begun or _begun(text) or Opening()


@lru_cache(maxsize=2048)
def _begun(text: str) -> Opening | None:
    """None where no lead is in it: it came later in what earlier versions stored."""
    stored = json.loads(text)
    return Opening(**_opening(stored)) if "lead" in stored else None


def _opening(stored: Mapping[str, Any]) -> dict[str, Any]:
    words, weights, reports = stored["lead"]
    lead = _unpacked(words, weights)
    return {"reports": stored["reports"], "lead": lead, "lead_reports": dict(zip(lead, reports, strict=True))}


@lru_cache(maxsize=512)
def from_json(text: str) -> Profile:
    """The inverse of :meth:`Profile.to_json`; ``{}`` is an empty profile."""
    if text == "{}":
        return Profile()
    begun = opening(text)
    _, found, rest = text.partition(_END_OF_OPENING)
    stored = json.loads(f'{{"terms":{rest}' if found else text)
    return Profile(
        reports=begun.reports,
        lead=begun.lead,
        lead_reports=begun.lead_reports,
        terms=_unpacked(*stored["terms"]),
        names=dict(zip(_split(stored["names"][0]), stored["names"][1], strict=True)),
        numbers=tuple(_split(stored["numbers"])),
        counts={kind: tuple(values) for kind, values in stored["counts"].items()},
        listed=tuple(_split(stored["listed"])),
        days=tuple(stored["days"]),
        # Earlier versions stored neither.
        quantities={word: tuple(numbers) for word, numbers in stored.get("quantities", {}).items()},
        dates=tuple(_split(stored.get("dates", ""))),
        languages=tuple(stored["languages"]),
    )


@dataclass(frozen=True, kw_only=True)
class Weighed(_Naming):
    """An article's fingerprint weighed by how rare its words are."""

    terms: Mapping[str, float]
    lead: Mapping[str, float]
    title: frozenset[str]
    title_names: frozenset[str]
    """The terms of the title that are names; only of a short text, where nothing else tells."""
    short: bool
    names: frozenset[str]
    central_names: Mapping[str, float]
    """Names of the lead and those that stand twice, by rarity, frequency and whether the lead has them."""
    numbers: frozenset[str]
    days: frozenset[str]
    quantities: Mapping[str, frozenset[str]]
    dates: frozenset[str]
    dated: bool
    language: str
    idf: Mapping[str, float]
    probes: tuple[str, ...]
    """The heaviest terms of lead and text, by which stories are looked up and found."""

    @cached_property
    def title_weights(self) -> Mapping[str, float]:
        """Rarity of the words of the title."""
        return {term: self.idf[term] for term in self.title}

    @cached_property
    def unknown_share(self) -> float:
        """The share of its words that one article at most had before: the background's and the store's."""
        known_by_two = max(LEAST_UNKNOWN, max([self.idf[term] for term in self.terms], default=0.0) - ONCE_MORE)
        return sum([self.idf[term] > known_by_two for term in self.terms]) / len(self.terms) if self.terms else 0.0

    @cached_property
    def has_lead_names(self) -> bool:
        """Whether a name stands in its lead."""
        return any(stem(name) in self.lead for name in self.names)


def weigh(fingerprint: Fingerprint, idf: Mapping[str, float]) -> Weighed:
    """``fingerprint`` as unit vectors; ``idf`` must have every term of it."""
    ceilings = rarity.ceilings(fingerprint.language)
    if ceilings:
        idf = {term: min(idf[term], ceilings.get(term, math.inf)) for term in fingerprint.vocabulary()}
    terms, lead = weighted(fingerprint.terms, idf), weighted(fingerprint.lead, idf)
    return Weighed(
        terms=terms,
        lead=lead,
        probes=_probes(lead, terms),
        title=frozenset(fingerprint.title),
        title_names=fingerprint.title_names if fingerprint.short else frozenset(),
        short=fingerprint.short,
        names=fingerprint.names,
        central_names=_central_names(fingerprint, idf),
        numbers=fingerprint.numbers,
        days=fingerprint.days,
        quantities=fingerprint.quantities,
        dates=fingerprint.dates,
        dated=fingerprint.dated,
        language=fingerprint.language,
        idf=idf,
    )


def _same_name(one: str, other: str) -> bool:
    """Whether two names with one stem differ in an ending only, added to one of them or exchanged for a short one."""
    pairs = zip(one, other, strict=False)
    begin = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    endings = len(one) - begin, len(other) - begin
    return max(endings) <= (LONGEST_ENDING if min(endings) else ADDED_ENDING)


def _central_names(fingerprint: Fingerprint, idf: Mapping[str, float]) -> dict[str, float]:
    found = {}
    for name in fingerprint.names:
        times, leads = fingerprint.terms.get(stem(name), 1), stem(name) in fingerprint.lead
        if leads or times > 1:
            found[name] = idf[stem(name)] * (1.0 + math.log(times)) * (IN_LEAD if leads else 1.0)
    return found


def joined(profile: Profile, article: Weighed, counts: Mapping[str, Iterable[int]]) -> Profile:
    """``profile`` with one more report."""
    lead = _largest(_added(profile.lead, article.lead), MAX_STORY_LEAD)
    lead_reports = _added(profile.lead_reports, dict.fromkeys(article.lead, 1))
    return Profile(
        reports=profile.reports + 1,
        terms=_largest(_added(profile.terms, article.terms), MAX_STORY_TERMS),
        lead=lead,
        lead_reports={term: lead_reports[term] for term in lead},
        names=_largest(_added(profile.names, dict.fromkeys(sorted(article.names), 1)), MAX_STORY_NAMES),
        numbers=_union(profile.numbers, sorted(article.numbers), MAX_STORY_NUMBERS),
        counts=with_counts(profile.counts, counts),
        listed=_union(profile.listed, article.probes, MAX_LISTED_TERMS),
        days=_union(profile.days, sorted(article.days), MAX_STORY_DAYS),
        quantities=_with_quantities(profile.quantities, article.quantities),
        dates=_union(profile.dates, sorted(article.dates), MAX_STORY_DATES),
        languages=_union(profile.languages, [article.language] if article.language else []),
    )


def with_counts(
    known: Mapping[str, tuple[int, ...]], counts: Mapping[str, Iterable[int]]
) -> dict[str, tuple[int, ...]]:
    """``known`` with the values of one more report, in the order in which they became known."""
    return {**known, **{kind: _union(known.get(kind, ()), values) for kind, values in counts.items()}}


def _with_quantities(
    known: Mapping[str, tuple[str, ...]], more: Mapping[str, Iterable[str]]
) -> dict[str, tuple[str, ...]]:
    grown = {word: _union(known.get(word, ()), sorted(numbers), MAX_NUMBERS_OF_ONE) for word, numbers in more.items()}
    return dict(islice({**known, **grown}.items(), MAX_STORY_QUANTITIES))


def _union(known: Iterable[T], more: Iterable[T], at_most: int | None = None) -> tuple[T, ...]:
    """Each once, those known before first."""
    return tuple(dict.fromkeys([*known, *more]))[:at_most]


def merged(one: Profile, other: Profile) -> Profile:
    """The profile of two stories that are one."""
    lead = _largest(_added(one.lead, other.lead), MAX_STORY_LEAD)
    lead_reports = _added(one.lead_reports, other.lead_reports)
    return Profile(
        reports=one.reports + other.reports,
        terms=_largest(_added(one.terms, other.terms), MAX_STORY_TERMS),
        lead=lead,
        lead_reports={term: lead_reports[term] for term in lead},
        names=_largest(_added(one.names, other.names), MAX_STORY_NAMES),
        numbers=_union(one.numbers, other.numbers, MAX_STORY_NUMBERS),
        counts=with_counts(one.counts, other.counts),
        listed=_union(one.listed, other.listed, 2 * MAX_LISTED_TERMS),
        days=_union(one.days, other.days, MAX_STORY_DAYS),
        quantities=_with_quantities(one.quantities, other.quantities),
        dates=_union(one.dates, other.dates, MAX_STORY_DATES),
        languages=_union(one.languages, other.languages),
    )


def _probes(lead: Mapping[str, float], terms: Mapping[str, float]) -> tuple[str, ...]:
    heaviest = [*_heaviest(lead, PROBES // 2), *_heaviest(terms, PROBES)]
    return tuple(dict.fromkeys(heaviest))[:PROBES]


def _heaviest(vector: Mapping[str, Any], n: int) -> list[str]:
    """Up to ``n`` terms, the heaviest first, equals in the order of the alphabet."""
    if not vector:
        return []
    if 2 * n > len(vector):  # a stable sort: equals keep the order of the alphabet
        return sorted(sorted(vector), key=vector.__getitem__, reverse=True)[:n]
    least = sorted(vector.values(), reverse=True)[:n][-1]
    ranked = sorted([(-weight, term) for term, weight in vector.items() if weight >= least])
    return [term for _, term in ranked[:n]]


def length_of(vector: Mapping[str, float]) -> float:
    """The Euclidean length of ``vector``."""
    return math.sqrt(sum(map(mul, vector.values(), vector.values())))


def cosine(unit: Mapping[str, float], summed: Mapping[str, float], length: float) -> float:
    if not length:
        return 0.0
    return sum([value * summed[term] for term, value in unit.items() if term in summed]) / length


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    summed = dict(one)
    if not summed:
        return dict(other)
    for term, value in other.items():
        summed[term] = summed.get(term, 0) + value
    return summed


def _largest(vector: dict[str, Any], n: int) -> dict[str, Any]:
    if len(vector) <= n:
        return vector
    return {term: vector[term] for term in _heaviest(vector, n)}
