"""On which day the event of a report lies, as its lead names it: "on Tuesday evening", "yesterday".

Two explosions a day apart in one province read much alike; the day is often all that the first reports differ in.

Rules:

1. Only the title and the first two sentences are read: further down, reports recall other events and other days.
2. Where the time of publication is known, a weekday stands for its dates from six days before to four days after it
   (last Friday or the coming one), "today" and "yesterday" for three dates each: the zone of the writer is not known.
   So "Wednesday", written on Wednesday, agrees with "yesterday" written on Thursday, and differs from "Wednesday" of
   the next week.
3. Where it is not known, a weekday stands for itself, and "today" for nothing.
4. Two leads speak of different days only when both name days and have none in common.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import islice

from monitor.stories.languages import DAY_NAMES, Language
from monitor.stories.words import fold

SENTENCES = 2
SENTENCE_WORDS = 5
"""A line with fewer is a byline or a place, not a sentence."""
REACH_BACK, REACH_AHEAD = 6, 4
"""Days around its publication in which a report's weekday lies: from the third day on, one may be meant that comes."""
_RELATIVE = {"yesterday": (-2, 0), "today": (-1, 1), "tomorrow": (0, 2)}
_APOSTROPHE = re.compile(r"['’ʼ]")


def days_named(title: str, sentences: Iterable[str], language: Language | None, written: datetime | None) -> set[str]:
    """The days that a lead names: ISO dates where ``written`` is known, else names of weekdays in English."""
    if language is None or language.days is None:
        return set()
    opening = (each for each in sentences if len(each.split()) >= SENTENCE_WORDS or not language.spaced)
    lead = _APOSTROPHE.sub("", fold("\n".join([title, *islice(opening, SENTENCES)])))
    if not any(map(lead.__contains__, language.day_beginnings)):
        return set()
    named = {match.lastgroup for match in language.days.finditer(lead)} - {None, "none"}
    if written is None:
        return {name for name in named if name in DAY_NAMES}
    return {day.isoformat() for name in named for day in _dates(str(name), written.date())}


def same_day(mine: Iterable[str], known: Iterable[str]) -> bool | None:
    """Whether two leads name a common day; None where one of them names none."""
    first, second = frozenset(mine), frozenset(known)
    if not first or not second:
        return None
    if not are_dates(first | second):
        first, second = frozenset(map(_weekday, first)), frozenset(map(_weekday, second))
    return bool(first & second)


def are_dates(days: Iterable[str]) -> bool:
    """Whether all of ``days`` are dates: no weekday whose week is unknown."""
    return all(map(_is_date, days))


def _dates(name: str, written: date) -> list[date]:
    earliest, latest = _RELATIVE.get(name, (-REACH_BACK, REACH_AHEAD))
    days = days_around(written, range(earliest, latest + 1))
    return [day for day in days if name in _RELATIVE or DAY_NAMES[day.weekday()] == name]


def days_around(day: date, numbers: Iterable[int]) -> list[date]:
    """So many days after ``day``, before it where negative; those beyond the calendar are left out."""
    return [day + timedelta(days=n) for n in numbers if 1 <= day.toordinal() + n <= date.max.toordinal()]


def _is_date(day: str) -> bool:
    return day not in DAY_NAMES


def _weekday(day: str) -> str:
    return DAY_NAMES[date.fromisoformat(day).weekday()] if _is_date(day) else day
