"""The widening schedule on which matched articles are read again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.rereads import next_reread

CHANGED = datetime(2024, 4, 2, 16, 0, tzinfo=UTC)
ages = st.timedeltas(min_value=timedelta(), max_value=timedelta(days=30))


def test_the_pace_widens_with_the_age_of_the_last_change() -> None:
    paces = [
        (due - now).total_seconds() / 60
        for age in (timedelta(), timedelta(hours=2), timedelta(hours=5), timedelta(days=3))
        if (due := next_reread(changed=CHANGED, now=(now := CHANGED + age)))
    ]
    assert paces == [15, 15, 60, 180]


def test_after_a_week_without_a_change_it_is_left_alone() -> None:
    assert next_reread(changed=CHANGED, now=CHANGED + timedelta(days=7)) is None


@given(ages, ages)
def test_an_older_article_is_never_read_sooner(one: timedelta, other: timedelta) -> None:
    younger, older = sorted((one, other))
    now = CHANGED + timedelta(days=60)
    soon, late = next_reread(changed=now - younger, now=now), next_reread(changed=now - older, now=now)
    assert late is None or (soon is not None and soon <= late)
