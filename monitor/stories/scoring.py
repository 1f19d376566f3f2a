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

from monitor.stories.days import same_day
from monitor.stories.profile import Profile, Weighed

DECAY = timedelta(hours=72)
"""Standard deviation of the bell curve by which a story's claim on new articles fades."""
OPEN_FOR = timedelta(days=7)
"""A story takes no further articles so long after its last one."""
OPEN_AT_MOST = timedelta(days=30)
"""However many articles came since, a story takes none so long after its first."""
LEADS_ALIKE, BODIES_ALIKE = 0.3, 0.2
"""Cosines below both of which two texts have hardly more than names in common: 1.6 % of same events in ECB+."""
NAMES_ONLY = 0.3
NO_EVIDENCE = 0.5
"""The value of a share of nothing: speaks neither way."""


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Weight by feature, ``bias`` and ``threshold`` included."""
    loaded = tomllib.loads(files("monitor.stories").joinpath("weights.toml").read_text("utf-8"))
    return {name: float(value) for name, value in loaded.items()}


def features(article: Weighed, story: Profile) -> dict[str, float]:
    """The figures that decide, each 0..1 but ``reports`` (a logarithm: large stories resemble everything)."""
    return {
        "body": _cosine(article.terms, story.terms, story.terms_length),
        "lead": _cosine(article.lead, story.lead, story.lead_length),
        "cross": _cosine(article.lead, story.terms, story.terms_length),
        "title": _covered(article.title_weights, story.lead),
        "names": _covered(article.name_weights, story.terms),
        "lead_names": _covered(article.lead_name_weights, story.terms),
        "story_names": _covered(story.main_names, article.terms),
        "agreed": _covered(story.agreed, article.terms),
        "numbers": _overlap(article.numbers, story.numbers),
        "figures": _figures(article.numbers, story.numbers),
        "another_language": float(_foreign(article.language, story.languages)),
        "another_day": float(same_day(article.days, story.days) is False),
        "reports": math.log(max(1, story.reports)),
    }


def probability(figures: Mapping[str, float], learnt: Mapping[str, float] | None = None) -> float:
    """Logistic regression with the weights ``learnt``, the shipped ones where not given.

    Texts with hardly a word but names in common get NAMES_ONLY at most: two reports from one province on one day share
    place, people and weekday, and yet one tells of a horse race and the other of frost.
    """
    learnt = learnt or weights()
    logit = learnt["bias"] + sum([learnt[name] * value for name, value in figures.items()])
    likely = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))
    names_only = figures["lead"] < LEADS_ALIKE and figures["body"] < BODIES_ALIKE
    return min(likely, NAMES_ONLY) if names_only else likely


def fading(apart: timedelta) -> float:
    """1 for the same moment, .95 a day apart, .41 at four days; the sign of ``apart`` does not matter."""
    return math.exp(-((apart / DECAY) ** 2) / 2)


def distance(happened: datetime, first: datetime, last: datetime) -> timedelta:
    """How far ``happened`` lies outside the story's time; nothing inside it."""
    if happened > last:
        return happened - last
    return max(first - happened, timedelta())


def _foreign(language: str, known: tuple[str, ...]) -> bool:
    """Dari and Pashto share names and many words: without this a report joined one in the other language by half."""
    return bool(language and known) and language not in known


def _cosine(unit: Mapping[str, float], summed: Mapping[str, float], length: float) -> float:
    if not length:
        return 0.0
    return sum([value * summed[term] for term, value in unit.items() if term in summed]) / length


def _covered(terms: Mapping[str, float], found_in: Mapping[str, float]) -> float:
    """The share of the weight of ``terms`` that stands in ``found_in``."""
    total = sum(terms.values())
    return sum([weight for term, weight in terms.items() if term in found_in]) / total if total else NO_EVIDENCE


def _overlap(one: Iterable[str], other: Iterable[str]) -> float:
    first, second = frozenset(one), frozenset(other)
    return len(first & second) / min(len(first), len(second)) if first and second else 0.0


def _figures(mine: Iterable[str], known: tuple[str, ...]) -> float:
    """The share of the article's numbers of two digits and more that the story knows."""
    longer = [number for number in mine if len(number) > 1]
    return sum([number in known for number in longer]) / len(longer) if longer and known else 0.3
