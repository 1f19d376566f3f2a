"""When an article was published, from what page and feed state, with the zone that they state.

An instant is taken from the first source that has it whole (day, time and zone); a source that has the day only, or
no zone, is completed by a later one that agrees with it to a day and a half. A time without any zone is taken as local
time of the publisher's country where that has one time zone, else as UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from monitor.articles.calendars import latin_digits, solar_date
from monitor.articles.months import BUDDHIST_YEARS, MONTHS, PAIRS

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
AGREEMENT = timedelta(hours=36)

ONE_ZONE = {
    "af": timedelta(hours=4.5), "ir": timedelta(hours=3.5), "pk": timedelta(hours=5), "in": timedelta(hours=5.5),
    "tj": timedelta(hours=5), "uz": timedelta(hours=5), "tm": timedelta(hours=5), "tr": timedelta(hours=3),
    "ae": timedelta(hours=4), "qa": timedelta(hours=3), "sa": timedelta(hours=3), "iq": timedelta(hours=3),
    "cn": timedelta(hours=8), "jp": timedelta(hours=9), "kr": timedelta(hours=9), "th": timedelta(hours=7),
    "bd": timedelta(hours=6), "np": timedelta(hours=5.75), "lk": timedelta(hours=5.5), "by": timedelta(hours=3),
}  # fmt: skip
"""Countries with one zone and no summer time."""

ZONES = {
    "gmt": 0, "utc": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "mez": 1, "west": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "trt": 3, "irst": 3.5, "gst": 4, "aft": 4.5, "pkt": 5, "ist": 5.5, "ict": 7, "wib": 7,
    "wita": 8, "wit": 9,
    "hkt": 8, "sgt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
    "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

AMERICAN = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
"""Zones that are named without saying whether it is summer."""

ISO = re.compile(
    r"(?<!\d)(\d{4})-?(\d\d)-?(\d\d)(?:[T\s]+(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d+)?"
    r"\s*(Z|[+-]\d\d:?(?:\d\d)?)?)?(?!\d)",
    re.IGNORECASE,
)
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[/.-]\s?(\d{1,2})[/.-]\s?(\d{1,2})(?!\d)")
CHINESE = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_NAME = r"([^\s\d.,/()]{2,14})"
"""Of a month; its vowel signs are no word characters in the scripts of India."""

DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|\.|er|º)?\s+(?:de\s+)?{_NAME}(?:\s?/\s?[^\s\d.,/]{{2,14}})?\.?,?"
    r"\s+(?:de\s+)?(\d{4})(?!\d)"
)
MONTH_FIRST = re.compile(rf"(?<!\w){_NAME}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})(?!\d)")
YEAR_LAST = re.compile(rf"(?<!\w){_NAME}\s+(\d{{1,2}})\s+\d\d:\d\d:\d\d\s+(?:[A-Z]{{1,5}}|[+-]\d{{4}})\s+(\d{{4}})")
"""As programs print it: ``Tue Apr 02 17:30:00 +0430 2024``."""

DOTTED = re.compile(r"(?<!\d)(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")
VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2})\s+tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})(?!\d)")
ORDERS = (
    (YEAR_FIRST, 1, 2, 3), (CHINESE, 1, 2, 3), (DAY_FIRST, 3, 2, 1), (MONTH_FIRST, 3, 1, 2), (YEAR_LAST, 3, 1, 2),
    (DOTTED, 3, 2, 1), (VIETNAMESE, 3, 2, 1),
)  # fmt: skip
"""Patterns, and which of their groups are year, month and day."""

CLOCK = re.compile(
    r"(?<![\d:])(?:(오후|下午|午後|晚上)\s?)?(\d{1,2})"
    r"(?::|h|Uhr |[时時시点點]\s?|[.](?=\d\d\s?(?:Uhr|WI[BT]|WITA)))(\d\d)"
    r"(?::(\d\d))?\s*([ap]\.?m\.?)?\s*\(?(?:(?:GMT|UTC)?\s*([+-]\d{1,2}:?(?:\d\d)?)|([A-Z]{1,4})\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A point in time as far as a source states it."""

    day: date
    at: time | None = None
    zone: tzinfo | None = None

    def instant(self, zone: tzinfo) -> datetime:
        """In UTC, with midnight and ``zone`` for what is not stated."""
        return datetime.combine(self.day, self.at or time(), self.zone or zone).astimezone(UTC)


def published(sources: Iterable[str | datetime | None], *, country: str | None, latest: datetime) -> datetime | None:
    """The instant of publication by the sources, best first; None where none is between 1990 and ``latest``."""
    zone = zone_of(country)
    read = [stated for source in sources if source and (stated := _stated(source)) is not None]
    plausible = [stated for stated in read if EARLIEST <= stated.instant(zone) <= latest]
    if not plausible:
        return None
    first = plausible[0]
    if first.at is not None and first.zone is not None:
        return first.instant(zone)
    for other in plausible[1:]:
        whole = other.at is not None and (other.zone is not None or first.at is None)
        if whole and abs(other.instant(zone) - first.instant(zone)) <= AGREEMENT:
            return other.instant(zone)
    return first.instant(zone)


def zone_of(country: str | None) -> tzinfo:
    """The zone of a country that has one; UTC for the others."""
    offset = ONE_ZONE.get((country or "").lower())
    return UTC if offset is None else timezone(offset)


def read_date(text: str) -> Stated | None:
    """What ``text`` states, in ISO 8601, RFC 5322, seconds since 1970, or as people write dates in a dozen languages.

    Solar Hijri dates are converted. None where there is no date that exists.
    """
    text = latin_digits(text[:200]).strip()
    for reader in (_iso, _epoch, _solar, _written):
        try:
            stated = reader(text)
        except (ValueError, OverflowError, TypeError):
            continue
        if stated is not None:
            return stated
    return None


def _stated(source: str | datetime) -> Stated | None:
    if isinstance(source, datetime):
        return Stated(source.date(), source.time(), source.tzinfo)
    return read_date(source)


def _iso(text: str) -> Stated | None:
    found = ISO.search(text)
    if found is None or not 1900 <= int(found[1]) <= 2100:
        return None
    day = date(int(found[1]), int(found[2]), int(found[3]))
    if found[4] is None:
        return Stated(day, *_clock(text[found.end() :]))
    at = time(int(found[4]) % 24, int(found[5]), min(int(found[6] or 0), 59))
    return Stated(day, at, _offset(found[7]) if found[7] else _clock(f"0:00 {text[found.end() :][:12]}")[1])


def _epoch(text: str) -> Stated | None:
    if not text.isdigit() or len(text) not in (10, 13):
        return None
    instant = datetime.fromtimestamp(int(text[:10]), UTC)
    return Stated(instant.date(), instant.time(), UTC)


def _solar(text: str) -> Stated | None:
    day = solar_date(text)
    return None if day is None else Stated(day, *_clock(text))


def _written(text: str) -> Stated | None:
    for pair, single in PAIRS.items():
        text = text.replace(pair, single)
    for pattern, year, month, day in ORDERS:
        for found in pattern.finditer(text):
            number = MONTHS.get(found[month].lower()) if not found[month].isdigit() else int(found[month])
            if number is not None:
                behind = "" if pattern is YEAR_LAST else text[found.end() :]
                return Stated(date(_year(found[year]), number, int(found[day])), *_clock(behind or text))
    return None


def _year(digits: str) -> int:
    year = int(digits)
    return year - BUDDHIST_YEARS if year > 2400 else year


def _clock(text: str) -> tuple[time | None, tzinfo | None]:
    """A time of the day in ``text`` and its zone."""
    found = CLOCK.search(text)
    if found is None:
        return None, None
    hour = int(found[2])
    half = "p" if found[1] else (found[5] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    zone: tzinfo | None = None
    if found[6]:
        zone = _offset(found[6])
    elif name := (found[7] or "").lower():
        zone = ZoneInfo(AMERICAN[name]) if name in AMERICAN else None
        zone = timezone(timedelta(hours=ZONES[name])) if name in ZONES else zone
    return time(hour, int(found[3]), min(int(found[4] or 0), 59)), zone


def _offset(text: str) -> tzinfo:
    if text in "Zz":
        return UTC
    digits = re.sub(r"\D", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-offset if text.startswith("-") else offset)
