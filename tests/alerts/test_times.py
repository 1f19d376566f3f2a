"""Quiet hours and digest slots, across both changes of summer time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.cron import last_slot, next_slot, parse
from monitor.alerts.times import quiet_until

BERLIN = ZoneInfo("Europe/Berlin")
KABUL = ZoneInfo("Asia/Kabul")
NIGHT = (time(22), time(6))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2024-04-02T17:29", None),
        ("2024-04-02T17:30", "2024-04-03T01:30"),
        ("2024-04-03T01:29", "2024-04-03T01:30"),
        ("2024-04-03T01:30", None),
    ],
)
def test_quiet_hours_of_kabul_end_at_six_there(now: str, until: str | None) -> None:
    assert quiet_until(utc(now), NIGHT, KABUL) == (utc(until) if until else None)


def test_the_night_of_the_spring_change_is_an_hour_shorter_and_of_the_autumn_change_longer() -> None:
    # 31 March 2024: 02:00 CET becomes 03:00 CEST; 27 October 2024: 03:00 CEST becomes 02:00 CET.
    assert quiet_until(utc("2024-03-30T21:00"), NIGHT, BERLIN) == utc("2024-03-31T04:00")
    assert quiet_until(utc("2024-10-26T20:00"), NIGHT, BERLIN) == utc("2024-10-27T05:00")


def test_an_end_that_the_spring_change_skips_is_the_change_itself() -> None:
    assert quiet_until(utc("2024-03-31T00:30"), (time(22), time(2, 30)), BERLIN) == utc("2024-03-31T01:00")


def test_no_quiet_hours_are_never_quiet() -> None:
    assert quiet_until(utc("2024-04-02T00:00"), None, BERLIN) is None
    assert quiet_until(utc("2024-04-02T00:00"), (time(3), time(3)), BERLIN) is None


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)), st.times(), st.times())  # noqa: DTZ001 - made aware below
def test_quiet_hours_always_end_within_a_day_and_an_hour(naive: datetime, start: time, end: time) -> None:
    now = naive.replace(tzinfo=UTC)
    until = quiet_until(now, (start, end), BERLIN)
    if until is not None:
        assert now < until <= now + timedelta(hours=25)
        assert quiet_until(until, (start, end), BERLIN) != until


def slots_of(expression: str, start: str, hours: int, zone: ZoneInfo) -> list[str]:
    """The keys of the slots that a beat every ten minutes meets, each once."""
    seen: dict[str, None] = {}
    for step in range(hours * 6):
        slot = last_slot(expression, utc(start) + timedelta(minutes=10 * step), zone)
        if slot and slot.at >= utc(start):
            seen[slot.key] = None
    return list(seen)


def test_a_daily_digest_comes_once_a_local_date_through_both_changes() -> None:
    assert slots_of("02:30", "2024-03-29T12:00", 72, BERLIN) == [
        "2024-03-30 02:30", "2024-03-31 02:30", "2024-04-01 02:30",
    ]  # fmt: skip
    assert slots_of("02:30", "2024-10-25T12:00", 72, BERLIN) == [
        "2024-10-26 02:30", "2024-10-27 02:30", "2024-10-28 02:30",
    ]  # fmt: skip


def test_a_clock_that_steps_back_repeats_no_slot() -> None:
    before = last_slot("08:00", utc("2024-04-02T08:30"), ZoneInfo("UTC"))
    after = last_slot("08:00", utc("2024-04-02T08:05"), ZoneInfo("UTC"))
    assert before == after


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 8 * * mon-fri", "2024-04-05 08:00"),
        ("30 7,19 * * *", "2024-04-06 07:30"),
        ("*/15 * * * *", "2024-04-06 11:45"),
        ("0 0 1 * *", "2024-04-01 00:00"),
        ("0 9 * * 0", "2024-03-31 09:00"),
        ("0 9 * * 7", "2024-03-31 09:00"),
        ("0 9 13 * fri", "2024-04-05 09:00"),
        ("0 9 * * fri-mon", "2024-04-06 09:00"),
        ("0 12 29 feb *", "2024-02-29 12:00"),
        ("09:05", "2024-04-06 09:05"),
    ],
)
def test_cron_fields_mean_what_crontab_says(expression: str, expected: str) -> None:
    slot = last_slot(expression, utc("2024-04-06T11:59"), ZoneInfo("UTC"))
    assert slot is not None
    assert slot.key == expected


def test_the_next_slot_is_later_and_the_same_kind() -> None:
    slot = next_slot("0 8 * * mon-fri", utc("2024-04-06T11:59"), ZoneInfo("UTC"))
    assert slot is not None
    assert slot.at == utc("2024-04-08T08:00")


@pytest.mark.parametrize("expression", ["", "25:00", "* * *", "60 * * * *", "0 8 * * funday", "a b c d e"])
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whose words differ by the part that is wrong
        parse(expression)
