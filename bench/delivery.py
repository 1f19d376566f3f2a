"""Alerts a second through the outbox to real receivers, every commit with synchronous=FULL; and beside dripping ones.

.venv/bin/python bench/delivery.py [--alerts 500]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from monitor.app import open_line  # noqa: E402 - the path comes first
from monitor.model.alerts import AlertKind, AlertMessage  # noqa: E402
from monitor.model.settings import Alerting, Channel, Settings, Storage  # noqa: E402
from monitor.model.watches import Severity  # noqa: E402
from monitor.pipeline.deliver import DeliveryReport  # noqa: E402
from monitor.pipeline.lanes import Lanes  # noqa: E402
from monitor.pipeline.line import Line  # noqa: E402
from monitor.pipeline.stations import Report, stations  # noqa: E402
from monitor.store import alerts, deliveries  # noqa: E402
from tests.delivery.receivers import Mailbox, Receiver, drip, mail_server, say  # noqa: E402


@dataclass
class Watcher:
    """Counts what was sent and keeps the instants."""

    sent: dict[str, list[float]] = field(default_factory=dict)
    failed: int = 0

    def reported(self, report: Report) -> None:
        assert isinstance(report, DeliveryReport)
        if report.state == "sent":
            self.sent.setdefault(report.channel, []).append(time.monotonic())
        else:
            self.failed += 1

    def broke(self, station: str, key: int, error: Exception) -> None:
        raise RuntimeError(f"{station} {key}") from error


def message(number: int) -> AlertMessage:
    excerpt = "Officials spoke of it on Tuesday. A blast tore through a house in Balkh. The road was closed." * 2
    return AlertMessage(
        alert_id=0, kind=AlertKind.NEW, watch="balkh-explosion", severity=Severity.HIGH, score=0.8, reasons=("a", "b"),
        article={
            "title": f"Blast {number} in Balkh", "url": f"https://example.org/{number}", "site": "Example",
            "language": "en", "seen": "2024-04-02T12:00:00Z", "excerpt": excerpt, "highlights": [[36, 41, "blast*"]],
        },
    )  # fmt: skip


def queue(line: Line, count: int, *, to: list[str]) -> None:
    with line.store.transaction() as db:
        for number in range(count):
            alerts.insert(db, message(number), channels=to, now=line.clock.now())


def lanes_of(line: Line, watcher: Watcher) -> Lanes:
    (station,) = (each for each in stations(10) if each.name == "deliver")
    return Lanes(station=station, line=line, observer=watcher)


def settings(directory: str, *named: Channel) -> Settings:
    return Settings(storage=Storage(path=Path(directory)), channels=named, alerts=Alerting(max_per_hour=2000))


async def throughput(url: str, count: int) -> tuple[float, float]:
    """Alerts a second, and CPU milliseconds an alert, from the first claim to the last commit."""
    with tempfile.TemporaryDirectory() as directory:
        async with open_line(settings(directory, Channel(name="c", url=url))) as line:
            watcher = Watcher()
            queue(line, 5, to=["c"])
            lanes = lanes_of(line, watcher)
            await lanes.fill()
            await lanes.settle()
            queue(line, count, to=["c"])
            started, cpu = time.monotonic(), time.process_time()
            await lanes.fill()
            await lanes.settle()
            elapsed, used = time.monotonic() - started, time.process_time() - cpu
            with line.store.read() as db:
                assert deliveries.counts(db) == {"sent": count + 5}, deliveries.counts(db)
    return count / elapsed, used / count * 1000


async def beside_dripping(port: int, slow_port: int) -> list[float]:
    """Seconds from queueing to sent on a healthy channel while six others drip; the lanes are filled every 10 ms."""
    named = [Channel(name=f"slow{n}", url=f"json://127.0.0.1:{slow_port}/{n}") for n in range(6)]
    named.append(Channel(name="quick", url=f"json://127.0.0.1:{port}/"))
    waits: list[float] = []
    with tempfile.TemporaryDirectory() as directory:
        async with open_line(settings(directory, *named)) as line:
            watcher = Watcher()
            lanes = lanes_of(line, watcher)
            queue(line, 20, to=[f"slow{n}" for n in range(6)])
            await lanes.fill()
            for number in range(100):
                queued = time.monotonic()
                await line.in_store(queue, line, 1, to=["quick"])
                while len(watcher.sent.get("quick", [])) <= number:
                    await lanes.fill()
                    await asyncio.sleep(0.01)
                waits.append(watcher.sent["quick"][-1] - queued)
            await lanes.settle(limit=timedelta())
    return waits


def serve() -> None:
    """The receivers, in a process of their own; prints their ports."""
    mailbox = Mailbox()
    with Receiver(say(200)) as quick, Receiver(drip) as slow, mail_server(mailbox) as mail:
        print(quick.port, slow.port, mail, flush=True)
        sys.stdin.read()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--alerts", type=int, default=500)
    parser.add_argument("--data", help="not needed here")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve()
        return
    command = [sys.executable, __file__, "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as receivers:
        assert receivers.stdout is not None
        quick, slow, mail = map(int, receivers.stdout.readline().split())
        measure(arguments.alerts, quick, slow, mail)
        assert receivers.stdin is not None
        receivers.stdin.close()


def measure(count: int, quick: int, slow: int, mail: int) -> None:
    print("| channel | alerts a second | CPU ms an alert |\n|---|---|---|")
    for name, url, share in (
        ("webhook", f"json://127.0.0.1:{quick}/", 1),
        ("e-mail", f"mailto://127.0.0.1:{mail}?from=a@example.org&to=b@example.org", 2),
        ("through Apprise (form)", f"form://127.0.0.1:{quick}/", 4),
    ):
        rate, cpu = asyncio.run(throughput(url, count // share))
        print(f"| {name} | {rate:.0f} | {cpu:.1f} |", flush=True)
    waits = sorted(asyncio.run(beside_dripping(quick, slow)))
    print("\n| healthy channel beside 6 that drip | seconds |\n|---|---|")
    print(f"| median | {statistics.median(waits):.3f} |\n| p99 | {waits[98]:.3f} |\n| longest | {waits[-1]:.3f} |")


if __name__ == "__main__":
    main()
