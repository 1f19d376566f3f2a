"""At what hours of the day a feed publishes, as its polls have shown, and what that means for the next poll. Pure.

Polls are spread over the day as over the feeds: by the square root of the rate (Sia and Cho, 2007). A feed that
publishes six times as much by day as by night so gets its entries found a seventh sooner for the same number of polls.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache

HOURS = 24
PRIOR_ENTRIES = 24.0
"""So many entries spread evenly over the day are taken for granted: a few entries make no rhythm."""
KERNEL = (1 / 9, 2 / 9, 3 / 9, 2 / 9, 1 / 9)
"""An entry speaks for the hours around its own, too."""
LEAST_DENSITY = 0.5
"""However dead an hour: the interval is at most doubled, since a rhythm may change."""
LONGEST_WALK = timedelta(days=7)


def learnt(hours: tuple[float, ...], times: Iterable[datetime], *, fade: float) -> tuple[float, ...]:
    """Count entries by the hour (UTC) of ``times``; what was counted before fades. Empty while there is nothing."""
    counted = [each * fade for each in hours] or [0.0] * HOURS
    found = False
    for time in times:
        counted[time.hour] += 1
        found = True
    return tuple(round(each, 2) for each in counted) if found or hours else ()


@lru_cache(maxsize=4096)
def density(hours: tuple[float, ...]) -> tuple[float, ...]:
    """Polls by hour of the day, relative to the even spread; their mean is at most 1."""
    if len(hours) != HOURS:
        return (1.0,) * HOURS
    total = sum(hours) + PRIOR_ENTRIES
    smooth = [sum(KERNEL[step + 2] * hours[(hour + step) % HOURS] for step in range(-2, 3)) for hour in range(HOURS)]
    rates = [(each + PRIOR_ENTRIES / HOURS) * HOURS / total for each in smooth]
    return tuple(max(math.sqrt(each), LEAST_DENSITY) for each in rates)


def mean_density(hours: tuple[float, ...]) -> float:
    """The share of an evenly polled feed's polls that this rhythm needs."""
    return sum(density(hours)) / HOURS


def wait(interval: timedelta, hours: tuple[float, ...], now: datetime) -> timedelta:
    """How long ``interval`` becomes from ``now`` on: shorter where the feed is busy, longer where it is asleep."""
    if len(hours) != HOURS:
        return interval
    dense = density(hours)
    left, at = interval, now
    while at - now < LONGEST_WALK:
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        speed = dense[at.hour]
        if (hour_ends - at) * speed >= left:
            return at + left / speed - now
        left -= (hour_ends - at) * speed
        at = hour_ends
    return interval
