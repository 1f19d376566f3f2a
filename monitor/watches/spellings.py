"""What is known of every spelling that was ever read: nearly always that no watch asks for it.

News repeats itself, so this memory is nearly all the work at a few hundred watches: two operations between sets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from monitor.watches.folding import fold, fold_letters
from monitor.watches.lexicon import HEAD, Found, Lexicon
from monitor.watches.text import LONGEST_PART, ascii_runs, is_plain, runs

LETTERS_REMEMBERED = 2_000_000
"""Of the spellings in one memory. When it is full a new one begins, which takes over what comes up again; what only the
full one has is forgotten when the new one is full too. Both: about 35 MB at 1,000 watches, 75 MB at 100,000."""
PUNCTUATION = ".,;:!?\"“”„«»()[]…'’‘،؛؟—–-"
"""What surrounds words without belonging to them."""

_TYPED = {code: code for code in range(128)} | str.maketrans("’‘‐‑–−—…“”«»€£°®™", "''----           ")
"""Signs that mean here what one of ASCII means: joiners, and others that stand between words."""

Place = tuple[int, int]
"""Part offset and width in a chunk."""
WHOLE: tuple[Place, ...] = ((0, 1),)


class Spellings:
    """The chunks of all texts read so far, and what is found in them.

    ``widths`` has the number of positions of every chunk that does not have exactly one, ``odd`` the same chunks;
    ``letters`` counts what is remembered. Threads may share it: a chunk becomes known when everything about it is
    there.
    """

    def __init__(self, lexicon: Lexicon, before: Spellings | None = None) -> None:
        """``before`` is a full memory of the same lexicon; whoever still reads in it keeps it."""
        self._lexicon = lexicon
        self._before = before
        self._dull: set[str] = set()
        """The chunks in which nothing is found. Sets, because a difference takes half the time of lookups."""
        self._telling: set[str] = set()
        self._atoms: dict[str, tuple[int, ...]] = {}
        self._chunks: dict[int, list[str]] = {}
        """Per atom the chunks in which it stands; one may be there twice, where threads learnt it at once."""
        self._details: dict[str, dict[int, list[Place]]] = {}
        """Of telling chunks that are more than one plain word: where each atom stands. A chunk can be a paragraph where
        words have no spaces between them; looking through all of it for one atom would not do."""
        self.shares: Sequence[float] = lexicon.shares
        self.letters = 0
        self.widths: dict[str, int] = {}
        self.odd: set[str] = set()

    def __len__(self) -> int:
        return len(self._dull) + len(self._telling)

    def telling(self, distinct: set[str]) -> set[str]:
        """Those of the chunks ``distinct`` in which something is found."""
        rest = distinct - self._dull
        here = rest & self._telling
        if len(here) < len(rest):
            here |= self._learn(rest - here)
        return here

    def atoms(self, telling: Iterable[str]) -> set[int]:
        """Every atom that stands in one of the chunks ``telling``, which :meth:`telling` gave."""
        return set().union(*map(self._atoms.__getitem__, telling))

    def chunks_with(self, atom: int, telling: set[str]) -> set[str]:
        """The chunks in which the atom stands, of those that :meth:`telling` gave."""
        known = self._chunks.get(atom, ())
        if len(known) > len(telling):
            return {chunk for chunk in telling if atom in self._atoms[chunk]}
        return {chunk for chunk in known if chunk in telling}

    def places(self, atom: int, chunk: str) -> Sequence[Place]:
        """Where in ``chunk`` the atom stands; nothing where it does not."""
        details = self._details.get(chunk)
        if details is None:
            return WHOLE if atom in self._atoms.get(chunk, ()) else ()
        return details.get(atom, ())

    def renewed(self) -> Spellings:
        """An empty memory that remembers this one, and nothing older."""
        self._before = None
        return Spellings(self._lexicon, before=self)

    def _learn(self, new: set[str]) -> set[str]:
        """Get to know every chunk of ``new``; comes back with those in which something is found."""
        before = self._before
        if before is None:
            return self._read_all(new)
        told, dull = before._give(new, self)  # noqa: SLF001 - one of its own kind
        self._enter(told, dull)
        return told | self._read_all(new - told - dull)

    def _give(self, new: set[str], other: Spellings) -> tuple[set[str], set[str]]:
        """Tell ``other`` what is known of the chunks ``new``: comes back with the telling and the dull among them."""
        told, dull = new & self._telling, new & self._dull
        for chunk in told:
            other._note_atoms(chunk, self._atoms[chunk])
            if chunk in self._details:
                other._details[chunk] = self._details[chunk]
        for chunk in (told | dull) & self.odd:
            other.widths[chunk] = self.widths[chunk]
            other.odd.add(chunk)
        return told, dull

    def _note_atoms(self, chunk: str, atoms: tuple[int, ...]) -> None:
        self._atoms[chunk] = atoms
        for atom in atoms:
            self._chunks.setdefault(atom, []).append(chunk)

    def _enter(self, told: Collection[str], dull: Collection[str]) -> None:
        """Known from here on; everything about them is there."""
        self.letters += len("".join(told)) + len("".join(dull)) + 10 * (len(told) + len(dull))
        self._telling.update(told)
        self._dull.update(dull)

    def _read_all(self, new: set[str]) -> set[str]:
        told, dull = [], []
        find, words, heads = self._lexicon.find_word, self._lexicon.folded.words, self._lexicon.folded.heads
        cased, always = self._lexicon.cased, not self._lexicon.by_key_only
        for chunk in new:
            bare = chunk if chunk.isalnum() else chunk.strip(PUNCTUATION)
            atoms: Sequence[int] = ()
            if bare.isalnum() and len(bare) <= LONGEST_PART and (key := _key(bare)):
                if key in words or key[:HEAD] in heads or key in cased or always:
                    atoms = find(key, bare)
            else:
                atoms = self._read(chunk, bare)
            if atoms:
                self._note_atoms(chunk, tuple(atoms))
                told.append(chunk)
            else:
                dull.append(chunk)
        self._enter(told, dull)
        return set(told)

    def _read(self, chunk: str, bare: str) -> Sequence[int]:
        typed = bare if bare.isascii() else bare.translate(_TYPED)
        if typed.isascii() and len(typed) <= LONGEST_PART:
            folded = ascii_runs(typed.lower())
            written = ascii_runs(typed) if self._lexicon.minds_spelling else folded
            return self._note(chunk, [*zip(written, folded, strict=True)])
        if is_plain(bare) and (word := fold(bare)):
            return self._lexicon.find_word(word, bare)
        return self._note(
            chunk, [([each.written for each in run], [each.folded for each in run]) for run in runs(bare)]
        )

    def _note(self, chunk: str, read: list[tuple[list[str], list[str]]]) -> Sequence[int]:
        """Note what stands in ``chunk``, given the written and folded parts of its runs."""
        width = 0
        found: list[Found] = []
        for written, folded in read:
            if len(folded) > 1:
                found += [(atom, width + at, wide) for atom, at, wide in self._lexicon.find(folded, written)]
            else:
                found += [(atom, width, 1) for atom in self._lexicon.find_word(folded[0], written[0])]
            width += len(folded)
        if width != 1:
            self.widths[chunk] = width
            self.odd.add(chunk)
            if found:
                details: dict[int, list[Place]] = {}
                for atom, offset, wide in found:
                    details.setdefault(atom, []).append((offset, wide))
                self._details[chunk] = details
        return tuple(dict.fromkeys([atom for atom, _, _ in found])) if found else ()


def _key(bare: str) -> str:
    """The key of a single word; nothing where that takes more than a look at its letters."""
    return bare.lower() if bare.isascii() else fold_letters(bare)
