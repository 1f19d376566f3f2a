"""The port for probes (``[http]``): ``/healthz``, ``/readyz``, and ``/metrics`` in the text form that Prometheus reads.

``/healthz`` fails when a restart may help, ``/readyz`` also when only a person can (a full disk). Nothing is changed by
any request, and nothing that is told is secret: names of channels, numbers, states.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial

from sqlite_utils import Database

from monitor.model.polling import FeedHealth
from monitor.model.settings import Settings
from monitor.net.calls import Call, Reply
from monitor.pipeline import notices
from monitor.pipeline.life import why_silent
from monitor.pipeline.line import Line
from monitor.pipeline.port import Port
from monitor.store import channels, feeds, service, vitals

MAX_BODY_BYTES = 1024


def port(line: Line) -> Port:
    """Where ``[http]`` says, and nowhere without it."""
    return Port("probes", partial(answer, line), lambda: line.settings.http_listen, max_body_bytes=MAX_BODY_BYTES)


async def answer(line: Line, call: Call) -> Reply:
    """Answer a probe, on a thread of its own: the line does not wait for it."""
    if call.path not in {"/healthz", "/readyz", "/metrics"} or call.method != "GET":
        return Reply(status=404, text="here are /healthz, /readyz and /metrics\n")
    return await asyncio.to_thread(_answer, line, call.path)


def _answer(line: Line, path: str) -> Reply:
    now = line.clock.now()
    with line.store.read() as db:
        if path == "/metrics":
            return Reply(status=200, text=metrics(db, line.settings, now))
        problem = _silence(db, now) or (notices.trouble(db, now) if path == "/readyz" else "")
    return Reply(status=503 if problem else 200, text=f"{problem or 'ok'}\n")


def _silence(db: Database, now: datetime) -> str:
    return why_silent(service.facts(db).get("heartbeat"), now)


def metrics(db: Database, settings: Settings, now: datetime) -> str:
    """Every figure with its help and type, in a fixed order."""
    figures = vitals.read(db, now)
    facts = service.facts(db)
    by_health = feeds.counts(db, now)
    states = {state.channel: state for state in channels.states(db)}
    healthy = not (_silence(db, now) or notices.trouble(db, now))
    broken = {each.name: int(_is_broken(states, each.name)) for each in settings.channels}
    heartbeat = facts.get("heartbeat")
    size = settings.storage.database.stat().st_size
    tables = (
        _one("healthy", "gauge", "1 while the daemon lives and nothing keeps it from its work", int(healthy)),
        _one("heartbeat_age_seconds", "gauge", "Since the last beat", _age(heartbeat.at if heartbeat else None, now)),
        _by("feeds", "gauge", "Feeds configured, by health", "health", {str(h): by_health[h] for h in FeedHealth}),
        _one("feed_reads_total", "counter", "Polls that read a feed", figures.reads),
        _one("entries_total", "counter", "Entries ever listed", figures.entries),
        _one("entries_due", "gauge", "Entries that wait to be read", figures.entries_due),
        _one("entries_due_age_seconds", "gauge", "Wait of the longest", _age(figures.entries_due_since, now)),
        _by("alerts_total", "counter", "Alerts, digests and notices, by kind", "kind", figures.alerts),
        _by("deliveries", "gauge", "Messages in the outbox, by state", "state", figures.deliveries),
        _one("deliveries_due_age_seconds", "gauge", "Wait of the longest", _age(figures.deliveries_due_since, now)),
        _by("channel_broken", "gauge", "1 while a channel is broken or paused", "channel", broken),
        _one("database_bytes", "gauge", "Size of the database file", size),
    )
    return "".join(f"{line}\n" for table in tables for line in table)


def _one(name: str, kind: str, help_: str, value: float) -> Iterable[str]:
    return (*_head(name, kind, help_), f"newsmonitor_{name} {value}")


def _by(name: str, kind: str, help_: str, label: str, values: Mapping[str, int]) -> Iterable[str]:
    rows = [f'newsmonitor_{name}{{{label}="{_escaped(key)}"}} {value}' for key, value in values.items()]
    return (*_head(name, kind, help_), *rows)


def _head(name: str, kind: str, help_: str) -> tuple[str, str]:
    return (f"# HELP newsmonitor_{name} {help_}", f"# TYPE newsmonitor_{name} {kind}")


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _age(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, round((now - since).total_seconds(), 1))


def _is_broken(states: Mapping[str, channels.ChannelState], name: str) -> bool:
    state = states.get(name)
    return state is not None and (state.broken_since is not None or state.paused_until is not None)
