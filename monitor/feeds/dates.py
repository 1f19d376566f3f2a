"""Dates as feeds state them, to aware UTC; what is no date is None. Newness never depends on them.

feedparser reads most of them. What it is known to misread is read here before it: ISO 8601 with a zone of four digits
(it drops the minutes of ``+0430``), with slashes or with ``GMT`` at its end; zones like ``GMT+2``, ``+4:30`` and
``-400``; times with AM and PM; days before months with points; seconds since 1970.
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from time import struct_time

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
"""Numbers beyond are no seconds since 1970."""
FUTURE_ALLOWED = timedelta(hours=24)
LONGEST = 64
"""Characters of a text that may be a date."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d{1,9})?", re.ASCII)
_DAY_FIRST = re.compile(r"^(\d\d?)\.(\d\d?)\.(\d{4})\b", re.ASCII)
_ISO = re.compile(
    r"(\d{4})([-/])(\d\d?)(?:\2(\d\d?)(?:[Tt\s]\s*(\d\d?):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?"
    r"\s*(?:Z|UTC?|GMT)?\s*(?:([+-])(\d\d?)(?::?(\d\d))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_ZONE = re.compile(r"(?<=:\d\d)\s*(?:GMT|UTC?)?\s*([+-])(\d{1,2})(?::?(\d\d))?$", re.ASCII | re.IGNORECASE)
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?)\s*([AP])\.?M\b\.?", re.ASCII | re.IGNORECASE)


def from_feed(text: str, parsed: struct_time | None) -> datetime | None:
    """The instant that an RSS or Atom element states; ``parsed`` is what feedparser made of it."""
    text = text.strip()
    if len(text) > LONGEST:
        return _from_struct(parsed)
    usual = _usual_form(text)
    known = _iso(usual) or _since_1970(usual) or (_mail(usual) if usual != text else None)
    return known or _from_struct(parsed) or _mail(text)


def from_iso(text: object) -> datetime | None:
    """RFC 3339 and its everyday variants; a zone is taken as UTC where it is missing. None for anything else."""
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    text = text.strip()
    try:
        return _since_1970(text) or _in_utc(datetime.fromisoformat(text))  # which takes 13 digits for a year and hours
    except ValueError:
        return from_feed(text, None)


def from_json(value: object) -> datetime | None:
    """As :func:`from_iso`; and a number, of seconds or milliseconds since 1970."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return from_iso(value)
    for seconds in (value, value / 1000 if abs(value) < 1e15 else 0):
        if EARLIEST.timestamp() <= seconds < LATEST.timestamp():
            return _EPOCH + timedelta(seconds=int(seconds))
    return None


def believable(instant: datetime | None, now: datetime) -> datetime | None:
    """``instant`` when it lies between 1990 and a day from now, else None."""
    if instant is None or not EARLIEST <= instant <= now + FUTURE_ALLOWED:
        return None
    return instant


def _from_struct(parsed: struct_time | None) -> datetime | None:
    """feedparser's UTC ``struct_time``; None where it is impossible."""
    if parsed is None:
        return None
    try:
        return _EPOCH + timedelta(seconds=calendar.timegm(parsed))
    except (ValueError, OverflowError, TypeError):
        return None


def _usual_form(text: str) -> str:
    """The date with its zone as ``+0430``, its time in 24 hours and its year first where it had points."""
    text = _DAY_FIRST.sub(r"\3-\2-\1", text)
    text = _HALF_DAY.sub(lambda found: f"{_hour(int(found[1]), found[3])}{found[2]}", text)
    return _ZONE.sub(lambda found: f" {found[1]}{int(found[2]):02}{found[3] or '00'}", text)


def _hour(hour: int, half: str) -> int:
    """Midnight is 12 AM and noon 12 PM; an hour above 12 needs no half."""
    if half.upper() == "A":
        return 0 if hour == 12 else hour
    return hour + 12 if hour < 12 else hour


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    year, _, month, day, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        midnight = datetime(int(year), int(month), int(day or 1), tzinfo=zone)
        return _in_utc(midnight.replace(hour=int(hour or 0), minute=int(minute or 0), second=int(second or 0)))
    except (ValueError, OverflowError):
        return None


def _since_1970(text: str) -> datetime | None:
    found = _SECONDS.fullmatch(text)
    instant = _EPOCH + timedelta(seconds=int(found[1])) if found else None
    return instant if instant and EARLIEST <= instant < LATEST else None


def _mail(text: str) -> datetime | None:
    """What the parser of mail dates, the most lenient, makes of it; years that it made up do not count."""
    for candidate in (text, f"{text} 00:00"):
        try:
            stated = parsedate_to_datetime(candidate)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if re.search(rf"\b{stated.year:04}\b|[A-Za-z]{{3}}[ -]{stated.year % 100:02}\b", text):
            return _in_utc(stated)
    return None


def _in_utc(instant: datetime) -> datetime | None:
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return None
