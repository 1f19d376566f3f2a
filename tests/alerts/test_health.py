"""Which feeds an operator hears of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.health import alarm_at, alarm_text, alarms
from monitor.model.feeds import FeedSpec
from monitor.model.fetching import FetchFailureKind
from monitor.model.polling import FeedHealth, FeedState, PostingRate

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)


def state(**fields: Any) -> FeedState:
    spec = FeedSpec(name=fields.pop("name", "north"), url="https://north.example/feed")
    return FeedState(id=1, spec=spec, url=spec.url, **({"health": FeedHealth.OK} | fields))


def hours(number: float) -> datetime:
    return NOW - timedelta(hours=number)


NO_FEED = FetchFailureKind.NOT_A_FEED
BUSY = PostingRate(entries=100, days=10)
CALM = PostingRate(entries=10, days=100)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"health": FeedHealth.FAILING, "failing_since": hours(2)}, []),
        ({"health": FeedHealth.FAILING, "failing_since": hours(7), "problem": "HTTP 500"}, ["failing:north"]),
        ({"health": FeedHealth.GONE}, ["gone:north"]),
        ({"health": FeedHealth.SUSPECT}, ["suspect:north"]),
        ({"health": FeedHealth.GONE, "active": False}, []),
        ({"last_entry": hours(20), "rate": BUSY}, []),
        ({"last_entry": hours(30), "rate": BUSY}, ["silent:north"]),
        ({"last_entry": hours(30 * 24), "rate": CALM}, []),
        ({"last_entry": hours(30 * 24), "rate": PostingRate(entries=2, days=1)}, []),
        ({"notes": ("the document names one encoding and is in another", "the feed changed its guids")}, []),
        ({"last_gap": hours(1), "notes": ("gap: all 9 entries are new",)}, ["gap:north"]),
        ({"last_gap": hours(30)}, []),
        ({"failure": NO_FEED, "failures": 2, "failing_since": hours(1)}, []),
        ({"failure": NO_FEED, "failures": 3, "failing_since": hours(1)}, ["no-feed:north"]),
    ],
)
def test_a_feed_is_told_of_when_its_trouble_is_real(fields: dict[str, Any], expected: list[str]) -> None:
    assert list(alarms([state(**fields)], NOW)) == expected


def test_one_notice_tells_all_that_began_and_ended_and_then_keeps_quiet() -> None:
    first = alarms([state(health=FeedHealth.GONE), state(name="south", health=FeedHealth.DEAD)], NOW)
    text = alarm_text({}, first)
    assert text is not None
    assert text.startswith("2 feeds need attention")
    assert alarm_text(first, first) is None
    recovered = alarm_text(first, {})
    assert recovered is not None
    assert recovered.startswith("2 feeds recovered")


def test_a_gap_is_told_and_never_called_recovered() -> None:
    first = alarms([state(last_gap=hours(1))], NOW)
    text = alarm_text({}, first)
    assert text is not None
    assert "may have missed entries" in text
    assert alarm_text(first, {}) is None


moments = st.one_of(st.none(), st.integers(0, 100 * 24).map(hours))
rates = st.builds(PostingRate, entries=st.floats(0, 1e6), days=st.floats(0, 1e6))
states = st.builds(
    state,
    health=st.sampled_from(FeedHealth),
    failing_since=moments,
    failures=st.integers(0, 9),
    failure=st.one_of(st.none(), st.sampled_from(FetchFailureKind)),
    last_entry=moments,
    last_poll=moments,
    last_gap=moments,
    rate=rates,
)


@given(states, st.timedeltas(timedelta(), timedelta(days=100)))
def test_no_feed_is_told_of_before_the_moment_from_which_it_is_looked_at(known: FeedState, later: timedelta) -> None:
    at = alarm_at(known)
    if alarms([known], NOW + later):
        assert at is not None
        assert at <= NOW + later
