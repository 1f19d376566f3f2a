"""The composition root: from a configuration to a wired line; the only file that names the concrete parts."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from monitor.config.load import LoadedConfig, load_config
from monitor.config.report import render_first
from monitor.delivery.secrets import secrets_of
from monitor.logs import redactor
from monitor.model.clock import Clock, LineClock, SystemClock
from monitor.model.faults import ConfigurationError
from monitor.model.settings import Settings
from monitor.net.client import Client, user_agent
from monitor.pipeline.line import Line
from monitor.pipeline.tidy import take_over_configuration
from monitor.store import lock as data_lock
from monitor.store import recovery
from monitor.store.backup import back_up_before_migration, backups_in
from monitor.store.database import Store
from monitor.watches.compile import compile_watchlist
from monitor.watches.matcher import Matcher
from monitor.workers.pool import WorkerPool

log = structlog.get_logger("monitor")


def load_and_compile(path: Path | None) -> tuple[LoadedConfig, Matcher]:
    """Load the configuration at ``path`` (or the default places) and compile its watches.

    Raises ConfigurationError with the faults of the one or the other.
    """
    loaded = load_config(path)
    return loaded, compile_watches(loaded)


def compile_watches(loaded: LoadedConfig) -> Matcher:
    """Compile the watches of a loaded configuration; raises ConfigurationError with every fault."""
    compiled = compile_watchlist(loaded.settings.watchlist)
    if compiled.matcher is None:
        errors = tuple(fault for fault in compiled.faults if fault.level == "error")
        raise ConfigurationError(render_first(errors, loaded.sources, loaded.path), errors)
    return compiled.matcher


def open_store(settings: Settings) -> Store:
    """Open the database, which must exist, for a command that may run beside the daemon; raises StoreError, OSError."""
    return Store(settings.storage.database, beside=True)


@asynccontextmanager
async def open_line(
    settings: Settings, *, matcher: Matcher | None = None, clock: LineClock | None = None
) -> AsyncIterator[Line]:
    """A wired line on the data directory of ``settings``, held alone until the block ends.

    Without ``matcher`` the watches of ``settings`` are compiled and must be faultless.
    Raises OccupiedError, StoreError, OSError.
    """
    if matcher is None:
        matcher = compile_watchlist(settings.watchlist).matcher
        if matcher is None:
            raise ValueError("the watches have faults: compile them first and report the faults")
    clock = clock or SystemClock()
    with data_lock.lock(settings.storage.path):
        mend_database(settings, clock)
        store = Store(settings.storage.database)
        agent = user_agent(settings.polling.user_agent_contact)
        async with Client(settings.net, user_agent=agent, clock=clock) as client, WorkerPool() as workers:
            line = Line(
                settings=settings, matcher=matcher, store=store, clock=clock, client=client, workers=workers
            )  # fmt: skip
            learn_secrets(settings)
            try:
                await line.in_store(take_over_configuration, line)
                yield line
            finally:
                line.close()


def settle_memory() -> None:
    """Keep the garbage collector off what lives as long as the configuration: 10,000 watches are a million objects."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def mend_database(settings: Settings, clock: Clock) -> None:
    """Replace a damaged database by its newest sound backup, aloud; copy one that opening would migrate.

    One that is not there may have been removed to start afresh: its backups are named, not used.
    """
    storage = settings.storage
    if not storage.database.exists() and (made := backups_in(storage.backups)):
        log.warning(
            "there is no database but there are backups: starting anew", newest=str(made[0]),
            todo="to go on from it, stop and run: monitor db restore FILE",
        )  # fmt: skip
    loss = recovery.mend(storage.database, storage.backups, now=clock.now(), margin=settings.polling.max_interval)
    back_up_before_migration(storage.database, storage.backups, clock.now())
    if loss is not None:
        log.error(
            "the database was damaged and has been replaced", fault=loss.fault, kept=loss.kept,
            restored=loss.backup or "nothing: there was no sound backup",
        )  # fmt: skip


def learn_secrets(settings: Settings) -> None:
    """Hide the secrets of ``settings`` in everything that is logged."""
    of_channels = (secret for channel in settings.channels for secret in secrets_of(channel))
    of_feeds = (value for feed in settings.feeds for _, value in feed.headers)
    redactor.learn((*of_channels, *of_feeds, settings.heartbeat_url or ""))


@dataclass(slots=True, kw_only=True)
class Configuration:
    """The configuration in force and its files; reloads it into a running line."""

    path: Path
    loaded: LoadedConfig
    _stamps: dict[Path, tuple[int, int]]
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def watch(cls, loaded: LoadedConfig) -> Configuration:
        """Remember the files of ``loaded`` as they are now."""
        configuration = cls(path=loaded.path, loaded=loaded, _stamps={})
        configuration.changed()
        return configuration

    def changed(self) -> bool:
        """Whether a file of the configuration is another one since the last call."""
        stamps = {path: _stamp(path) for path in map(Path, self.loaded.sources)}
        before, self._stamps = self._stamps, stamps
        return stamps != before

    async def reload(self, line: Line) -> None:
        """Validate everything, then swap at once; with any fault keep the old configuration and say so.

        One at a time: a slow one must not put an older version in force after a newer.
        """
        async with self._one_at_a_time:
            await self._reload(line)

    async def _reload(self, line: Line) -> None:
        self.changed()  # a file that changes from here on is another change
        try:
            loaded, matcher = await asyncio.to_thread(load_and_compile, self.path)
        except ConfigurationError as error:
            log.error(  # noqa: TRY400 - the faults are the user's, a traceback of ours would hide them
                "kept the old configuration", faults=len(error.faults), detail=str(error)
            )
            return
        for name in ("storage", "net"):
            if getattr(loaded.settings, name) != getattr(line.settings, name):
                log.warning("a change is taken over at the next start only", table=name)
        self.loaded = loaded
        line.settings, line.matcher = loaded.settings, matcher
        settle_memory()
        learn_secrets(loaded.settings)
        await line.in_store(take_over_configuration, line)
        log.info("reloaded", feeds=len(loaded.settings.feeds), watches=len(matcher.watches))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)
