"""Whether a sentence tells of something past: "last month", "in May", "a year after", "in 2019", "since the blast".

The phrases of all languages are asked at once, whatever the article's: they hardly collide, and short texts are taken
for the wrong language. They are in ``looking_back.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple

from monitor.watches.text import LONGEST_PART, parts

YEARS_TOLD = range(1900, 2100)
ROUND = 50
"""Multiples of it are numbers of people or houses more often than years."""
SENTENCES_REMEMBERED = 256
"""The terms of one event stand in few sentences, and several watches ask for them."""
LINK_WORDS = 4
"""So many words before a term, or after it, a linking word belongs to it."""

_QUOTES = dict.fromkeys(map(ord, "‘’“”–—…«»\u00a0"), " ")
_PLAIN_WORD = re.compile("[a-z0-9]+")

Stretch = tuple[int, int]
"""Offsets ``[start, end)`` in a sentence."""
Phrases = Mapping[str, tuple[tuple[str, ...], ...]]
"""Folded word by word, by their first word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The phrases of all languages: ``times`` count anywhere in a sentence, the others beside a term only.

    Before one of the ``counted`` words a number is no year, unless one of the words ``before_a_year`` leads to it.
    """

    times: Phrases
    counted: frozenset[str]
    before_a_year: frozenset[str]
    before: Phrases
    behind: Phrases


@lru_cache(maxsize=1)
def lists() -> Lists:
    """What ``looking_back.toml`` has."""
    loaded = tomllib.loads(files("monitor.watches").joinpath("looking_back.toml").read_text("utf-8"))
    names = ("times", "counted", "before_a_year", "before_a_term", "behind_a_term")
    times, counted, years, before, behind = (_phrases(loaded[name]) for name in names)
    return Lists(times=times, counted=frozenset(counted), before_a_year=frozenset(years), before=before, behind=behind)


def _phrases(by_language: Mapping[str, str]) -> Phrases:
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for phrase in (each for listed in by_language.values() for each in listed.split(",")):
        words = tuple(part.folded for part in parts(phrase))
        found[words[0]] = (*found.get(words[0], ()), words)
    return found


class Word(NamedTuple):
    """A word of a sentence, folded like a term, and where it lies."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=SENTENCES_REMEMBERED)
def words_of(sentence: str) -> tuple[Word, ...]:
    """The words of ``sentence``; of plain Latin letters far faster than by the rules for all scripts."""
    plain = sentence.translate(_QUOTES)
    if plain.isascii():
        return tuple(Word(found.group(), *found.span()) for found in _PLAIN_WORD.finditer(plain.lower()))
    return tuple(Word(part.folded, part.start, part.end) for part in parts(sentence))


def most_words(sentence: str) -> int:
    """No less than the positions that ``sentence`` has; a very long word has several."""
    return len(words_of(sentence)) + len(sentence) // LONGEST_PART


@lru_cache(maxsize=SENTENCES_REMEMBERED)
def times_past(sentence: str, year: int | None) -> tuple[Stretch, ...]:
    """Where ``sentence`` names a time gone by; ``year`` is the article's own, None where unknown."""
    words = words_of(sentence)
    years = [at for at, word in enumerate(words) if len(word.folded) == 4 and word.folded.isdecimal()]
    found = [(words[at].start, words[at].end) for at in years if _is_past_year(sentence, words, at, year)]
    # "In May 2024" is no time gone by in that year.
    of_this_year = {before.end for before, word in pairwise(words) if year is not None and word.folded == str(year)}
    times = [stretch for stretch in _found(words, lists().times) if stretch[1] not in of_this_year]
    return (*times, *found)


def linked(sentence: str, start: int, end: int) -> Iterator[Stretch]:
    """The linking words ("after") at most ``LINK_WORDS`` words away from the term ``sentence[start:end]``."""
    words = words_of(sentence)
    yield from _found([word for word in words if word.end <= start][-LINK_WORDS:], lists().before)
    yield from _found([word for word in words if word.start >= end][:LINK_WORDS], lists().behind)


def _found(words: Sequence[Word], phrases: Phrases) -> Iterator[Stretch]:
    folded = tuple(word.folded for word in words)
    for at, word in enumerate(folded):
        for phrase in phrases.get(word, ()):
            if folded[at : at + len(phrase)] == phrase:
                yield words[at].start, words[at + len(phrase) - 1].end


def _is_past_year(sentence: str, words: Sequence[Word], at: int, year: int | None) -> bool:
    """Whether a number is a year gone by. One of a full date (``3 May 2024``) may be that of the report itself."""
    number = int(words[at].folded)
    if number not in YEARS_TOLD or number % ROUND == 0 or (year is not None and number >= year):
        return False
    if _counts(sentence, words, at):
        return False
    return not any(word.folded.isdecimal() for word in words[max(0, at - 2) : at])


def _counts(sentence: str, words: Sequence[Word], at: int) -> bool:
    """Whether a number is one of people or houses: those stand right behind it, and no comma between them."""
    if any(word.folded in lists().before_a_year for word in words[max(0, at - 1) : at]):
        return False
    behind = (word for word in words[at + 1 : at + 2] if not sentence[words[at].end : word.start].strip())
    return any(word.folded in lists().counted for word in behind)
