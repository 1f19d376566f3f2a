"""The atoms of all watches: every word, prefix and pattern that some watch asks for, by number.

One :class:`Lexicon` serves all watches of a matcher; :mod:`spellings` remembers its answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from monitor.watches.folding import exact, fold
from monitor.watches.frequency import expected_share
from monitor.watches.text import ANY_LETTER, JOINT, STAR, stretches

HEAD = 4
"""Letters by which longer prefixes are found: enough that most words of a text share none of their heads."""


Found = tuple[int, int, int]
"""An atom in a run, the part at which it begins, and over how many parts it goes."""


class Table:
    """Words, prefixes and patterns over one way of spelling (folded, exact, or the stems of a language)."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.prefixes: dict[str, int] = {}
        self._short: tuple[int, ...] = ()
        """Lengths of the prefixes shorter than ``HEAD``; they are tried on every word."""
        self.heads: dict[str, tuple[int, ...]] = {}
        """By the first ``HEAD`` letters, the lengths of the prefixes that begin so; few words share any."""
        self._patterns: dict[str, list[tuple[re.Pattern[str], int]]] = {}
        self.empty = True
        self.by_key_only = True
        """Whether what is neither in ``words`` nor begins like one of ``heads`` has no atom."""

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
            self.by_key_only = False
        else:
            lengths = self.heads.get(key[:HEAD], ())
            if length not in lengths:
                self.heads[key[:HEAD]] = tuple(sorted((*lengths, length)))
        return self.prefixes.setdefault(key[:-1], number)

    def _add_pattern(self, key: str, number: int) -> int:
        body = "".join("." if each == ANY_LETTER else re.escape(each) for each in key.removesuffix(STAR))
        pattern = re.compile(body + (".*" if key.endswith(STAR) else ""), re.DOTALL)
        bucket = self._patterns.setdefault(key[0], [])
        self.by_key_only = False
        for known, atom in bucket:
            if known.pattern == pattern.pattern:
                return atom
        bucket.append((pattern, number))
        return number

    def find(self, key: str) -> list[int]:
        """The atoms that ``key`` is an instance of."""
        number = self.words.get(key)
        found = [] if number is None else [number]
        lengths = self.heads.get(key[:HEAD], ())
        for length in self._short + lengths if self._short else lengths:
            number = self.prefixes.get(key[:length])
            if number is not None and length <= len(key):
                found.append(number)
        if self._patterns:
            found += [atom for pattern, atom in self._patterns.get(key[:1], ()) if pattern.fullmatch(key)]
        return found

    def find_in(self, words: list[str], joint: str) -> list[Found]:
        """The atoms of every word and of every stretch of neighbours joined by ``joint``."""
        found: list[Found] = []
        known, heads, always = self.words, self.heads, not self.by_key_only
        for offset, width in stretches(len(words)):
            key = words[offset] if width == 1 else joint.join(words[offset : offset + width])
            if key in known or key[:HEAD] in heads or always:
                found += [(atom, offset, width) for atom in self.find(key)]
        return found


class Lexicon:
    """All atoms, numbered."""

    def __init__(self) -> None:
        self.folded = Table()
        self.exact = Table()
        self.cased: set[str] = set()
        """How the words of ``exact`` are folded, joined ones written together."""
        self.stems: dict[str, tuple[Table, Callable[[str], str]]] = {}
        self.shares: list[float] = []
        """Per atom the share of articles expected to have it."""

    def atom(self, table: Table, key: str) -> int:
        """The number of ``key`` in ``table``; a new one when it is not known yet."""
        number = table.words.get(key)
        if number is None:
            number = table.add(key, len(self.shares))
            if number == len(self.shares):
                self.shares.append(expected_share(key))
            if table is self.exact:
                self.cased.add("".join(map(fold, key.split(JOINT))))
        return number

    def find(self, folded: list[str], written: list[str]) -> list[Found]:
        """Every atom in a run of several parts."""
        found = self.folded.find_in(folded, "")
        if self.stems or not self.exact.empty:
            exactly = [exact(each) for each in written]
            if not self.exact.empty:
                found += self.exact.find_in(exactly, JOINT)
            for table, stem in self.stems.values():
                found += [(atom, at, 1) for at, word in enumerate(exactly) for atom in table.find(stem(word))]
        return found

    @property
    def minds_spelling(self) -> bool:
        """Whether it makes a difference how a word is written, apart from what folding makes equal."""
        return bool(self.stems) or not self.exact.empty

    @property
    def by_key_only(self) -> bool:
        """Whether a simple word has no atom unless its key is in ``cased`` or in ``folded.words``, or begins like one
        of ``folded.heads``."""
        return self.folded.by_key_only and not self.stems and self.exact.by_key_only and not self.exact.prefixes

    def find_word(self, folded: str, written: str) -> list[int]:
        """Every atom that a single word is an instance of."""
        found = self.folded.find(folded)
        if self.stems or not self.exact.empty:
            exactly = exact(written)
            if not self.exact.empty:
                found += self.exact.find(exactly)
            for table, stem in self.stems.values():
                found += table.find(stem(exactly))
        return found
