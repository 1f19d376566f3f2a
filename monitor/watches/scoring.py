"""Event or background mention: how central a watch's terms are to an article.

An article about a blast in Balkh also mentions Kandahar, Moscow and Kabul. What it is about stands in its title and at
its beginning, is named again, and is told as news; what it only recalls stands further down, once, and with words such
as "last year". How the weights were found, and how well they do: docs/scoring.md.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

from monitor.watches.document import Document, Mention
from monitor.watches.layout import Standing
from monitor.watches.looking_back import linked, most_words, times_past
from monitor.watches.misses import name_of, nearest_pair
from monitor.watches.nodes import AllOf, Near, Node, Not, first_of_each
from monitor.watches.places import Segment
from monitor.watches.sentences import same_sentence, whole_sentence

MOST_SCORED = 500
"""Mentions of each term that are weighed; the first ones."""
MOST_READ = 20
"""Mentions of each term whose sentences are read for words that look back."""
WORTH_READING = 0.3
"""Weight of a place from which on it matters what the sentence says; further down it is background in any case."""
LONG_TEXT = 250
"""Words from which on a text names again what it is about."""
LONGEST_SENTENCE = 100
"""Words; mentions farther apart stand in two."""
NEAR_WORDS = 8
"""Mentions of two clauses with at most so many words between count as together."""
FAR_WORDS = 60
"""From here on they have nothing to do with each other."""
SHARE_OF_WEAKEST = 0.5
"""The clause that stands worst counts as much as the average of all: one passing mention makes a background article,
but who did it may be told last."""
SHARE_OF_CLOSENESS = 0.2
"""What is lost where the terms stand far apart. It only takes away: two words side by side at the end are no event."""
LOOKING_BACK = 0.6
"""Of its weight, left to a mention whose sentence tells of something past."""
NAMED_ONCE = 0.8
"""Of its weight, left to what a long text names in one sentence only, and not in its title."""


@dataclass(frozen=True, slots=True)
class Score:
    """0..1 with the reasons, most important first."""

    value: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """What one requirement adds, and why."""

    weight: float
    reason: str


def score(root: Node, document: Document) -> Score:
    """How much the article is about what ``root`` asks for; 1 where the watch names no words at all."""
    clauses = [(name, mentions) for name, mentions in _clauses(root, document) if mentions]
    if not clauses:
        return Score(1.0, ("matches by what is known about the article",))
    own = [mentions for _, mentions in clauses]
    weighed = [weigh(name, mentions, document, own) for name, mentions in clauses]
    weights = [each.weight for each in weighed]
    zone = SHARE_OF_WEAKEST * min(weights) + (1 - SHARE_OF_WEAKEST) * sum(weights) / len(weights)
    reasons = [each.reason for each in sorted(weighed, key=lambda each: -each.weight)]
    if len(clauses) == 1:
        return Score(round(zone, 3), tuple(reasons))
    apart = widest_gap(own)
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


def weigh(name: str, mentions: Sequence[Mention], document: Document, own: Sequence[list[Mention]]) -> Weighed:
    """The best of ``mentions``, by place and by what its sentence says; ``own`` are those of all clauses."""
    best = Weighed(0.0, f"{name} {Standing.DATELINE.words}")
    for number, mention in enumerate(mentions):
        standing = document.layout.standing(mention[0])
        if standing is Standing.DATELINE:
            continue
        if standing.weight <= best.weight or number == MOST_READ:
            break
        past = past_words(mention, document, own, standing) if standing.weight >= WORTH_READING else ""
        weight = standing.weight * (LOOKING_BACK if past else 1)
        if weight > best.weight:
            best = Weighed(weight, f"{name} {standing.words}" + (f", looking back ({past})" if past else ""))
    if best.weight >= WORTH_READING * LOOKING_BACK and is_named_once(mentions, document):
        return Weighed(best.weight * NAMED_ONCE, f"{best.reason}, named once")
    return best


def past_words(mention: Mention, document: Document, own: Sequence[list[Mention]], standing: Standing) -> str:
    """By which words the sentence of ``mention`` looks back, the watch's own terms left out; empty where by none."""
    segment, start, end = document.offsets(mention)
    first, last = whole_sentence(segment.text, start, end)
    sentence, published = segment.text[first:last], document.article.published
    found = chain(
        times_past(sentence, published.year if published else None),
        linked(sentence, start - first, end - first) if standing.weight < Standing.LEAD.weight else (),
    )
    spans: list[tuple[Segment, int, int]] = []
    for low, high in found:
        spans = spans or [document.offsets(each) for each in _around(mention, own, most_words(sentence))]
        if not any(low < there - first and here - first < high for _, here, there in spans):
            return " ".join(sentence[low:high].split())
    return ""


def _around(mention: Mention, own: Sequence[list[Mention]], words: int) -> Iterator[Mention]:
    """The mentions of all clauses at most so many words away, itself among them."""
    for mentions in own:
        yield from mentions[
            bisect_left(mentions, (mention[0] - words,)) : bisect_right(mentions, (mention[0] + words,))
        ]


def is_named_once(mentions: Sequence[Mention], document: Document) -> bool:
    """Whether a long text has ``mentions`` in one sentence only, which is not the title."""
    first, last = mentions[0], mentions[-1]
    if document.length < LONG_TEXT or first[0] < document.title_end or last[0] - first[0] > LONGEST_SENTENCE:
        return False
    segment, _, end = document.offsets(first)
    return len(mentions) == 1 or same_sentence(segment.text, end, document.offsets(last)[1])


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
