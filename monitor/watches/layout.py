"""The parts of an article in reading order, and what it is worth to stand in each: docs/scoring.md has the figures."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING

from monitor.watches.sentences import end_of_first

if TYPE_CHECKING:
    from monitor.watches.document import Document

OPENING_WORDS = 60
EARLY_WORDS = 120
LONGEST_LEAD = 300
"""Words of a lead beside the text that count as lead; some feeds put a whole text there."""


class Standing(Enum):
    """Where a mention stands, with its weight and the words for it; in reading order none outweighs one before it."""

    TITLE = (1.0, "in the title")
    LEAD = (0.7, "in the lead")
    FIRST_SENTENCE = (0.7, "in the first sentence")
    OPENING = (0.5, "in the opening")
    EARLY = (0.4, "soon after the opening")
    END_OF_SHORT = (0.35, "in the last third of a short text")
    FIRST_THIRD = (0.2, "in the first third")
    REST = (0.1, "only further down")
    DATELINE = (0.0, "only in the dateline")

    def __init__(self, weight: float, words: str) -> None:
        self.weight = weight
        self.words = words


class Layout:
    """Where the parts of one document end."""

    def __init__(self, document: Document) -> None:
        ends = [
            (document.title_end, Standing.TITLE),
            (min(document.lead_start + LONGEST_LEAD, document.body_start), Standing.LEAD),
            (document.body_start, Standing.OPENING),
            (_dateline_end(document), Standing.DATELINE),
            *((document.body_start + words, standing) for words, standing in _body_parts(document)),
        ]
        self._ends = list(accumulate((end for end, _ in ends), max))
        self._standings = [*(standing for _, standing in ends), Standing.REST]

    def standing(self, position: int) -> Standing:
        """The place of a mention that starts at ``position``."""
        return self._standings[bisect_right(self._ends, position)]


def _end_of_first_sentence(document: Document) -> int:
    dateline, text = document.article.dateline, document.segments[document.body_segment].text
    return document.position_at(end_of_first(text, dateline.end if dateline else 0)) - document.body_start


def _dateline_end(document: Document) -> int:
    """The first position after the dateline, which says where the reporter sat; the body's start where it has none."""
    dateline = document.article.dateline
    return document.body_start if dateline is None else document.position_at(dateline.end)


def _body_parts(document: Document) -> list[tuple[int, Standing]]:
    """After how many words of the body each part of it ends.

    The last third, which is cut first when space is short, is no opening even where the text is short; but the first
    sentence is one wherever it ends, for some texts have no other.
    """
    first_sentence = _end_of_first_sentence(document)
    opening = max(OPENING_WORDS, document.lead_end - document.body_start)
    last_third = -(-2 * document.length // 3)
    return [
        (min(first_sentence, opening), Standing.FIRST_SENTENCE),
        (min(opening, last_third), Standing.OPENING),
        (min(EARLY_WORDS, last_third), Standing.EARLY),
        (opening, Standing.END_OF_SHORT),
        (document.length // 3, Standing.FIRST_THIRD),
    ]
