"""How many were killed, injured, missing: the counts of a text by kind.

A count belongs to a casualty word when it follows with nothing but qualifiers between ("killed at least three"), or
precedes it by a few words of the same clause ("three people were killed"). Ages, dates, distances and sums of money
are no counts. The words are those of ``languages/*.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from monitor.stories.languages import Language, known_language, language_of, languages
from monitor.stories.words import fold, sentences, tokens

REACH_BEFORE = 6
REACH_AFTER = 5
LARGEST = 1_000_000
GUESSED_FROM = 600
"""Characters by which the language is guessed."""
REMEMBERED_CHARS = 1000
"""Longer sentences are not kept in memory: hostile pages have many."""
_MARKS = frozenset("\n,;:،؛()—–.!?؟۔।。，；：！？")
_ASCII_WORDS = "".join(chr(code) if re.match(r"[^\W\d]", chr(code)) else " " for code in range(128))
"""For :meth:`str.translate`: what stands in a word of :attr:`Language.words` stays."""
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}(?::\d{2})?\b(?!\s*%)")


def casualty_counts(text: str, language: str | None) -> dict[str, tuple[int, ...]]:
    """Counts by kind (``killed``, ``injured``, ``missing`` ...), each in the order in which the text gives them.

    Where the language is unknown it is guessed by its function words; a language without a file gives nothing.
    """
    return dict(_counts_in(text, language))


@lru_cache(maxsize=64)
def _counts_in(text: str, language: str | None) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """Remembered, since what a text says is asked again when a version or a copy of it comes."""
    spoken = known_language(language) or language_of(None, tokens(_folded(text[:GUESSED_FROM])))
    if spoken is None:
        return ()
    told = _casualty_words(_folded(text), spoken)
    if not told:
        return ()
    found: dict[str, list[int]] = {}
    for sentence in sentences(text):
        if not any(map(_folded(sentence).__contains__, told)):
            continue
        count = _remembered if len(sentence) < REMEMBERED_CHARS else _counts_of
        for kind, value in count(sentence, spoken.code):
            found.setdefault(kind, []).append(value)
    return tuple([(kind, tuple(dict.fromkeys(values))) for kind, values in found.items()])


def _casualty_words(folded: str, language: Language) -> Collection[str]:
    """Those of the language that a text may use, not always as words of their own."""
    if language.spaced and folded.isascii():
        return language.casualty_words.intersection(folded.translate(_ASCII_WORDS).split())
    return list(filter(folded.__contains__, language.casualty_words))


def _folded(text: str) -> str:
    return fold(text).replace("'", "").replace("’", "").replace("ʼ", "")


def _counts_of(sentence: str, code: str) -> tuple[tuple[str, int], ...]:
    """Kinds and counts of one sentence; no count reaches beyond."""
    spoken = languages()[code]
    folded = _folded(sentence)
    words = spoken.words(_CLOCK.sub(" ", folded) if _DIGIT.search(folded) else folded)
    if spoken.casualty_words.isdisjoint(words):
        return ()
    found = []
    for at, word in enumerate(words):
        if word in spoken.exact:
            found.append(spoken.exact[word])
        elif word in spoken.casualties:
            counted = _count_after(words, at, spoken)
            counted = _count_before(words, at, spoken) if counted is None else counted
            if counted is not None:
                found.append((spoken.casualties[word], counted))
    return tuple(found)


_remembered = lru_cache(maxsize=10_000)(_counts_of)
"""The versions of an article, its lead and its copies have most sentences in common."""


def _count_after(words: Sequence[str], at: int, language: Language) -> int | None:
    another = False
    for position in range(at + 1, min(len(words), at + 1 + REACH_AFTER)):
        count = _number(words, position, language)
        if count is not None:
            people = _counts_people(words, position, language) and not _next_verb(words, position, language)
            return count if people else None
        another = another or words[position] in language.one_more
        if words[position] not in language.qualifiers and words[position] not in language.casualties:
            break
    return 1 if another else None


def _next_verb(words: Sequence[str], position: int, language: Language) -> bool:
    """True when the number leads on to another casualty word: "… killed 5 injured" counts the injured."""
    for word in words[position + 1 : position + 4]:
        if word in language.separators or word in _MARKS or _with_prefix(word, language):
            return False
        if word in language.casualties:
            return True
    return False


def _with_prefix(word: str, language: Language) -> bool:
    """Arabic writes its "and" onto the word."""
    return word in language.casualties and word[0] in language.separators and word[1:] in language.casualties


def _count_before(words: Sequence[str], at: int, language: Language) -> int | None:
    for position in range(at - 1, max(-1, at - 1 - REACH_BEFORE), -1):
        word = words[position]
        if word in _MARKS or (word in language.separators and not _inside_number(words, position, language)):
            return None
        count = _number(words, position, language)
        if count is not None:
            start = position
            while start > 0 and (_inside_number(words, start - 1, language) or words[start - 1] in language.numbers):
                start -= 1
            whole = _number(words, start, language)
            return whole if _counts_people(words, start, language) else None
        if word in language.one_more and _only_auxiliaries(words[position + 1 : at], language):
            return 1
    return None


def _only_auxiliaries(words: Sequence[str], language: Language) -> bool:
    """True for what stands in "another was injured", false for "another blast injured people"."""
    return all(word in language.function_words or word in language.qualifiers for word in words)


def _inside_number(words: Sequence[str], at: int, language: Language) -> bool:
    """The "and" of "twenty and three" is no end of a clause."""
    if not 0 < at < len(words) - 1 or words[at] not in language.separators:
        return False
    tens, ones = language.numbers.get(words[at - 1], 0), language.numbers.get(words[at + 1], 0)
    return tens >= 20 and tens % 10 == 0 and 0 < ones < 10


def _number(words: Sequence[str], at: int, language: Language) -> int | None:
    word = words[at]
    if _DIGITS.fullmatch(word):
        return _from_digits(word)
    value = language.numbers.get(word)
    if value is None or value < 20 or value % 10:
        return value
    following = at + 2 if _inside_number(words, at + 1, language) else at + 1
    ones = language.numbers.get(words[following], 0) if following < len(words) else 0
    return value + ones if 0 < ones < 10 else value


def _from_digits(word: str) -> int | None:
    parts = re.split(r"[.,]", word)
    if len(parts) > 1 and not all(len(part) == 3 for part in parts[1:]):
        return None
    value = int("".join(parts)[:9])
    return None if value > LARGEST or (len(parts) == 1 and 1900 <= value <= 2100) else value


def _counts_people(words: Sequence[str], at: int, language: Language) -> bool:
    after = words[at + 1] if at + 1 < len(words) else ""
    before = words[at - 1] if at else ""
    return not (
        after in language.units
        or after in language.months
        or after in ("%", "％")
        or before in language.not_after
        or before in language.months
    )
