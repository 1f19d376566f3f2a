"""The newsroom as a real HTTP server on loopback: one port, one virtual host for each outlet.

``http://HOST.localhost:PORT`` serves the outlet's front page, feed, articles and robots.txt as they stand at the
clock's instant, with ETag and Last-Modified (RFC 9110 §8.8) and 304 where they apply (§13.1). On any host,
``GET /_clock`` tells the instant, ``POST /_clock?at=ISO`` and ``POST /_clock?advance_s=N`` move it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from monitor.model.clock import Clock
from monitor.newsroom.addresses import origin
from monitor.newsroom.documents import Issue, content_type, document, outline
from monitor.newsroom.pages import Press
from monitor.newsroom.scenario import Listing, Outlet, Scenario

FEED_MAX_AGE_S = 300
LOOPBACK = "127.0.0.1"


class MovableClock(Clock, Protocol):
    """A clock that can be set."""

    def move_to(self, instant: datetime) -> None:
        """Set the time."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One request as it was answered, for whoever counts them."""

    host: str
    path: str
    status: int


class Newsroom:
    """All outlets behind one port of 127.0.0.1. ``answers`` records every request in order."""

    def __init__(self, scenario: Scenario, clock: MovableClock) -> None:
        self.scenario = scenario
        self.port = 0
        self.answers: list[Answer] = []
        self._clock = clock
        self._runner: web.AppRunner | None = None

    async def start(self, port: int = 0) -> None:
        """Listen on ``port``; 0 takes a free one, which ``port`` then tells."""
        app = web.Application(middlewares=[self._record])
        app.router.add_get("/_clock", self._tell_clock)
        app.router.add_post("/_clock", self._set_clock)
        app.router.add_get("/_feeds.opml", self._opml)
        app.router.add_get("/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, port, reuse_address=True)
        await site.start()
        self.port = int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._runner is not None:
            await self._runner.cleanup()

    def feed_url(self, host: str) -> str:
        """Address of an outlet's feed."""
        return origin(host, self.port) + self.scenario.outlets[host].feed_path

    @web.middleware
    async def _record(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        self.answers.append(Answer(host=_host(request), path=request.path_qs, status=response.status))
        return response

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        outlet = self.scenario.outlets.get(_host(request))
        if outlet is None:
            return web.Response(status=404, text="no such outlet; there are: " + ", ".join(self.scenario.outlets))
        now = self._clock.now()
        lines = self.scenario.edition(outlet.host, now)
        if request.path == outlet.feed_path:
            return self._feed(request, outlet, lines, now)
        if request.path == "/":
            return _page(request, outlet, Press(scenario=self.scenario, port=self.port).front(outlet, lines), now=now)
        if request.path == "/robots.txt":
            return web.Response(text=f"User-agent: *\nDisallow: /search\nSitemap: {self.feed_url(outlet.host)}\n")
        return self._article(request, outlet, lines)

    def _feed(
        self, request: web.Request, outlet: Outlet, lines: tuple[Listing, ...], now: datetime
    ) -> web.StreamResponse:
        issue = Issue(outlet=outlet, lines=lines, port=self.port, now=now)
        response = web.Response(body=document(issue), headers={"Content-Type": content_type(outlet)})
        response.headers["Cache-Control"] = f"max-age={FEED_MAX_AGE_S}"
        if not outlet.validators:
            return response
        return _conditional(request, response, changed=issue.changed, gzip=outlet.gzip)

    def _article(self, request: web.Request, outlet: Outlet, lines: tuple[Listing, ...]) -> web.StreamResponse:
        steps = request.path.strip("/").split("/")
        amp = steps[2:] == ["amp"]
        found = [line for line in lines if steps[:2] == ["news", line.version.slug]]
        if not found or (len(steps) > 2 and not (amp and "amp" in found[0].version.quirks)):
            return web.Response(status=404, text="not found")
        press = Press(scenario=self.scenario, port=self.port)
        body = press.amp(outlet, found[0]) if amp else press.article(outlet, found[0])
        return _page(request, outlet, body, now=found[0].updated)

    async def _opml(self, _request: web.Request) -> web.Response:
        return web.Response(text=outline(self.scenario.outlets.values(), self.port), content_type="text/x-opml")

    async def _tell_clock(self, _request: web.Request) -> web.Response:
        return web.json_response({"now": self._clock.now().isoformat()})

    async def _set_clock(self, request: web.Request) -> web.Response:
        try:
            if "at" in request.query:
                self._clock.move_to(datetime.fromisoformat(request.query["at"]).astimezone(UTC))
            else:
                self._clock.move_to(self._clock.now() + timedelta(seconds=float(request.query["advance_s"])))
        except (KeyError, ValueError, OverflowError):
            return web.Response(status=400, text="give at=ISO-8601 or advance_s=SECONDS")
        return await self._tell_clock(request)


@asynccontextmanager
async def serving(scenario: Scenario, clock: MovableClock, *, port: int = 0) -> AsyncIterator[Newsroom]:
    """A newsroom that listens while the block runs."""
    newsroom = Newsroom(scenario, clock)
    await newsroom.start(port)
    try:
        yield newsroom
    finally:
        await newsroom.stop()


def _host(request: web.Request) -> str:
    return request.host.rpartition(":")[0].removesuffix(".localhost") if ":" in request.host else request.host


def _page(request: web.Request, outlet: Outlet, body: bytes, *, now: datetime) -> web.StreamResponse:
    response = web.Response(body=body, headers={"Content-Type": outlet.page_header})
    return _conditional(request, response, changed=now, gzip=outlet.gzip)


def _conditional(request: web.Request, response: web.Response, *, changed: datetime, gzip: bool) -> web.StreamResponse:
    """Add validators, and answer 304 where the client already has this (If-None-Match wins, RFC 9110 §13.2.2)."""
    body = response.body if isinstance(response.body, bytes) else b""
    etag = f'"{sha256(body).hexdigest()[:20]}"'
    headers = {"ETag": etag, "Last-Modified": format_datetime(changed.astimezone(UTC), usegmt=True)}
    if _already_there(request, etag, changed):
        kept = {name: response.headers[name] for name in ("Cache-Control",) if name in response.headers}
        return web.Response(status=304, headers={**headers, **kept})
    response.headers.update(headers)
    if gzip:
        response.enable_compression()
    return response


def _already_there(request: web.Request, etag: str, changed: datetime) -> bool:
    known = request.headers.get("If-None-Match")
    if known is not None:
        return etag in [each.strip().removeprefix("W/") for each in known.split(",")] or known.strip() == "*"
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return changed.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
