"""When a digest is due: ``HH:MM`` or a cron expression of five fields, in local time. Pure.

A slot is named by its local date and time, so that a change of summer time neither doubles nor drops a digest: a time
that is skipped falls on the instant of the change, a time that comes twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.alerts.times import instant_of

FARTHEST = 366 * 4 + 1
"""Days looked back: 29 February comes every four years."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One occurrence. ``key`` is ``2024-04-02 08:00``, local."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """The minutes, hours and days of a cron expression; Sunday is 0."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool
    """Day of month and day of week are both restricted: either will do (POSIX crontab)."""

    def on(self, day: datetime) -> bool:
        """Whether the schedule has times on this local date."""
        if day.month not in self.months:
            return False
        by_date, by_weekday = day.day in self.days, (day.isoweekday() % 7) in self.weekdays
        return (by_date or by_weekday) if self.either_day else (by_date and by_weekday)


@lru_cache(maxsize=64)
def parse(expression: str) -> Schedule:
    """Read ``HH:MM`` or five cron fields; raises ValueError for anything else."""
    fields = expression.split()
    if len(fields) == 1:
        at = time.fromisoformat(expression.strip())
        fields = [str(at.minute), str(at.hour), "*", "*", "*"]
    if len(fields) != 5:
        raise ValueError("neither HH:MM nor five cron fields")
    minute, hour, day, month, weekday = fields
    return Schedule(
        minutes=_field(minute, 0, 59),
        hours=_field(hour, 0, 23),
        days=_field(day, 1, 31),
        months=_field(month, 1, 12, _MONTHS, first_name=1),
        weekdays=frozenset(each % 7 for each in _field(weekday, 0, 7, _DAYS)),
        either_day=not day.startswith("*") and not weekday.startswith("*"),
    )


def _field(text: str, low: int, high: int, names: tuple[str, ...] = (), first_name: int = 0) -> frozenset[int]:
    """The numbers of a field: lists, ranges, steps and names."""
    lowered = text.lower()
    for number, name in enumerate(names, first_name):
        lowered = lowered.replace(name, str(number))
    found: set[int] = set()
    for piece in lowered.split(","):
        span, _, step = piece.partition("/")
        first, _, last = (f"{low}-{high}" if span == "*" else span).partition("-")
        end = int(last) if last else (high if step else int(first))
        if end < int(first):  # fri-mon
            found.update(range(low, end + 1))
            end = high
        found.update(range(int(first), end + 1, int(step or 1)))
    if not found or min(found) < low or max(found) > high:
        raise ValueError(f"{text!r} is outside {low}-{high}")
    return frozenset(found)


def last_slot(expression: str, now: datetime, zone: ZoneInfo) -> Slot | None:
    """The latest occurrence at or before ``now``; None where there was none in four years."""
    return next((slot for slot in _backwards(parse(expression), now, zone) if slot.at <= now), None)


def next_slot(expression: str, now: datetime, zone: ZoneInfo) -> Slot | None:
    """The first occurrence after ``now``; None where there is none in four years."""
    schedule, today = parse(expression), now.astimezone(zone)
    for ahead in range(FARTHEST):
        day = today + timedelta(days=ahead)
        for slot in reversed(_on_day(schedule, day, zone)):
            if slot.at > now:
                return slot
    return None


def _backwards(schedule: Schedule, now: datetime, zone: ZoneInfo) -> Iterator[Slot]:
    today = now.astimezone(zone)
    for back in range(FARTHEST):
        yield from _on_day(schedule, today - timedelta(days=back), zone)


def _on_day(schedule: Schedule, day: datetime, zone: ZoneInfo) -> list[Slot]:
    """The slots of one local date, the latest first."""
    if not schedule.on(day):
        return []
    times = [time(hour, minute) for hour in schedule.hours for minute in schedule.minutes]
    return [Slot(key=f"{day:%Y-%m-%d} {at:%H:%M}", at=instant_of(day, at, zone)) for at in sorted(times, reverse=True)]
