"""Have two texts more in common than names? Where not, nothing else makes them one event (decision 65).

Two reports from one province on one day share place, people and weekday, and yet one tells of a horse race and the
other of frost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from monitor.stories.profile import Profile, Weighed, cosine, length_of

TEXTS_ALIKE, WORDS_ALIKE = 0.23, 0.07
"""Cosines of the whole texts, with names and without, below which two have hardly more than names in common. One right
pair of ECB+ in fifty has less; it has no wrong ones, being about the whole world."""
USUALLY_UNKNOWN, MORE_ALIKE = 0.33, 0.2
"""One report in twenty of ECB+ has a larger share of words that neither background nor store had before. Three times
what is above it is added to TEXTS_ALIKE, up to the second: in a language's first articles, the names of a province look
as rare as anything else."""
LEADS_ALIKE, LEADS_AGREE = 0.4, 0.35
"""Figures of the leads below both of which the same holds where the hours between are unknown."""
WORDS_ALIKE_BELOW = 0.2
"""In place of WORDS_ALIKE where the leads are unlike: what two short reports of one town say of any accident, how many
were killed and that police said so, makes .15 of an accident and a fire."""
MOSTLY_NAMES = 0.5
"""A text of whose words so large a share have capitals is set in them, and nothing is known of its names; no report of
ECB+ has .41."""
HEADLINE_COVERED, NAMELESS_HEADLINE_COVERED = 0.3, 0.6
"""Shares of the weight of a headline's words, names left out where they are known, that the story must have: "Two dead
in market fire in Herat" and "Three dead in bus accident near Herat" share a ninth, those of one event often half."""
LEADS_APART = 0.2
"""Figures of the leads below both of which the whole texts are not even looked at."""


def far_apart(begun: Mapping[str, float]) -> bool:
    """Whether the leads alone have hardly more than names in common."""
    return begun["lead"] < LEADS_APART and begun["agreed"] < LEADS_APART


def only_names(article: Weighed, story: Profile, begun: Mapping[str, float], since_first: timedelta | None) -> bool:
    """Whether article and story have hardly more than names in common; ``begun`` is what ``scoring.leads`` gives."""
    unlike = begun["lead"] < LEADS_ALIKE and begun["agreed"] < LEADS_AGREE
    if far_apart(begun) or (unlike and since_first is None):
        return True
    if article.short:
        return _headline_of_another(article, story)
    texts = cosine(article.terms, story.terms, story.length)
    wanted = TEXTS_ALIKE + min(MORE_ALIKE, max(0.0, 3 * (article.unknown_share - USUALLY_UNKNOWN)))
    if texts < wanted:
        return True
    named = _names(article, article.stems_of_names | story.stems_of_names)
    return _likeness_without(named, article, story) < (WORDS_ALIKE_BELOW if unlike else WORDS_ALIKE)


def _headline_of_another(article: Weighed, story: Profile) -> bool:
    """Whether too few of the words of a headline but names stand in the story's texts."""
    named = _names(article, article.title_names | story.stems_of_names)
    words = {term: value**2 for term, value in article.terms.items() if term not in named}
    known = sum([value for term, value in words.items() if term in story.terms])
    return known < (HEADLINE_COVERED if named else NAMELESS_HEADLINE_COVERED) * sum(words.values())


def _names(article: Weighed, named: frozenset[str]) -> frozenset[str]:
    """``named``, or nothing where most words of the article are among them."""
    mostly = sum([term in named for term in article.terms]) > MOSTLY_NAMES * len(article.terms)
    return frozenset() if mostly else named


def _likeness_without(named: frozenset[str], article: Weighed, story: Profile) -> float:
    """The cosine of the whole texts without the names of either."""
    words = {term: value for term, value in article.terms.items() if term not in named}
    known = {term: value for term, value in story.terms.items() if term not in named}
    length = length_of(words) * length_of(known)
    return sum([value * known[term] for term, value in words.items() if term in known]) / length if length else 0.0
