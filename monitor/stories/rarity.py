"""How rare a word is: inverse document frequency from the articles seen, before that from a shipped background.

The background (``background.txt``) has the words that stand in many news reports; with it the first articles of an
empty database are weighed sensibly. Function words of other languages come with ``languages/*.toml``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files

from monitor.stories.languages import function_words
from monitor.stories.words import fold

COUNT_ALL_BELOW = 500
LEAST = 0.05
"""Weight of a word that stands everywhere."""
COUNT_ONE_IN = 8
"""So many articles are counted fully; afterwards a sample is enough, and saves most of the writes."""


@lru_cache(maxsize=1)
def background() -> tuple[int, Mapping[str, int]]:
    """Number of background reports, and in how many of them each word stands."""
    lines = files("monitor.stories").joinpath("background.txt").read_text("utf-8").splitlines()
    pairs = [line.split() for line in lines if line and not line.startswith("#")]
    counts = {term: int(n) for term, n in pairs}
    total = counts.pop("*", 400)
    for word in function_words():
        counts.setdefault(fold(word), total // 2)
    return total, counts


def counts_now(article_id: int, counted: int) -> bool:
    """Whether the terms of this article are counted, given how many were."""
    return counted < COUNT_ALL_BELOW or article_id % COUNT_ONE_IN == 0


def idf(terms: Iterable[str], counts: Mapping[str, int], counted: int) -> dict[str, float]:
    """Weight by term: ``counts`` has the number of articles with it among the ``counted`` ones, where any."""
    prior_total, prior = background()
    total = prior_total + counted + 1
    found = {term: counts.get(term, 0) + prior.get(term, 0) for term in terms}
    weights = {n: max(LEAST, math.log(total / (n + 0.5))) for n in set(found.values())}
    return {term: weights[n] for term, n in found.items()}
