"""Where the chunks of a document are: positions for distances, offsets for highlighting; made when first asked for.

Made of few and flat objects: a list for every chunk of every article would keep the garbage collector busy.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, chain, repeat
from typing import NamedTuple

from monitor.watches.lexicon import Place, Spellings
from monitor.watches.text import Part, parts

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

    def __init__(self, segments: list[Segment], distinct: list[set[str]], spellings: Spellings) -> None:
        """``distinct`` are sets that together have every chunk of ``segments``."""
        self._segments = segments
        self._distinct = distinct
        self._chunks = list(chain.from_iterable(segment.chunks for segment in segments))
        self._width = width = spellings.widths.get
        self._positions: list[int] = []
        for segment in segments:
            self._positions += accumulate(map(width, segment.chunks, repeat(1)), initial=segment.base)
            self._positions.pop()
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

    def among(self, chunks: dict[str, tuple[Place, ...]]) -> set[str]:
        """Those of ``chunks`` that the document has."""
        return set().union(*[chunks.keys() & distinct for distinct in self._distinct])

    def words_of(self, number: int) -> int:
        """How many positions the ``number``-th segment has."""
        segment, first = self._segments[number], self._firsts[number]
        if not segment.chunks:
            return 0
        last = first + len(segment.chunks) - 1
        return self._positions[last] - segment.base + self._width(self._chunks[last], 1)

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

    def ends_from(self, known: dict[str, tuple[Place, ...]], position: int) -> list[int]:
        """Where the mentions end that begin at ``position``; ``known`` says where in which chunks there are any."""
        index = bisect_right(self._positions, position) - 1
        first = self._positions[index]
        places = known.get(self._chunks[index], ())
        return [position + width for offset, width in places if first + offset == position]

    def starts_before(self, known: dict[str, tuple[Place, ...]], position: int) -> list[int]:
        """Where the mentions begin that end at ``position``."""
        index = bisect_right(self._positions, position - 1) - 1
        first = self._positions[index]
        places = known.get(self._chunks[index], ()) if index >= 0 else ()
        return [position - width for offset, width in places if first + offset + width == position]

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
    """Offsets of the chunks of one segment; cutting on from the nearest one known is the fastest way to the next."""

    def __init__(self, segment: Segment) -> None:
        self._text = segment.text
        self._indexes = [0]
        self._offsets = [len(segment.text) - len(segment.text.lstrip())]

    def of(self, index: int) -> int:
        """The offset of the ``index``-th chunk."""
        at = bisect_right(self._indexes, index)
        known, offset = self._indexes[at - 1], self._offsets[at - 1]
        if index > known:
            rest = self._text[offset:].split(None, index - known)[-1]
            offset = len(self._text) - len(rest)
            self._indexes.insert(at, index)
            self._offsets.insert(at, offset)
        return offset
