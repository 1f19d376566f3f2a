"""The newsroom's own clock where it runs as a process of its own: it can run at any speed and be set from outside."""

from __future__ import annotations

import time
from datetime import datetime, timedelta


class RunningClock:
    """Starts at an instant and runs ``speed`` simulated seconds a second; 0 stands still."""

    def __init__(self, start: datetime, *, speed: float = 0.0) -> None:
        self._speed = speed
        self.move_to(start)

    def now(self) -> datetime:
        """The simulated present."""
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self._speed)

    def move_to(self, instant: datetime) -> None:
        """Set the time; it runs on from there."""
        self._base = instant
        self._since = time.monotonic()
