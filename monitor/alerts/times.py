"""Local clock times: quiet hours and digest slots, right across both changes of summer time. Pure functions.

A local time that the spring change skips happens at the instant of the change; one that the autumn change repeats
happens at its first occurrence, once.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def instant_of(day: datetime, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of the local time ``at`` on the local date of ``day``."""
    local = datetime.combine(day.date(), at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        return _end_of_gap(instant, zone)
    return instant


def _end_of_gap(instant: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the change that skipped a local time; ``instant`` lies within some hours of it."""
    low, high = instant - timedelta(hours=4), instant + timedelta(hours=4)
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)


def quiet_until(now: datetime, quiet_hours: tuple[time, time] | None, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that ``now`` lies in; None outside them, or where there are none.

    A quiet time whose start equals its end is empty.
    """
    if quiet_hours is None or quiet_hours[0] == quiet_hours[1]:
        return None
    start_at, end_at = quiet_hours
    today = now.astimezone(zone)
    for day in (today - DAY, today):
        start = instant_of(day, start_at, zone)
        end = instant_of(day if start_at < end_at else day + DAY, end_at, zone)
        if start <= now < end:
            return end
    return None
