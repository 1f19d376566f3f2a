"""The daemon: APScheduler's beats, the pumps of the line, signals, reload and an orderly stop.

One beat a second fills the pumps from the queues in the database; no feed has a job of its own (2,000 persistent jobs
took 41 s to add, then most of them misfired). The beats run on one event loop; what blocks is elsewhere: parsing in
worker processes, the database on its own thread, sending in threads.
"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, assert_never

import structlog
from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor import systemd
from monitor.model.clock import SMALLEST_STEP
from monitor.model.delivery import Held, SendFailed, Sent
from monitor.model.fetching import FetchFailed
from monitor.pipeline import digest, notices, vitals, websub
from monitor.pipeline.deliver import DeliveryReport
from monitor.pipeline.ingest import IngestReport
from monitor.pipeline.lanes import pumps
from monitor.pipeline.line import Line
from monitor.pipeline.notices import ping_heartbeat
from monitor.pipeline.poll import PollReport
from monitor.pipeline.port import Port
from monitor.pipeline.room import Room
from monitor.pipeline.stations import Pump, Report
from monitor.pipeline.tidy import keep_a_backup, start_over, take_over_clock, tidy
from monitor.store import service
from monitor.store.ballast import is_full
from monitor.store.database import StoreError
from monitor.store.recovery import is_damage

TICK = timedelta(seconds=1)
HEARTBEAT = timedelta(seconds=10)
HUBS = timedelta(seconds=5)
"""How late a hub may be asked to push."""
TELL = timedelta(seconds=30)
"""How late a digest or the end of quiet hours may be."""
LONGEST_TICK = timedelta(seconds=45)
"""A tick that takes longer is stuck; another process may hold the database for 30 s (a backup, a check)."""
LOOK_FOR_A_BACKUP = timedelta(minutes=10)
"""How late the daily check and copy of the database may be."""
PING = timedelta(minutes=1)
"""How often a dead man's switch is told that all is well; it alarms when this stays away."""
SENDING_GRACE = timedelta(seconds=20)
"""How long a stop waits for messages that are being sent; cutting one off could double it."""

log = structlog.get_logger("monitor")


@dataclass(slots=True, kw_only=True)
class LogObserver:
    """Writes a line for everything that a step reports; what the database says is for the daemon to judge."""

    database_failed: Callable[[sqlite3.DatabaseError], bool]

    def reported(self, report: Report) -> None:
        match report:
            case PollReport():
                _log_poll(report)
            case IngestReport():
                _log_ingest(report)
            case DeliveryReport():
                _log_delivery(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        if not (isinstance(error, sqlite3.DatabaseError) and self.database_failed(error)):
            log.error("step failed", station=station, key=key, exc_info=error)


@dataclass(slots=True, kw_only=True)
class Daemon:
    """Runs the line until told to stop. ``reload`` puts a new configuration in force, or keeps the old and says so."""

    line: Line
    reload: Callable[[], Coroutine[Any, Any, None]]
    changed: Callable[[], bool]
    """True once after a file of the configuration has changed."""
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _pumps: tuple[Pump, ...] = ()
    _ticked_s: float = field(default_factory=time.monotonic)
    _started_s: float = field(default_factory=time.monotonic)
    _ticking: asyncio.Lock = field(default_factory=asyncio.Lock)
    _reloading: asyncio.Task[None] | None = None
    _room: Room = field(init=False)
    _running_out: asyncio.Future[None] | None = None
    _damage: str = ""
    """What is wrong with the database file, when that ends the daemon: the next start replaces it."""

    def __post_init__(self) -> None:
        self._room = Room.of(self.line)

    _callbacks: websub.Callbacks | None = None
    _probes: Port | None = None

    async def run(self) -> None:
        """Beat until SIGTERM, SIGINT or :meth:`stop`; then stop claiming, let sends finish, put the rest back.

        Raises StoreError when the database turned out to be damaged.
        """
        self._listen()
        await self.line.in_store(start_over, self.line)
        await self._beat_heart()
        self._pumps = pumps(self.line, LogObserver(database_failed=self._database_failed))
        self._callbacks, self._probes = websub.Callbacks(self.line), vitals.port(self.line)
        scheduler = self._scheduler()
        scheduler.start()
        watching = asyncio.create_task(self._watch_clock(scheduler))
        systemd.notify("READY=1")
        log.info("started", feeds=len(self.line.settings.feeds), watches=len(self.line.matcher.watches))
        try:
            await self._stop.wait()
        finally:
            systemd.notify("STOPPING=1")
            watching.cancel()
            async with self._ticking:  # a claim that was cut off would leave a row in doubt that nobody sends
                pass
            scheduler.shutdown(wait=False)
            await self._wind_down()
            log.info("stopped")
        if self._damage:
            raise StoreError(f"the database is damaged ({self._damage}): the next start replaces it by a backup")

    def stop(self) -> None:
        """Ask for an orderly stop; safe to call more than once."""
        self._stop.set()

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)

    def _hang_up(self) -> None:
        self._reloading = asyncio.get_running_loop().create_task(self.reload())

    def _scheduler(self) -> AsyncIOScheduler:
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        beats: tuple[tuple[str, Callable[[], Awaitable[None]], IntervalTrigger | CronTrigger], ...] = (
            ("tick", self._tick, IntervalTrigger(seconds=TICK.total_seconds())),
            ("heartbeat", self._beat_heart, IntervalTrigger(seconds=HEARTBEAT.total_seconds())),
            ("look for a changed configuration", self._reload_if_changed, IntervalTrigger(seconds=5)),
            ("digests, summaries and holds that end", self._tell, IntervalTrigger(seconds=TELL.total_seconds())),
            ("ping the heartbeat address", self._ping, IntervalTrigger(seconds=PING.total_seconds())),
            (
                "WebSub",
                self._callbacks_and_hubs,
                IntervalTrigger(seconds=HUBS.total_seconds(), start_date=datetime.now(UTC)),
            ),
            ("port for probes", self._listen_for_probes, IntervalTrigger(seconds=5, start_date=datetime.now(UTC))),
            ("tidy", self._tidy, CronTrigger(minute=17, timezone=UTC)),
            (
                "daily check and copy of the database",
                self._keep_a_backup,
                IntervalTrigger(seconds=LOOK_FOR_A_BACKUP.total_seconds(), start_date=datetime.now(UTC) + TICK),
            ),
        )
        for name, beat, trigger in beats:
            scheduler.add_job(beat, trigger, id=name, name=name)
        scheduler.add_listener(self._beat_failed, EVENT_JOB_ERROR)
        return scheduler

    async def _tick(self) -> None:
        async with self._ticking:
            if not self._stop.is_set():
                await self._fill_pumps()

    async def _fill_pumps(self) -> None:
        idle = not any(pump.running for pump in self._pumps)
        if await self.line.in_store(self._room.is_there, idle=idle):
            for pump in self._pumps:
                await pump.fill()
        self._ticked_s = time.monotonic()

    def _database_failed(self, error: sqlite3.DatabaseError) -> bool:
        """Whether the error says that the disk is full or the file damaged, and what follows is under way."""
        if is_full(error):
            self._ticked_s = time.monotonic()
            self._running_out = asyncio.ensure_future(self.line.in_store(self._room.ran_out))
            return True
        if is_damage(error):
            log.error("the database is damaged: stopping", detail=str(error))
            self._damage = self._damage or str(error)
            self.stop()
            return True
        return False

    def _beat_failed(self, event: JobExecutionEvent) -> None:
        error = event.exception
        if not (isinstance(error, sqlite3.DatabaseError) and self._database_failed(error)):
            log.error("beat failed", beat=event.job_id, exc_info=error)

    async def _beat_heart(self) -> None:
        """The row that ``monitor health`` reads, and systemd's watchdog.

        The row needs a tick that advances; the watchdog also wants the row written and messages going out.
        """
        if self._asleep():
            log.error("the queues have not been looked at lately")
            return
        if self._room.full_since is not None:
            systemd.notify("WATCHDOG=1")  # a restart would not empty the disk
        stuck = await self.line.in_store(self._record_heartbeat, "alive")
        if stuck and time.monotonic() - self._started_s > notices.STUCK_AFTER.total_seconds():
            log.error("sending is stuck", detail=stuck)
            return
        systemd.notify("WATCHDOG=1")

    def _record_heartbeat(self, value: str) -> str:
        """Write the row; returns why sending is stuck, in a sentence, empty where it is not."""
        now = self.line.clock.now()
        with self.line.store.transaction() as db:
            service.tell(db, "heartbeat", value, now)
            return notices.stuck(db, now)

    async def _reload_if_changed(self) -> None:
        if await asyncio.to_thread(self.changed):
            await self.reload()

    async def _watch_clock(self, scheduler: AsyncIOScheduler) -> None:
        """Notice when the clock is set: APScheduler alone would sleep through a step back."""
        noticed: timedelta | None = None
        while True:
            await asyncio.sleep(TICK.total_seconds())
            step = self.line.clock.step()
            if step is not None and (noticed is None or abs(step - noticed) >= SMALLEST_STEP):
                log.warning("the clock was set", by_s=step.total_seconds())
                for job in scheduler.get_jobs():
                    job.modify(next_run_time=datetime.now(UTC))
            noticed = None if step is None or await self._taken_over(step) else step

    async def _taken_over(self, step: timedelta) -> bool:
        """Whether the due times could be moved; a database that is locked or full is tried again a second later."""
        try:
            await self.line.in_store(take_over_clock, self.line, step)
        except sqlite3.Error as error:
            log.error("the due times could not be moved yet", detail=str(error))  # noqa: TRY400 - no bug of ours
            return False
        return True

    async def _tell(self) -> None:
        await self.line.in_store(digest.beat, self.line)

    async def _ping(self) -> None:
        """Only a whole healthy cycle counts: the queues are looked at, the database is written, messages go out."""
        trouble = await self.line.in_store(self._trouble)
        if trouble:
            log.warning("not healthy", detail=trouble)
            return
        outcome = await ping_heartbeat(self.line)
        if isinstance(outcome, FetchFailed):
            log.warning("the heartbeat address was not reached", kind=outcome.kind)

    def _trouble(self) -> str:
        if self._asleep():
            return "the queues have not been looked at lately"
        with self.line.store.read() as db:
            return notices.trouble(db, self.line.clock.now())

    def _asleep(self) -> bool:
        return time.monotonic() - self._ticked_s > LONGEST_TICK.total_seconds()

    async def _callbacks_and_hubs(self) -> None:
        """Hubs are asked only while they can reach us."""
        if self._callbacks is not None and not self._stop.is_set() and await self._callbacks.follow_settings():
            await websub.ask_hubs(self.line)

    async def _listen_for_probes(self) -> None:
        if self._probes is not None and not self._stop.is_set():
            await self._probes.follow_settings()

    async def _tidy(self) -> None:
        """On a thread of its own: a large backlog takes minutes, in short transactions that let the line go on."""
        await asyncio.to_thread(tidy, self.line)

    async def _keep_a_backup(self) -> None:
        """On a thread of its own: a large database takes seconds, and the line goes on meanwhile."""
        if self._room.full_since is not None:
            return
        try:
            made = await asyncio.to_thread(keep_a_backup, self.line)
        except (OSError, sqlite3.OperationalError) as error:
            log.error("no daily copy of the database", detail=str(error))  # noqa: TRY400 - the reason is known
            return
        if made is not None:
            log.info("backed up", file=str(made))

    async def _wind_down(self) -> None:
        for port in (self._callbacks, self._probes):
            if port is not None:
                await port.stop()
        for pump in self._pumps:
            await pump.settle(SENDING_GRACE if pump.station.name == "deliver" else timedelta())
        try:
            await self.line.in_store(self._record_heartbeat, "stopped")
        except sqlite3.DatabaseError as error:
            log.error("the stop could not be recorded", detail=str(error))  # noqa: TRY400 - the reason is known


def _log_poll(report: PollReport) -> None:
    fields = {"feed": report.feed, "new": report.new, "revised": report.revised, "next": report.next_poll_reason}
    if report.problem:
        log.warning("polled", **fields, outcome=report.outcome, problem=report.problem)
    else:
        log.info("polled", **fields, outcome=report.outcome)


def _log_ingest(report: IngestReport) -> None:
    placement = report.judgement.placement
    log.info(
        "judged", feed=report.feed, title=report.article.title, url=report.article.url, rung=placement.rung,
        story=placement.story_id, method=report.article.method, partial=report.article.partial,
        decisions=[each.watch + ": " + each.__class__.__name__.lower() for each in report.judgement.decisions],
    )  # fmt: skip


def _log_delivery(report: DeliveryReport) -> None:
    fields = {"channel": report.channel, "alert": report.alert_id, "detail": report.outcome.detail}
    match report.outcome:
        case Sent():
            log.info("delivered", **fields, attempt=report.attempt)
        case Held():
            log.info("held", **fields)
        case SendFailed():
            log.warning("not delivered", **fields, attempt=report.attempt, next=report.state)
        case _:
            assert_never(report.outcome)
