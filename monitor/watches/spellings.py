"""What is known of every spelling that was ever read: nearly always that no watch asks for it.

News repeats itself, so this memory is nearly all the work at a few hundred watches: two operations between sets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.watches.folding import fold, fold_letters
from monitor.watches.lexicon import HEAD, Found, Lexicon
from monitor.watches.text import LONGEST_PART, ascii_runs, is_plain, runs

LETTERS_REMEMBERED = 2_000_000
"""Of all spellings together; beyond it the memory starts afresh: about 40 MB."""
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

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
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

    def _learn(self, new: set[str]) -> set[str]:
        """Read every chunk of ``new``; comes back with those in which something is found."""
        told, dull, known = [], [], self._atoms
        find, words, heads = self._lexicon.find_word, self._lexicon.folded.words, self._lexicon.folded.heads
        always, chunks_of = not self._lexicon.by_key_only, self._chunks.setdefault
        for chunk in new:
            bare = chunk if chunk.isalnum() else chunk.strip(PUNCTUATION)
            atoms: Sequence[int] = ()
            if bare.isalnum() and len(bare) <= LONGEST_PART and (key := _key(bare)):
                atoms = find(key, bare) if key in words or key[:HEAD] in heads or always else ()
            else:
                atoms = self._read(chunk, bare)
            if atoms:
                known[chunk] = tuple(atoms)
                told.append(chunk)
                for atom in known[chunk]:
                    chunks_of(atom, []).append(chunk)
            else:
                dull.append(chunk)
        self.letters += len("".join(new)) + 10 * len(new)
        self._telling.update(told)
        self._dull.update(dull)
        return set(told)

    def _read(self, chunk: str, bare: str) -> Sequence[int]:
        typed = bare if bare.isascii() else bare.translate(_TYPED)
        if typed.isascii() and len(typed) <= LONGEST_PART:
            return self._note(chunk, [(written, [each.lower() for each in written]) for written in ascii_runs(typed)])
        if is_plain(bare) and (folded := fold(bare)):
            return self._lexicon.find_word(folded, bare)
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
