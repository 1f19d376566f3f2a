"""How likely an article reports the event of a story: a logistic regression on a few readable features.

The weights are in ``weights.toml``, learnt by ``bench/identity_learn.py`` from labelled reports.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files

from monitor.stories.profile import Profile, Weighed, length_of

DECAY = timedelta(hours=72)
"""Standard deviation of the bell curve by which a story's claim on new articles fades."""
OPEN_FOR = timedelta(days=7)
"""A story takes no further articles so long after its last one."""


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Weight by feature, ``bias`` and ``threshold`` included."""
    loaded = tomllib.loads(files("monitor.stories").joinpath("weights.toml").read_text("utf-8"))
    return {name: float(value) for name, value in loaded.items()}


def features(article: Weighed, story: Profile) -> dict[str, float]:
    """The figures that decide, each 0..1 but ``reports`` (a logarithm)."""
    return {
        "body": _cosine(article.terms, story.terms),
        "lead": _cosine(article.lead, story.lead),
        "cross": _cosine(article.lead, story.terms),
        "title": _coverage(article.title, article.idf, story.lead),
        "names": _coverage(article.names, article.idf, story.terms),
        "core": _core(article, story),
        "numbers": _overlap(article.numbers, story.numbers),
        "reports": math.log(max(1, story.reports)),
    }


def probability(figures: Mapping[str, float]) -> float:
    """Logistic regression with the shipped weights."""
    learnt = weights()
    logit = learnt["bias"] + sum(learnt[name] * value for name, value in figures.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def fading(apart: timedelta) -> float:
    """1 for the same moment, .95 a day apart, .41 at four days; the sign of ``apart`` does not matter."""
    return math.exp(-((apart / DECAY) ** 2) / 2)


def distance(happened: datetime, first: datetime, last: datetime) -> timedelta:
    """How far ``happened`` lies outside the story's time; nothing inside it."""
    if happened > last:
        return happened - last
    return max(first - happened, timedelta())


def _cosine(unit: Mapping[str, float], summed: Mapping[str, float]) -> float:
    norm = length_of(summed)
    if not norm:
        return 0.0
    return sum(value * summed[term] for term, value in unit.items() if term in summed) / norm


def _coverage(terms: Iterable[str], idf: Mapping[str, float], found_in: Mapping[str, float]) -> float:
    total = shared = 0.0
    for term in terms:
        weight = idf.get(term, 0.0)
        total += weight
        shared += weight if term in found_in else 0.0
    return shared / total if total else 0.5


def _core(article: Weighed, story: Profile) -> float:
    """The share of the story's heaviest lead terms that the article has."""
    heaviest = sorted(story.lead.items(), key=lambda item: (-item[1], item[0]))[:8]
    total = sum(value for _, value in heaviest)
    return sum(value for term, value in heaviest if term in article.terms) / total if total else 0.5


def _overlap(one: Iterable[str], other: Iterable[str]) -> float:
    first, second = frozenset(one), frozenset(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0
