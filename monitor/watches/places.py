"""Where the chunks of a document are: positions for distances, offsets for highlighting; made when first asked for.

Made of few and flat objects: a list for every chunk of every article would keep the garbage collector busy.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate, chain, compress, repeat
from typing import NamedTuple

from monitor.watches.spellings import PUNCTUATION, Spellings
from monitor.watches.text import Part, is_plain, parts


class Segment(NamedTuple):
    """A stretch of text, cut at white space, with the position of its first word. ``field`` is the article's."""

    field: str
    text: str
    chunks: list[str]
    base: int
    cut: int
    """Where the text was cut besides at white space: 0 for nowhere."""


class Places:
    """The chunks of all segments in one row, each with its position."""

    def __init__(self, segments: list[Segment], telling: set[str], spellings: Spellings) -> None:
        """``telling`` are the chunks that can be asked for."""
        self._segments = segments
        self._telling = telling
        self._spellings = spellings
        self._chunks = list(chain.from_iterable(segment.chunks for segment in segments))
        self._width = width = spellings.widths.get
        self._occurrences: dict[tuple[int, str], Occurrences] = {}
        self._parts: dict[str, list[Part]] = {}
        self._positions: list[int] = []
        for segment in segments:
            self._positions += accumulate(map(width, segment.chunks, repeat(1)), initial=segment.base)
            self._positions.pop()

    @cached_property
    def _indexes(self) -> dict[str, list[int]]:
        """Where in the row every telling chunk stands."""
        chunks = self._chunks
        found: dict[str, list[int]] = {chunk: [] for chunk in self._telling}
        for index in compress(range(len(chunks)), map(self._telling.__contains__, chunks)):
            found[chunks[index]].append(index)
        return found

    def words_of(self, number: int) -> int:
        """How many positions the ``number``-th segment has."""
        segment, first = self._segments[number], self._firsts[number]
        if not segment.chunks:
            return 0
        last = first + len(segment.chunks) - 1
        return self._positions[last] - segment.base + self._width(self._chunks[last], 1)

    def starts(self, chunk: str) -> list[int]:
        """The positions of all occurrences of ``chunk``."""
        return [self._positions[index] for index in self._indexes[chunk]]

    def ends_from(self, atom: int, position: int) -> list[int]:
        """Where the mentions of ``atom`` end that begin at ``position``."""
        index = bisect_right(self._positions, position) - 1
        first = self._positions[index]
        places = self._spellings.places(atom, self._chunks[index])
        return [position + width for offset, width in places if first + offset == position]

    def starts_before(self, atom: int, position: int) -> list[int]:
        """Where the mentions of ``atom`` begin that end at ``position``."""
        index = bisect_right(self._positions, position - 1) - 1
        if index < 0:
            return []
        first = self._positions[index]
        places = self._spellings.places(atom, self._chunks[index])
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

    def offsets(self, position: int) -> tuple[int, int]:
        """Code point offsets, in its segment's text, of the part at ``position``."""
        index = bisect_right(self._positions, position) - 1
        chunk = self._chunks[index]
        start = self._offset(chunk, index, self.segment_number(position))
        bare = chunk.strip(PUNCTUATION)
        if is_plain(bare):
            start += chunk.index(bare)
            return start, start + len(bare)
        if chunk not in self._parts:
            self._parts[chunk] = parts(chunk)
        part = self._parts[chunk][position - self._positions[index]]
        return start + part.start, start + part.end

    def _offset(self, chunk: str, index: int, number: int) -> int:
        """Where the chunk at ``index`` begins in the text of its segment."""
        occurrences = self._occurrences.get((number, chunk))
        if occurrences is None:
            occurrences = self._occurrences[number, chunk] = Occurrences(chunk, self._segments[number])
        known = self._indexes[chunk]
        return occurrences.offset(bisect_left(known, index) - bisect_left(known, self._firsts[number]))


class Occurrences:
    """The offsets of a chunk in a text, found one after the other."""

    def __init__(self, chunk: str, segment: Segment) -> None:
        self._chunk = chunk
        self._text = segment.text
        self._cut = segment.cut
        self._offsets: list[int] = []
        self._next = 0

    def offset(self, number: int) -> int:
        """The offset of its ``number``-th occurrence, from 0, as a whole chunk."""
        text, size = self._text, len(self._chunk)
        while len(self._offsets) <= number:
            start = text.index(self._chunk, self._next)
            if self._is_whole(start, start + size):
                self._offsets.append(start)
                self._next = start + size
            else:
                self._next = start + 1
        return self._offsets[number]

    def _is_whole(self, start: int, end: int) -> bool:
        text, cut = self._text, self._cut
        starts = start in (0, cut) or text[start - 1].isspace()
        ends = end in (len(text), cut) or text[end].isspace()
        return starts and ends and not start < cut < end
