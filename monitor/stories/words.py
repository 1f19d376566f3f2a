"""Words, numbers, names and sentences of a text in any script, as the identity rules compare them.

- Letters are folded: NFKC, case, Arabic variants of one letter, digits of every script to ASCII.
- Words are compared by their stems, their first STEM_CHARS letters: inflections of most languages fall together.
- Vowel signs and other marks of the Indic scripts and their like belong to the word; the regular expressions know none.
- Where a script has no spaces (Han, kana, Thai, Lao, Khmer, Myanmar) overlapping pairs of characters stand for words.
- At most ``ANALYSED_CHARS`` of a text are looked at, so that a body of 5 MB costs no more than a long report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from hashlib import blake2b
from typing import TypeVar

from monitor.model.characters import MARKS

T = TypeVar("T")

ANALYSED_CHARS = 40_000
"""About 7,000 words; the longest of 6,366 real news articles had 5,100."""
STEM_CHARS = 5
"""Among 4, 5, 6, 7 and whole words, this told reports of one event from those of similar ones best (decision 45)."""
LONGEST_REMEMBERED = 100
"""Longer words are no words, and some pages have little else: 100,000 of them could take gigabytes."""

_NO_SPACES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_NO_SPACES}]+|(?:[^\W_{_NO_SPACES}]|[{MARKS}])+")
_MARKED_TOKEN = re.compile(rf"[{MARKS}\w]+")
_SPACED_TOKEN = re.compile(r"[^\W_]+")
_ASCII_WORDS = "".join(chr(code) if re.match("[a-z0-9]", chr(code)) else " " for code in range(128))
"""For :meth:`str.translate`, which with ``split`` is three times as fast as a pattern."""
_TYPOGRAPHIC = "’‘“”–—„«»"
"""The marks but for which most texts in English are ASCII; none stands in a word, and folding leaves them alone."""
_UNSPACED = re.compile(rf"[{_NO_SPACES}]")
_UNUSUAL = re.compile(rf"[{_NO_SPACES}{MARKS}]")
_MARK = re.compile(f"[{MARKS}]")
_ADDRESS = re.compile(r"\b(?:https?\s?:\s?/\s?/\s?|www\s?\.\s?)\S+(?:\s?[./\-_?=&%:]\s?[\w%]+)*", re.IGNORECASE)
_CASELESS = "\u0590-\u109f\u1100-\u11ff\u1780-\u17ff\u3041-\u9fff\uac00-\ud7ff"
"""Scripts without capitals, in which there is no name to be told by one: looked at, they take most of the time."""
# A class of rare characters stands first in these patterns: with anything else there they are several times as slow.
_NUMBER = re.compile(r"\d\d*(?:(?:[.,]| [.,] )\d+)*")
_ASCII_NUMBER = re.compile(r"[0-9][0-9]*(?:(?:[.,]| [.,] )[0-9]+)*")
_NAME = re.compile(rf"[^\W\d_a-zа-яё{_CASELESS}](?<=[\s-].)(?<=(?:[^\W\d_]|[{MARKS}])[\s-].)[^\W\d_]{{2,}}")
_ASCII_NAME = re.compile(r"[A-Z](?<=[A-Za-z][\s-].)[A-Za-z]{2,}")
_SENTENCE_END = re.compile(r"[.!?…؟۔。！？।\n](?:(?<=\n)\n*|[\"'”’»)\]]*\s+|(?<=[。！？]))")

_ARTICLE = re.compile(r"(?:[وبف]?ال|لل)(?=\w{3})")
"""The Arabic article, with "and", "by", "so" and "for" before it: five letters would leave three of الشرطة."""
_ARTICLE_BEGINS = frozenset("اوبفل")

_ARABIC = {
    **dict.fromkeys(map(ord, "يىېۍئےی"), "ی"),
    **dict.fromkeys(map(ord, "كګڪک"), "ک"),
    **dict.fromkeys(map(ord, "أإآٱا"), "ا"),
    **dict.fromkeys(map(ord, "ةهہھۀەۂ"), "ه"),
    **dict.fromkeys(map(ord, "ؤو"), "و"),
    **dict.fromkeys([*range(0x064B, 0x0660), 0x0670, 0x0640, 0x200C, 0x200D, 0x200E, 0x200F], None),
}


def _digit_table() -> dict[int, str]:
    zeros = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0x0ED0, 0x1040, 0x17E0]
    return {zero + digit: str(digit) for zero in zeros for digit in range(10)} | {0x066B: ".", 0x066C: ","}


_FOLDED_LETTERS: dict[int, str | None] = {**_ARABIC, **_digit_table()}
_TRANSLATED = re.compile(f"[{''.join(map(chr, _FOLDED_LETTERS))}]")


def fold(text: str) -> str:
    """``text`` in one spelling of each letter and digit, for comparison only; at most ANALYSED_CHARS long."""
    clipped = text[:ANALYSED_CHARS]
    if clipped.isascii() or _plainly_set(clipped).isascii():
        return clipped.lower()
    plain = unicodedata.normalize("NFKC", clipped).casefold()
    return plain.translate(_FOLDED_LETTERS) if _TRANSLATED.search(plain) else plain


def _plainly_set(text: str) -> str:
    for mark in _TYPOGRAPHIC:
        text = text.replace(mark, " ")
    return text


def tokens(folded: str) -> list[str]:
    """The words of a folded text in order; pairs of characters where the script has no spaces."""
    plain = folded if folded.isascii() else _plainly_set(folded)
    if plain.isascii():
        return plain.translate(_ASCII_WORDS).split()
    if not _UNUSUAL.search(folded):
        return _SPACED_TOKEN.findall(folded)
    if not _UNSPACED.search(folded):
        return _MARKED_TOKEN.findall(folded.replace("_", " "))
    return [part for token in _TOKEN.findall(folded) for part in _pairs(token)]


class _Remembered(dict[str, T]):
    """What a function makes of words, which come again; ``lru_cache`` takes three times as long for a text of them."""

    def __init__(self, function: Callable[[str], T], at_most: int) -> None:
        super().__init__()
        self._function, self._at_most = function, at_most

    def __missing__(self, word: str) -> T:
        if len(word) > LONGEST_REMEMBERED:
            return self._function(word)
        if len(self) >= self._at_most:
            self.clear()
        value = self[word] = self._function(word)
        return value


def _stem_of(word: str) -> str:
    while word[:1] in _ARTICLE_BEGINS and (article := _ARTICLE.match(word)):
        word = word[article.end() :]
    return word[:STEM_CHARS] if word.isalpha() or _MARK.sub("", word).isalpha() else word[:LONGEST_REMEMBERED]


stem = _Remembered(_stem_of, 100_000).__getitem__
"""What stands for a folded word and its inflections: "explosion" and "exploded" are both "explo"."""


def stems(text: str) -> list[str]:
    """The stems of an unfolded text in order."""
    return list(map(stem, tokens(fold(text))))


def _pairs(token: str) -> list[str]:
    if len(token) < 3 or not _UNSPACED.match(token):
        return [token]
    return [token[at : at + 2] for at in range(len(token) - 1)]


def without_addresses(text: str) -> str:
    """``text`` without web addresses, which are no words of a report (nor a title)."""
    if "http" not in text and "www" not in text:
        return text
    return _ADDRESS.sub(" ", text)


def numbers(folded: str) -> frozenset[str]:
    """The numbers written in digits, without thousands separators: ``1,200`` and ``1200`` are one."""
    written = (_ASCII_NUMBER if folded.isascii() else _NUMBER).findall(folded)
    return frozenset(map(_plain, written))


def _plain(number: str) -> str:
    if number.isdecimal():
        return number
    parts = re.split(r" ?[.,] ?", number)
    if len(parts) > 1 and all(len(part) == 3 for part in parts[1:]):
        return "".join(parts)
    return ".".join(parts)


def names(text: str) -> frozenset[str]:
    """Capitalised words inside sentences, parts of "Mazar-e-Sharif" too, folded; empty for scripts without case."""
    text = text[:ANALYSED_CHARS]
    if _plainly_set(text).isascii():
        return frozenset([name.lower() for name in set(_ASCII_NAME.findall(text))])
    return frozenset([fold(name) for name in set(_NAME.findall(text)) if name[0].isupper()])


def sentences(text: str) -> list[str]:
    """``text`` cut at the ends of sentences and lines; nothing but white space is lost."""
    text = text[:ANALYSED_CHARS]
    ends = [end.span() for end in _SENTENCE_END.finditer(text)]
    begins = [0, *[after for _, after in ends]]
    parts = [text[begin : at + 1].strip() for begin, (at, _) in zip(begins, [*ends, (len(text), 0)], strict=True)]
    return [part for part in parts if part]


def hash_of(text: str) -> int:
    """A signed 64-bit hash that is the same in every process, as SQLite stores it."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


stable_hash = _Remembered(hash_of, 200_000).__getitem__
"""The same for words, which come again."""
