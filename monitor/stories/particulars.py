"""The particulars of an event by which a report is told from one of a similar event: how many of what, on which date.

Two earthquakes of one island, or two ships that fought off pirates in one gulf, share places and words for weeks of
reports; 5.6 and 6.1, 23 pirates and 26, 27 November and 10 September tell them apart.

Rules:

1. A number belongs to each of the two words after it that are no numbers: "23 Somali pirates". Numbers in words count
   where the language's file has them. Years and days of months are no numbers of anything; 1,950 is no year. 5.6 and
   1,200 are one number each: "5", "6" and "200" of a thing would agree with 6.1 and 2,200.
2. Quantities and days are read in the title and the first HEAD_WORDS words, years anywhere: further down, reports
   recall other events, but the year of their own is rarely said early.
3. The day and the year in which an article was written say nothing of its event: every article of that day has them in
   its dateline.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime

from monitor.stories.days import days_around
from monitor.stories.languages import Language
from monitor.stories.words import stem, tokens

HEAD_WORDS = 150
HEAD_CHARS = 2000
"""The characters in which so many words are looked for where numbers with commas or points stand in them."""
WORDS_AFTER = 2
SHORTEST_WORD = 3
MONTH_CHARS = 3
"""Letters by which "Nov" is "November"."""
JUNE_OR_JULY = ("jui", "ژوی")
"""Beginnings of both in French and in Persian: a letter more tells which."""
LAST_DAY = 31
# A class of rare characters stands first in these patterns: with anything else there they are several times as slow.
_YEAR = re.compile(r"[12](?<!\w.)(?:(?<=1)9|(?<=2)0)\d\d(?!\w)")
_INSIDE = re.compile(r"[.,](?<=[0-9].)(?=[0-9]{1,3}(?![0-9]))")
_LIKE_A_YEAR = re.compile(r"(?<![0-9.,])(?=[12][.,][0-9]{3}(?![0-9]))")
"""Before a number that is no year, but would look like one without its comma: there it gets a zero."""
_ORDINALS = ("st", "nd", "rd", "th")
_NEAR_DAYS = (-1, 0, 1)
_NEAR_YEARS = (-31, 0, 31)
"""Days after that of writing whose years are not told."""


def head_of(title: str, headline: Sequence[str], body: str, words: Sequence[str]) -> list[str]:
    """Where quantities and days are read: ``title`` and ``body`` are folded, the others are their words."""
    return [*_numbers_joined(title, headline), *_numbers_joined(body[:HEAD_CHARS], words)[:HEAD_WORDS]]


def _numbers_joined(text: str, words: Sequence[str]) -> Sequence[str]:
    if not _INSIDE.search(text):
        return words
    return tokens(_INSIDE.sub("", _LIKE_A_YEAR.sub("0", text)))


def quantities(head: Sequence[str], language: Language | None) -> dict[str, frozenset[str]]:
    """The numbers in ``head`` (words in order) by the stem of what they stand before, in digits."""
    spoken: Mapping[str, int] = language.numbers if language else {}
    months: Container[str] = language.months if language else ()
    numbers = {at: _number(word, spoken) for at, word in enumerate(head) if word in spoken or word[0].isdecimal()}
    found: dict[str, set[str]] = {}
    for at, number in numbers.items():
        if number and not _YEAR.fullmatch(head[at]) and not any(word in months for word in _beside(head, at)):
            for after in range(at + 1, min(len(head), at + 1 + WORDS_AFTER)):
                if after not in numbers and len(head[after]) >= SHORTEST_WORD:
                    found.setdefault(stem(head[after]), set()).add(number)
    return {word: frozenset(values) for word, values in found.items()}


def dates(head: Sequence[str], text: str, language: Language | None, written: datetime | None) -> frozenset[str]:
    """Days of months in ``head`` ("nov27") and years in the folded ``text`` ("2013"), but those around ``written``."""
    near_days = {each.day for each in days_around(written.date(), _NEAR_DAYS)} if written else set()
    near_years = {str(each.year) for each in days_around(written.date(), _NEAR_YEARS)} if written else set()
    days = {f"{month}{day}" for month, day in _days(head, language) if day not in near_days}
    years = _YEAR.findall(text) if "19" in text or "20" in text else ()
    return frozenset(days.union(years) - near_years)


def is_year(date: str) -> bool:
    """Whether one of :func:`dates` is a year."""
    return date.isdecimal()


def _days(head: Sequence[str], language: Language | None) -> Iterable[tuple[str, int]]:
    months = language.months if language else frozenset()
    if months.isdisjoint(head):
        return
    for at, word in enumerate(head):
        if word in months:
            for day in map(_without_ordinal, _beside(head, at)):
                if len(day) <= 2 and day.isdecimal() and 1 <= int(day) <= LAST_DAY:
                    yield _month(word), int(day)


def _month(word: str) -> str:
    return word[: MONTH_CHARS + 1] if word.startswith(JUNE_OR_JULY) else word[:MONTH_CHARS]


def _number(word: str, spoken: Mapping[str, int]) -> str | None:
    """``word`` in digits where it is a number of more than one thing; "one" is as often an article."""
    if word in spoken:
        return str(spoken[word]) if spoken[word] > 1 else None
    digits = _without_ordinal(word)
    return (digits.lstrip("0") or "0") if digits.isdecimal() else None


def _without_ordinal(word: str) -> str:
    return word[:-2] if word[0].isdecimal() and word.endswith(_ORDINALS) else word


def _beside(words: Sequence[str], at: int) -> Sequence[str]:
    return [*words[max(0, at - 1) : at], *words[at + 1 : at + 2]]
