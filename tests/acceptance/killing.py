"""The real daemon as a process, a newsroom and receivers that outlive it, and kill -9."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, Protocol

from tests.acceptance.ledger import CHANNELS, Ledger
from tests.acceptance.score import Mailbox, Outlet, serve, serve_mail, webhook_app

ROOT = Path(__file__).resolve().parents[2]

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
[[watch]]
name = "told-along"
severity = "low"
any = ["@blast"]
channels = ["mail"]
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


class Daemon(Protocol):
    """What a stage needs of the daemon's process."""

    pid: int

    @property
    def returncode(self) -> int | None:
        """None while it runs."""

    def send_signal(self, signal: int) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int: ...


class LogTail:
    """What is added to a log from now on."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = path.stat().st_size if path.exists() else 0

    def read(self) -> bytes:
        """All that was added since this was made."""
        if not self.path.exists():
            return b""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read()

    async def wait_for(self, pattern: bytes, limit_s: float) -> bool:
        """Whether the log said it within the limit."""
        until = asyncio.get_running_loop().time() + limit_s
        while not re.search(pattern, self.read()):
            if asyncio.get_running_loop().time() > until:
                return False
            await asyncio.sleep(0.005)
        return True


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
        self.daemon: Daemon | None = None
        self.environment: dict[str, str] = {}

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
        tail = self.tail()
        self.daemon = await self.launch()
        await self.until(lambda: b'"started"' in tail.read(), 60, "the daemon is at work")

    async def launch(self) -> Daemon:
        """The daemon as a user starts it."""
        log = await asyncio.to_thread((self.directory / "daemon.log").open, "ab")
        command = (sys.executable, "-m", "monitor", "run", "-c", str(self.config))
        daemon = await asyncio.create_subprocess_exec(
            *command, stdout=log, stderr=log, start_new_session=True, env=os.environ | self.environment
        )
        log.close()
        self.stack.callback(self._put_down)
        return daemon

    def tail(self) -> LogTail:
        """What the daemon will log from now on."""
        return LogTail(self.directory / "daemon.log")

    def _put_down(self) -> None:
        if self.daemon is not None and self.daemon.returncode is None:
            self.daemon.kill()

    async def kill(self, *, workers_too: bool = False) -> None:
        """kill -9: no handler runs, nothing is flushed; of the daemon alone, or of all that it started."""
        assert self.daemon is not None
        session = self.daemon.pid
        self.daemon.send_signal(signal.SIGKILL)
        for process in orphans(session) if workers_too else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
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


class WarmDaemon:
    """A daemon that :mod:`tests.acceptance.warm` has forked."""

    def __init__(self, pid: int, warm: asyncio.subprocess.Process) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._warm = warm
        self._ended = asyncio.create_task(self._end())

    async def _end(self) -> int:
        assert self._warm.stdout is not None
        self.returncode = int(await self._warm.stdout.readline() or b"-9")
        return self.returncode

    def send_signal(self, signal: int) -> None:
        """To a process that has ended: nothing."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Its exit code, negative after a signal."""
        return await asyncio.shield(self._ended)


class WarmStage(Stage):
    """A stage whose daemons start in a tenth of the time, for those that are killed by the hundred."""

    _warm: asyncio.subprocess.Process | None = None
    steps: dict[str, Any] | None = None
    """For the next start, see :func:`tests.acceptance.steps.install`."""

    async def launch(self) -> Daemon:
        """A daemon with the program loaded already."""
        warm = self._warm = self._warm or await self._heat()
        assert warm.stdin is not None
        assert warm.stdout is not None
        order = {"config": str(self.config), "log": str(self.directory / "daemon.log"), "steps": self.steps}
        warm.stdin.write(json.dumps(order).encode() + b"\n")
        return WarmDaemon(int(await warm.stdout.readline()), warm)

    async def let_hear(self, ledger: Ledger) -> None:
        """Give the daemon, before its first start, the channels of a ledger instead of its own two."""
        hook, smtp = await ledger.open(self.stack)
        text = self.config.read_text("utf-8")
        text = text[: text.index("[channels.")]
        for name, in_doubt in CHANNELS.items():
            url = (
                f"mailto://127.0.0.1:{smtp}/?from=monitor@example.org&to={name}@example.org"
                if "mail" in name
                else f"json://127.0.0.1:{hook}/{name}.in"
            )
            text += f'[channels.{name}]\nurl = "{url}"\nin_doubt = "{in_doubt}"\n'
        self.config.write_text(text, "utf-8")

    def note_held(self, ledger: Ledger) -> None:
        """Which alerts wait for an operator."""
        ledger.held.clear()
        held = "SELECT d.channel, a.payload FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id"
        for channel, payload in self.query(held + " WHERE d.state = 'held' AND d.hold_reason = 'in-doubt'"):
            ledger.held[str(channel)].add(json.loads(str(payload))["article"]["title"])

    def is_empty(self) -> bool:
        """Whether nothing is queued or being sent."""
        return self.query("SELECT 1 FROM deliveries WHERE state NOT IN ('sent', 'held', 'digested') LIMIT 1") == []

    async def _heat(self) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        command = (sys.executable, "-m", "tests.acceptance.warm")
        warm = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, cwd=ROOT)
        self.stack.push_async_callback(self._cool, warm)
        return warm

    async def _cool(self, warm: asyncio.subprocess.Process) -> None:
        """What it has forked dies with it."""
        warm.kill()
        await warm.wait()
        if self.daemon is not None:
            await self.daemon.wait()


def is_sound(data: Path) -> bool:
    """Whether a copy of the database, with the log that the killed process left, passes every check."""
    with tempfile.TemporaryDirectory() as name:
        for path in data.glob("monitor.db*"):
            if path.suffix != ".db-shm":
                shutil.copy(path, name)
        database = sqlite3.connect(Path(name) / "monitor.db")
        try:
            sound = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return sound and not database.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            database.close()


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
