"""When in the day a feed is polled: after the hours at which it publishes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import rhythm, schedule
from monitor.model.polling import Hints, PostingRate
from monitor.model.settings import Polling

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OFFICE = tuple(30.0 if 6 <= hour < 14 else 0.0 for hour in range(24))
counts = st.lists(st.floats(0, 1e5), min_size=24, max_size=24).map(tuple)
waits = st.timedeltas(timedelta(minutes=1), timedelta(days=1))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - with a zone


@given(counts, waits, moments)
def test_a_rhythm_at_most_doubles_an_interval_and_saves_polls(
    hours: tuple[float, ...], interval: timedelta, now: datetime
) -> None:
    found = rhythm.wait(interval, hours, now)
    assert timedelta() < found <= 2 * interval + timedelta(seconds=1)
    assert 0 < rhythm.mean_density(hours) <= 1.2  # above 1 only where the least density lifts dead hours


@given(counts, waits, moments)
def test_a_walk_through_the_hours_agrees_with_a_naive_one(
    hours: tuple[float, ...], interval: timedelta, now: datetime
) -> None:
    dense, done, at = rhythm.density(hours), 0.0, now
    step = timedelta(minutes=1)
    while done < interval / step:
        done += dense[at.hour]
        at += step
    assert abs((now + rhythm.wait(interval, hours, now)) - at) <= timedelta(minutes=5)


def test_without_a_rhythm_nothing_changes() -> None:
    assert rhythm.wait(HOUR, (), NOW) == HOUR
    assert rhythm.mean_density(()) == 1
    assert rhythm.density((5.0,) * 24) == pytest.approx((1.0,) * 24)


def test_a_few_entries_make_no_rhythm() -> None:
    few = rhythm.learnt((), [NOW, NOW, NOW], fade=1.0)
    assert max(rhythm.density(few)) < 1.4
    assert min(rhythm.density(few)) > 0.9


def test_an_office_is_polled_oftener_while_it_is_open() -> None:
    rate, polling = PostingRate(entries=240, days=10, hours=OFFICE), Polling()
    by_day, by_night = (
        schedule.learnt_interval(rate, 1.0, 4 * HOUR, polling, NOW.replace(hour=hour)) for hour in (9, 20)
    )
    assert by_night > 2 * by_day
    reasons = [
        schedule.after_success(
            interval=HOUR, fixed=False, rate=rate, hints=Hints(), now=NOW.replace(hour=hour), random=Random(1)
        ).reason
        for hour in (9, 20)
    ]
    assert reasons == [
        "posts about 22 a day, most of it at this hour",
        "posts about 22 a day, little of it at this hour",
    ]


def test_dates_outside_the_time_between_two_polls_teach_nothing() -> None:
    before = PostingRate(entries=1, days=1, measured=NOW)
    later = NOW + 2 * HOUR
    dates = [NOW - HOUR, None, NOW + HOUR, later + HOUR]
    after = schedule.updated_rate(before, new=4, now=later, published=dates)
    assert (after.entries, sum(after.hours), after.hours[13]) == (pytest.approx(5, abs=0.1), 1, 1)


def test_the_first_poll_teaches_a_rhythm_only_where_its_entries_span_a_day() -> None:
    half_a_day = [NOW - n * HOUR for n in range(12)]
    assert schedule.rate_from_history(half_a_day, NOW).hours == ()
    assert sum(schedule.rate_from_history([NOW - n * 3 * HOUR for n in range(20)], NOW).hours) == 20
