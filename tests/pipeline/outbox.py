"""A line whose outbox a test fills by hand and empties by the clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitor.app import open_line
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.clock import SimulatedClock
from monitor.model.settings import Alerting, Channel, Settings, Storage
from monitor.model.watches import Severity
from monitor.pipeline.deliver import DeliveryReport, deliver
from monitor.pipeline.lanes import Lanes
from monitor.pipeline.line import Line
from monitor.pipeline.stations import Report, stations
from monitor.store import alerts, deliveries

START = datetime(2024, 4, 2, 12, tzinfo=UTC)


def message(number: int = 1, *, severity: Severity = Severity.HIGH, kind: AlertKind = AlertKind.NEW) -> AlertMessage:
    return AlertMessage(
        alert_id=0, kind=kind, watch="balkh-explosion", severity=severity, score=0.8, reasons=("place in the title",),
        article={"title": f"Blast {number}", "url": f"https://example.org/{number}", "excerpt": "", "highlights": []},
    )  # fmt: skip


@asynccontextmanager
async def outbox(directory: Path, *named: Channel, **alerting: Any) -> AsyncIterator[Line]:
    settings = Settings(storage=Storage(path=directory), channels=named, alerts=Alerting(**alerting))
    async with open_line(settings, clock=SimulatedClock(START)) as line:
        yield line


def queue(line: Line, *messages: AlertMessage, to: tuple[str, ...] = ()) -> list[int]:
    names = to or tuple(channel.name for channel in line.settings.channels)
    with line.store.transaction() as db:
        return [alerts.insert(db, each, channels=names, now=line.clock.now()) for each in messages]


def claim(line: Line, limit: int = 100) -> list[int]:
    with line.store.transaction() as db:
        return deliveries.claim_due(db, line.clock.now(), limit)


async def run(line: Line) -> list[DeliveryReport]:
    """Deliver until nothing is due at the clock's time."""
    reports: list[DeliveryReport] = []
    while ids := claim(line):
        reports += await asyncio.gather(*(deliver(line, each) for each in ids))
    return reports


def rows(line: Line) -> list[dict[str, Any]]:
    with line.store.read() as db:
        return list(reversed(deliveries.listed(db, limit=10_000)))


def advance(line: Line, by: timedelta) -> None:
    assert isinstance(line.clock, SimulatedClock)
    line.clock.advance(by)


@dataclass
class Told:
    """Hears what the lanes report."""

    reports: list[DeliveryReport] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        assert isinstance(report, DeliveryReport)
        self.reports.append(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append(error)


def lanes_of(line: Line, told: Told) -> Lanes:
    (station,) = (each for each in stations(10) if each.name == "deliver")
    return Lanes(station=station, line=line, observer=told)
