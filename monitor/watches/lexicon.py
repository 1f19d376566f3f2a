"""The atoms of all watches: every word, prefix and pattern that some watch asks for, by number.

One :class:`Lexicon` serves all watches of a matcher. It answers which atoms a chunk of text contains, and remembers the
answer per spelling: news repeats itself, so the dictionary lookup is nearly all that remains of the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from monitor.watches.folding import exact, fold
from monitor.watches.frequency import expected_share
from monitor.watches.text import ANY_LETTER, JOINT, LONGEST_PART, STAR, ascii_runs, is_plain, runs, stretches

LETTERS_REMEMBERED = 2_000_000
"""Of all spellings together; beyond it the memory starts afresh: about 40 MB."""
_PUNCTUATION = ".,;:!?\"“”„«»()[]…'’‘،؛؟—–-"


Place = tuple[int, int]
"""Part offset and width in a chunk."""
_WHOLE: tuple[Place, ...] = ((0, 1),)
HEAD = 4
"""Letters by which longer prefixes are found: enough that most words of a text share none of their heads."""


class Event(NamedTuple):
    """An atom found in a chunk: from part ``offset`` over ``width`` parts."""

    atom: int
    offset: int
    width: int


class Table:
    """Words, prefixes and patterns over one way of spelling (folded, exact, or the stems of a language)."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.prefixes: dict[str, int] = {}
        self._short: tuple[int, ...] = ()
        """Lengths of the prefixes shorter than ``HEAD``; they are tried on every word."""
        self._long: dict[str, tuple[int, ...]] = {}
        """By the first ``HEAD`` letters, the lengths of the longer prefixes; few words have any."""
        self._patterns: dict[str, list[tuple[re.Pattern[str], int]]] = {}
        self.empty = True

    def add(self, key: str, number: int) -> int:
        """The atom of ``key``, ``number`` if it is new; ``STAR`` ends a prefix, ``ANY_LETTER`` is any letter."""
        self.empty = False
        if ANY_LETTER in key:
            return self._add_pattern(key, number)
        if not key.endswith(STAR):
            return self.words.setdefault(key, number)
        length = len(key) - 1
        if length < HEAD:
            self._short = tuple(sorted({*self._short, length}))
        else:
            lengths = self._long.get(key[:HEAD], ())
            if length not in lengths:
                self._long[key[:HEAD]] = tuple(sorted((*lengths, length)))
        return self.prefixes.setdefault(key[:-1], number)

    def _add_pattern(self, key: str, number: int) -> int:
        body = "".join("." if each == ANY_LETTER else re.escape(each) for each in key.removesuffix(STAR))
        pattern = re.compile(body + (".*" if key.endswith(STAR) else ""), re.DOTALL)
        bucket = self._patterns.setdefault(key[0], [])
        for known, atom in bucket:
            if known.pattern == pattern.pattern:
                return atom
        bucket.append((pattern, number))
        return number

    def find(self, key: str) -> list[int]:
        """The atoms that ``key`` is an instance of."""
        found = [self.words[key]] if key in self.words else []
        if self._short:
            found += self._starts(key, self._short)
        if key[:HEAD] in self._long:
            found += self._starts(key, self._long[key[:HEAD]])
        if self._patterns:
            found += [atom for pattern, atom in self._patterns.get(key[:1], ()) if pattern.fullmatch(key)]
        return found

    def _starts(self, key: str, lengths: tuple[int, ...]) -> list[int]:
        starts = [key[:length] for length in lengths if length <= len(key)]
        return [self.prefixes[start] for start in starts if start in self.prefixes]


class Lexicon:
    """All atoms, numbered."""

    def __init__(self) -> None:
        self.folded = Table()
        self.exact = Table()
        self.stems: dict[str, tuple[Table, Callable[[str], str]]] = {}
        self.shares: list[float] = []
        """Per atom the share of articles expected to have it."""

    def atom(self, table: Table, key: str) -> int:
        """The number of ``key`` in ``table``; a new one when it is not known yet."""
        number = table.add(key, len(self.shares))
        if number == len(self.shares):
            self.shares.append(expected_share(key))
        return number

    def find(self, folded: list[str], exactly: list[str]) -> list[Event]:
        """Every atom in a run whose parts are so spelled."""
        if len(folded) == 1:
            return [Event(atom, 0, 1) for atom in self.find_word(folded[0], exactly[0])]
        found = _events(self.folded, folded, "")
        if not self.exact.empty:
            found += _events(self.exact, exactly, JOINT)
        for table, stem in self.stems.values():
            found += [Event(atom, at, 1) for at, word in enumerate(exactly) for atom in table.find(stem(word))]
        return found

    def find_word(self, folded: str, exactly: str) -> list[int]:
        """Every atom that a single word is an instance of."""
        found = self.folded.find(folded)
        if not self.exact.empty:
            found += self.exact.find(exactly)
        for table, stem in self.stems.values():
            found += table.find(stem(exactly))
        return found


def _events(table: Table, words: list[str], joint: str) -> list[Event]:
    """The atoms of every word and of every stretch of neighbours joined by ``joint``."""
    return [
        Event(atom, offset, width)
        for offset, width in stretches(len(words))
        for atom in table.find(words[offset] if width == 1 else joint.join(words[offset : offset + width]))
    ]


class Spellings:
    """What is known of every spelling of a chunk that was ever read: nearly always that no watch asks for it.

    ``widths`` has the number of positions of every chunk that does not have exactly one; ``places`` says in which
    chunks an atom is found, and where in them; ``letters`` counts what is remembered. Threads may share it: a chunk
    becomes known when everything about it is there.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: set[str] = set()
        self._telling: set[str] = set()
        """The chunks in which something is found. Sets, because their intersection takes half the time of lookups."""
        self._found: dict[str, tuple[int, ...]] = {}
        self.shares: Sequence[float] = lexicon.shares
        self.letters = 0
        self.widths: dict[str, int] = {}
        self.places: dict[int, dict[str, tuple[Place, ...]]] = {}

    def __len__(self) -> int:
        return len(self._known)

    def atoms(self, distinct: set[str]) -> set[int]:
        """Every atom that stands in one of the chunks ``distinct``."""
        new = distinct - self._known
        if new:
            self.letters += len("".join(new)) + 10 * len(new)
            for chunk in new:
                self._learn(chunk)
        return set().union(*map(self._found.__getitem__, distinct & self._telling))

    def _learn(self, chunk: str) -> tuple[int, ...]:
        bare = chunk.strip(_PUNCTUATION) or chunk
        if len(bare) > LONGEST_PART or not bare.isascii():
            atoms = self._read(chunk) if bare == chunk else self._like(chunk, bare)
        elif bare.isalnum():
            atoms = self._note_whole(chunk, self._lexicon.find_word(bare.lower(), bare))
        else:
            atoms = self._read_ascii(chunk, bare)
        if atoms:
            self._found[chunk] = atoms
            self._telling.add(chunk)
        self._known.add(chunk)
        return atoms

    def _like(self, chunk: str, bare: str) -> tuple[int, ...]:
        atoms = self._found.get(bare, ()) if bare in self._known else self._learn(bare)
        if bare in self.widths:
            self.widths[chunk] = self.widths[bare]
        for atom in atoms:
            self.places[atom][chunk] = self.places[atom][bare]
        return atoms

    def _read(self, chunk: str) -> tuple[int, ...]:
        if is_plain(chunk):
            folded = fold(chunk)
            if folded:
                return self._note_whole(chunk, self._lexicon.find_word(folded, exact(chunk)))
            self.widths[chunk] = 0
            return ()
        typed = chunk.replace("’", "'")
        if len(typed) <= LONGEST_PART and typed.isascii():
            return self._read_ascii(chunk, typed)
        pieces_of = runs(chunk)
        find = self._lexicon.find
        events = [find([each.folded for each in pieces], [each.exact for each in pieces]) for pieces in pieces_of]
        return self._note_runs(chunk, list(map(len, pieces_of)), events)

    def _read_ascii(self, chunk: str, typed: str) -> tuple[int, ...]:
        written_of = ascii_runs(typed)
        events = [self._lexicon.find([word.lower() for word in written], written) for written in written_of]
        return self._note_runs(chunk, list(map(len, written_of)), events)

    def _note_whole(self, chunk: str, atoms: list[int]) -> tuple[int, ...]:
        for atom in atoms:
            self.places.setdefault(atom, {})[chunk] = _WHOLE
        return tuple(atoms)

    def _note_runs(self, chunk: str, widths: list[int], events: list[list[Event]]) -> tuple[int, ...]:
        width = sum(widths)
        if width != 1:
            self.widths[chunk] = width
        if not any(events):
            return ()
        places: dict[int, list[Place]] = {}
        for base, found in zip(accumulate(widths, initial=0), events, strict=False):
            for atom, offset, wide in found:
                places.setdefault(atom, []).append((base + offset, wide))
        for atom, where in places.items():
            self.places.setdefault(atom, {})[chunk] = tuple(where)
        return tuple(places)
