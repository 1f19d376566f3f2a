"""Characters that more than one room treats alike, as the inside of a character class of a regular expression."""

from __future__ import annotations

import unicodedata

DIRECTION = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
"""Marks, embeddings, overrides and isolates by which text says in which direction it runs."""
INVISIBLE = f"{DIRECTION}\u00ad\u180e\u200b\u2060-\u206f\ufeff\ufff9-\ufffb"
"""What takes no room and spells no word: the former, soft hyphens, zero-width spaces, byte order marks. Not the joiners
U+200C and U+200D, with which Persian, Urdu and Indic words are spelt."""

_MARKED_SCRIPTS = (
    (0x0591, 0x05C7), (0x0700, 0x085F), (0x0900, 0x0DFF), (0x0F00, 0x0FFF), (0x1700, 0x177F), (0x1800, 0x18AF),
    (0x1900, 0x1AAF), (0x1B00, 0x1C4F), (0x1CD0, 0x1CFF), (0xA800, 0xAADF), (0xABC0, 0xABFF),
)  # fmt: skip
"""Hebrew, Syriac to Mandaic, Devanagari to Sinhala, Tibetan, and the blocks of their like."""


def _marks_of_scripts() -> str:
    blocks = (map(chr, range(first, last + 1)) for first, last in _MARKED_SCRIPTS)
    return "".join(each for block in blocks for each in block if unicodedata.category(each) in {"Mn", "Mc"})


MARKS = _marks_of_scripts()
"""Vowel signs and other marks that belong to a word, though ``\\w`` knows none of them. Accents of Latin, Greek and
Cyrillic letters are composed with them, and Arabic ones are left out where words are compared."""
