"""The clock as a value that is passed in, so that a scenario can make time pass."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time in aware UTC."""

    def now(self) -> datetime:
        """The present instant."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        """The instant that it was last moved to."""
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Set the time, backwards too (a real clock may step back)."""
        self._now = instant

    def advance(self, by: timedelta) -> None:
        """Move forward."""
        self._now += by
