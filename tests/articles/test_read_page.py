"""The gather step of ingest, against a real server: what is fetched, what the feed gives, and what is tried again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from monitor.model.articles import Article, Method, PageRead, PageUnavailable, Partial
from monitor.model.clock import SystemClock
from monitor.model.feeds import FeedSpec, ListedEntry, QueuedEntry
from monitor.model.settings import Net, Settings
from monitor.model.watches import WatchlistSpec
from monitor.net.client import Client
from monitor.pipeline.line import Line
from monitor.pipeline.read_page import read_page
from monitor.store.database import Store
from monitor.watches.compile import compile_watchlist
from monitor.workers.pool import WorkerPool

pytestmark = pytest.mark.asyncio(loop_scope="module")

SENTENCES = (
    "The harbour authority of Norport said on Monday that the new pier would open in the spring.",
    "Three companies have built it since the storm of two years ago took the old one away.",
    "The mayor, who opened the works herself, called it a promise kept to the fishermen of the town.",
    "Tickets for the first ferry will be sold from the end of the month at the harbour office.",
)
PAGE = f"<html><title>New pier</title><body><article><h1>New pier</h1><p>{'</p><p>'.join(SENTENCES)}</p></article>"
SUMMARY = "The town of Norport gets its pier back in the spring."


@dataclass
class Outlet:
    """A server with its line."""

    line: Line
    server: TestServer
    root: str
    asked: list[str]
    times: list[float]

    async def read(self, path: str, *, content: str = "") -> Article | PageUnavailable:
        listed = ListedEntry(guid="1", url=f"{self.root}{path}", title="New pier", summary=SUMMARY, content=content)
        spec = FeedSpec(name="norport", url="http://norport.example/feed", tags=("harbour",))
        queued = QueuedEntry(id=1, feed=spec, listed=listed, first_seen=datetime.now(UTC), baseline=False)
        page = await read_page(self.line, queued)
        assert isinstance(page, PageRead | PageUnavailable)
        return page.article if isinstance(page, PageRead) else page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workers() -> AsyncIterator[WorkerPool]:
    async with WorkerPool(1) as workers:
        yield workers


@pytest_asyncio.fixture(loop_scope="module")
async def outlet(tmp_path: Path, workers: WorkerPool) -> AsyncIterator[Outlet]:
    asked: list[str] = []
    times: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        times.append(time.monotonic())
        match request.path:
            case "/good":
                return web.Response(text=PAGE, content_type="text/html")
            case "/moved":
                raise web.HTTPFound("/good")
            case "/image":
                return web.Response(body=b"\x89PNG\r\n\x1a\n", content_type="image/png")
            case _:
                return web.Response(status=int(request.path.strip("/")))

    app = web.Application()
    app.router.add_get("/{path}", answer)
    net = Net(allow_private=(IPv4Network("127.0.0.0/8"),), host_pace=timedelta(0), timeout=timedelta(seconds=20))
    matcher = compile_watchlist(WatchlistSpec()).matcher
    assert matcher is not None
    reader = Client(net, user_agent="test", clock=SystemClock())
    async with TestServer(app) as server, reader as client:
        line = Line(
            settings=Settings(net=net), matcher=matcher, store=Store(tmp_path / "monitor.db"), clock=SystemClock(),
            client=client, workers=workers,
        )  # fmt: skip
        yield Outlet(line, server, str(server.make_url("")).rstrip("/"), asked, times)
        line.close()


async def test_a_page_is_fetched_and_read(outlet: Outlet) -> None:
    article = await outlet.read("/good")
    assert isinstance(article, Article)
    assert SENTENCES[3] in article.text
    assert (article.feed, article.feed_tags, article.partial) == ("norport", ("harbour",), None)


async def test_an_article_behind_a_redirect_keeps_the_address_that_the_feed_listed(outlet: Outlet) -> None:
    article = await outlet.read("/moved")
    assert isinstance(article, Article)
    assert article.url.endswith("/moved")
    assert article.canonical_url is not None
    assert article.canonical_url.endswith("/good")


async def test_a_feed_with_the_full_text_needs_no_fetch(outlet: Outlet) -> None:
    article = await outlet.read("/good", content=f"<p>{'</p><p>'.join(SENTENCES * 4)}</p>")
    assert isinstance(article, Article)
    assert (article.method, article.partial) == (Method.FEED, None)
    assert outlet.asked == []


async def test_what_is_no_page_gives_the_text_of_the_feed(outlet: Outlet) -> None:
    article = await outlet.read("/image")
    assert isinstance(article, Article)
    assert (article.text, article.partial) == (SUMMARY, Partial.NON_HTML)


@pytest.mark.parametrize(
    ("status", "retry_later", "reason"),
    [(404, False, "http-error"), (403, False, "http-error"), (402, False, "paywall"), (503, True, "http-error")],
)
async def test_a_page_that_cannot_be_had_says_whether_it_is_worth_another_try(
    outlet: Outlet, status: int, retry_later: bool, reason: str
) -> None:
    outcome = await outlet.read(f"/{status}")
    assert isinstance(outcome, PageUnavailable)
    assert (outcome.retry_later, outcome.reason.value) == (retry_later, reason)
    assert outcome.article.text == SUMMARY
    assert outcome.article.partial_detail == f"http-{status}"


async def test_a_server_that_is_gone_is_worth_another_try(outlet: Outlet) -> None:
    await outlet.server.close()
    outcome = await outlet.read("/good")
    assert isinstance(outcome, PageUnavailable)
    assert (outcome.retry_later, outcome.reason) == (True, Partial.UNREACHABLE)


async def test_a_page_at_a_private_address_is_not_asked_for_and_said_to_be_blocked(outlet: Outlet) -> None:
    net = replace(outlet.line.settings.net, allow_private=())
    async with Client(net, user_agent="test", clock=SystemClock()) as client:
        outlet.line.client = client
        outcome = await outlet.read("/good")
    assert isinstance(outcome, PageUnavailable)
    assert (outcome.reason, outcome.retry_later) == (Partial.BLOCKED, False)
    assert outlet.asked == []


async def test_pages_and_feeds_of_a_host_share_its_pace(outlet: Outlet) -> None:
    pace = timedelta(milliseconds=150)
    net = replace(outlet.line.settings.net, host_pace=pace)
    async with Client(net, user_agent="test", clock=SystemClock()) as client:
        outlet.line.client = client
        began = time.monotonic()
        await asyncio.gather(outlet.read("/good"), client.get(f"{outlet.root}/404"), outlet.read("/moved"))
    assert len(outlet.times) == 4  # a redirect is a request like others
    assert outlet.times[-1] - began >= 3 * pace.total_seconds() - 0.001  # however late the machine notes an arrival
