"""The sentence around a mention, for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.watches.document import Document, Mention

LONGEST = 240
"""Characters of a sentence that are shown; the mention stays in the middle."""
SHORTEST = 30
"""Characters of a first sentence; what is shorter is a heading or an abbreviation."""
_END = re.compile(r"[.!?؟۔。！？।॥]['\"”’»)]*\s+|\n+|[。！？]")
_BEFORE = 600
_MOSTLY = 120
"""Characters before a word in which its sentence mostly begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A mention in its sentence. ``word`` counts from 1 in its field; ``start`` and ``end`` lie in ``sentence``."""

    field: str
    word: int
    sentence: str
    start: int
    end: int

    @property
    def place(self) -> str:
        """Field and word: ``text, word 12``."""
        return f"{self.field}, word {self.word}"

    @property
    def marked(self) -> str:
        """The sentence with the mention between »«."""
        found = self.sentence[self.start : self.end]
        return f"{self.sentence[: self.start]}»{found}«{self.sentence[self.end :]}"


def quote(document: Document, mention: Mention) -> Quote:
    """The sentence of ``mention``, shortened where it is very long."""
    segment, start, end = document.offsets(mention)
    first, last = _bounds(segment.text, start, end)
    sentence = segment.text[first:last]
    lead = len(sentence) - len(sentence.lstrip())
    flat = " ".join(sentence.split())
    before = " ".join(segment.text[first + lead : start].split())
    gap = 1 if before and segment.text[start - 1].isspace() else 0
    found = " ".join(segment.text[start:end].split())
    at = len(before) + gap
    return Quote(field=segment.field, word=mention[0] - segment.base + 1, sentence=flat, start=at, end=at + len(found))


def whole_sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around ``text[start:end]`` begins and ends, at most ``_BEFORE`` characters to each side."""
    following = _END.search(text, end, end + _BEFORE)
    return _first(text, start), following.start() if following else min(len(text), end + _BEFORE)


def end_of_first(text: str, start: int) -> int:
    """Where the first sentence from ``start`` on ends, with a very short one before it; at most ``_BEFORE`` on."""
    for stop in _END.finditer(text, start, start + _BEFORE):
        if len(text[start : stop.start()]) >= SHORTEST:
            return stop.end()
    return min(len(text), start + _BEFORE)


def same_sentence(text: str, end: int, start: int) -> bool:
    """Whether no sentence ends between ``end`` and ``start``."""
    return _END.search(text, end, start) is None


def _first(text: str, start: int) -> int:
    return (
        _last_stop(text, start - _MOSTLY, start) or _last_stop(text, start - _BEFORE, start) or max(0, start - _BEFORE)
    )


def _last_stop(text: str, low: int, high: int) -> int:
    stops = [stop.end() for stop in _END.finditer(text, max(0, low), high)]
    return stops[-1] if stops else 0


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    first = _first(text, start)
    if start - first > LONGEST // 2:
        first = text.rfind(" ", first, start - LONGEST // 2) + 1 or start - LONGEST // 2
    following = _END.search(text, end, min(len(text), end + LONGEST // 2))
    if following is not None:
        return first, following.start() + len(following.group().rstrip())
    if end + LONGEST // 2 >= len(text):
        return first, len(text)
    cut = text.rfind(" ", end, end + LONGEST // 2)
    return first, cut if cut > end else end + LONGEST // 2
