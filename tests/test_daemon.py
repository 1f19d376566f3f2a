"""The daemon's own parts; its life as a process is in the acceptance tests."""

from datetime import timedelta

from monitor.daemon import ClockWatch


def test_time_that_passes_is_no_step() -> None:
    watch = ClockWatch()
    assert watch.step(wall_s=1000.0, elapsed_s=10.0) is None
    assert watch.step(wall_s=1001.0, elapsed_s=11.0) is None
    assert watch.step(wall_s=5001.5, elapsed_s=4011.0) is None


def test_a_clock_set_back_by_an_hour_is_a_step() -> None:
    watch = ClockWatch()
    watch.step(wall_s=10_000.0, elapsed_s=10.0)
    assert watch.step(wall_s=6_401.0, elapsed_s=11.0) == timedelta(hours=-1)
    assert watch.step(wall_s=6_402.0, elapsed_s=12.0) is None
