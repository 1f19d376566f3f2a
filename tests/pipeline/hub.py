"""A WebSub hub on loopback that does as a test tells it, and a stand whose feed announces it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from monitor.model.settings import WebSub
from monitor.model.websub import Subscription
from monitor.pipeline.websub import Callbacks, ask_hubs
from monitor.store import websub as subscriptions
from tests.pipeline.newsstand import Stand, rss, stand


@dataclass
class Hub:
    """Remembers the forms it was sent; ``statuses`` are its next answers, 202 after them."""

    session: aiohttp.ClientSession
    url: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    verifies_at_once: bool = False

    async def take(self, request: web.Request) -> web.Response:
        if self.statuses:
            return web.Response(status=self.statuses.pop(0), headers={"Location": "/moved"})
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        if self.verifies_at_once:
            await self.verify()
        return web.Response(status=202)

    async def verify(self, **changes: str) -> tuple[int, str]:
        """Ask whether the last form was meant; status and text of the answer. ``changes`` are keys without ``hub.``."""
        form = self.forms[-1]
        query = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": "c0ffee"}
        query |= {"hub.lease_seconds": "86400"} if form["hub.mode"] == "subscribe" else {}
        query |= {f"hub.{key}": value for key, value in changes.items()}
        async with self.session.get(form["hub.callback"], params=query) as answer:
            return answer.status, await answer.text()

    async def push(
        self, body: str, *, hashed: str = "sha256", secret: str | None = None, headers: dict[str, str] | None = None
    ) -> int:
        """Send what the publisher said, signed; the status of the answer."""
        form = next(each for each in reversed(self.forms) if each["hub.mode"] == "subscribe")
        sent = {"Content-Type": "application/rss+xml", **(headers or {})}
        if hashed:
            key = form.get("hub.secret", "") if secret is None else secret
            digest = hmac.new(key.encode(), body.encode(), getattr(hashlib, hashed)).hexdigest()
            sent["X-Hub-Signature"] = f"{hashed}={digest}"
        async with self.session.post(form["hub.callback"], data=body.encode(), headers=sent) as answer:
            return answer.status


@dataclass
class Pushed:
    """A stand with a hub, and the callbacks at which the hub reaches it."""

    stand: Stand
    hub: Hub
    callbacks: Callbacks

    async def subscribe(self) -> None:
        """The first poll, the request to the hub, and its verification."""
        await self.stand.poll()
        await ask_hubs(self.stand.line)
        status, text = await self.hub.verify()
        assert (status, text) == (200, "c0ffee")

    def announce(self, *items: tuple[str, str], hub: str | None = None, link: str = "") -> None:
        """Let the feed name the hub in its document, or in the ``Link`` header of ``link``."""
        named = (
            f'<a:link rel="hub" href="{self.hub.url if hub is None else hub}" xmlns:a="http://www.w3.org/2005/Atom"/>'
        )
        headers = {"Link": link} if link else None
        self.stand.publisher.lists(*items, headers=headers, extra="" if hub == "" else named)

    def subscription(self) -> Subscription | None:
        feed_id = self.stand.state().id
        with self.stand.line.store.read() as db:
            return subscriptions.of_feed(db, feed_id)

    def rows(self) -> list[tuple[str, str]]:
        """Topic and state of every subscription."""
        with self.stand.line.store.read() as db:
            return [tuple(row) for row in db.execute("SELECT topic, state FROM subscriptions ORDER BY id").fetchall()]


@asynccontextmanager
async def pushed(directory: Path, **given: Any) -> AsyncIterator[Pushed]:
    """Open it all, with one entry in the feed and the hub in its document."""
    async with stand(directory, **given) as opened, aiohttp.ClientSession() as session:
        hub = Hub(session=session)
        app = web.Application()
        app.router.add_post("/{tail:.*}", hub.take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        hub.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        line = opened.line
        line.settings = replace(line.settings, websub=WebSub(callback="http://to.be/told", listen=("127.0.0.1", 0)))
        callbacks = Callbacks(line)
        assert await callbacks.follow_settings()
        callback = f"http://127.0.0.1:{callbacks.port}/websub"
        line.settings = replace(line.settings, websub=WebSub(callback=callback, listen=("127.0.0.1", 0)))
        found = Pushed(stand=opened, hub=hub, callbacks=callbacks)
        found.announce(("1", "One"))
        yield found
        await callbacks.stop()
        await runner.cleanup()


__all__ = ["Hub", "Pushed", "pushed", "rss"]
