from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.headers import freshness, http_date, retry_after

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        ({"cache-control": "max-age=900"}, 15 * MINUTES),
        ({"cache-control": "public, s-maxage=5, max-age=900"}, 15 * MINUTES),
        ({"cache-control": "s-maxage=900"}, None),
        ({"cache-control": "max-age=900", "age": "300"}, 10 * MINUTES),
        ({"cache-control": "max-age=900", "age": "2000"}, timedelta()),
        ({"cache-control": "max-age=900", "age": "soon"}, 15 * MINUTES),
        ({"cache-control": "max-age=900, max-age=60"}, MINUTES),
        ({"cache-control": "max-age=-1"}, None),
        ({"cache-control": 'max-age="60"'}, MINUTES),
        ({"cache-control": "max-age=60", "expires": "Tue, 02 Apr 2024 13:00:00 GMT"}, MINUTES),
        ({"cache-control": "no-cache, max-age=60"}, timedelta()),
        (
            {"expires": "Tue, 02 Apr 2024 13:00:00 GMT", "date": "Tue, 02 Apr 2024 12:00:00 GMT"},
            60 * MINUTES,
        ),
        (
            {"expires": "Tue, 02 Apr 2024 13:00:00 GMT", "date": "Tue, 02 Apr 2024 12:00:00 GMT", "age": "1200"},
            40 * MINUTES,
        ),
        ({"expires": "Tue, 02 Apr 2024 13:00:00 GMT"}, None),
        ({"cache-control": "max-age='900'"}, None),
        ({"cache-control": "max-age=a900"}, None),
        ({"cache-control": 'extension="max-age=9000", max-age=900'}, 15 * MINUTES),
        ({"cache-control": 'max-age="900", extension="x, max-age=9000"'}, 15 * MINUTES),
        ({"cache-control": "MaX-aGe=000900.5"}, 15 * MINUTES),
        ({"cache-control": "max-age=900", "age": "-600"}, 15 * MINUTES),
        ({"cache-control": "max-age=900", "age": "600, 0"}, 5 * MINUTES),
        ({"cache-control": "max-age=900", "age": "600.0"}, 5 * MINUTES),
        ({"cache-control": "max-age=0", "expires": "Tue, 02 Apr 2054 13:00:00 GMT"}, timedelta()),
        ({"expires": "0", "date": "Tue, 02 Apr 2024 12:00:00 GMT"}, None),
        ({"expires": "Tue, 02 Apr 2024 11:00:00 GMT", "date": "Tue, 02 Apr 2024 12:00:00 GMT"}, timedelta()),
    ],
)
def test_freshness_is_what_the_publisher_says(headers: dict[str, str], expected: timedelta | None) -> None:
    assert freshness(headers) == expected


def test_sixteen_years_of_freshness_are_survived() -> None:
    assert freshness({"cache-control": "max-age=504576000000000"}) == timedelta(days=3650)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("120", 2 * MINUTES),
        (" 120 ", 2 * MINUTES),
        ("120.5", 2 * MINUTES),
        ("Tue, 02 Apr 2024 12:30:00 GMT", 30 * MINUTES),
        ("Tuesday, 02-Apr-24 12:30:00 GMT", 30 * MINUTES),
        ("Tue Apr  2 12:30:00 2024", 30 * MINUTES),
        ("Tue, 02 Apr 2024 11:00:00 GMT", timedelta()),
        ("soon", None),
        ("-5", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str, expected: timedelta | None) -> None:
    assert retry_after({"retry-after": text}, NOW) == expected


@given(st.dictionaries(st.sampled_from(["cache-control", "age", "expires", "date", "retry-after"]), st.text()))
def test_no_header_value_raises_or_gives_a_negative_time(headers: dict[str, str]) -> None:
    for value in (freshness(headers), retry_after(headers, NOW)):
        assert value is None or value >= timedelta()


@given(st.text(max_size=60))
def test_a_date_is_aware_or_none(text: str) -> None:
    found = http_date(text)
    assert found is None or found.tzinfo is not None
