"""The real daemon as a process, a newsroom and receivers that outlive it, and kill -9."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from tests.acceptance.score import Mailbox, Outlet, serve, serve_mail, webhook_app

CONFIG = """
[storage]
path = "{data}"
[polling]
min_interval = "1s"
polls_per_hour = 36000
[net]
allow_private = ["127.0.0.0/8"]
host_pace = "0s"
[[feed]]
name = "outlet"
url = "{feed}"
interval = "1s"
[terms.blast]
any = ["explosion*", "blast*"]
[[watch]]
name = "blast"
any = ["@blast"]
[alerts]
max_per_hour = 1000
[channels.hook]
url = "json://127.0.0.1:{hook}/"
[channels.mail]
url = "mailto://127.0.0.1:{smtp}/?from=monitor@example.org&to=desk@example.org"
"""


class Events:
    """Reports of different events: no two share more than the word that the watch looks for."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def words(self, count: int) -> list[str]:
        """Made-up words with an explosion among them."""
        words = ["".join(self.random.choices("abdefgiklmnoprstuvz", k=self.random.randint(4, 9))) for _ in range(count)]
        words[3] = "explosion"
        return words

    def title(self) -> str:
        """A headline of its own."""
        return " ".join(self.words(6)).capitalize()

    def text(self) -> str:
        """Four paragraphs around one explosion."""
        words = self.words(160)
        return "\n".join(" ".join(words[start : start + 40]).capitalize() + "." for start in range(0, 160, 40))


class Stage:
    """An outlet, a webhook and a mail server on loopback, and a daemon that may be killed at any time."""

    def __init__(self, directory: Path, stack: AsyncExitStack) -> None:
        self.directory = directory
        self.stack = stack
        self.outlet = Outlet("outlet")
        self.heard: list[dict[str, object]] = []
        self.mailbox = Mailbox()
        self.config = directory / "config.toml"
        self.data = directory / "data"
        self.daemon: asyncio.subprocess.Process | None = None

    async def set(self) -> None:
        """Start the servers and write the configuration."""
        port = await serve(self.stack, self.outlet.app())
        self.outlet.base = f"http://outlet.localhost:{port}"
        hook = await serve(self.stack, webhook_app(self.heard))
        smtp = await serve_mail(self.stack, self.mailbox)
        text = CONFIG.format(data=self.directory / "data", feed=f"{self.outlet.base}/feed.xml", hook=hook, smtp=smtp)
        await asyncio.to_thread(self.config.write_text, text)
        self.config.chmod(0o600)

    def place_data(self, directory: Path) -> None:
        """Let the daemon keep its data in ``directory``, which is a disk of its own."""
        self.data = directory
        text = self.config.read_text("utf-8").replace(str(self.directory / "data"), str(directory))
        self.config.write_text(text, "utf-8")

    async def start(self) -> None:
        """Start the daemon in a session of its own and wait until it is at work."""
        starts = self.log().count('"started"')
        log = await asyncio.to_thread((self.directory / "daemon.log").open, "ab")
        self.daemon = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "monitor",
            "run",
            "-c",
            str(self.config),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        log.close()
        self.stack.callback(self._put_down)
        await self.until(lambda: self.log().count('"started"') > starts, 60, "the daemon is at work")

    def _put_down(self) -> None:
        if self.daemon is not None and self.daemon.returncode is None:
            self.daemon.kill()

    async def kill(self) -> None:
        """kill -9: no handler runs, nothing is flushed."""
        assert self.daemon is not None
        self.daemon.send_signal(signal.SIGKILL)
        await self.daemon.wait()

    async def end(self) -> int:
        """SIGTERM, and the daemon's exit code."""
        assert self.daemon is not None
        self.daemon.terminate()
        return await asyncio.wait_for(self.daemon.wait(), 30)

    def alerts_by_webhook(self) -> list[str]:
        """Article titles in the order in which they were heard, doubles included."""
        return [str(body["article"]["title"]) for body in self.heard if body["kind"] == "new"]  # type: ignore[index]

    def log(self) -> str:
        """What the daemon has logged since the first start."""
        path = self.directory / "daemon.log"
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def exists(self) -> bool:
        """Whether the daemon has made its database."""
        return (self.data / "monitor.db").exists()

    def query(self, sql: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(self.data / "monitor.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    async def until(self, condition: Callable[[], bool], limit_s: float, what: str) -> None:
        """Wait for a condition, at most ``limit_s``; a daemon that ended by itself fails with its log."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while not condition():
            if asyncio.get_running_loop().time() > deadline or self._ended():
                raise AssertionError(f"not within {limit_s} s: {what}\n{self.log()[-3000:]}")
            await asyncio.sleep(0.05)

    async def until_async(self, condition: Callable[[], Awaitable[bool]], limit_s: float, what: str) -> None:
        """Likewise for a condition that takes time to look at."""
        async with asyncio.timeout(limit_s):
            while not await condition():
                assert not self._ended(), f"{what}\n{self.log()[-3000:]}"

    def _ended(self) -> bool:
        return self.daemon is not None and (self.daemon.returncode or 0) > 0


def orphans(session: int) -> list[int]:
    """Processes of a session that are still alive."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getsid(int(entry.name)) == session:
                    found.append(int(entry.name))
            except ProcessLookupError:
                continue
    return found
