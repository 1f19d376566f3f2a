"""Whose turn it is, on an event loop whose time passes only by waiting: no load of the machine moves these instants."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable
from datetime import timedelta

import pytest

from monitor.net.manners import Manners

PACE = timedelta(seconds=1)


class _Skipping(selectors.SelectSelector):
    """Does not wait: what it was to wait has passed."""

    passed_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.passed_s += timeout or 0.0
        return super().select(0)


class _Unhurried(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        return self._skipping.passed_s


def starts_of(*requests: tuple[str, float, bool], in_flight: int = 10) -> list[tuple[str, float]]:
    """When each request of (host, how long it takes, whether it is paced) had its turn, in that order."""
    began: list[tuple[str, float]] = []

    async def ask(manners: Manners, host: str, takes_s: float, paced: bool) -> None:
        async with manners.turn(host, paced=paced):
            began.append((host, round(asyncio.get_running_loop().time(), 6)))
            await asyncio.sleep(takes_s)

    async def ask_all() -> None:
        manners = Manners(pace=PACE, in_flight=in_flight)
        asking: list[Awaitable[None]] = [ask(manners, *request) for request in requests]
        await asyncio.gather(*asking)

    loop = _Unhurried()
    try:
        loop.run_until_complete(ask_all())
    finally:
        loop.close()
    return began


@pytest.mark.parametrize(("takes_s", "instants"), [(0.02, [0, 1, 2, 3]), (1.0, [0, 1, 2, 3]), (2.5, [0, 2.5, 5, 7.5])])
def test_a_host_is_asked_again_after_the_pace_and_not_before_it_has_answered(
    takes_s: float, instants: list[float]
) -> None:
    assert starts_of(*[("a", takes_s, True)] * 4) == [("a", at) for at in instants]


def test_another_host_and_what_is_not_paced_wait_for_nobody() -> None:
    assert starts_of(("a", 30, True), ("a", 0, True), ("b", 0, True), ("a", 0, False)) == [
        ("a", 0), ("b", 0), ("a", 0), ("a", 30),
    ]  # fmt: skip


def test_a_host_that_waits_for_its_pace_takes_no_place_in_flight() -> None:
    assert starts_of(*[("a", 0, True)] * 3, ("b", 0, True), in_flight=1) == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]
