"""The daemon as a process, a publisher and its hub: what is published is known within seconds, without a poll."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.acceptance.score import serve
from tests.pipeline.newsstand import rss

CONFIG = """
[storage]
path = "data"

[net]
allow_private = ["127.0.0.0/8"]

[websub]
callback = "http://127.0.0.1:{port}/websub"
listen = "127.0.0.1:{port}"

[[feed]]
name = "herald"
url = "{base}/feed.xml"

[[watch]]
name = "explosions"
any = ["explosion"]
"""


class Publisher:
    """A feed that names a hub, and that hub."""

    def __init__(self) -> None:
        self.base = ""
        self.polls = 0
        self.forms: list[dict[str, str]] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/feed.xml", self._feed)
        app.router.add_post("/hub", self._hub)
        return app

    async def _feed(self, request: web.Request) -> web.Response:
        self.polls += 1
        links = f'<{self.base}/hub>; rel="hub", <{self.base}/feed.xml>; rel="self"'
        return web.Response(text=rss(("1", "One")), content_type="application/rss+xml", headers={"Link": links})

    async def _hub(self, request: web.Request) -> web.Response:
        self.forms.append({key: str(value) for key, value in (await request.post()).items()})
        return web.Response(status=202)


async def until(holds: Callable[[], bool], limit_s: float = 40) -> None:
    deadline = time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        await asyncio.sleep(0.05)


def guids(directory: Path) -> set[str]:
    with sqlite3.connect(f"file:{directory}/data/monitor.db?mode=ro", uri=True) as db:
        return {row[0] for row in db.execute("SELECT guid FROM entries").fetchall()}


async def test_a_running_daemon_subscribes_and_takes_in_what_is_pushed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with AsyncExitStack() as stack:
        herald = Publisher()
        herald.base = f"http://127.0.0.1:{await serve(stack, herald.app())}"
        (tmp_path / "config.toml").write_text(CONFIG.format(port=port, base=herald.base))
        daemon = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor", "run", cwd=tmp_path,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await until(lambda: bool(herald.forms))
            form = herald.forms[0]
            session = await stack.enter_async_context(aiohttp.ClientSession())
            query = {"hub.mode": "subscribe", "hub.topic": form["hub.topic"], "hub.challenge": "ok"}
            async with session.get(form["hub.callback"], params=query) as answer:
                assert (answer.status, await answer.text()) == (200, "ok")
            body = rss(("2", "Two")).encode()
            signature = "sha256=" + hmac.new(form["hub.secret"].encode(), body, hashlib.sha256).hexdigest()
            async with session.post(form["hub.callback"], data=body, headers={"X-Hub-Signature": signature}) as answer:
                assert answer.status == 202
            assert guids(tmp_path) == {"1", "2"}, "recorded before the hub was answered"
            assert herald.polls == 1
        finally:
            daemon.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(daemon.wait(), 40) == 0
