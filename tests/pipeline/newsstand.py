"""A publisher on loopback whose answers a test sets, and a line that polls it under a clock of the test."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from monitor.model.clock import SimulatedClock
from monitor.model.feeds import FeedSpec
from monitor.model.polling import FeedState
from monitor.model.settings import Net, Polling, Settings
from monitor.net.client import Client
from monitor.net.resolver import Lookup
from monitor.pipeline.line import Line
from monitor.pipeline.poll import PollReport, poll
from monitor.store import entries, feeds
from monitor.store.database import Store
from tests.net.raw import net

START = datetime.fromisoformat("2024-04-02T12:00:00+00:00")
LEASE = timedelta(minutes=10)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONE, TWO, THREE = ("1", "Bridge closed"), ("2", "Bridge open again"), ("3", "Ferry late")


class InThisProcess:
    """Stands in for the worker pool where a test is not about it."""

    async def run(self, function: Callable[..., Any], *args: Any, deadline: timedelta, **kwargs: Any) -> Any:
        return function(*args, **kwargs)


def rss(
    *items: tuple[str, str], title: str = "The Herald", link: str = "https://herald.example/", extra: str = ""
) -> str:
    """A feed document with items of guid and title."""
    listed = "".join(
        f"<item><guid isPermaLink='false'>{escape(guid)}</guid><link>https://herald.example/{escape(guid)}</link>"
        f"<title>{escape(text)}</title></item>"
        for guid, text in items
    )
    head = f"<title>{title}</title><link>{link}</link>{extra}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{listed}</channel></rss>'


@dataclass
class Publisher:
    """Answers as it was last told to; remembers the requests."""

    base: str = ""
    answer: Callable[[web.Request], web.StreamResponse] = lambda _: web.Response(status=500)
    requests: list[web.Request] = field(default_factory=list)

    def lists(self, *items: tuple[str, str], headers: dict[str, str] | None = None, **document: str) -> None:
        """Answer with a feed that has an entity tag, and 304 to those who know it."""
        body = rss(*items, **document)
        tag = f'"{abs(hash(body))}"'

        def answer(request: web.Request) -> web.Response:
            if request.headers.get("If-None-Match") == tag:
                return web.Response(status=304, headers={"ETag": tag, **(headers or {})})
            return web.Response(text=body, content_type="application/rss+xml", headers={"ETag": tag, **(headers or {})})

        self.answer = answer

    def says(
        self, status: int, headers: dict[str, str] | None = None, text: str = "", kind: str = "text/plain"
    ) -> None:
        """Answer with this, whoever asks for what."""
        self.answer = lambda _: web.Response(status=status, headers=headers, text=text, content_type=kind)


@dataclass
class Stand:
    """A publisher, its feed, and the line that polls it."""

    publisher: Publisher
    line: Line
    clock: SimulatedClock

    async def poll(self, *, after: timedelta | None = None) -> PollReport:
        """Let time pass (until the feed is due, where not told how long) and poll."""
        state = self.state()
        if after is not None:
            self.clock.advance(after)
        elif state.next_poll is not None:
            self.clock.move_to(max(self.clock.now(), state.next_poll))
        return await poll(self.line, state.id)

    def state(self, name: str = "herald") -> FeedState:
        with self.line.store.read() as db:
            found = feeds.find(db, name)
        assert found is not None
        return found

    def titles(self) -> list[str]:
        """The titles of all entries stored, oldest first."""
        with self.line.store.read() as db:
            keys = [row[0] for row in db.execute("SELECT id FROM entries ORDER BY id").fetchall()]
            return [entries.read_queued(db, key).listed.title for key in keys]

    def queued(self) -> list[Any]:
        with self.line.store.transaction() as db:
            keys = entries.claim_queued(db, self.clock.now(), 100, LEASE)
            return [entries.read_queued(db, key) for key in keys]


@asynccontextmanager
async def stand(
    directory: Path,
    *,
    specs: list[dict[str, Any]] | None = None,
    lookup: Lookup | None = None,
    tls: ssl.SSLContext | None = None,
    **limits: Any,
) -> AsyncIterator[Stand]:
    """Open a stand with the feed ``herald`` (or those of ``specs``, whose URLs are paths, or have ``{port}``)."""
    publisher = Publisher()

    async def handle(request: web.Request) -> web.StreamResponse:
        publisher.requests.append(request)
        response = publisher.answer(request)
        response.force_close()
        return response

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    publisher.base = f"http://127.0.0.1:{port}"
    given = specs or [{"name": "herald", "url": "/feed.xml"}]
    feeds_ = tuple(FeedSpec(**{**each, "url": _absolute(each["url"], publisher.base)}) for each in given)
    network: Net = net(**limits)
    clock = SimulatedClock(START)
    store = Store(directory / "monitor.db")
    async with Client(network, user_agent="newsmonitor/test", clock=clock, lookup=lookup, tls=tls) as client:
        line = Line(
            settings=Settings(net=network, feeds=feeds_, polling=Polling()), matcher=None, store=store, clock=clock,
            client=client, workers=InThisProcess(), random=Random(1),
        )  # fmt: skip
        with store.transaction() as db:
            feeds.sync(db, feeds_, clock.now())
        yield Stand(publisher=publisher, line=line, clock=clock)
        line.close()
    await runner.cleanup()


def _absolute(url: str, base: str) -> str:
    return base + url if url.startswith("/") else url.replace("{port}", base.rpartition(":")[2])


@pytest.fixture
async def herald(tmp_path: Path) -> AsyncIterator[Stand]:
    async with stand(tmp_path) as opened:
        yield opened


async def known(opened: Stand) -> None:
    """Two polls that the publisher answered well."""
    opened.publisher.lists(ONE)
    await opened.poll()
    opened.publisher.lists(TWO, ONE)
    await opened.poll()
    opened.queued()
