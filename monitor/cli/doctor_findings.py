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
from typing import Literal
from urllib.parse import urlsplit

from sqlite_utils import Database

from monitor.cli.check import check
from monitor.cli.output import local
from monitor.model.polling import FeedHealth
from monitor.model.settings import Settings
from monitor.store import channels, deliveries, feeds, outages, service, websub
from monitor.store.backup import faults_of
from monitor.store.database import Store, StoreError
from monitor.store.lock import OccupiedError, lock

LITTLE_SPACE_BYTES = 1_000_000_000
NO_SPACE_BYTES = 100_000_000
FRESH = timedelta(seconds=60)
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
    if not offline:
        found += asyncio.run(_network(settings))
    return found


def _configuration(config_path: Path | None) -> tuple[list[Finding], Settings | None]:
    checked = check(config_path)
    path = checked.examined.path
    if not checked.examined.sources:
        said = checked.faults[0].message
        return [Finding(part="configuration", level="error", said=said, todo=checked.faults[0].hint)], None
    if checked.errors:
        said = f"{path} has {checked.errors} errors"
        return [Finding(part="configuration", level="error", said=said, todo="`monitor check` lists them")], None
    settings = checked.examined.settings
    found = [Finding(part="configuration", said=f"{path}: no errors, {len(checked.faults)} warnings")]
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
    said = f"{path}: {free / 1e9:.1f} GB free"
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
        todo = (
            "restart the daemon: it keeps the file aside and puts the newest sound copy of backups/ in its place\n"
            f"look at a backup before: `monitor db check {settings.storage.path / 'backups'}/FILE`"
        )
        said = f"{path} is not sound: {faults[0]}"
        yield Finding(part="database", level="error", said=said, todo=todo)
        return
    try:
        store = Store(path)
    except StoreError as error:
        yield Finding(part="database", level="error", said=str(error), todo="use the version that wrote it, or newer")
        return
    try:
        with store.read() as db:
            yield Finding(part="database", said=f"{path} is sound, {path.stat().st_size / 1e6:.1f} MB")
            yield _daemon(db, settings, now)
            yield from _feeds(db, now)
            yield from _channels(db, settings)
            yield from _hubs(db, settings, now)
    finally:
        store.close()


def _hubs(db: Database, settings: Settings, now: datetime) -> Iterable[Finding]:
    if settings.websub is None:
        return
    wanted = websub.wanted(db)
    pushed = sum(each.is_pushed(now) for each in wanted)
    yield Finding(part="hubs", said=f"{pushed} feeds are pushed, of {len(wanted)} that name a hub")
    silent = [each for each in wanted if each.detail and not each.is_pushed(now)]
    if silent:
        host, port = settings.websub.listen
        said = f"{len(silent)} feeds are not pushed; {silent[0].hub}: {silent[0].detail}"
        todo = f"see that {settings.websub.callback} is reached from the Internet and leads to {host}:{port}"
        yield Finding(part="hubs", level="warning", said=said, todo=todo)


def _daemon(db: Database, settings: Settings, now: datetime) -> Finding:
    holder = _holder(settings.storage.path)
    heartbeat = service.facts(db).get("heartbeat")
    fresh = heartbeat is not None and abs(now - heartbeat.at) < FRESH
    last = local(heartbeat.at) if heartbeat else "never"
    if heartbeat and heartbeat.at > now + FRESH:
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
        todo = "mend it: polls are tried every 2 minutes, no feed is blamed, and what was published is found then"
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
        said = (
            f"{feed.spec.name}: {feed.problem or 'failing'} ({feed.failures} times since {local(feed.failing_since)})"
        )
        todo = f"`monitor feeds test {feed.url}` shows what a poll sees"
        yield Finding(part="feeds", level="warning", said=said, todo=todo)


def _channels(db: Database, settings: Settings) -> Iterable[Finding]:
    names = [channel.name for channel in settings.channels]
    counts = deliveries.counts_by_channel(db)
    troubled = {state.channel: state for state in channels.states(db)}
    for name in names:
        state, rows = troubled.get(name), counts.get(name, {})
        waiting = sum(rows.get(each, 0) for each in ("new", "sending", "retry", "held"))
        if state and state.broken_since:
            said = f"{name} is broken since {local(state.broken_since)}: {state.detail}; {waiting} messages wait"
            todo = f"mend its address or credentials, then `monitor notify test {name}`"
            yield Finding(part="channels", level="error", said=said, todo=todo)
        elif state and state.paused_until:
            said = f"{name} asked for a pause until {local(state.paused_until)}; {waiting} messages wait"
            yield Finding(part="channels", level="warning", said=said, todo="nothing: sending goes on by itself")
        elif rows.get("dead"):
            said = f"{name}: {rows['dead']} messages were given up"
            todo = "`monitor deliveries list --state dead`, then `monitor deliveries replay` or `drop` each"
            yield Finding(part="channels", level="warning", said=said, todo=todo)
        else:
            yield Finding(part="channels", said=f"{name}: {rows.get('sent', 0)} sent, {waiting} waiting")
    for name in sorted(counts.keys() - set(names)):
        waiting = sum(counts[name].get(each, 0) for each in ("new", "retry", "held"))
        if waiting:
            said = f"{waiting} messages wait for '{name}', which is not configured any more"
            todo = "configure it again, or `monitor deliveries drop` them"
            yield Finding(part="channels", level="warning", said=said, todo=todo)


async def _network(settings: Settings) -> list[Finding]:
    urls = {urlsplit(feed.url).netloc: feed.url for feed in settings.feeds}
    tried = list(urls.values())[:MOST_HOSTS]
    problems = await asyncio.gather(*(_problem_with(url) for url in tried))
    if tried and all(problems):
        todo = "look at the name server, the firewall, and whether a proxy is needed"
        said = f"none of {len(tried)} servers can be reached: {problems[0]}"
        return [Finding(part="network", level="error", said=said, todo=todo)]
    found = [Finding(part="network", level="warning", said=problem) for problem in problems if problem]
    reached = len(tried) - len(found)
    return [*found, Finding(part="network", said=f"{reached} of {len(tried)} servers tried can be reached")]


async def _problem_with(url: str) -> str:
    """Why the server of ``url`` cannot be connected to, a clause; empty when it can. Nothing is asked of it."""
    parts = urlsplit(url)
    secure = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secure else 80)
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(parts.hostname, port, ssl=secure), CONNECT_S)
    except TimeoutError:
        return f"{parts.hostname} does not answer within {CONNECT_S:.0f} s"
    except socket.gaierror:
        return f"the name {parts.hostname} cannot be resolved"
    except ssl.SSLCertVerificationError as error:
        return f"{parts.hostname}: {error.verify_message} (is the clock right?)"
    except OSError as error:
        return f"{parts.hostname}: {error.strerror or error}"
    writer.close()
    return ""
