"""One spelling for many: the folding that makes variants of a word equal.

The rules, in order: NFKC, case folding, NFKD; marks dropped (Latin, Greek, Cyrillic accents, Hebrew points, Arabic
harakat) except the breve of й, the dots of ї and every vowel sign of the Indic, Thai and kana scripts; tatweel, hamza
and format characters dropped; digits of all scripts to ASCII; ł ø ı æ and their like to plain Latin; Arabic script
towards Persian yeh and keheh (after Lucene's ArabicNormalizer and PersianNormalizer), with the Pashto, Urdu and Kurdish
letters that one keyboard has and the next has not. ښ ځ څ ږ stay: they tell words apart.
"""

from __future__ import annotations

import re
import unicodedata

_ARABIC = {
    "ي": "ی", "ى": "ی", "ې": "ی", "ۍ": "ی", "ے": "ی", "ێ": "ی", "ۑ": "ی", "ك": "ک", "ڪ": "ک", "ګ": "گ",
    "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ۃ": "ه", "ٱ": "ا", "ں": "ن", "ڼ": "ن", "ټ": "ت", "ډ": "د",
    "ړ": "ر", "ڕ": "ر", "ڵ": "ل", "ۆ": "و", "ۇ": "و", "ۋ": "و", "ء": None, "ـ": None, "ٴ": None,
}  # fmt: skip
_LATIN = {
    "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ƒ": "f", "ĸ": "k", "ɨ": "i", "ƙ": "k", "ɓ": "b", "ɗ": "d",
}  # fmt: skip
_INDIC = {"ँ": "ं", "ঁ": "ং"}
_ZEROS = (
    "\u0660\u06f0\u07c0\u0966\u09e6\u0a66\u0ae6\u0b66\u0be6\u0c66\u0ce6\u0d66\u0de6\u0e50\u0ed0\u0f20"
    "\u1040\u1090\u17e0\u1810\u1946\u19d0\u1a80\u1a90\u1b50\u1bb0\u1c40\u1c50\ua620\ua8d0\ua900\ua9d0\ua9f0\uaa50\uabf0"
)
_NUKTAS = "\u093c\u09bc\u0a3c\u0abc\u0b3c\u0cbc"
_DROPPED_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5),
    (0x05C7, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4),
    (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0711, 0x0711), (0x0730, 0x074A), (0x08CA, 0x08E1), (0x08E3, 0x08FF),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F),
)  # fmt: skip

FORMAT_CHARACTERS = "".join(
    chr(code) for code in range(0x10000) if unicodedata.category(chr(code)) == "Cf" and chr(code) != "\u200c"
)
"""Soft hyphen, direction marks, zero-width joiner and space: inside a word they are not there. Not ZWNJ: it joins."""


def _table() -> dict[int, str | None]:
    table: dict[int, str | None] = dict.fromkeys(map(ord, FORMAT_CHARACTERS + "\u200c" + _NUKTAS))
    for first, last in _DROPPED_MARKS:
        table.update(dict.fromkeys(range(first, last + 1)))
    for mapping in (_ARABIC, _LATIN, _INDIC):
        table.update({ord(letter): plain for letter, plain in mapping.items()})
    for zero in map(ord, _ZEROS):
        table.update({zero + digit: str(digit) for digit in range(10)})
    return table


_FOLDS = _table()
_UNSEEN = dict.fromkeys(map(ord, FORMAT_CHARACTERS + "\u200c"))
_KEPT = (("и\u0306", "й"), ("і\u0308", "ї"))
ARABIC_SCRIPT = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_SELF_CONTAINED = (
    (0x00C0, 0x024F), (0x0370, 0x052F), (0x05D0, 0x05EA), (0x0620, 0x06D5), (0x06EE, 0x06FF), (0x1E00, 0x1FFF),
)  # fmt: skip
"""Scripts in which a word without combining marks is folded letter by letter."""
ROUNDS = 3
"""Case folding and decomposition feed each other; two rounds suffice for all of Unicode 14, one more is cheap."""


def fold(word: str) -> str:
    """The common spelling of ``word``'s variants; empty when only marks or format characters were in it.

    Total on any string, and idempotent. Cost grows with the square of a run of combining marks: callers pass at most
    ``text.LONGEST_PART`` characters.
    """
    if word.isascii():
        return word.lower()
    return fold_letters(word) or fold_slowly(word)


def fold_letters(word: str) -> str:
    """What :func:`fold` says of a word without marks in a script that is folded letter by letter; else nothing."""
    return word.translate(_LETTERS) if _LETTER_BY_LETTER.fullmatch(word) else ""


def fold_slowly(word: str) -> str:
    """What :func:`fold` says, for any string and by the rules alone."""
    for _ in range(ROUNDS):
        folded = _fold_once(word)
        if folded == word:
            break
        word = folded
    return word


def _fold_once(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    for parts, whole in _KEPT:
        decomposed = decomposed.replace(parts, whole)
    return unicodedata.normalize("NFC", decomposed.translate(_FOLDS))


def _letters() -> dict[int, str]:
    written = [chr(code) for first, last in _SELF_CONTAINED for code in range(first, last + 1)]
    known = {ord(each): fold_slowly(each) for each in written if unicodedata.category(each)[0] in "LN"}
    return known | {code: chr(code).lower() for code in range(128) if chr(code).isalnum()}


_LETTERS = _letters()
_LETTER_BY_LETTER = re.compile("[" + "".join(map(chr, sorted(_LETTERS))) + "]+")


def exact(word: str) -> str:
    """The spelling for ``case``: full-width and ligature forms made plain, format characters dropped, nothing else."""
    if word.isascii():
        return word
    return unicodedata.normalize("NFKC", word.translate(_UNSEEN))
