"""The pump that keeps a station busy."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from monitor.pipeline.line import Line
from monitor.pipeline.poll import PollReport
from monitor.pipeline.stations import Pump, Report, Station
from tests.acceptance.score import perform


@dataclass
class Workshop:
    """Steps that wait until they are let go, and what was heard of them."""

    waiting: int
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    reports: list[Report] = field(default_factory=list)
    bugs: list[tuple[str, int]] = field(default_factory=list)

    def claim(self, db: Database, now: datetime, limit: int) -> list[int]:
        taken = min(limit, self.waiting)
        self.waiting -= taken
        return list(range(taken))

    async def step(self, line: Line, key: int) -> Report:
        await self.gate.wait()
        if key == 0:
            raise RuntimeError("a bug")
        return PollReport(feed=str(key), outcome="read")

    def reported(self, report: Report) -> None:
        self.reports.append(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append((station, key))

    def pump(self, line: Line) -> Pump:
        station = Station(name="test", claim=self.claim, step=self.step, capacity=3)
        return Pump(station=station, line=line, observer=self)


async def test_a_pump_never_runs_more_than_its_station_has_room_for(tmp_path: Path) -> None:
    async with perform(tmp_path) as score:
        workshop = Workshop(waiting=5)
        pump = workshop.pump(score.line)
        assert [await pump.fill(), await pump.fill()] == [3, 0]
        workshop.gate.set()
        await pump.settle()
        assert await pump.fill() == 2
        await pump.settle()
        assert workshop.waiting == 0


async def test_a_step_that_raises_is_told_and_stops_no_other(tmp_path: Path) -> None:
    async with perform(tmp_path) as score:
        workshop = Workshop(waiting=3)
        workshop.gate.set()
        pump = workshop.pump(score.line)
        await pump.fill()
        await pump.settle()
        assert workshop.bugs == [("test", 0)]
        assert len(workshop.reports) == 2


async def test_an_orderly_stop_waits_no_longer_than_it_was_told(tmp_path: Path) -> None:
    async with perform(tmp_path) as score:
        workshop = Workshop(waiting=2)
        pump = workshop.pump(score.line)
        await pump.fill()
        await pump.settle(timedelta(seconds=0.05))
        assert pump.running == set()
        assert workshop.reports == []
