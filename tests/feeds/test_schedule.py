"""The learnt interval, the floors and the back-off."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import schedule
from monitor.model.fetching import FetchFailed, FetchFailureKind
from monitor.model.polling import Hints, PostingRate
from monitor.model.settings import Polling

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLLING = Polling()
DURATIONS = st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=2))


def success(interval: timedelta = HOUR, hints: Hints = Hints(), *, seed: int = 1) -> schedule.NextPoll:  # noqa: B008
    return schedule.after_success(
        interval=interval, fixed=False, rate=PostingRate(entries=20, days=6), hints=hints, now=NOW, random=Random(seed)
    )


def failure(status: int | None = 500, **more: object) -> FetchFailed:
    return FetchFailed(kind=FetchFailureKind.HTTP_STATUS, detail="no", status=status, **more)  # type: ignore[arg-type]


def after(
    failed: FetchFailed, *, failures: int = 1, interval: timedelta = HOUR, failing_for: timedelta = timedelta()
) -> schedule.NextPoll:
    return schedule.after_failure(
        failed, failures=failures, failing_for=failing_for, interval=interval, now=NOW, random=Random(1)
    )


@given(st.lists(st.floats(0.05, 50), min_size=1, max_size=300), st.integers(1, 20_000))
def test_the_budget_is_kept_where_the_bounds_allow(appetites: list[float], budget: int) -> None:
    polling = Polling(polls_per_hour=budget)
    scale = schedule.solve_scale(appetites, polling)
    polls = sum(HOUR / min(max(scale / each, polling.min_interval), polling.max_interval) for each in appetites)
    fewest, most = len(appetites) / 6, len(appetites) * 12
    assert polls == pytest.approx(min(max(budget, fewest), most), rel=0.02)


def test_a_busier_feed_is_polled_more_often_by_the_square_root() -> None:
    polling = Polling(min_interval=timedelta(seconds=1), max_interval=timedelta(days=30))
    quiet, busy = PostingRate(entries=3, days=1), PostingRate(entries=63, days=1)
    scale = timedelta(hours=4)
    ratio = schedule.learnt_interval(quiet, 1, scale, polling, NOW) / schedule.learnt_interval(
        busy, 1, scale, polling, NOW
    )
    assert ratio == pytest.approx(4.0)


def test_a_weight_counts_like_a_rate() -> None:
    rate = PostingRate(entries=3, days=1)
    scale = timedelta(hours=1)
    assert (
        schedule.learnt_interval(rate, 4, scale, POLLING, NOW)
        == schedule.learnt_interval(rate, 1, scale, POLLING, NOW) / 2
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.timedeltas(timedelta(days=-1), timedelta(days=3)))))
def test_a_rate_stays_finite_and_positive_even_when_the_clock_steps_back(steps: list[tuple[int, timedelta]]) -> None:
    rate, now = PostingRate(), NOW
    for new, passed in steps:
        now += passed
        rate = schedule.updated_rate(rate, new=new, now=now)
        assert 0 < schedule.entries_a_day(rate) <= schedule.MOST_ENTRIES_A_DAY


def test_a_rate_is_learnt() -> None:
    rate, now = PostingRate(), NOW
    for _ in range(24 * 20):
        rate = schedule.updated_rate(rate, new=1, now=now)
        now += HOUR
    assert schedule.entries_a_day(rate) == pytest.approx(24, rel=0.1)
    assert schedule.rate_in_words(rate).endswith("a day")


@given(DURATIONS, st.none() | DURATIONS, st.none() | DURATIONS, st.integers(0, 1000))
def test_jitter_and_floors_only_delay(
    interval: timedelta, fresh: timedelta | None, ttl: timedelta | None, seed: int
) -> None:
    found = success(interval, Hints(freshness=fresh, ttl=ttl), seed=seed)
    floor = max([interval, *(min(each, 6 * HOUR) for each in (fresh, ttl) if each is not None)])
    assert found.at is not None
    assert floor <= found.at - NOW <= floor * 1.1001


def test_a_reason_names_the_rate_and_the_floor() -> None:
    reason = success(timedelta(minutes=5), Hints(ttl=timedelta(minutes=15))).reason
    assert reason == "posts about 3 a day, server asks for ≥ 15 min"


def test_skipped_hours_and_days_are_waited_out() -> None:
    found = success(HOUR, Hints(skip_hours=frozenset(range(13, 20))))
    assert found.at == datetime(2024, 4, 2, 20, tzinfo=UTC)
    found = success(HOUR, Hints(skip_days=frozenset({1, 2})))  # Tuesday and Wednesday
    assert found.at == datetime(2024, 4, 4, 0, tzinfo=UTC)
    assert success(HOUR, Hints(skip_hours=frozenset(range(24)))).at == success(HOUR).at


@given(DURATIONS, st.integers(1, 100), st.sampled_from([None, 400, 401, 403, 404, 429, 500, 503]))
def test_a_failed_poll_is_never_retried_faster_than_the_interval(
    interval: timedelta, failures: int, status: int | None
) -> None:
    found = after(failure(status), failures=failures, interval=interval)
    assert found.at is not None
    assert interval <= found.at - NOW <= max(timedelta(days=2), interval) * 1.1001


def test_retry_after_wins_over_our_own_back_off_but_not_beyond_two_days() -> None:
    found = after(failure(503, retry_after=5 * HOUR))
    assert found.at is not None
    assert 5 * HOUR <= found.at - NOW <= 5.5 * HOUR
    found = after(failure(503, retry_after=timedelta(days=90)))
    assert found.at is not None
    assert found.at - NOW <= timedelta(days=2.2)


def test_our_own_outage_is_retried_soon() -> None:
    found = after(FetchFailed(kind=FetchFailureKind.OFFLINE, detail="down"))
    assert found.at is not None
    assert found.at - NOW < timedelta(minutes=3)


def test_410_is_the_end() -> None:
    assert after(failure(410)).at is None


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(seconds=45), "45 s"),
        (timedelta(minutes=15), "15 min"),
        (timedelta(minutes=90), "90 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=4), "4 h"),
        (timedelta(days=7), "7 d"),
    ],
)
def test_durations_are_said_in_their_unit(duration: timedelta, words: str) -> None:
    assert schedule.in_words(duration) == words
