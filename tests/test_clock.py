"""The machine's clock, which may be set at any time."""

from datetime import UTC, datetime, timedelta

from monitor.model.clock import SystemClock

NOON = datetime(2024, 4, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A wall clock, and the time that passed."""

    def __init__(self) -> None:
        self.wall, self.elapsed = NOON.timestamp(), 500.0
        self.clock = SystemClock(lambda: self.wall, lambda: self.elapsed)

    def passes(self, by: timedelta, *, wall: timedelta = timedelta()) -> None:
        """Time passes, and the clock on the wall is set by ``wall``."""
        self.elapsed += by.total_seconds()
        self.wall += (by + wall).total_seconds()


def test_time_that_passes_is_no_step() -> None:
    machine = Machine()
    machine.passes(5 * HOUR)
    assert machine.clock.step() is None
    assert machine.clock.now() == NOON + 5 * HOUR


def test_a_small_correction_is_followed_without_a_word() -> None:
    machine = Machine()
    for _ in range(100):
        machine.passes(timedelta(seconds=1), wall=timedelta(seconds=0.5))
        assert machine.clock.step() is None
    assert machine.clock.now() == NOON + timedelta(seconds=150)


def test_a_step_is_not_seen_before_it_is_taken_over_and_told_once() -> None:
    for step in (HOUR, -HOUR):
        machine = Machine()
        machine.passes(timedelta(seconds=10), wall=step)
        assert machine.clock.now() == NOON + timedelta(seconds=10)
        assert machine.clock.step() == step
        machine.clock.take_over(step)
        assert machine.clock.step() is None
        assert machine.clock.now() == NOON + timedelta(seconds=10) + step
