"""Instants in the database."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.store.times import from_text, to_text

FIRST, LAST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001 - hypothesis wants naive bounds
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=4, minutes=30))])
instants = st.datetimes(timezones=ZONES, min_value=FIRST, max_value=LAST)


@given(instants)
def test_text_gives_the_instant_back(instant: datetime) -> None:
    assert from_text(to_text(instant)) == instant


@given(instants, instants)
def test_text_sorts_as_time_does(one: datetime, other: datetime) -> None:
    assert (to_text(one) < to_text(other)) == (one < other)


@given(instants)
def test_an_instant_has_one_text_in_all_zones(instant: datetime) -> None:
    assert (
        to_text(instant)
        == to_text(instant.astimezone(UTC))
        == to_text(instant.astimezone(timezone(timedelta(hours=-3))))
    )


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_text(datetime(2024, 4, 2))  # noqa: DTZ001 - the mistake under test
