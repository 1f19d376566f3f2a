"""The atoms of all watches: every word, prefix and pattern that some watch asks for, by number.

One :class:`Lexicon` serves all watches of a matcher. It answers which atoms a run of text contains, and remembers the
answer per spelling: news repeats itself, so the dictionary lookup is nearly all that remains of the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from monitor.watches.frequency import expected_share
from monitor.watches.text import ANY_LETTER, STAR, Form, Part, exact_forms, folded_forms, parts

SPELLINGS_REMEMBERED = 150_000
"""Beyond it the memory starts afresh: about 30 MB."""


class Event(NamedTuple):
    """An atom found in a run: from part ``offset`` over ``width`` parts."""

    atom: int
    offset: int
    width: int


class Table:
    """Words, prefixes and patterns over one way of spelling (folded, exact, or the stems of a language)."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.prefixes: dict[str, int] = {}
        self._prefix_lengths: tuple[int, ...] = ()
        self._patterns: dict[str, list[tuple[re.Pattern[str], int]]] = {}

    def __bool__(self) -> bool:
        return bool(self.words or self.prefixes or self._patterns)

    def add(self, key: str, number: int) -> int:
        """The atom of ``key``, ``number`` if it is new; ``STAR`` ends a prefix, ``ANY_LETTER`` is any letter."""
        if ANY_LETTER in key:
            return self._add_pattern(key, number)
        if not key.endswith(STAR):
            return self.words.setdefault(key, number)
        if len(key) - 1 not in self._prefix_lengths:
            self._prefix_lengths = tuple(sorted({*self._prefix_lengths, len(key) - 1}))
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

    def find(self, form: Form) -> list[Event]:
        """The atoms that ``form`` is an instance of."""
        key, offset, width = form
        found = [self.words[key]] if key in self.words else []
        for length in self._prefix_lengths:
            if length > len(key):
                break
            atom = self.prefixes.get(key[:length])
            if atom is not None:
                found.append(atom)
        found += [atom for pattern, atom in self._patterns.get(key[:1], ()) if pattern.fullmatch(key)]
        return [Event(atom, offset, width) for atom in found]


class Lexicon:
    """All atoms, numbered, and what has been learnt about spellings so far."""

    def __init__(self) -> None:
        self.folded = Table()
        self.exact = Table()
        self.stems: dict[str, tuple[Table, Callable[[str], str]]] = {}
        self.shares: list[float] = []
        """Per atom the share of articles expected to have it."""
        self._spellings = Spellings(self)

    def atom(self, table: Table, key: str) -> int:
        """The number of ``key`` in ``table``; a new one when it is not known yet."""
        number = table.add(key, len(self.shares))
        if number == len(self.shares):
            self.shares.append(expected_share(key))
        return number

    def spellings(self) -> Spellings:
        """The memory to use for one article. A full one is left to those who still read it."""
        if len(self._spellings) >= SPELLINGS_REMEMBERED:
            self._spellings = Spellings(self)
        return self._spellings

    def find(self, pieces: list[Part]) -> list[Event]:
        """Every atom in a run that consists of ``pieces``."""
        found = [event for form in folded_forms(pieces) for event in self.folded.find(form)]
        if self.exact:
            found += [event for form in exact_forms(pieces) for event in self.exact.find(form)]
        for table, stem in self.stems.values():
            found += [event for at, piece in enumerate(pieces) for event in table.find(Form(stem(piece.exact), at, 1))]
        return found


class Spellings(dict[str, tuple[int, ...]]):
    """Per spelling of a run the atoms in it, found on first sight.

    ``widths`` has the number of positions of every run that does not have exactly one; ``events`` says where in a run
    its atoms lie, for the runs that have any.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon
        self.widths: dict[str, int] = {}
        self.events: dict[str, tuple[Event, ...]] = {}

    def __missing__(self, run: str) -> tuple[int, ...]:
        pieces = parts(run)
        found = self._lexicon.find(pieces)
        if len(pieces) != 1:
            self.widths[run] = len(pieces)
        if found:
            self.events[run] = tuple(found)
        atoms = tuple({event.atom for event in found})
        self[run] = atoms
        return atoms
