"""Where the chunks of a document are: positions for distances, offsets for highlighting; made when first asked for.

Made of few and flat objects: a list for every chunk of every article would keep the garbage collector busy.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import NamedTuple

from monitor.watches.lexicon import Spellings
from monitor.watches.text import Part, parts

_WIDE_SPACE = re.compile(r"\s{2,}")
_SPACE = re.compile(r"\s*")
FEW = 16
"""Chunks that are looked for one by one before it pays to link all."""


class Segment(NamedTuple):
    """A stretch of text, cut at white space, with the position of its first word. ``field`` is the article's."""

    field: str
    text: str
    chunks: list[str]
    base: int


class Places:
    """The chunks of all segments in one row, each with its position and the place of its like before it."""

    def __init__(self, segments: list[Segment], spellings: Spellings) -> None:
        self._segments = segments
        self._chunks = list(chain.from_iterable(segment.chunks for segment in segments))
        width = spellings.widths.get
        self._positions: list[int] = []
        for segment in segments:
            self._positions += accumulate(map(width, segment.chunks, repeat(1)), initial=segment.base)
            self._positions.pop()
        self._distinct = set(self._chunks)
        self._asked = 0
        self._last: dict[str, int] = {}
        self._before: list[int] = []
        self._parts: dict[str, list[Part]] = {}

    def _link(self) -> None:
        """Note for every chunk the place of its like before it."""
        last, append = self._last, self._before.append
        for index, chunk in enumerate(self._chunks):
            append(last.get(chunk, -1))
            last[chunk] = index

    def among(self, chunks: dict[str, tuple[tuple[int, int], ...]]) -> list[str]:
        """Those of ``chunks`` that the document has."""
        distinct = self._distinct
        if len(chunks) > len(distinct):
            return [each for each in distinct if each in chunks]
        return [each for each in chunks if each in distinct]

    def starts(self, chunk: str) -> list[int]:
        """The positions of all occurrences of ``chunk``, in any order."""
        self._asked += 1
        if self._asked <= FEW:
            return self._scan(chunk)
        if not self._before:
            self._link()
        found = []
        index = self._last.get(chunk, -1)
        while index >= 0:
            found.append(self._positions[index])
            index = self._before[index]
        return found

    def _scan(self, chunk: str) -> list[int]:
        found: list[int] = []
        index = -1
        try:
            while True:
                index = self._chunks.index(chunk, index + 1)
                found.append(self._positions[index])
        except ValueError:
            return found

    def segment_number(self, position: int) -> int:
        """Which segment ``position`` lies in."""
        return bisect_right(self._bases, position) - 1

    @cached_property
    def _bases(self) -> list[int]:
        return [segment.base for segment in self._segments]

    @cached_property
    def _firsts(self) -> list[int]:
        """The index of each segment's first chunk."""
        return list(accumulate((len(segment.chunks) for segment in self._segments), initial=0))

    @cached_property
    def _offsets(self) -> dict[int, Offsets]:
        return {}

    def offsets(self, position: int) -> tuple[int, int]:
        """Code point offsets, in its segment's text, of the part at ``position``."""
        index = bisect_right(self._positions, position) - 1
        number = self.segment_number(position)
        if number not in self._offsets:
            self._offsets[number] = Offsets(self._segments[number])
        start = self._offsets[number].of(index - self._firsts[number])
        chunk = self._chunks[index]
        if chunk not in self._parts:
            self._parts[chunk] = parts(chunk)
        part = self._parts[chunk][position - self._positions[index]]
        return start + part.start, start + part.end


class Offsets:
    """Offsets of the chunks of one segment: as if one space lay between any two, corrected where more do."""

    def __init__(self, segment: Segment) -> None:
        lengths = accumulate(map(len, segment.chunks), initial=0)
        self._even = [length + index for index, length in enumerate(lengths)]
        leading = _SPACE.match(segment.text)
        shift = leading.end() if leading else 0
        self._from = [0]
        self._shifts = [shift]
        for space in _WIDE_SPACE.finditer(segment.text, shift):
            self._from.append(space.start() - shift + 1)
            shift += space.end() - space.start() - 1
            self._shifts.append(shift)

    def of(self, index: int) -> int:
        """The offset of the ``index``-th chunk."""
        even = self._even[index]
        return even + self._shifts[bisect_left(self._from, even + 1) - 1]
