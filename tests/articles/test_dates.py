"""Dates are instants: what zone a page states is kept, what calendar it uses is converted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.calendars import gregorian, solar_date
from monitor.articles.dates import published, read_date

LATEST = datetime(2030, 1, 1, tzinfo=UTC)


def instant(*sources: str | datetime | None, country: str | None = None) -> str:
    found = published(sources, country=country, latest=LATEST)
    return found.strftime("%Y-%m-%d %H:%M") if found else "none"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-04-02T18:30:00+04:30", "2024-04-02 14:00"),
        ("2024-04-02T18:30:00Z", "2024-04-02 18:30"),
        ("2024-04-02T18:30:00.123Z", "2024-04-02 18:30"),
        ("2024-04-02 18:30:00 +0430", "2024-04-02 14:00"),
        ("20240402T183000Z", "2024-04-02 18:30"),
        ("2024-04-02T18:30-0400", "2024-04-02 22:30"),
        ("Tue, 02 Apr 2024 18:30:00 +0430", "2024-04-02 14:00"),
        ("Tue, 02 Apr 2024 18:30:00 GMT", "2024-04-02 18:30"),
        ("April 2, 2024 6:30 pm EDT", "2024-04-02 22:30"),
        ("Apr 2, 2024, 10:30 AM ET", "2024-04-02 14:30"),
        ("Dec 2, 2024, 10:30 AM ET", "2024-12-02 15:30"),
        ("Published: Jan. 5th, 2020", "2020-01-05 00:00"),
        ("2 April 2024 18:30 BST", "2024-04-02 17:30"),
        ("2 апреля 2024, 18:30 MSK", "2024-04-02 15:30"),
        ("02.04.2024, 18:30 Uhr", "2024-04-02 18:30"),
        ("3 de abril de 2024", "2024-04-03 00:00"),
        ("2 avril 2024 à 18h30", "2024-04-02 18:30"),
        ("2 Nisan 2024 18:30", "2024-04-02 18:30"),
        ("2024年4月2日 18:30", "2024-04-02 18:30"),
        ("1712082600", "2024-04-02 18:30"),
        ("1712082600000", "2024-04-02 18:30"),
        ("٢ أبريل ٢٠٢٤", "2024-04-02 00:00"),
        ("۱۴ فروردین ۱۴۰۳", "2024-04-02 00:00"),
        ("۱۴ حمل ۱۴۰۳ ساعت ۱۸:۳۰", "2024-04-02 18:30"),
        ("د ۱۴۰۳ کال د وري ۱۴", "2024-04-02 00:00"),
        ("1403/01/14 18:20", "2024-04-02 18:20"),
        ("۱۴۰۳-۰۱-۱۴", "2024-04-02 00:00"),
        ("30 حوت 1403", "2025-03-20 00:00"),
        ("14 Hamal 1403", "2024-04-02 00:00"),
        ("2 أبريل/ نيسان 2024", "2024-04-02 00:00"),
        ("٢ تشرين الثاني ٢٠٢٤", "2024-11-02 00:00"),
        ("2 avr. 2024", "2024-04-02 00:00"),
        ("2024年4月2日 18时30分", "2024-04-02 18:30"),
        ("2024년 4월 2일 오후 6:30", "2024-04-02 18:30"),
        ("2024. 4. 2. 18:30", "2024-04-02 18:30"),
        ("2024-4-2 18:30", "2024-04-02 18:30"),
        ("02 अप्रैल 2024, 06:30 PM IST", "2024-04-02 13:00"),
        ("২ এপ্রিল ২০২৪", "2024-04-02 00:00"),
        ("2 เมษายน 2567 18:30", "2024-04-02 18:30"),
        ("2 Απριλίου 2024", "2024-04-02 00:00"),
        ("2 kwietnia 2024", "2024-04-02 00:00"),
        ("2 tháng 4 năm 2024", "2024-04-02 00:00"),
        ("2 April 2024 18.30 WIB", "2024-04-02 11:30"),
        ("Tue Apr 02 18:30:00 +0430 2024", "2024-04-02 14:00"),
        ("yesterday", "none"),
        ("2024-13-45", "none"),
        ("0001-01-01T00:00:00", "none"),
        ("2999-01-01", "none"),
    ],
)
def test_a_date_as_people_write_it(written: str, expected: str) -> None:
    assert instant(written) == expected


def test_a_time_without_zone_is_local_where_the_country_has_one() -> None:
    assert instant("2024-04-02T18:30:00", country="af") == "2024-04-02 14:00"
    assert instant("2024-04-02T18:30:00", country="us") == "2024-04-02 18:30"


def test_a_day_is_completed_by_a_source_that_agrees() -> None:
    assert instant("2024-04-02", "2024-04-02T18:30:00+04:30") == "2024-04-02 14:00"
    assert instant("2024-04-02", "2024-01-09T18:30:00+04:30") == "2024-04-02 00:00"


def test_a_time_without_zone_is_completed_by_a_feed_with_one() -> None:
    assert instant("2024-04-02T18:30:00", datetime(2024, 4, 2, 14, tzinfo=UTC)) == "2024-04-02 14:00"


def test_the_first_whole_source_wins() -> None:
    assert instant("2024-04-02T10:00:00Z", "2024-04-02T11:00:00Z") == "2024-04-02 10:00"


@pytest.mark.parametrize(
    ("solar", "expected"),
    [
        ((1300, 1, 1), date(1921, 3, 21)), ((1357, 11, 22), date(1979, 2, 11)), ((1399, 12, 30), date(2021, 3, 20)),
        ((1400, 1, 1), date(2021, 3, 21)), ((1403, 12, 30), date(2025, 3, 20)), ((1404, 1, 1), date(2025, 3, 21)),
        ((1404, 12, 30), None), ((1403, 7, 31), None), ((1403, 13, 1), None), ((700, 1, 1), None),
    ],
)  # fmt: skip
def test_solar_hijri_days_and_leap_years(solar: tuple[int, int, int], expected: date | None) -> None:
    assert gregorian(*solar) == expected


@given(st.integers(1300, 1500), st.integers(1, 12), st.integers(1, 29))
def test_solar_days_follow_each_other(year: int, month: int, day: int) -> None:
    first, second = gregorian(year, month, day), gregorian(year, month, day + 1)
    assert first is not None
    assert second is None or second - first == timedelta(days=1)


@given(st.text(max_size=80))
def test_any_text_has_a_date_or_none(text: str) -> None:
    read_date(text)
    solar_date(text)
