"""Event or background mention: how central a watch's terms are to an article.

An article about a blast in Balkh also mentions Kandahar, Moscow and Kabul. What it is about stands in its title
and at its beginning, and the words of one event stand close together. How the weights were found, and how well they do:
docs/scoring.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from monitor.watches.document import Document, Mention
from monitor.watches.misses import name_of, nearest_pair
from monitor.watches.nodes import AllOf, Near, Node, Not, first_of_each


class Standing(Enum):
    """Where a mention stands, with its weight and the words for it."""

    TITLE = (1.0, "in the title")
    OPENING = (0.5, "in the opening")
    FIRST_THIRD = (0.25, "in the first third")
    REST = (0.1, "only further down")
    DATELINE = (0.0, "only in the dateline")

    @property
    def weight(self) -> float:
        """0..1."""
        return self.value[0]

    @property
    def words(self) -> str:
        """For a reason."""
        return self.value[1]


MOST_SCORED = 500
"""Mentions of each term that are weighed; the first ones."""
OPENING_WORDS = 60
NEAR_WORDS = 8
"""Mentions of two clauses with at most so many words between count as together."""
FAR_WORDS = 60
"""From here on they have nothing to do with each other."""
SHARE_OF_WEAKEST = 0.5
"""The clause that stands worst counts as much as the average of all: one passing mention makes a background article."""
SHARE_OF_CLOSENESS = 0.2
"""What is lost where the terms stand far apart. It only takes away: two words side by side at the end are no event."""


@dataclass(frozen=True, slots=True)
class Score:
    """0..1 with the reasons, most important first."""

    value: float
    reasons: tuple[str, ...]


def score(root: Node, document: Document) -> Score:
    """How much the article is about what ``root`` asks for; 1 where the watch names no words at all."""
    clauses = [(name, mentions) for name, mentions in _clauses(root, document) if mentions]
    if not clauses:
        return Score(1.0, ("matches by what is known about the article",))
    standing = [(name, best_standing(mentions, document)) for name, mentions in clauses]
    weights = [each.weight for _, each in standing]
    zone = SHARE_OF_WEAKEST * min(weights) + (1 - SHARE_OF_WEAKEST) * sum(weights) / len(weights)
    reasons = [f"{name} {each.words}" for name, each in sorted(standing, key=lambda pair: -pair[1].weight)]
    apart = widest_gap([mentions for _, mentions in clauses])
    if len(clauses) == 1:
        return Score(round(zone, 3), tuple(reasons))
    reasons.append("far apart" if apart is None else _apart(apart))
    value = zone * (1 - SHARE_OF_CLOSENESS * (1 - closeness(apart)))
    return Score(round(value, 3), tuple(reasons))


def _apart(words: int) -> str:
    return "side by side" if words == 0 else f"{words} word{'s' if words > 1 else ''} apart"


def _clauses(root: Node, document: Document) -> list[tuple[str, list[Mention]]]:
    """What has to be there, each with its mentions in the text; the operands of a NEAR are clauses of their own."""
    found = []
    for child in root.children if isinstance(root, AllOf) else (root,):
        if isinstance(child, Not):
            continue
        if isinstance(child, Near):
            links = child.chains(document)
            found += [(name_of(each), link[:MOST_SCORED]) for each, link in zip(child.operands, links, strict=True)]
        else:
            proof = first_of_each(child.proof(document), MOST_SCORED)
            found.append((name_of(child), sorted({mention for _, mention in proof})))
    return [(name, [each for each in mentions if each[0] < document.body_end]) for name, mentions in found]


def best_standing(mentions: Sequence[Mention], document: Document) -> Standing:
    """The best place that any of ``mentions`` has. A dateline counts for nothing: it says where the reporter sat."""
    dateline_end = dateline_end_of(document)
    opening_end = max(document.body_start + OPENING_WORDS, document.lead_end)
    third_end = document.body_start + document.length // 3
    best = Standing.DATELINE
    for start, _ in mentions:
        if start < document.title_end:
            return Standing.TITLE
        if document.body_start <= start < dateline_end:
            continue
        standing = Standing.OPENING if start < opening_end else Standing.FIRST_THIRD
        if start >= max(opening_end, third_end):
            standing = Standing.REST
        if standing.weight > best.weight:
            best = standing
    return best


def dateline_end_of(document: Document) -> int:
    """The first position after the dateline; the body's start where it has none."""
    dateline = document.article.dateline
    return document.body_start if dateline is None else document.position_at(dateline.end)


def widest_gap(clauses: Sequence[list[Mention]]) -> int | None:
    """The fewest words between neighbours among ``clauses``, the largest of these; None where they share no text."""
    gaps = []
    for left, right in pairwise(clauses):
        pair = nearest_pair(left, right, ordered=False)
        gaps.append(0 if pair is None else max(pair[1][0] - pair[0][1], pair[0][0] - pair[1][1]))
    widest = max(gaps, default=0)
    return widest if widest < 100_000 else None


def closeness(apart: int | None) -> float:
    """1 for ``NEAR_WORDS`` or fewer, falling evenly to 0 at ``FAR_WORDS``."""
    if apart is None:
        return 0.0
    return min(1.0, max(0.0, (FAR_WORDS - apart) / (FAR_WORDS - NEAR_WORDS)))
