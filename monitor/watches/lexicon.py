"""The atoms of all watches: every word, prefix and pattern that some watch asks for, by number.

One :class:`Lexicon` serves all watches of a matcher. It answers which atoms a chunk of text contains, and remembers the
answer per spelling: news repeats itself, so the dictionary lookup is nearly all that remains of the work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from monitor.watches.folding import exact, fold
from monitor.watches.frequency import expected_share
from monitor.watches.text import ANY_LETTER, STAR, Form, Part, exact_forms, folded_forms, is_plain, runs

LETTERS_REMEMBERED = 2_000_000
"""Of all spellings together; beyond it the memory starts afresh: about 40 MB."""
_PUNCTUATION = ".,;:!?\"“”„«»()[]…'’‘،؛؟—–-"


Place = tuple[int, int]
"""Part offset and width in a chunk."""
_WHOLE: tuple[Place, ...] = ((0, 1),)


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

    def find(self, key: str) -> list[int]:
        """The atoms that ``key`` is an instance of."""
        found = [self.words[key]] if key in self.words else []
        for length in self._prefix_lengths:
            if length > len(key):
                break
            atom = self.prefixes.get(key[:length])
            if atom is not None:
                found.append(atom)
        if self._patterns:
            found += [atom for pattern, atom in self._patterns.get(key[:1], ()) if pattern.fullmatch(key)]
        return found


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

    def find(self, pieces: list[Part]) -> list[Event]:
        """Every atom in a run that consists of ``pieces``."""
        if len(pieces) == 1:
            return [Event(atom, 0, 1) for atom in self.find_word(pieces[0].folded, pieces[0].exact)]
        found = _events(self.folded, folded_forms(pieces))
        if self.exact:
            found += _events(self.exact, exact_forms(pieces))
        for table, stem in self.stems.values():
            found += _events(table, [Form(stem(piece.exact), at, 1) for at, piece in enumerate(pieces)])
        return found

    def find_word(self, folded: str, exactly: str) -> list[int]:
        """Every atom that a single word is an instance of."""
        found = self.folded.find(folded)
        if self.exact:
            found += self.exact.find(exactly)
        for table, stem in self.stems.values():
            found += table.find(stem(exactly))
        return found


def _events(table: Table, forms: list[Form]) -> list[Event]:
    return [Event(atom, form.offset, form.width) for form in forms for atom in table.find(form.key)]


class Spellings(dict[str, tuple[int, ...]]):
    """Per spelling of a chunk the atoms in it, found on first sight.

    ``widths`` has the number of positions of every chunk that does not have exactly one; ``places`` says in which
    chunks an atom is found, and where in them; ``letters`` counts what is remembered.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon
        self.letters = 0
        self.widths: dict[str, int] = {}
        self.places: dict[int, dict[str, tuple[Place, ...]]] = {}

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        bare = chunk.strip(_PUNCTUATION)
        atoms = self._like(chunk, bare) if bare != chunk and bare else self._read(chunk)
        self[chunk] = atoms
        self.letters += len(chunk) + 10
        return atoms

    def _like(self, chunk: str, bare: str) -> tuple[int, ...]:
        atoms = self[bare]
        if bare in self.widths:
            self.widths[chunk] = self.widths[bare]
        for atom in atoms:
            self.places[atom][chunk] = self.places[atom][bare]
        return atoms

    def _read(self, chunk: str) -> tuple[int, ...]:
        if is_plain(chunk):
            return self._read_plain(chunk)
        found: list[Event] = []
        width = 0
        for pieces in runs(chunk):
            found += [Event(atom, width + offset, wide) for atom, offset, wide in self._lexicon.find(pieces)]
            width += len(pieces)
        if width != 1:
            self.widths[chunk] = width
        places: dict[int, list[Place]] = {}
        for atom, offset, wide in found:
            places.setdefault(atom, []).append((offset, wide))
        for atom, where in places.items():
            self.places.setdefault(atom, {})[chunk] = tuple(where)
        return tuple(places)

    def _read_plain(self, word: str) -> tuple[int, ...]:
        folded = fold(word)
        if not folded:
            self.widths[word] = 0
            return ()
        found = self._lexicon.find_word(folded, exact(word))
        for atom in found:
            self.places.setdefault(atom, {})[word] = _WHOLE
        return tuple(found)
