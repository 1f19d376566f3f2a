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

from monitor.stories.days import are_dates, same_day
from monitor.stories.names_alone import only_names
from monitor.stories.particulars import is_year
from monitor.stories.profile import Opening, Profile, Weighed, cosine

DECAY = timedelta(hours=72)
"""Standard deviation of the bell curve by which a story's claim on new articles fades."""
OPEN_FOR = timedelta(days=7)
"""A story takes no further articles so long after its last one."""
OPEN_AT_MOST = timedelta(days=30)
"""However many articles came since, a story takes none so long after its first."""
SAME_SENTENCES = 0.1
"""Share of runs of four words in common from which one text was written over the other."""
STRANGEST = 20.0
"""About the weight of a name that stands several times and first in the lead, and in no other text."""
NAMELESS = {"strange_name": 0.0, "missing_names": 0.0, "nameless": 1.0}
"""The figures of names where article or story has none; the weight of the last says what that is worth."""
SOON_HOURS, LATER_HOURS = 12.0, 72.0
"""Hours since a story's first report in which its pull falls to a third, and from which on nothing more is said."""
COMMON_DATE, RARE_DATE = 1.0, 4.0
"""Weights of a date that stands in four of ten articles and says nothing, and of one that says all it can."""
NO_EVIDENCE = 0.5
"""The value of a share of nothing: speaks neither way."""


@lru_cache(maxsize=1)
def weights() -> Mapping[str, float]:
    """Weight by feature, ``bias`` and ``threshold`` included."""
    loaded = tomllib.loads(files("monitor.stories").joinpath("weights.toml").read_text("utf-8"))
    return {name: float(value) for name, value in loaded.items()}


def features(
    article: Weighed,
    story: Profile,
    shared: float = 0.0,
    since_first: timedelta | None = None,
    begun: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """The figures that decide, each 0..1 but logarithms of numbers (large stories resemble everything).

    ``shared`` is the largest containment of shingles with one of the story's articles, ``since_first`` the time between
    the publication of the article and the story's first one, None where unknown; ``begun`` has the figures of
    :func:`leads` where they are known.
    """
    begun = begun or leads(article, story)
    return {
        **begun,
        "title": _covered(article.title_weights, story.lead),
        **_names(article, story),
        "figures": _figures(article.numbers, story.numbers),
        **_quantities(article, story),
        **_dates(article, story),
        "reports": math.log(max(1, story.reports)),
        "another_language": float(_foreign(article.language, story.languages)),
        **_days(article, story, shared),
        **hours(since_first),
        "names_only": float(only_names(article, story, begun, since_first)),
    }


def leads(article: Weighed, story: Opening) -> dict[str, float]:
    """The two weightiest figures, for which the story's opening is enough."""
    return {
        "lead": cosine(article.lead, story.lead, story.lead_length),
        "agreed": _covered(story.agreed, article.terms),
    }


def points(figures: Mapping[str, float], learnt: Mapping[str, float] | None = None) -> float:
    """What some of the figures say together, by the weights ``learnt``, the shipped ones where not given."""
    learnt = learnt or weights()
    return sum([learnt[name] * value for name, value in figures.items()])


def probability(figures: Mapping[str, float], learnt: Mapping[str, float] | None = None) -> float:
    """Logistic regression with the weights ``learnt``, the shipped ones where not given."""
    logit = (learnt or weights())["bias"] + points(figures, learnt)
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, logit))))


def preference(likely: float, figures: Mapping[str, float], learnt: Mapping[str, float] | None = None) -> float:
    """By which one of several stories is chosen that the article may belong to.

    How many reports a story has speaks against joining it, not against choosing it: an event that was told as two
    stories by mistake goes on in the larger one.
    """
    learnt = learnt or weights()
    return math.log(likely / (1.0 - likely)) - learnt["reports"] * figures["reports"]


def fading(apart: timedelta) -> float:
    """1 for the same moment, .95 a day apart, .41 at four days; the sign of ``apart`` does not matter."""
    return math.exp(-((apart / DECAY) ** 2) / 2)


def hours(since_first: timedelta | None) -> dict[str, float]:
    """The figures of the time since the story's first report, whose sign does not matter; it may be unknown."""
    if since_first is None:
        return {"soon": 0.0, "later": 0.0, "undated": 1.0}
    apart = abs(since_first) / timedelta(hours=1)
    return {"soon": math.exp(-apart / SOON_HOURS), "later": min(1.0, apart / LATER_HOURS), "undated": 0.0}


def distance(happened: datetime, first: datetime, last: datetime) -> timedelta:
    """How far ``happened`` lies outside the story's time; nothing inside it."""
    if happened > last:
        return happened - last
    return max(first - happened, timedelta())


def _foreign(language: str, known: tuple[str, ...]) -> bool:
    """Dari and Pashto share names and many words: without this a report joined one in the other language by half."""
    return bool(language and known) and language not in known


def _covered(terms: Mapping[str, float], found_in: Mapping[str, float]) -> float:
    """The share of the weight of ``terms`` that stands in ``found_in``."""
    total = sum(terms.values())
    return sum([weight for term, weight in terms.items() if term in found_in]) / total if total else NO_EVIDENCE


def _names(article: Weighed, story: Profile) -> dict[str, float]:
    """Names are told by their capitals: in many scripts there are none to ask."""
    if not article.has_lead_names or not story.lead_names:
        return dict(NAMELESS)
    return {
        "strange_name": min(1.0, _strangest(article, story) / STRANGEST),
        "missing_names": 1.0 - _known_share(story.lead_names, article),
        "nameless": 0.0,
    }


def _known_share(names: Mapping[str, float], to: Profile | Weighed) -> float:
    total = sum(names.values())
    return sum([weight for name, weight in names.items() if to.knows(name)]) / total if total else NO_EVIDENCE


def _strangest(article: Weighed, story: Profile) -> float:
    return max([weight for name, weight in article.central_names.items() if not story.knows(name)], default=0.0)


def _days(article: Weighed, story: Profile, shared: float) -> dict[str, float]:
    """Dates that differ are two events, and so are weekdays in the same sentences: a report that was filled in anew.
    Other weekdays may be those of what was said afterwards.
    """
    apart = same_day(article.days, story.days) is False
    sure = apart and (shared >= SAME_SENTENCES or (are_dates(article.days) and are_dates(story.days)))
    return {"another_day": float(sure), "another_weekday": float(apart and not sure)}


def _quantities(article: Weighed, story: Profile) -> dict[str, float]:
    """How many things of which both give numbers have one in common, and how many none."""
    common = [word for word in article.quantities if word in story.quantities]
    agree = sum([not article.quantities[word].isdisjoint(story.quantities[word]) for word in common])
    return {"quantities_agree": math.log1p(agree), "quantities_differ": math.log1p(len(common) - agree)}


def _dates(article: Weighed, story: Profile) -> dict[str, float]:
    """The rarest day and the rarest year in common: "since 2021" stands in every other article of some countries."""
    common = article.dates.intersection(story.dates)
    telling = {each: (article.idf[each] - COMMON_DATE) / (RARE_DATE - COMMON_DATE) for each in common}
    shares = {each: max(0.0, min(1.0, value)) for each, value in telling.items()}
    return {
        "same_date": max([value for each, value in shares.items() if not is_year(each)], default=0.0),
        "same_year": max([value for each, value in shares.items() if is_year(each)], default=0.0),
    }


def _figures(mine: Iterable[str], known: tuple[str, ...]) -> float:
    """The share of the article's numbers of two digits and more that the story knows."""
    longer = [number for number in mine if len(number) > 1]
    return sum([number in known for number in longer]) / len(longer) if longer and known else 0.3
