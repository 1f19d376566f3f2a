"""What fetching, polling and claiming cost in CPU time, and what a day of many feeds comes to.

A server in a process of its own answers on loopback, each feed under a host name of its own: 60 % 304, 30 % 200 with a
gzipped feed of 30 items, 5 % redirects to a 200, 5 % 404. CPU time is that of our process alone.

    python bench/polling_throughput.py [--requests 4000] [--polls 1500] [--feeds 10000]
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import multiprocessing
import os
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import aiohttp
import aiohttp.abc

from monitor.feeds import schedule
from monitor.model.clock import SystemClock
from monitor.model.feeds import FeedSpec
from monitor.model.fetching import Validators
from monitor.model.settings import Polling, Settings
from monitor.net.client import Client
from monitor.pipeline.line import Line
from monitor.pipeline.poll import poll
from monitor.store import feeds
from monitor.store.database import Store
from monitor.workers.pool import WorkerPool
from tests.net.raw import net

PARAGRAPH = "The bridge over the river was closed on Tuesday, the ministry of works said in a statement. " * 8
LEASE = timedelta(minutes=10)


def feed(number: int = 30, first: int = 0) -> bytes:
    """A feed of our own making with so many items of full text."""
    items = "".join(
        f"<item><guid>n{n}</guid><link>https://herald.example/{n}</link><title>Bridge {n} closed</title>"
        f"<pubDate>Tue, 02 Apr 2024 12:00:00 GMT</pubDate><description>{PARAGRAPH}</description></item>"
        for n in range(first, first + number)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{items}</channel></rss>'.encode()


def serve(pipe: Connection) -> None:
    """Answer by the last letter of the path."""
    packed = gzip.compress(feed())
    whole = b'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nETag: "a"\r\nContent-Length: '
    answers = {
        b"u": b'HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n',
        b"f": whole + b"%d\r\n\r\n" % len(packed) + packed,
        b"r": b"HTTP/1.1 302 Found\r\nLocation: /f\r\nContent-Length: 0\r\n\r\n",
        b"m": b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    }

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                writer.write(answers[request.split(b" ", 2)[1][-1:]])
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def mixed(random: Random) -> str:
    return random.choices("ufrm", (60, 30, 5, 5))[0]


async def loopback(host: str, port: int) -> list[str]:  # noqa: ARG001 - a look-up's signature
    return ["127.0.0.1"]


async def in_flight(work: list[Callable[[], Awaitable[object]]], places: int) -> float:
    """Run all with so many at a time; the CPU seconds of this process."""
    queue = iter(work)

    async def one() -> None:
        for job in queue:
            await job()

    started = time.process_time()
    await asyncio.gather(*(one() for _ in range(places)))
    return time.process_time() - started


async def fetching(port: int, requests: int, hosts: int) -> float:
    """Requests per CPU second over so many hosts: with fewer than requests, connections are kept and used again."""
    random = Random(1)
    async with Client(net(), user_agent="bench", clock=SystemClock(), lookup=loopback) as client:

        def job(number: int) -> Callable[[], Awaitable[object]]:
            url = f"http://h{number % hosts}.example:{port}/{mixed(random)}"
            validators = Validators(url=url, etag='"a"', received=datetime.now(UTC)) if url.endswith("u") else None
            return lambda: client.get(url, validators=validators)

        await in_flight([job(n) for n in range(200)], 100)
        return requests / await in_flight([job(n) for n in range(requests)], 100)


async def plain_aiohttp(port: int, requests: int) -> float:
    """The same requests by aiohttp with nothing of ours around it, for comparison."""
    random = Random(1)

    class Loopback(aiohttp.abc.AbstractResolver):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
            return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 0, "flags": 4}]

        async def close(self) -> None:
            pass

    connector = aiohttp.TCPConnector(limit=0, resolver=Loopback(), use_dns_cache=False)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def get(url: str) -> None:
            async with session.get(url) as answer:
                await answer.read()

        urls = [f"http://h{n}.example:{port}/{mixed(random)}" for n in range(requests)]
        jobs = [partial(get, url) for url in urls]
        return requests / await in_flight(jobs, 100)


async def plain_httpx(port: int, requests: int) -> float | None:
    """The same requests by httpx, which may keep its connections since all go to one host; None where it is missing."""
    try:
        import httpx  # noqa: PLC0415 - no dependency: `pip install --target DIR httpx` and DIR in PYTHONPATH
    except ImportError:
        return None
    random = Random(1)
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=100)
    async with httpx.AsyncClient(limits=limits, timeout=30) as client:
        jobs = [partial(client.get, f"http://127.0.0.1:{port}/{mixed(random)}") for _ in range(requests)]
        await in_flight(jobs[:200], 100)
        return requests / await in_flight(jobs, 100)


@dataclass(frozen=True)
class Polled:
    """CPU of a whole poll in our process and in the workers; the stall of the loop, p99, in all and of our making."""

    main_ms: float
    worker_ms: float
    stall_ms: float
    own_stall_ms: float


async def polling(port: int, polls: int, places: int) -> Polled:
    """Poll so many feeds once, with so many polls in flight."""
    random = Random(2)
    specs = [FeedSpec(name=f"f{n}", url=f"http://h{n}.example:{port}/{mixed(random)}") for n in range(polls)]
    stalls: list[tuple[float, float]] = []

    with tempfile.TemporaryDirectory() as directory:
        store = Store(Path(directory) / "monitor.db")
        network = net()
        clock = SystemClock()
        with store.transaction() as db:
            feeds.sync(db, specs, clock.now())
            db.execute(
                "UPDATE feeds SET learnt = json_set(learnt, '$.validators', json_object('url', url, 'etag', '\"a\"', "
                "'last_modified', NULL, 'received', added_at)), last_full_answer_at = added_at WHERE url LIKE '%u'"
            )
        async with Client(network, user_agent="bench", clock=clock, lookup=loopback) as client:
            pool = WorkerPool(2, preload=("monitor.feeds.parse", "feedparser"))
            line = Line(
                settings=Settings(net=network), matcher=None, store=store, clock=clock, client=client, workers=pool
            )
            await poll(line, 1)
            before = worker_cpu()
            beating = asyncio.create_task(heartbeat(stalls))
            jobs = [partial(poll, line, key) for key in range(2, polls + 1)]
            ours = await in_flight(jobs, places)
            beating.cancel()
            workers = worker_cpu() - before
            pool.close()
            line.close()
    return Polled(
        main_ms=ours / polls * 1000, worker_ms=workers / polls * 1000,
        stall_ms=p99(each[0] for each in stalls) * 1000, own_stall_ms=p99(each[1] for each in stalls) * 1000,
    )  # fmt: skip


async def heartbeat(stalls: list[tuple[float, float]]) -> None:
    """Note for how long the loop answers late: in all, and without what the thread waited for a CPU."""
    while True:
        started, waited = time.monotonic(), waited_for_cpu_s()
        await asyncio.sleep(0.01)
        stall = time.monotonic() - started - 0.01
        stalls.append((stall, max(0.0, stall - (waited_for_cpu_s() - waited))))


def waited_for_cpu_s() -> float:
    """How long this thread has been ready to run while other processes had the CPUs."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


def p99(values: Iterable[float]) -> float:
    """The 99th of 100."""
    ordered = sorted(values)
    return ordered[int(len(ordered) * 0.99)]


def worker_cpu() -> float:
    """CPU seconds of the worker processes, from /proc."""
    total = 0.0
    tick = os.sysconf("SC_CLK_TCK")
    children: dict[int, list[int]] = {}
    times: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(entry.name))
            times[int(entry.name)] = (int(fields[11]) + int(fields[12])) / tick
    waiting = [child for child in children.get(os.getpid(), []) if child != SERVER_PID]
    while waiting:
        pid = waiting.pop()
        total += times.get(pid, 0.0)
        waiting += children.get(pid, [])
    return total


SERVER_PID = 0


def claiming(number: int) -> tuple[float, float, float]:
    """CPU milliseconds of a tick that finds nothing, of one that claims 100, and of solving the scale."""
    with tempfile.TemporaryDirectory() as directory:
        store = Store(Path(directory) / "monitor.db")
        now = datetime.now(UTC)
        specs = [FeedSpec(name=f"f{n}", url=f"http://h{n % (number * 9 // 10)}.example/{n}") for n in range(number)]
        with store.transaction() as db:
            feeds.sync(db, specs, now)
            db.execute("UPDATE feeds SET appetite = 0.2 + (id % 97) / 10.0")

        def tick(at: datetime) -> float:
            started = time.process_time()
            with store.transaction() as db:
                feeds.claim_due(db, at, 100, LEASE)
            return (time.process_time() - started) * 1000

        idle = sorted(tick(now - timedelta(days=1)) for _ in range(50))[25]
        busy = sorted(tick(now + timedelta(days=1)) for _ in range(20))[10]
        started = time.process_time()
        with store.read() as db:
            schedule.solve_scale(feeds.appetites(db), Polling())
        return idle, busy, (time.process_time() - started) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--polls", type=int, default=1500)
    parser.add_argument("--feeds", type=int, default=10_000)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    global SERVER_PID  # noqa: PLW0603
    SERVER_PID = server.pid or 0
    port = ours.recv()
    plain = asyncio.run(plain_aiohttp(port, options.requests))
    httpx = asyncio.run(plain_httpx(port, options.requests))
    rate = asyncio.run(fetching(port, options.requests, hosts=options.requests))
    kept = asyncio.run(fetching(port, options.requests, hosts=100))
    full = asyncio.run(polling(port, options.polls, places=100))
    calm = asyncio.run(polling(port, options.polls // 2, places=8))
    server.terminate()
    idle, busy, solve = claiming(options.feeds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    polls_a_day = max(600 * 24, options.feeds * 4)
    seconds = polls_a_day * (full.main_ms + full.worker_ms) / 1000 + 86_400 * idle / 1000 + 96 * solve / 1000
    print("| what | figure |\n|---|---|")
    print(f"| plain aiohttp, mixed requests per CPU second | {plain:,.0f} |")
    if httpx is not None:
        print(f"| httpx, one host, connections kept | {httpx:,.0f} |")
    print(f"| ours, every request to a new host | {rate:,.0f} ({rate / plain:.0%} of plain aiohttp) |")
    print(f"| ours, 100 hosts, connections kept | {kept:,.0f} |")
    print(f"| a poll with its record, our process | {full.main_ms:.2f} ms CPU |")
    print(f"| a poll, the workers | {full.worker_ms:.2f} ms CPU |")
    for flying, seen in ((8, calm), (100, full)):
        stall = f"{seen.stall_ms:.0f} ms, {seen.own_stall_ms:.0f} ms without waiting for a CPU that others had"
        print(f"| stall of the event loop, p99, {flying} polls in flight without a pause | {stall} |")
    print(f"| a tick over {options.feeds:,} feeds that finds nothing | {idle:.2f} ms CPU |")
    print(f"| a tick that claims 100 of {options.feeds:,} due feeds | {busy:.1f} ms CPU |")
    print(f"| solving the scale for {options.feeds:,} feeds | {solve:.0f} ms CPU |")
    print(f"| a day of {options.feeds:,} feeds ({polls_a_day:,} polls), computed | {seconds / 864:.2f} % of a core |")
    print(f"| memory, our process, at most | {memory:.0f} MB |")


if __name__ == "__main__":
    main()
