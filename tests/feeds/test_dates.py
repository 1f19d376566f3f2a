"""Dates in the forms that feeds have them, those that feedparser misreads among them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import believable, from_feed, from_iso, from_json
from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument

NOON = datetime(2024, 4, 2, 12, tzinfo=UTC)


def published(text: str) -> datetime | None:
    """What becomes of a date in a whole document."""
    body = f"<rss version='2.0'><channel><item><title>T</title><pubDate>{text}</pubDate></item></channel></rss>"
    document = parse_document(body.encode(), content_type=None, url="")
    assert isinstance(document, FeedDocument)
    return document.entries[0].published


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 02 Apr 2024 12:00:00 GMT", "Tue, 02 Apr 2024 16:30:00 +0430", "Tue, 2 Apr 2024 08:00 EDT",
        "Tue,02 Apr 2024 12:00:00 GMT", "Tue, 02-Apr-2024 12:00:00 GMT", "Tuesday, 02 April 2024 12:00:00 GMT",
        "02 Apr 24 12:00 GMT", "Tue Apr 02 12:00:00 2024", "Tue, Apr 2, 2024 12:00:00 GMT", "Di, 02 Apr 2024 12:00 GMT",
        "Tue, 02 Apr 2024 14:00:00 GMT+2", "Tue, 02 Apr 2024 14:00:00 +02:00", "Tue, 02 Apr 2024 15:30:00 UTC+03:30",
        "Tue, 02 Apr 2024 16:30:00 +4:30", "Tue, 02 Apr 2024 08:00:00 -400", "Tue, 02 Apr 2024 08:00:00 GMT -0400",
        "April 2, 2024 12:00 PM", "Tue, 02 Apr 2024 04:30:00 p.m. +0430", "2024-04-02 12:00 AM -1200",
        "2024-04-02T16:30:00+0430", "2024-04-02T16:30:00+04:30", "2024-04-02 16:30:00 +0430", "2024-04-02T12:00Z",
        "2024-04-02t12:00:00.123456789z", "2024-04-02 12:00:00 GMT", "2024-04-02 12:00:00 UTC", "2024/04/02 12:00:00",
        "02.04.2024 12:00", "1712059200", "1712059200000", " 2024-04-02T12:00:00Z\n",
    ],
)  # fmt: skip
def test_a_date_is_read_in_whatever_form_it_comes(text: str) -> None:
    assert published(text) == NOON
    assert from_iso(text) in {NOON, NOON.replace(microsecond=123456)}


def test_milliseconds_whose_first_digits_could_be_a_day_are_none() -> None:
    assert from_iso("1712072400000") == published("1712072400000") == datetime(2024, 4, 2, 15, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "stated", [1712059200, 1712059200.9, 1712059200000, "1712059200", "1712059200.5", "1712059200000"]
)
def test_a_json_feed_may_state_a_number(stated: float | str) -> None:
    document = parse_document(
        json.dumps({"title": "T", "items": [{"id": 1, "date_published": stated, "date_modified": stated}]}).encode(),
        content_type=None, url="",
    )  # fmt: skip
    assert isinstance(document, FeedDocument)
    (entry,) = document.entries
    assert (entry.published, entry.updated, entry.published_raw) == (NOON, NOON, str(stated))


@pytest.mark.parametrize(
    "stated",
    [
        0, -1, 7, 20240402, 20240402120000, 202404021200, 10**40, float("nan"), float("inf"), 1e308, True, None, [],
        "9999999999", 4_102_444_800,
    ],
)  # fmt: skip
def test_a_number_that_is_no_plausible_instant_is_none(stated: object) -> None:
    assert from_json(stated) is None


@given(st.one_of(st.integers(), st.floats(), st.text(max_size=20)))
def test_any_number_is_an_instant_within_bounds_or_none(stated: float | str) -> None:
    instant = from_json(stated)
    assert instant is None or isinstance(stated, str) or 1990 <= instant.year < 2100


@pytest.mark.parametrize("text", ["2024-04-02", "20240402", "02 Apr 2024", "April 2, 2024", "2.4.2024", "2024/4/2"])
def test_a_day_alone_is_its_midnight(text: str) -> None:
    assert published(text) == datetime(2024, 4, 2, tzinfo=UTC)


def test_a_month_alone_is_its_first_day() -> None:
    assert from_iso("2024-04") == published("2024-04") == datetime(2024, 4, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2 hours ago", "0000-00-00 00:00:00", "02/04/2024 12:00:00", "Tue, 31 Jun 2024 12:00:00 GMT", "0",
        "x" * 70,
    ],
)  # fmt: skip
def test_what_may_mean_anything_is_no_date(text: str) -> None:
    assert published(text) is None
    assert from_iso(text) is None


def test_an_impossible_offset_is_no_date_of_ours() -> None:
    assert from_iso("2024-04-02 12:00 +99:99") is None


def test_a_year_that_is_not_stated_is_not_made_up() -> None:
    assert from_iso("Mon, 01 Jan 0001 00:00:00 +0000") is None
    assert believable(published("Mon, 01 Jan 0001 00:00:00 +0000"), NOON) is None


@given(st.text(max_size=80) | st.from_regex(r"[0-9A-Za-z:+\-/. ,]{0,40}", fullmatch=True))
def test_any_text_is_an_aware_date_or_none(text: str) -> None:
    for found in (from_feed(text, None), from_iso(text)):
        assert found is None or found.utcoffset() == timedelta()


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is the other argument
    st.integers(-12 * 4, 14 * 4),
)
def test_an_offset_is_the_same_with_and_without_its_colon(local: datetime, quarters: int) -> None:
    sign, minutes = "-" if quarters < 0 else "+", abs(quarters) * 15
    expected = (local - timedelta(minutes=quarters * 15)).replace(microsecond=0, tzinfo=UTC)
    for colon in (":", ""):
        zone = f"{sign}{minutes // 60:02}{colon}{minutes % 60:02}"
        assert from_feed(f"{local:%Y-%m-%dT%H:%M:%S}{zone}", None) == expected
        assert from_feed(f"{local:%a, %d %b %Y %H:%M:%S} {zone}", None) == expected
