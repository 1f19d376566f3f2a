"""A simulated week in which everything goes wrong at random and no entry is lost."""

from __future__ import annotations

import asyncio
import gzip
import signal
import socket
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from aiohttp import web

from monitor.pipeline.poll import poll
from monitor.store import feeds
from monitor.store.database import Store
from tests.pipeline.newsstand import LEASE, START, Stand, rss, stand

HOUR = timedelta(hours=1)


@dataclass
class Fate:
    """What goes wrong, by the dice: servers, networks, clocks, and our own process."""

    random: Random
    items: list[tuple[str, str]] = field(default_factory=list)
    published: int = 0
    resolver_works: bool = True
    deaths: int = 0

    def publish(self) -> None:
        self.published += 1
        self.items.insert(0, (f"i{self.published}", f"Item {self.published}"))
        del self.items[40:]

    def answer(self, request: web.Request) -> web.StreamResponse:
        chance = self.random.random()
        body = rss(*self.items).encode()
        tag = f'"{self.published}"'
        if chance < 0.10:
            return web.Response(status=self.random.choice([500, 502, 503, 504]))
        if chance < 0.16:
            cut = gzip.compress(body)[:-9]
            return web.Response(body=cut, headers={"Content-Encoding": "gzip", "ETag": tag}, content_type="text/xml")
        if chance < 0.20:
            return web.Response(
                text="<html><body>Maintenance</body></html>", content_type="text/html", headers={"ETag": tag}
            )
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304)
        return web.Response(body=body, content_type="text/xml", headers={"ETag": tag})

    async def lookup(self, host: str, port: int) -> list[str]:
        if not self.resolver_works:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ["127.0.0.1"]


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_week_of_faults_loses_no_entry(tmp_path: Path, seed: int) -> None:
    fate = Fate(random=Random(seed))
    specs = [{"name": "herald", "url": "http://herald.example:{port}/feed.xml", "interval": timedelta(minutes=30)}]
    async with stand(tmp_path, specs=specs, lookup=fate.lookup) as herald:
        herald.publisher.answer = fate.answer
        end = START + timedelta(days=7)
        while herald.clock.now() < end:
            herald.clock.advance(timedelta(minutes=10))
            if fate.random.random() < 0.2:
                fate.publish()
            fate.resolver_works = fate.random.random() > 0.05
            if fate.random.random() < 0.01:
                herald.clock.move_to(herald.clock.now() + fate.random.choice([HOUR, -HOUR]))
            await _tick(herald, fate, tmp_path)
        fate.random = Random(99)
        fate.resolver_works = True
        herald.publisher.lists(*fate.items)
        await herald.poll(after=HOUR)
        titles = herald.titles()
    assert fate.deaths > 3
    assert len(titles) == len(set(titles))
    assert set(titles) == {f"Item {n}" for n in range(1, fate.published + 1)}


@pytest.mark.slow
async def test_a_poller_killed_again_and_again_amid_faults_loses_no_entry(tmp_path: Path) -> None:
    """Real SIGKILLs at random moments, of a process that polls without a pause a server that fails at random."""
    fate = Fate(random=Random(3))
    async with stand(tmp_path) as herald:
        herald.publisher.answer = fate.answer
        command = [sys.executable, "-m", "tests.pipeline.poller", str(tmp_path), f"{herald.publisher.base}/feed.xml"]
        interrupted = 0
        for _ in range(25):
            asked = len(herald.publisher.requests)
            process = await asyncio.create_subprocess_exec(*command)
            async with asyncio.timeout(30):
                while len(herald.publisher.requests) < asked + 5:  # noqa: ASYNC110 - another process asks
                    await asyncio.sleep(0.01)
            for _ in range(fate.random.randint(1, 8)):
                fate.publish()
                await asyncio.sleep(fate.random.uniform(0, 0.05))
            process.kill()
            assert await process.wait() == -signal.SIGKILL
            with herald.line.store.read() as db:
                interrupted += db.execute("SELECT count(*) FROM feeds WHERE lease_until IS NOT NULL").fetchone()[0]
        herald.publisher.lists(*fate.items)
        with herald.line.store.transaction() as db:
            feeds.release_leases(db)
        await herald.poll(after=HOUR)
        titles = herald.titles()
    assert interrupted > 5  # killed between the claim of a feed and the record of its poll
    assert len(titles) == len(set(titles))
    assert set(titles) == {f"Item {n}" for n in range(1, fate.published + 1)}


async def _tick(herald: Stand, fate: Fate, directory: Path) -> None:
    """Poll what is due; now and then the process dies before it could record, and starts again."""
    line = herald.line
    with line.store.transaction() as db:
        due = feeds.claim_due(db, herald.clock.now(), 10, LEASE)
    dies = fate.random.random() < 0.05
    if dies and due:
        fate.deaths += 1
        with line.store.transaction() as db:
            db.execute("CREATE TRIGGER death BEFORE UPDATE OF learnt ON feeds BEGIN SELECT RAISE(ABORT, 'killed'); END")
    for feed_id in due:
        try:
            await poll(line, feed_id)
        except Exception as error:
            if "killed" not in str(error):
                raise
    if dies and due:
        line.store.close()
        line.store = Store(directory / "monitor.db")
        with line.store.transaction() as db:
            db.execute("DROP TRIGGER death")
            feeds.release_leases(db)
            feeds.sync(db, line.settings.feeds, herald.clock.now())
