"""What ``monitor doctor`` looks at: each function looks at one part and says what it found."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Literal
from urllib.parse import urlsplit

from sqlite_utils import Database

from monitor.cli.check import check
from monitor.cli.output import local
from monitor.model.polling import FeedHealth
from monitor.model.settings import Settings
from monitor.model.words import counted
from monitor.pipeline.life import STALE
from monitor.pipeline.notices import trouble
from monitor.store import channels, deliveries, feeds, outages, service, websub
from monitor.store.backup import faults_of
from monitor.store.database import Store, StoreError
from monitor.store.lock import OccupiedError, lock

LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
CONNECT_S = 5.0
MOST_HOSTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: ``said`` in a clause, ``todo`` as what a person does about it, a step a line."""

    part: str
    level: Literal["ok", "warning", "error"] = "ok"
    said: str
    todo: str = ""


def examine_all(config_path: Path | None, *, now: datetime, offline: bool) -> list[Finding]:
    """Everything, as far as it can be looked at when something before it is wrong."""
    found, settings = _configuration(config_path)
    if settings is None:
        return found
    found += [*_directory(settings.storage.path), _clock(now)]
    found += _stored(settings, now)
    if settings.feeds and not offline:
        found += asyncio.run(_network(settings))
    return found


def _configuration(config_path: Path | None) -> tuple[list[Finding], Settings | None]:
    checked = check(config_path)
    path = checked.examined.path
    if not checked.examined.sources:
        said = checked.faults[0].message
        return [Finding(part="configuration", level="error", said=said, todo=checked.faults[0].hint)], None
    if checked.errors:
        first = next(fault.message for fault in checked.faults if fault.level == "error")
        said = f"{path} has {counted(checked.errors, 'error')}: {first}" + (", …" if checked.errors > 1 else "")
        todo = "`monitor check` shows each with its line; until then a running daemon keeps the configuration it has"
        return [Finding(part="configuration", level="error", said=said, todo=todo)], None
    settings = checked.examined.settings
    found = [Finding(part="configuration", said=f"{path}: no errors, {counted(len(checked.faults), 'warning')}")]
    if not settings.feeds:
        todo = "add a [[feed]], or `monitor feeds add URL`; `monitor feeds discover URL` finds those of a site"
        found.append(Finding(part="configuration", level="warning", said="no feed is configured", todo=todo))
    if not settings.watchlist.watches:
        todo = "add a [[watch]]: without one, nothing can alert"
        found.append(Finding(part="configuration", level="warning", said="no watch is configured", todo=todo))
    return found, settings


def _directory(path: Path) -> Iterable[Finding]:
    nearest = next(each for each in (path, *path.absolute().parents) if each.exists())
    if not os.access(nearest, os.W_OK | os.X_OK):
        todo = f"make {nearest} writable for this user, or choose another [storage] path"
        yield Finding(part="data directory", level="error", said=f"{nearest} cannot be written", todo=todo)
        return
    free = shutil.disk_usage(nearest).free
    said = f"{path}: {free / 1e6:,.0f} MB free" if free < LITTLE_SPACE_BYTES else f"{path}: {free / 1e9:.1f} GB free"
    todo = "free some space, or shorten [storage] keep_articles and run `monitor db prune`"
    if free < NO_SPACE_BYTES:
        yield Finding(part="data directory", level="error", said=said, todo=todo)
    elif free < LITTLE_SPACE_BYTES:
        yield Finding(part="data directory", level="warning", said=said, todo=todo)
    else:
        yield Finding(part="data directory", said=said)


def _clock(now: datetime) -> Finding:
    """Newer than this file is all that can be known of the time without asking anybody."""
    written = datetime.fromtimestamp(Path(__file__).stat().st_mtime, tz=UTC)
    if now < written - timedelta(days=2):
        said = f"{local(now)} is before this program was installed"
        return Finding(part="clock", level="error", said=said, todo="set the clock, and let NTP keep it")
    return Finding(part="clock", said=local(now))


def _stored(settings: Settings, now: datetime) -> Iterable[Finding]:
    path = settings.storage.database
    if not path.exists():
        todo = "`monitor run` or `monitor once` makes it"
        yield Finding(part="database", level="warning", said=f"there is none at {path} yet", todo=todo)
        return
    if faults := faults_of(path):
        yield Finding(
            part="database", level="error", said=f"{path} is not sound: {faults[0]}", todo=_way_back(settings)
        )
        return
    try:
        store = Store(path, beside=True)
    except StoreError as error:
        yield Finding(part="database", level="error", said=str(error), todo="use the version that wrote it, or newer")
        return
    try:
        with store.read() as db:
            yield Finding(part="database", said=f"{path} is sound, {path.stat().st_size / 1e6:.1f} MB")
            yield _daemon(db, settings, now)
            yield from _line(db, now)
            yield from _feeds(db, now)
            yield from _channels(db, settings)
            yield from _hubs(db, settings, now)
    finally:
        store.close()


def _way_back(settings: Settings) -> str:
    """What to do about a damaged database."""
    copies = sorted(settings.storage.backups.glob("*.db"))
    if not copies:
        return "start the daemon again: it keeps the file aside and begins anew, since there is no backup"
    return (
        "start the daemon again: it keeps the file aside and puts the newest sound backup in its place\n"
        f"to look at a backup before: `monitor db check {copies[-1]}`"
    )


def _line(db: Database, now: datetime) -> Iterable[Finding]:
    if problem := trouble(db, now):
        todo = "free some space" if "disk" in problem else "look at the daemon's log, and restart it"
        yield Finding(part="line", level="error", said=problem, todo=todo)


def _hubs(db: Database, settings: Settings, now: datetime) -> Iterable[Finding]:
    if settings.websub is None:
        return
    wanted = websub.wanted(db)
    pushed = sum(each.is_pushed(now) for each in wanted)
    yield Finding(part="hubs", said=f"{pushed} pushed of {counted(len(wanted), 'feed')} naming a hub")
    silent = [each for each in wanted if each.detail and not each.is_pushed(now)]
    if silent:
        host, port = settings.websub.listen
        said = f"not pushed: {counted(len(silent), 'feed')}; {silent[0].hub}: {silent[0].detail}"
        todo = f"see that {settings.websub.callback} is reached from the Internet and leads to {host}:{port}"
        yield Finding(part="hubs", level="warning", said=said, todo=todo)


def _daemon(db: Database, settings: Settings, now: datetime) -> Finding:
    holder = _holder(settings.storage.path)
    heartbeat = service.facts(db).get("heartbeat")
    fresh = heartbeat is not None and abs(now - heartbeat.at) < STALE
    last = local(heartbeat.at) if heartbeat else "never"
    if heartbeat and heartbeat.at > now + STALE:
        todo = "set the clock; the daemon goes on, and what waits is moved along"
        return Finding(
            part="daemon", level="warning", said=f"its last heartbeat lies ahead of the clock: {last}", todo=todo
        )
    if holder and not fresh:
        todo = "look at its log; restart it if it does not recover"
        return Finding(part="daemon", level="error", said=f"{holder}, but its last heartbeat was {last}", todo=todo)
    if not holder:
        todo = "`monitor run`, or `systemctl start newsmonitor`"
        stopped = "was killed" if heartbeat and heartbeat.value == "alive" else "is not running"
        return Finding(part="daemon", level="warning", said=f"it {stopped}; last heartbeat: {last}", todo=todo)
    return Finding(part="daemon", said=f"running, heartbeat {last}")


def _holder(directory: Path) -> str:
    """Who holds the data directory, in words; empty when nobody does."""
    try:
        with lock(directory):
            return ""
    except OccupiedError as error:
        return str(error)
    except OSError as error:
        return f"the lock cannot be looked at ({error.strerror})"


def _feeds(db: Database, now: datetime) -> Iterable[Finding]:
    outage = outages.current(db)
    if outage is not None:
        said = f"our own network has been down since {local(outage.since)}, noticed last {local(outage.noticed)}"
        todo = "mend it: polls are tried every 2 minutes, count against no feed, and what was published is found then"
        yield Finding(part="feeds", level="error", said=said, todo=todo)
    by_health = feeds.counts(db, now)
    active, failing = sum(by_health[each] for each in FeedHealth), feeds.list_failing(db)
    if len(failing) > 1 and len(failing) == active:
        said = f"all {active} are failing, {failing[0].spec.name} because {failing[0].problem}"
        todo = "when all fail, it is most likely this machine's network: see below"
        yield Finding(part="feeds", level="error", said=said, todo=todo)
        return
    if not failing:
        yield Finding(part="feeds", said=f"{active} known, none failing")
    for feed in failing[:10]:
        times = f"{counted(feed.failures, 'time')} since {local(feed.failing_since)}"
        follows = f"next try at {local(feed.next_poll)}" if feed.next_poll else "not polled any more"
        said = f"{feed.spec.name}: {feed.problem or 'failing'} ({times}); {follows}"
        todo = f"`monitor feeds test {quote(feed.spec.name)}` shows what a poll sees"
        yield Finding(part="feeds", level="warning", said=said, todo=todo)
    for feed in feeds.list_doubtful(db)[:10]:
        suspect = feed.health is FeedHealth.SUSPECT
        todo = f"`monitor feeds {'accept' if suspect else 'test'} {quote(feed.spec.name)}`"
        todo += " once you know that it is in order" if suspect else " shows what a poll sees"
        yield Finding(part="feeds", level="warning", said=f"{feed.spec.name}: {feed.problem}", todo=todo)


def _channels(db: Database, settings: Settings) -> Iterable[Finding]:
    names = [channel.name for channel in settings.channels]
    counts = deliveries.counts_by_channel(db)
    troubled = {state.channel: state for state in channels.states(db)}
    for name in names:
        state, rows = troubled.get(name), counts.get(name, {})
        waiting = sum(rows.get(each, 0) for each in ("new", "sending", "retry", "held"))
        if state and state.broken_since:
            since = f"{name} is broken since {local(state.broken_since)}"
            said = f"{since}: {state.detail}; {counted(waiting, 'message')} waiting"
            todo = f"mend its address or credentials, then `monitor notify test {name}`"
            yield Finding(part="channels", level="error", said=said, todo=todo)
        elif state and state.paused_until:
            said = f"{name} asked for a pause until {local(state.paused_until)}; {counted(waiting, 'message')} waiting"
            yield Finding(part="channels", level="warning", said=said, todo="nothing: sending goes on by itself")
        elif rows.get("dead"):
            said = f"{name}: {counted(rows['dead'], 'message')} given up"
            todo = (
                f"`monitor deliveries list --state dead` shows why; then `monitor deliveries replay --channel {name} "
                "--state dead` sends them, or `drop` leaves them be"
            )
            yield Finding(part="channels", level="warning", said=said, todo=todo)
        else:
            yield Finding(part="channels", said=f"{name}: {rows.get('sent', 0)} sent, {waiting} waiting")
    for name in sorted(counts.keys() - set(names)):
        waiting = sum(counts[name].get(each, 0) for each in ("new", "retry", "held"))
        if waiting:
            said = f"{counted(waiting, 'message')} waiting for '{name}', which is not configured any more"
            todo = "configure it again, or `monitor deliveries drop` them"
            yield Finding(part="channels", level="warning", said=said, todo=todo)


async def _network(settings: Settings) -> list[Finding]:
    urls = {urlsplit(feed.url).netloc: feed.url for feed in settings.feeds}
    tried = list(urls.values())[:MOST_HOSTS]
    problems = await asyncio.gather(*(_problem_with(url) for url in tried))
    if tried and all(problem.of_network for problem in problems):
        todo = "look at the cable, the name server and the firewall, and whether a proxy is needed"
        said = f"no server of {counted(len(tried), 'feed')} tried can be reached: {problems[0].said}"
        return [Finding(part="network", level="error", said=said, todo=todo)]
    todo = "nothing if this passes; `monitor feeds list` shows which feeds suffer"
    found = [Finding(part="network", level="warning", said=each.said, todo=todo) for each in problems if each.said]
    reached = len(tried) - len(found)
    if not reached:
        return found
    return [*found, Finding(part="network", said=f"{reached} of {counted(len(tried), 'server')} tried can be reached")]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """Why a server cannot be connected to, a clause, empty when it can; ``of_network``: as if there were no network."""

    said: str = ""
    of_network: bool = False


async def _problem_with(url: str) -> _Problem:
    """Connect to the server of ``url``; nothing is asked of it."""
    parts = urlsplit(url)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(parts.hostname, port, ssl=secure), CONNECT_S)
    except TimeoutError:
        return _Problem(said=f"{parts.hostname} does not answer within {CONNECT_S:.0f} s", of_network=True)
    except socket.gaierror:
        return _Problem(said=f"the name {parts.hostname} cannot be resolved", of_network=True)
    except ssl.SSLCertVerificationError as error:
        return _Problem(said=f"{parts.hostname}: {error.verify_message} (is the clock right?)")
    except ConnectionRefusedError:
        return _Problem(said=f"{parts.hostname} refuses connections on port {port}")
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        return _Problem(said=f"{parts.hostname}: {why}", of_network=True)
    writer.close()
    return _Problem()
