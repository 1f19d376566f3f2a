"""A stretch of a day of many feeds, really polled: what it costs, and whether slow hosts delay the others.

A server in a process of its own answers on loopback; the clock is simulated, and everything that lasts is divided by
the same factor (``--factor``): a request's 30 s, a host's second, the wait of a slow server. Pages are not read.

- 9,000 feeds on hosts of their own and 1,000 on one host, whose feeds are all due at the start, as after its outage.
- 304: 58 %; 200 with one new item of 30 every 6 h: 25 %; redirects 4 %; 404: 3 %; 503: 3 %; slow (5 s): 4 %; never
  answered: 2 %; cut off: 1 %. Every feed has been polled before, and is due somewhere within the longest interval, 6 h.

    python bench/polling_day.py [--feeds 10000] [--hours 2] [--factor 60]
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from sqlite_utils import Database

from bench import polling_throughput as parts
from monitor.model.clock import SimulatedClock
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Net, Settings
from monitor.net.client import Client
from monitor.pipeline.line import Line
from monitor.pipeline.poll import PollReport, poll
from monitor.pipeline.stations import Pump, Report, Station
from monitor.store import feeds
from monitor.store.database import Store
from monitor.store.times import from_text, to_text
from monitor.workers.pool import WorkerPool
from tests.net.raw import net

START = datetime(2024, 4, 2, 0, tzinfo=UTC)
KINDS = {"u": 58, "f": 25, "r": 4, "m": 3, "e": 3, "s": 4, "h": 2, "x": 1}
SLOW_S = 5.0
LEASE = timedelta(minutes=10)
BIG = "big.example"


def serve(pipe: Connection, factor: float) -> None:
    """Answer by the last letter of the path."""
    head = b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nETag: "a"\r\nContent-Length: '
    versions = [gzip.compress(parts.feed(first=first)) for first in range(100)]
    started = time.monotonic()
    answers = {
        b"u": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        b"t": head + b"%d\r\n\r\n" % len(versions[0]) + versions[0],
        b"r": b"HTTP/1.1 302 Found\r\nLocation: /f\r\nContent-Length: 0\r\n\r\n",
        b"m": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        b"e": b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        b"x": head + b"%d\r\n\r\n" % len(versions[1]) + versions[1][:500],
    }

    def listed() -> bytes:
        """With another item every six simulated hours, which is about what passes between two polls."""
        body = versions[1 + int((time.monotonic() - started) * factor / (6 * 3600))]
        return head + b"%d\r\n\r\n" % len(body) + body

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                kind = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1][-1:]
                if kind == b"h":
                    await reader.read()
                if kind == b"s":
                    await asyncio.sleep(SLOW_S / factor)
                writer.write(listed() if kind in b"fs" else answers[kind])
                if kind == b"x":
                    break
        except (OSError, asyncio.IncompleteReadError, KeyError):
            pass
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


@dataclass
class Watched:
    """What the run showed."""

    outcomes: Counter[str] = field(default_factory=Counter)
    delays: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})
    """Seconds of the simulated clock from a poll's date to its claim, by whether it is on the big host."""
    broken: list[str] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        if isinstance(report, PollReport):
            self.outcomes[report.outcome] += 1

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.broken.append(f"{station} {key}: {error!r}")

    def claim(self, db: Database, now: datetime, limit: int) -> list[int]:
        keys = feeds.claim_due(db, now, limit, LEASE)
        for key in keys:
            due, host = db.execute("SELECT next_poll_at, host FROM feeds WHERE id = ?", [key]).fetchone()
            self.delays[host == BIG].append((now - from_text(due)).total_seconds())
        return keys


def specs(number: int, port: int) -> list[FeedSpec]:
    """The feeds: a tenth of them on one host, and the template first."""
    random = Random(1)
    kinds = random.choices([*KINDS], [*KINDS.values()], k=number)
    hosts = [BIG if n < number // 10 else f"h{n}.example" for n in range(number)]
    listed = [FeedSpec(name=f"f{n}", url=f"http://{hosts[n]}:{port}/{n}{kinds[n]}") for n in range(number)]
    return [FeedSpec(name="template", url=f"http://template.example:{port}/t"), *listed]


async def prime(line: Line) -> None:
    """Let every feed be known: one is polled, and what its poll taught is given to all, but for the addresses."""
    await poll(line, 1)
    with line.store.transaction() as db:
        db.execute(
            "UPDATE feeds SET polls = 9, health = 'ok', seen_items = t.seen_items, appetite = t.appetite, "
            "last_full_answer_at = t.last_full_answer_at, last_poll_at = t.last_poll_at, "
            "last_success_at = t.last_success_at, learnt = json_set(t.learnt, '$.validators.url', feeds.url) "
            "FROM (SELECT * FROM feeds WHERE id = 1) AS t WHERE feeds.id > 1"
        )
        random = Random(2)
        rows = db.execute("SELECT id, host FROM feeds WHERE id > 1").fetchall()
        due = [(0.0 if host == BIG else random.uniform(0, 6 * 3600), key) for key, host in rows]
        db.conn.executemany(
            "UPDATE feeds SET next_poll_at = ? WHERE id = ?",
            [(to_text(START + timedelta(seconds=wait_s)), key) for wait_s, key in due],
        )
        db.execute("UPDATE feeds SET active = 0 WHERE id = 1")


async def day(directory: Path, options: argparse.Namespace, port: int) -> None:
    factor = options.factor
    limits: Net = replace(
        net(), host_pace=timedelta(seconds=1 / factor), timeout=timedelta(seconds=30 / factor),
        connect_timeout=timedelta(seconds=10 / factor), max_wire_bytes=Net().max_wire_bytes,
    )  # fmt: skip
    clock, watched = SimulatedClock(START), Watched()
    store = Store(directory / "monitor.db")
    listed = specs(options.feeds, port)
    with store.transaction() as db:
        feeds.sync(db, listed, START)
    async with Client(limits, user_agent="bench", clock=clock, lookup=parts.loopback) as client:
        pool = WorkerPool(2, preload=("monitor.feeds.parse", "feedparser"))
        settings = Settings(net=limits)
        line = Line(settings=settings, matcher=None, store=store, clock=clock, client=client, workers=pool)
        await prime(line)
        station = Station(name="poll", claim=watched.claim, step=poll, capacity=Net().in_flight)
        pump = Pump(station=station, line=line, observer=watched)
        stalls: list[tuple[float, float]] = []
        beating = asyncio.create_task(parts.heartbeat(stalls))
        ours, theirs, wall = time.process_time(), parts.worker_cpu(), time.monotonic()
        fullest = 0
        for tick in range(int(options.hours * 3600)):
            clock.move_to(START + timedelta(seconds=tick))
            await pump.fill()
            fullest = max(fullest, len(pump.running))
            await asyncio.sleep(max(0.0, wall + tick / factor - time.monotonic()))
        await pump.settle()
        beating.cancel()
        lasted = time.monotonic() - wall
        cpu = (time.process_time() - ours, parts.worker_cpu() - theirs)
        show(options, watched, stalls, cpu=cpu, lasted=lasted, fullest=fullest)
        pool.close()
        line.close()


def show(
    options: argparse.Namespace, watched: Watched, stalls: list[tuple[float, float]], *, cpu: tuple[float, float],
    lasted: float, fullest: int,
) -> None:  # fmt: skip
    """The table."""
    ours, theirs = cpu
    simulated = options.hours * 3600
    polls = sum(watched.outcomes.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{options.hours:g} h of {options.feeds:,} feeds in {lasted:.0f} s, {simulated / lasted:.0f} times as fast\n")
    print("| what | figure |\n|---|---|")
    print(f"| polls | {polls:,}: {', '.join(f'{name} {n:,}' for name, n in watched.outcomes.most_common())} |")
    print(
        f"| CPU: our process, workers | {ours:.1f} s, {theirs:.1f} s ({(ours + theirs) / polls * 1000:.1f} ms a poll) |"
    )
    print(f"| share of one core at the day's own speed | {(ours + theirs) / simulated:.2%} |")
    for is_big, name in ((False, "all other feeds"), (True, f"the {options.feeds // 10:,} feeds of one host")):
        delays = sorted(watched.delays[is_big]) or [0.0]
        middle, late = delays[len(delays) // 2], parts.p99(delays)
        print(f"| delay of a poll, {name}: median, p99, most | {middle:.1f} s, {late:.1f} s, {delays[-1]:.1f} s |")
    print(f"| most polls in flight | {fullest} |")
    own, whole = (parts.p99(each[part] for each in stalls) * 1000 for part in (1, 0))
    print(f"| stall of the event loop, p99; without waiting for a CPU | {whole:.0f} ms; {own:.0f} ms |")
    print(f"| memory of our process, at most | {memory:.0f} MB |")
    print(f"| steps that raised | {len(watched.broken)} {watched.broken[:3] or ''} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--factor", type=float, default=60.0)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs, options.factor), daemon=True)
    server.start()
    parts.SERVER_PID = server.pid or 0
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(day(Path(directory), options, ours.recv()))
    server.terminate()


if __name__ == "__main__":
    main()
