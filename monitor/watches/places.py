"""Where the chunks of a document are: positions for distances, offsets for highlighting; made when first asked for.

Made of few and flat objects: a list for every chunk of every article would keep the garbage collector busy.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import compress
from typing import NamedTuple

from monitor.watches.spellings import PUNCTUATION, Spellings
from monitor.watches.text import Part, is_plain, parts

FEW_PLACES = 4
"""In a chunk, up to which they are looked through; a paragraph without spaces can have thousands."""


class Segment(NamedTuple):
    """A stretch of text, cut at white space, with the position of its first word. ``field`` is the article's."""

    field: str
    text: str
    chunks: list[str]
    base: int
    cut: int
    """Where the text was cut besides at white space: 0 for nowhere."""


class Places:
    """The chunks of all segments in one row, each with its position.

    Most chunks have one position, so that of a chunk is its index plus a shift, which changes where a segment begins
    and after every chunk that has none or several.
    """

    def __init__(
        self, segments: list[Segment], telling: set[str], distinct: list[set[str]], spellings: Spellings
    ) -> None:
        """``distinct`` together have all chunks of ``segments``; ``telling`` are those that can be asked for."""
        self._segments = segments
        self._spellings = spellings
        self._chunks: list[str] = []
        self._firsts: list[int] = []
        """The index of each segment's first chunk."""
        self._bounds: list[int] = []
        """The indexes from which another shift holds."""
        self._shifts: list[int] = []
        self._last: dict[str, int] = {}
        """Where every telling or odd chunk stands last, and in ``_before`` per index the one of its like before it."""
        self._before: dict[int, int] = {}
        self._known: dict[str, list[int]] = {}
        self._occurrences: dict[tuple[int, str], Occurrences] = {}
        self._parts: dict[str, list[Part]] = {}
        self._by_part: dict[tuple[int, str, bool], dict[int, list[int]]] = {}
        odd = set().union(*[chunks & spellings.odd for chunks in distinct])
        for segment in segments:
            self._enter(segment, telling, odd)
        self._starts = [bound + shift for bound, shift in zip(self._bounds, self._shifts, strict=True)]

    def _enter(self, segment: Segment, telling: set[str], odd: set[str]) -> None:
        chunks, last, before, widths = segment.chunks, self._last, self._before, self._spellings.widths
        first = len(self._chunks)
        shift = segment.base - first
        self._chunks += chunks
        self._firsts.append(first)
        self._bounds.append(first)
        self._shifts.append(shift)
        wanted = telling | odd
        for index, chunk in compress(enumerate(chunks, first), map(wanted.__contains__, chunks)):
            if chunk in odd:
                shift += widths[chunk] - 1
                self._bounds.append(index + 1)
                self._shifts.append(shift)
            if chunk in last:
                before[index] = last[chunk]
            last[chunk] = index

    def _position(self, index: int) -> int:
        return index + self._shifts[bisect_right(self._bounds, index) - 1]

    def _index(self, position: int) -> int:
        """The chunk in which ``position`` lies; between segments that before it, -1 where there is none."""
        number = bisect_right(self._starts, position)
        index = position - self._shifts[number - 1]
        return min(index, self._bounds[number] - 1) if number < len(self._bounds) else index

    def _indexes(self, chunk: str) -> list[int]:
        known = self._known.get(chunk)
        if known is None:
            index: int | None = self._last[chunk]
            known = self._known[chunk] = []
            while index is not None:
                known.append(index)
                index = self._before.get(index)
            known.reverse()
        return known

    def words_of(self, number: int) -> int:
        """How many positions the ``number``-th segment has."""
        segment, first = self._segments[number], self._firsts[number]
        if not segment.chunks:
            return 0
        last = first + len(segment.chunks) - 1
        return self._position(last) - segment.base + self._spellings.widths.get(self._chunks[last], 1)

    def starts(self, chunk: str) -> list[int]:
        """The positions of all occurrences of ``chunk``."""
        return [self._position(index) for index in self._indexes(chunk)]

    def ends_from(self, atom: int, position: int) -> list[int]:
        """Where the mentions of ``atom`` end that begin at ``position``."""
        index = self._index(position)
        if index >= len(self._chunks):
            return []
        first = self._position(index)
        return [position + width for width in self._widths(atom, self._chunks[index], position - first, at_end=False)]

    def starts_before(self, atom: int, position: int) -> list[int]:
        """Where the mentions of ``atom`` begin that end at ``position``."""
        index = self._index(position - 1) if position else -1
        if index < 0:
            return []
        first = self._position(index)
        return [position - width for width in self._widths(atom, self._chunks[index], position - first, at_end=True)]

    def _widths(self, atom: int, chunk: str, part: int, *, at_end: bool) -> Sequence[int]:
        """Over how many parts of ``chunk`` the mentions of ``atom`` go that begin, or end, at ``part``."""
        places = self._spellings.places(atom, chunk)
        if len(places) <= FEW_PLACES:
            return [width for offset, width in places if (offset + width if at_end else offset) == part]
        known = self._by_part.get((atom, chunk, at_end))
        if known is None:
            known = self._by_part[atom, chunk, at_end] = {}
            for offset, width in places:
                known.setdefault(offset + width if at_end else offset, []).append(width)
        return known.get(part, ())

    def segment_number(self, position: int) -> int:
        """Which segment ``position`` lies in."""
        return bisect_right(self._bases, position) - 1

    @cached_property
    def _bases(self) -> list[int]:
        return [segment.base for segment in self._segments]

    def offsets(self, position: int) -> tuple[int, int]:
        """Code point offsets, in its segment's text, of the part at ``position``."""
        index = self._index(position)
        chunk = self._chunks[index]
        start = self._offset(chunk, index, self.segment_number(position))
        bare = chunk.strip(PUNCTUATION)
        if is_plain(bare):
            start += chunk.index(bare)
            return start, start + len(bare)
        if chunk not in self._parts:
            self._parts[chunk] = parts(chunk)
        part = self._parts[chunk][position - self._position(index)]
        return start + part.start, start + part.end

    def _offset(self, chunk: str, index: int, number: int) -> int:
        """Where the chunk at ``index`` begins in the text of its segment."""
        occurrences = self._occurrences.get((number, chunk))
        if occurrences is None:
            occurrences = self._occurrences[number, chunk] = Occurrences(chunk, self._segments[number])
        known = self._indexes(chunk)
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
