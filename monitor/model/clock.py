"""The clock as a value that is passed in, so that a scenario can make time pass.

A clock that is set under a running line must not be seen by it piece by piece: a poll that is recorded by the new time
and shifted with the rest afterwards would be an hour late. The line's clock therefore goes on as before until the
daemon takes the step over, in one go with every due time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

SMALLEST_STEP = timedelta(seconds=2)
"""NTP slews by less between two looks, and is followed at once; a step is more."""


class Clock(Protocol):
    """Tells the time in aware UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class LineClock(Clock, Protocol):
    """The clock of a line, which is set when the line is ready for it."""

    def step(self) -> timedelta | None:
        """By how much the machine's clock was set and this one was not yet; None where both agree."""
        ...

    def take_over(self, step: timedelta) -> None:
        """Be set by as much, from now on."""
        ...


def elapsed_s() -> float:
    """Seconds since some instant, however the clock is set; the time of a suspended machine passes, where told."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class SystemClock:
    """The machine's clock, but for steps that were not taken over yet."""

    def __init__(self, wall_s: Callable[[], float] = time.time, elapsed_s: Callable[[], float] = elapsed_s) -> None:
        self._wall_s, self._elapsed_s = wall_s, elapsed_s
        self._ahead_s = wall_s() - elapsed_s()

    def now(self) -> datetime:
        """The present instant."""
        self.step()
        return datetime.fromtimestamp(self._elapsed_s() + self._ahead_s, UTC)

    def step(self) -> timedelta | None:
        """By how much the machine's clock was set; less than ``SMALLEST_STEP`` is followed without a word."""
        ahead_s = self._wall_s() - self._elapsed_s()
        step = timedelta(seconds=ahead_s - self._ahead_s)
        if abs(step) >= SMALLEST_STEP:
            return step
        self._ahead_s = ahead_s
        return None

    def take_over(self, step: timedelta) -> None:
        """Be set by as much, from now on."""
        self._ahead_s += step.total_seconds()


class SimulatedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant that it was last moved to."""
        return self._now

    def step(self) -> None:
        """It is set by hand alone."""

    def take_over(self, step: timedelta) -> None:
        """It has been moved already."""

    def move_to(self, instant: datetime) -> None:
        """Set the time, backwards too (a real clock may step back)."""
        self._now = instant

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by
