"""How rare a stem is: inverse document frequency from the articles seen, before that from a shipped background.

The background (``background.txt``) has the words that stand in many news reports; with it the first articles of an
empty database are weighed sensibly. Function words of other languages come with ``languages/*.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import repeat

from monitor.stories.languages import Language, known_language, languages
from monitor.stories.words import stems

COUNT_ALL_BELOW = 500
LEAST = 0.05
"""Weight of a word that stands everywhere."""
HERE_AT_LEAST = 30
"""A term's share of the articles seen is taken as if so many more had been seen: two of three say nothing yet."""
WEIGHT_HERE = 2.0
"""The weight of a share here: in half of the articles it says little, in a twentieth as much as anywhere, for else one
big event among few would make its own words common."""
COMMON_ONE_IN, RULES_ONE_IN = 8, 20
"""How many reports it takes for one with such a word, in languages of which the background has no texts: about as many
as in English, where "province" stands in 27 % and "Wednesday" in 4 %."""
BACKGROUND_LANGUAGE = "en"
COUNT_ONE_IN = 8
"""So many articles are counted fully; afterwards a sample is enough, and saves most of the writes."""


@lru_cache(maxsize=1)
def background() -> tuple[int, Mapping[str, int]]:
    """Number of background reports, and in how many of them each stem stands."""
    lines = files("monitor.stories").joinpath("background.txt").read_text("utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    counts = {term: int(n) for term, n in pairs}
    total = counts.pop("*", 400)
    listed: dict[str, int] = {}
    for spoken in languages().values():
        for term, one_in in _one_in(spoken).items():
            listed[term] = max(listed.get(term, 0), total // one_in)
    return total, {**listed, **counts}


def counts_now(article_id: int, counted: int) -> bool:
    """Whether the terms of this article are counted, given how many were."""
    return counted < COUNT_ALL_BELOW or article_id % COUNT_ONE_IN == 0


def idf(
    terms: Iterable[str], counts: Mapping[str, int], counted: int, prior: tuple[int, Mapping[str, int]] | None = None
) -> dict[str, float]:
    """Weight by term: ``counts`` has the number of articles with it among the ``counted`` ones, where any.

    ``prior`` is the background, the shipped one where not given. A term is as common as it is here or there: the names
    of a province stand in few of the world's reports, and in most of its own feeds'.
    """
    total, common = prior or background()
    weights = _weights(total + counted + 1, counted)
    asked = list(terms)
    pairs = zip(map(counts.get, asked, repeat(0)), map(common.get, asked, repeat(0)), strict=True)
    return dict(zip(asked, map(weights.__getitem__, pairs), strict=True))


@lru_cache(maxsize=64)
def ceilings(code: str) -> Mapping[str, float]:
    """The most that what is common in a language may weigh there; empty for that of the background and unknown ones.

    By the background alone "la" and "et" would be as rare in French as they are in English texts.
    """
    spoken = known_language(code)
    if spoken is None or spoken.code == BACKGROUND_LANGUAGE:
        return {}
    return {term: math.log(one_in) for term, one_in in _one_in(spoken).items()}


def _one_in(spoken: Language) -> dict[str, int]:
    """By stem, how many reports in that language it takes for one with such a word."""
    groups = ((spoken.words_of_rules, RULES_ONE_IN), (spoken.common_words, COMMON_ONE_IN), (spoken.function_words, 2))
    # "porte-parole" is two words of a text; what is in two groups is as common as the commoner.
    return {term: one_in for words, one_in in groups for word in words for term in stems(word)}


class _Weights(dict[tuple[int, int], float]):
    """Weights by number of articles here and in the background, each computed when first asked for."""

    def __init__(self, total: int, counted: int) -> None:
        super().__init__()
        self._total, self._counted = total, counted

    def __missing__(self, pair: tuple[int, int]) -> float:
        here, there = pair
        weight = math.log(self._total / (here + there + 0.5))
        # The first report of an event must not make its words less telling for the second than words that nobody used.
        if here > 1:
            weight = min(weight, WEIGHT_HERE * math.log((self._counted + HERE_AT_LEAST) / (here - 1)))
        self[pair] = weight = max(LEAST, weight)
        return weight


_weights = lru_cache(maxsize=16)(_Weights)
