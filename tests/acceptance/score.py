"""A score for acceptance tests: outlets say, time passes, channels heard exactly this.

Everything is real but time: HTTP servers on loopback for outlets and the webhook, an SMTP server, a SQLite file, the
line as the daemon runs it.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web
from aiosmtpd.smtp import SMTP

from monitor.app import open_line
from monitor.model.clock import SimulatedClock
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Channel, Net, Settings, Storage
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.pipeline.drain import drain, make_due
from monitor.pipeline.line import Line
from monitor.pipeline.stations import Report

START = datetime.fromisoformat("2024-04-02T12:00:00+00:00")

TERMS = {
    "balkh": TermList(name="balkh", any=("Balkh", "Mazar-i-Sharif", "Mazar-e-Sharif", "بلخ")),
    "explosion": TermList(name="explosion", any=("explo*", "blast*", "انفجار*")),
}
WATCH = WatchSpec(name="balkh-explosion", all=("@balkh", "@explosion"))


@dataclass
class Outlet:
    """A publisher on loopback: an RSS feed whose items link to article pages. Both can be changed at any time."""

    name: str
    base: str = ""
    items: list[dict[str, str]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    failing: bool = False
    """Whether its article pages answer 503."""
    tag_pages: bool = False
    """Whether its article pages have entity tags and answer conditions."""
    answers: list[int] = field(default_factory=list)
    """Status codes of its article pages."""
    edited: dict[str, str] = field(default_factory=dict)
    """Texts of pages that were changed without a word in the feed, by slug."""
    robots: str = ""
    feed_status: int = 200
    lists: int = 10_000
    """How many items its feed lists, the newest first."""

    def says(
        self, slug: str, title: str, text: str, *, guid: str | None = None, published: datetime | None = None
    ) -> None:
        """Publish an article, or change the one with this slug in place; the feed dates it where ``published`` does."""
        self.items = [item for item in self.items if item["slug"] != slug]
        item = {"slug": slug, "title": title, "text": text, "guid": guid or f"{self.name}/{slug}"}
        self.items.insert(0, item | ({"date": format_datetime(published)} if published else {}))

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/feed.xml", self._feed)
        app.router.add_get("/robots.txt", self._robots)
        app.router.add_get("/{slug}.html", self._tagged_page)
        return app

    async def _feed(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        if self.feed_status != 200:
            return web.Response(status=self.feed_status)
        items = "".join(
            f"<item><guid isPermaLink='false'>{item['guid']}</guid><link>{self._link(item)}</link>"
            f"<title>{escape(item['title'])}</title><description>{escape(item['text'][:120])}</description>"
            f"{'<pubDate>' + item['date'] + '</pubDate>' if 'date' in item else ''}</item>"
            for item in self.items[: self.lists]
        )
        body = f"<rss version='2.0'><channel><title>{self.name}</title><link>{self.base}/</link>{items}</channel></rss>"
        return web.Response(body=body.encode(), content_type="application/rss+xml")

    def _link(self, item: dict[str, str]) -> str:
        return item.get("link") or f"{self.base}/{item['slug']}.html"

    async def _robots(self, request: web.Request) -> web.Response:
        return web.Response(text=self.robots, status=200 if self.robots else 404)

    async def _tagged_page(self, request: web.Request) -> web.Response:
        self.requests.append(request.path)
        response = await self._page(request)
        if self.tag_pages:
            tag = hashlib.sha256(response.body or b"").hexdigest()[:16]  # type: ignore[arg-type]  # bytes, as set below
            if request.headers.get("If-None-Match") == f'"{tag}"':
                response = web.Response(status=304)
            response.headers["ETag"] = f'"{tag}"'
        self.answers.append(response.status)
        return response

    async def _page(self, request: web.Request) -> web.Response:
        if self.failing:
            raise web.HTTPServiceUnavailable
        for item in self.items:
            if item["slug"] == request.match_info["slug"]:
                text = self.edited.get(item["slug"], item["text"])
                paragraphs = "".join(f"<p>{escape(each)}</p>" for each in text.split("\n"))
                html = (
                    f"<html lang='en'><head><title>{escape(item['title'])}</title></head><body>"
                    f"<nav><a href='/'>Home</a></nav><article><h1>{escape(item['title'])}</h1>{paragraphs}</article>"
                    "<footer>Contact</footer></body></html>"
                )
                return web.Response(text=html, content_type="text/html")
        raise web.HTTPNotFound


class Mailbox:
    """An SMTP server's inbox."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"


@dataclass
class Score:
    """One performance: the outlets, the clock, the line and what the channels heard."""

    line: Line
    clock: SimulatedClock
    outlets: dict[str, Outlet]
    webhook: list[dict[str, Any]]
    mailbox: Mailbox
    desks: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """What the further web hooks received, by the name of their channel."""
    bugs: list[Exception] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        self.reports.append(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append(error)

    async def poll_all(self) -> None:
        """Poll every feed now and let the line run empty; a bug in a step fails the test."""
        await self.line.in_store(make_due, self.line)
        await self.run_line()

    async def run_line(self) -> None:
        await drain(self.line, observer=self)
        if self.bugs:
            raise self.bugs[0]

    async def pass_time(self, by: timedelta) -> None:
        """Move the clock, then poll and run."""
        self.clock.advance(by)
        await self.poll_all()

    def heard(self) -> list[tuple[str, str]]:
        """(kind, headline) of everything the webhook received, in order."""
        return [(body["kind"], headline(body)) for body in self.webhook]

    def heard_at(self, desk: str) -> list[str]:
        """``Tue 16:45 new: headline``, local, of everything that a further web hook received, in order."""
        zone = self.line.settings.alerts.timezone
        return [f"{body['at'].astimezone(zone):%a %H:%M} {body['kind']}: {headline(body)}" for body in self.desks[desk]]


def headline(body: dict[str, Any]) -> str:
    """The title of a message's article, or the first line of a digest or notice."""
    return str(body["article"].get("title") or body["text"].partition("\n")[0])


@asynccontextmanager
async def perform(
    directory: Path, *names: str, watches: tuple[WatchSpec, ...] = (WATCH,),
    desks: Mapping[str, dict[str, Any]] | None = None, start: datetime = START, **changes: Any,
) -> AsyncIterator[Score]:  # fmt: skip
    """Start outlets of these names, a webhook and a mail server, and the line over a database in ``directory``.

    ``desks`` are further web hooks: the options of each channel by its name.
    """
    async with AsyncExitStack() as stack:
        outlets = {name: Outlet(name) for name in names}
        for outlet in outlets.values():
            port = await serve(stack, outlet.app())
            outlet.base = f"http://{outlet.name}.localhost:{port}"
        clock = SimulatedClock(start)
        webhook: list[dict[str, Any]] = []
        hook_port = await serve(stack, webhook_app(webhook))
        heard: dict[str, list[dict[str, Any]]] = {name: [] for name in desks or {}}
        ports = {name: await serve(stack, webhook_app(bodies, clock)) for name, bodies in heard.items()}
        mailbox = Mailbox()
        smtp_port = await serve_mail(stack, mailbox)
        settings = Settings(
            storage=Storage(path=directory),
            net=Net(allow_private=(ip_network("127.0.0.0/8"),), host_pace=timedelta()),
            feeds=tuple(FeedSpec(name=each.name, url=f"{each.base}/feed.xml") for each in outlets.values()),
            channels=(
                Channel(name="hook", url=f"json://127.0.0.1:{hook_port}/"),
                Channel(name="mail", url=f"mailto://127.0.0.1:{smtp_port}/?from=monitor@example.org&to=desk@example.org"),
                *(Channel(name=name, url=f"json://127.0.0.1:{ports[name]}/", **options)
                  for name, options in (desks or {}).items()),
            ),
            watchlist=WatchlistSpec(terms=TERMS, watches=watches),
            **changes,
        )  # fmt: skip
        line = await stack.enter_async_context(open_line(settings, clock=clock))
        yield Score(line=line, clock=clock, outlets=outlets, webhook=webhook, mailbox=mailbox, desks=heard)


async def serve(stack: AsyncExitStack, app: web.Application) -> int:
    """An HTTP server on this event loop; its port."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return int(runner.addresses[0][1])


async def serve_mail(stack: AsyncExitStack, mailbox: Mailbox) -> int:
    """An SMTP server on this event loop; its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, loop=loop), "127.0.0.1", 0)
    stack.callback(server.close)
    return int(server.sockets[0].getsockname()[1])


def webhook_app(heard: list[dict[str, Any]], clock: SimulatedClock | None = None) -> web.Application:
    """Accepts every message and remembers its body, with its ``Idempotency-Key`` as ``key``, and when (``at``)."""

    async def hear(request: web.Request) -> web.Response:
        at = None if clock is None else clock.now()
        heard.append({**await request.json(), "key": request.headers.get("Idempotency-Key"), "at": at})
        return web.Response()

    app = web.Application()
    app.router.add_post("/{tail:.*}", hear)
    return app
