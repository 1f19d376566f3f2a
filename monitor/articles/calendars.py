"""The solar Hijri calendar of Iran and Afghanistan, and dates written in it or in the digits of its readers.

Conversion by the 33-year arithmetic that agrees with the official calendar from 1178 to 1633 (1799 to 2255); the table
of leap-year breaks is that of K. M. Borkowski, *The Persian calendar for 3000 years* (1996).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178)

MONTHS = {
    name: number
    for number, names in enumerate((
        "فروردین فروردين حمل وری وري farvardin hamal",
        "اردیبهشت ارديبهشت ثور غویی غويی غوایی غوايي ordibehesht sawr",
        "خرداد جوزا غبرګولی غبرګولي khordad jawza",
        "تیر تير سرطان چنګاښ tir saratan",
        "مرداد امرداد اسد زمری زمري mordad asad",
        "شهریور شهريور سنبله وږی وږي shahrivar sonbola",
        "مهر میزان ميزان تله mehr mizan",
        "آبان ابان عقرب لړم aban aqrab",
        "آذر اذر قوس لیندۍ ليندۍ azar qaws",
        "دی دي جدی جدي مرغومی مرغومي dey jadi",
        "بهمن دلو سلواغه bahman dalw",
        "اسفند حوت کب esfand hoot",
    ), start=1)
    for name in names.split()
}  # fmt: skip
"""Months of Iran, of Afghanistan in Dari and in Pashto, with Arabic letters too; the first two also in Latin ones."""

DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙０１２３４５６７８９", 6 * "0123456789")

NUMERIC = re.compile(r"(?<!\d)(1[2-4]\d\d)\s?([/\-.])\s?(\d{1,2})\s?\2\s?(\d{1,2})(?!\d)")
_NAMES = "|".join(MONTHS)
NAMED = re.compile(
    rf"(?<!\d)(\d{{1,2}})\s*(?:م\s+)?(?:ماه\s+)?({_NAMES})(?:\s*ماه)?[\s،,/]*(?:سال\s+)?(1[2-4]\d\d)(?!\d)"
)
YEAR_FIRST = re.compile(rf"(?<!\d)(1[2-4]\d\d)\s*(?:کال\s*)?(?:د\s+)?[\s،,/]*({_NAMES})[\s،,/]*(\d{{1,2}})(?!\d)")


def latin_digits(text: str) -> str:
    """With the digits of other scripts (Persian, Arabic, Hindi, Bengali, Thai) turned into those of this program."""
    return text.translate(DIGITS)


def solar_date(text: str) -> date | None:
    """The first solar Hijri date in ``text`` (1403/01/14, ۱۴ فروردین ۱۴۰۳, ۱۴ حمل ۱۴۰۳) as a Gregorian one."""
    text = latin_digits(text).replace("\u200c", " ").lower()
    if found := NUMERIC.search(text):
        return gregorian(int(found[1]), int(found[3]), int(found[4]))
    if found := NAMED.search(text):
        return gregorian(int(found[3]), MONTHS[found[2]], int(found[1]))
    if found := YEAR_FIRST.search(text):
        return gregorian(int(found[1]), MONTHS[found[2]], int(found[3]))
    return None


def gregorian(year: int, month: int, day: int) -> date | None:
    """The Gregorian date of a solar Hijri one; None where there is no such day."""
    if not (1178 <= year <= 1633 and 1 <= month <= 12 and 1 <= day <= 31):
        return None
    if day > 30 and month > 6:
        return None
    leap, march = _new_year(year)
    if month == 12 and day == 30 and not leap:
        return None
    return march + timedelta(days=min(month - 1, 6) * 31 + max(month - 7, 0) * 30 + day - 1)


def _new_year(year: int) -> tuple[bool, date]:
    """Whether ``year`` is a leap year, and the Gregorian date of its first day."""
    leap_days = -14
    previous = BREAKS[0]
    jump = 0
    for following in BREAKS[1:]:
        jump = following - previous
        if year < following:
            break
        leap_days += jump // 33 * 8 + jump % 33 // 4
        previous = following
    passed = year - previous
    leap_days += passed // 33 * 8 + (passed % 33 + 3) // 4
    if jump % 33 == 4 and jump - passed == 4:
        leap_days += 1
    gregorian_year = year + 621
    gregorian_leaps = gregorian_year // 4 - (gregorian_year // 100 + 1) * 3 // 4 - 150
    march = 20 + leap_days - gregorian_leaps
    if jump - passed < 6:
        passed = passed - jump + (jump + 4) // 33 * 33
    leap = ((passed + 1) % 33 - 1) % 4 == 0 if passed != -1 else False
    return leap, date(gregorian_year, 3, 1) + timedelta(days=march - 1)
