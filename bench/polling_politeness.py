"""A politeness score: a strict loopback server watches a simulated week of polling, with restarts, reloads, redirects.

The server knows for each feed the validators it gave last, how long it asked to be left alone, and whether it moved.
It counts every request that a polite poller would not make.

    python bench/polling_politeness.py [--days 7] [--feeds 24]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from aiohttp import web

from monitor.model.clock import SimulatedClock
from monitor.model.settings import Polling
from monitor.pipeline.poll import poll
from monitor.store import feeds
from monitor.store.database import Store
from tests.pipeline.newsstand import LEASE, START, rss, stand

KINDS = ("plain", "max-age", "ttl", "redirect", "moved", "throttle", "flaky", "last-modified")
SLACK = timedelta(seconds=1)


@dataclass
class Watched:
    """What the server knows of one feed."""

    kind: str
    items: list[tuple[str, str]] = field(default_factory=list)
    version: int = 0
    changed: datetime = START
    given: dict[str, str] = field(default_factory=dict)
    not_before: datetime | None = None
    last_full: datetime | None = None
    answered: int = 0


class StrictServer:
    """Answers by the kind of each feed and keeps the score."""

    def __init__(self, clock: SimulatedClock, random: Random, number: int) -> None:
        self.clock = clock
        self.random = random
        self.score: Counter[str] = Counter()
        self.feeds = {f"/{kind}-{n}": Watched(kind=kind) for n in range(number) for kind in [KINDS[n % len(KINDS)]]}
        for watched in self.feeds.values():
            self.publish(watched)

    def publish(self, watched: Watched) -> None:
        watched.version += 1
        watched.changed = self.clock.now().replace(microsecond=0)
        watched.items.insert(0, (f"i{watched.version}", f"Item {watched.version}"))
        del watched.items[20:]

    def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.path.removeprefix("/to")
        watched = self.feeds[path]
        self.score["requests"] += 1
        self._inspect(request)
        if watched.kind in {"redirect", "moved"} and not request.path.startswith("/to"):
            return web.Response(status=302 if watched.kind == "redirect" else 301, headers={"Location": f"/to{path}"})
        self._inspect_time(watched)
        self._inspect_conditions(request, watched)
        watched.answered += 1
        return self._respond(request, watched)

    def _inspect(self, request: web.Request) -> None:
        for name in ("Cookie", "Referer", "Cache-Control", "Pragma"):
            self.score["cookies, referrers, cache-busting"] += name in request.headers
        self.score["query additions"] += bool(request.query_string)
        self.score["no honest name"] += not request.headers.get("User-Agent", "").startswith("newsmonitor/")

    def _inspect_time(self, watched: Watched) -> None:
        now = self.clock.now()
        self.score["polls earlier than allowed"] += watched.not_before is not None and now < watched.not_before - SLACK

    def _inspect_conditions(self, request: web.Request, watched: Watched) -> None:
        sent = {key: request.headers[key] for key in ("If-None-Match", "If-Modified-Since") if key in request.headers}
        if not sent and watched.given:
            overdue = watched.last_full is not None and self.clock.now() - watched.last_full > timedelta(days=8)
            self.score["unconditional after the first"] += not overdue
        self.score["invented or stale validators"] += bool(sent) and sent != watched.given

    def _respond(self, request: web.Request, watched: Watched) -> web.StreamResponse:
        now = self.clock.now()
        asked = timedelta(minutes=5)
        headers: dict[str, str] = {"Set-Cookie": "track=me"}
        if watched.kind == "flaky" and self.random.random() < 0.3:
            watched.not_before = now + asked
            return web.Response(status=self.random.choice([500, 502, 504]), headers=headers)
        if watched.kind == "throttle" and self.random.random() < 0.2:
            watched.not_before = now + timedelta(hours=3)
            return web.Response(status=429, headers={"Retry-After": "10800", **headers})
        if watched.kind == "max-age":
            headers["Cache-Control"], asked = "max-age=1800", timedelta(minutes=30)
        extra = ""
        if watched.kind == "ttl":
            extra, asked = "<ttl>45</ttl>", timedelta(minutes=45)
        watched.not_before = now + asked
        if watched.kind == "last-modified":
            tags = {"Last-Modified": watched.changed.strftime("%a, %d %b %Y %H:%M:%S GMT")}
            given = {"If-Modified-Since": tags["Last-Modified"]}
        else:
            tags = {"ETag": f'W/"v{watched.version}"'}
            given = {"If-None-Match": tags["ETag"]}
        if watched.given and all(request.headers.get(key) == value for key, value in given.items()):
            self.score["304"] += 1
            return web.Response(status=304, headers={**headers, **tags})
        watched.given, watched.last_full = given, now
        self.score["200"] += 1
        body = rss(*watched.items, extra=extra)
        return web.Response(text=body, content_type="application/rss+xml", headers={**headers, **tags})


async def week(days: int, number: int) -> Counter[str]:
    """Poll for so many simulated days; restart the store and reload the configuration now and then."""
    random = Random(7)
    with tempfile.TemporaryDirectory() as directory:
        specs = [
            {"name": f"{KINDS[n % len(KINDS)]}-{n}", "url": f"/{KINDS[n % len(KINDS)]}-{n}"} for n in range(number)
        ]
        async with stand(Path(directory), specs=specs) as opened:
            line = opened.line
            line.settings = replace(line.settings, polling=Polling(polls_per_hour=number * 4))
            server = StrictServer(opened.clock, random, number)
            opened.publisher.answer = server.answer
            end = START + timedelta(days=days)
            while opened.clock.now() < end:
                with line.store.transaction() as db:
                    due = feeds.claim_due(db, opened.clock.now(), 100, LEASE)
                for feed_id in due:
                    report = await poll(line, feed_id)
                    server.score["entries found"] += report.new
                if not due:
                    with line.store.read() as db:
                        soonest = min(s.next_poll for s in feeds.list_states(db) if s.next_poll is not None)
                    opened.clock.move_to(max(soonest, opened.clock.now() + timedelta(seconds=1)))
                event(server, random, line, Path(directory), opened.clock)
    server.score["entries published"] = sum(each.version for each in server.feeds.values())
    return server.score


def event(server: StrictServer, random: Random, line: object, directory: Path, clock: SimulatedClock) -> None:
    """Something is published; seldom, the service restarts or its configuration is loaded again."""
    if random.random() < 0.15:
        server.publish(random.choice(list(server.feeds.values())))
    if random.random() < 0.004:
        server.score["restarts"] += 1
        line.store.close()
        line.store = Store(directory / "monitor.db")
        with line.store.transaction() as db:
            feeds.release_leases(db)
            feeds.sync(db, line.settings.feeds, clock.now())
    if random.random() < 0.004:
        server.score["reloads"] += 1
        changed = tuple(replace(spec, tags=(*spec.tags[:1], "t")) for spec in line.settings.feeds)
        with line.store.transaction() as db:
            feeds.sync(db, changed, clock.now())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--feeds", type=int, default=24)
    options = parser.parse_args()
    score = asyncio.run(week(options.days, options.feeds))
    rows = [
        "requests", "200", "304", "restarts", "reloads", "entries published", "entries found",
        "unconditional after the first", "invented or stale validators", "polls earlier than allowed",
        "cookies, referrers, cache-busting", "query additions", "no honest name",
    ]  # fmt: skip
    print("| what | count |\n|---|---|")
    for row in rows:
        print(f"| {row} | {score[row]} |")


if __name__ == "__main__":
    main()
