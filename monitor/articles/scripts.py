"""How much a text says and which words it has, in scripts with and without spaces between words.

A count of code points or of spaces means something else in each script: two hundred Chinese characters in one "word"
are an article, two hundred Latin letters a sentence. Here sizes are in Latin letters that would say as much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from monitor.model.characters import MARKS

_HAN = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_UNSPACED = "\u0e01-\u0edf\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff"
"""Thai, Lao, Tibetan, Burmese, Khmer: an alphabet, without spaces between words."""

HAN = re.compile(f"[{_HAN}]+")
HANGUL = re.compile("[\u1100-\u11ff\uac00-\ud7af]+")
UNSPACED = re.compile(f"[{_UNSPACED}]+")
NOT_WIDE = bytes(set(range(256)) - {0xE0, 0xE1, *range(0xE3, 0xEE), 0xEF, 0xF0})
"""All bytes but those with which a letter of these scripts begins."""

WORD = re.compile(r"\w+")
RUNS = re.compile(f"([{_HAN}]+)|([{_UNSPACED}]+)|(?:[^\\W{_HAN}{_UNSPACED}]|[{MARKS}])+")
"""Of Hebrew, which is not looked at with this pattern, newspapers do not write the points."""

HAN_WEIGHT, HANGUL_WEIGHT = 2.5, 2.0
"""Latin letters, spaces included, in which a character's share of a translation is told."""

LETTERS_IN_WORD = 6


def weight(text: str) -> int:
    """The length of ``text``, in Latin letters that would say as much; of Latin, Cyrillic, Arabic its length."""
    return measure(text)[0]


def measure(text: str) -> tuple[int, int]:
    """:func:`weight` of ``text``, and about how many words it has."""
    size, words = len(text), text.count(" ") + 1
    if text.isascii() or not _may_be_wide(text):
        return size, words
    han, hangul, unspaced = (sum(map(len, script.findall(text))) for script in (HAN, HANGUL, UNSPACED))
    size += int((HAN_WEIGHT - 1) * han + (HANGUL_WEIGHT - 1) * hangul)
    return size, words + int(HAN_WEIGHT * han + unspaced) // LETTERS_IN_WORD


def without_stops(text: str) -> bool:
    """Whether ``text`` is in a script that ends no sentence with a mark: mostly Thai or Lao."""
    return text[-1:] >= "\u0e01" and 2 * sum(map(len, UNSPACED.findall(text))) > len(text)


def tokens(text: str) -> list[str]:
    """The words of ``text``; where none are told apart, every two characters (of Thai and its like, every four)."""
    return list(_tokens(text)) if _may_be_wide(text) else WORD.findall(text)


def _may_be_wide(text: str) -> bool:
    """Whether a letter may be of one of these scripts, by first bytes of UTF-8; a pattern takes 30 ns a letter."""
    return not text.isascii() and bool(text.encode("utf-8", "ignore").translate(None, NOT_WIDE))


def _tokens(text: str) -> Iterator[str]:
    for run in RUNS.finditer(text):
        size = 2 if run[1] else 4 if run[2] else 0
        if size == 0 or len(run[0]) <= size:
            yield run[0]
        else:
            yield from (run[0][start : start + size] for start in range(len(run[0]) - size + 1))
