"""The daemon's signs of life: the service manager, the heartbeat address, the port for probes, a reload."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from monitor.app import Configuration, load_and_compile, open_line
from monitor.daemon import Daemon
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.clock import SimulatedClock
from monitor.model.settings import Channel, Net, Settings, Storage
from monitor.model.watches import Severity
from monitor.pipeline import vitals
from monitor.pipeline.line import Line
from monitor.pipeline.notices import DISK_FULL
from monitor.store import alerts, channels, service
from tests.acceptance.score import START, serve
from tests.acceptance.test_pushed import until
from tests.net.raw import net

CONFIG = """
[storage]
path = "data"
[http]
listen = "127.0.0.1:{port}"
[[watch]]
name = "blast"
any = ["explosion"]
"""


class Manager:
    """Stands where systemd does: remembers what it is told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind(str(path))
        self.told: list[str] = []

    def hears(self, what: str) -> bool:
        """Whether it has been told."""
        self.read()
        return what in self.told

    def read(self) -> list[str]:
        """All that it was told since the last reading."""
        before = len(self.told)
        while True:
            try:
                self.told.append(self.socket.recv(100).decode())
            except BlockingIOError:
                return self.told[before:]


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manager:
    made = Manager(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(made.path))
    return made


@asynccontextmanager
async def a_line(directory: Path, **changes: object) -> AsyncIterator[Line]:
    settings = Settings(
        storage=Storage(path=directory / "data"), channels=(Channel(name="hook", url="json://h.example"),)
    )
    async with open_line(replace(settings, **changes), clock=SimulatedClock(START)) as line:  # type: ignore[arg-type] # by name
        yield line


def a_daemon(line: Line) -> Daemon:
    async def reload() -> None:
        raise AssertionError

    return Daemon(line=line, reload=reload, changed=lambda: False)


def queue_a_message(line: Line) -> None:
    message = AlertMessage(
        alert_id=0, kind=AlertKind.NEW, watch="w", severity=Severity.HIGH, score=1.0, reasons=(), article={"title": "T"}
    )
    with line.store.transaction() as db:
        alerts.insert(db, message, channels=["hook"], now=line.clock.now())


async def test_the_watchdog_is_fed_while_the_tick_the_database_and_the_sender_advance(
    tmp_path: Path, manager: Manager
) -> None:
    async with a_line(tmp_path) as line:
        daemon = a_daemon(line)
        await daemon._beat_heart()
        assert manager.read() == ["WATCHDOG=1"]

        daemon._ticked_s = time.monotonic() - 60
        await daemon._beat_heart()
        assert manager.read() == [], "the tick is stuck"
        daemon._ticked_s = time.monotonic()

        queue_a_message(line)
        assert isinstance(line.clock, SimulatedClock)
        line.clock.advance(timedelta(minutes=20))
        await daemon._beat_heart()
        assert manager.read() == ["WATCHDOG=1"], "what waited while it was stopped has its time to go out"
        daemon._started_s = time.monotonic() - 3600
        await daemon._beat_heart()
        assert manager.read() == [], "a message is due for 20 minutes and nothing goes out"
        with line.store.transaction() as db:
            channels.break_(db, "hook", line.clock.now(), probe_at=line.clock.now(), detail="404")
        await daemon._beat_heart()
        assert manager.read() == ["WATCHDOG=1"], "that a channel is broken is no fault of the sender"

        with line.store.transaction() as db:
            db.execute("CREATE TRIGGER refuse BEFORE UPDATE ON service BEGIN SELECT RAISE(ABORT, 'refused'); END")
        with pytest.raises(sqlite3.IntegrityError, match="refused"):
            await daemon._beat_heart()
        assert manager.read() == [], "the database cannot be written"


async def test_the_heartbeat_address_is_called_after_a_healthy_cycle_only(tmp_path: Path) -> None:
    called: list[str] = []

    async def hear(request: web.Request) -> web.Response:
        called.append(request.path)
        return web.Response()

    async with AsyncExitStack() as stack:
        app = web.Application()
        app.router.add_get("/ping", hear)
        url = f"http://127.0.0.1:{await serve(stack, app)}/ping"
        loopback: Net = net()
        line = await stack.enter_async_context(a_line(tmp_path, heartbeat_url=url, net=loopback))
        daemon = a_daemon(line)
        await daemon._ping()
        assert called == ["/ping"]

        daemon._ticked_s = time.monotonic() - 60
        await daemon._ping()
        daemon._ticked_s = time.monotonic()
        with line.store.transaction() as db:
            service.tell(db, DISK_FULL, "full", line.clock.now())
        await daemon._ping()
        assert called == ["/ping"], "neither while the tick is stuck nor while the disk is full"

        with line.store.transaction() as db:
            service.tell(db, DISK_FULL, "", line.clock.now())
        queue_a_message(line)
        assert isinstance(line.clock, SimulatedClock)
        line.clock.advance(timedelta(minutes=20))
        await daemon._ping()
        assert called == ["/ping"], "nor while messages do not go out"


async def test_a_reload_takes_all_or_nothing_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def configure(text: str) -> None:
        (tmp_path / "config.toml").write_text(f'[storage]\npath = "data"\n{text}')

    watch = '[[watch]]\nname = "{}"\nany = ["explosion"]\n'
    configure(watch.format("first"))
    loaded, matcher = load_and_compile(tmp_path / "config.toml")
    configuration = Configuration.watch(loaded)
    async with open_line(loaded.settings, matcher=matcher) as line:
        configure(watch.format("second") + '[alerts]\nmax_per_hour = 7\n[[watch]]\nname = "third"\nquery = "a AND"\n')
        await configuration.reload(line)
        assert (list(line.matcher.watches), line.settings.alerts.max_per_hour) == (["first"], 30)
        assert "kept the old configuration" in capsys.readouterr().out + capsys.readouterr().err

        configure(watch.format("second") + "[alerts]\nmax_per_hour = 7\n")
        await configuration.reload(line)
        assert (list(line.matcher.watches), line.settings.alerts.max_per_hour) == (["second"], 7)


async def test_a_probe_is_answered_by_what_the_line_says_of_itself(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        line = await stack.enter_async_context(a_line(tmp_path, http_listen=("127.0.0.1", 0)))
        port = vitals.port(line)
        assert await port.follow_settings()
        stack.push_async_callback(port.stop)
        session = await stack.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port.port}"))

        async def get(path: str) -> tuple[int, str]:
            async with session.get(path) as answer:
                return answer.status, await answer.text()

        assert await get("/healthz") == (503, "no daemon has run on this database yet\n")
        with line.store.transaction() as db:
            service.tell(db, "heartbeat", "alive", line.clock.now())
        assert await get("/healthz") == (200, "ok\n")
        assert await get("/readyz") == (200, "ok\n")
        with line.store.transaction() as db:
            service.tell(db, DISK_FULL, "full", line.clock.now())
        assert (await get("/healthz"))[0] == 200, "a restart does not empty a disk"
        assert (await get("/readyz"))[0] == 503
        assert (await get("/"))[0] == 404

        queue_a_message(line)
        assert isinstance(line.clock, SimulatedClock)
        line.clock.advance(timedelta(seconds=30))
        with line.store.transaction() as db:
            channels.break_(db, "hook", line.clock.now(), probe_at=line.clock.now(), detail="404")
        status, text = await get("/metrics")
        rows = dict(row.rsplit(" ", 1) for row in text.splitlines() if not row.startswith("#"))
        assert status == 200
        assert rows["newsmonitor_healthy"] == "0"
        assert rows["newsmonitor_heartbeat_age_seconds"] == "30.0"
        assert rows['newsmonitor_alerts_total{kind="new"}'] == "1"
        assert rows['newsmonitor_deliveries{state="new"}'] == "1"
        assert rows["newsmonitor_deliveries_due_age_seconds"] == "30.0"
        assert rows['newsmonitor_channel_broken{channel="hook"}'] == "1"
        helped = [row.split()[2] for row in text.splitlines() if row.startswith("# HELP")]
        typed = [row.split()[2] for row in text.splitlines() if row.startswith("# TYPE")]
        assert helped == typed == list(dict.fromkeys(key.partition("{")[0] for key in rows))

        line.settings = replace(line.settings, http_listen=None)
        assert not await port.follow_settings()


async def test_a_running_daemon_answers_probes_tells_its_manager_and_reloads_when_it_is_hung_up(
    tmp_path: Path, manager: Manager
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(port=port))
    log = tmp_path / "log"
    with log.open("wb") as sink:
        daemon = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "monitor", "run", "--log-json", cwd=tmp_path, stdout=sink, stderr=sink,
            env={**os.environ, "NOTIFY_SOCKET": str(manager.path)},
        )  # fmt: skip
    try:
        await until(lambda: manager.hears("READY=1"))
        assert "WATCHDOG=1" in manager.told
        await until(lambda: b"listening" in log.read_bytes())
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session, session.get("/readyz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        config.write_text(CONFIG.format(port=port) + "severty = 1\n")
        daemon.send_signal(signal.SIGHUP)
        await until(lambda: b"kept the old configuration" in log.read_bytes())
        config.write_text(CONFIG.format(port=port) + '[alerts]\nquiet_hours = "22:00-06:00"\n')
        daemon.send_signal(signal.SIGHUP)
        await until(lambda: b'"reloaded"' in log.read_bytes())
    finally:
        daemon.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(daemon.wait(), 40) == 0
    assert manager.hears("STOPPING=1")
