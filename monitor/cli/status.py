"""``monitor status``: the state of the service at a glance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from monitor.cli.output import config_option, json_option, local, print_json
from monitor.cli.session import stored
from monitor.model.polling import FeedHealth
from monitor.model.settings import Settings
from monitor.model.words import counted
from monitor.pipeline.life import why_silent

RECENT = timedelta(hours=24)


@click.command("status", help="Show the state of the service at a glance.")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> None:
    """Reads the database only; works whether or not the daemon runs."""
    now = datetime.now(UTC)
    with stored(config_path, whatever_faults=True) as (settings, store), store.read() as db:
        state = _state(db, settings, now)
    if as_json:
        print_json(state)
        return
    for name, text in _in_words(state):
        click.echo(f"{name:<11}{text}")


def _state(db: Database, settings: Settings, now: datetime) -> dict[str, Any]:
    from monitor.store import articles, channels, deliveries, entries, feeds, outages, service

    facts = service.facts(db)
    heartbeat = facts.get("heartbeat")
    outage = outages.current(db)
    by_health = feeds.counts(db, now)
    return {
        "daemon": {
            "running": not why_silent(heartbeat, now),
            "heartbeat": heartbeat.at if heartbeat else None,
            "started": facts["started"].at if "started" in facts else None,
        },
        "feeds": {
            "active": sum(by_health[each] for each in FeedHealth),
            "failing": [feed.spec.name for feed in feeds.list_failing(db)],
            "next_poll": feeds.next_poll_at(db),
            "network_down_since": outage.since if outage else None,
        },
        "entries": entries.counts(db, now),
        "articles": {"stored": articles.count(db), "last_24h": articles.count(db, since=now - RECENT)},
        "alerts": _alert_counts(db, now),
        "deliveries": deliveries.counts(db),
        "channels": {
            state.channel: state.detail for state in channels.states(db) if state.broken_since or state.paused_until
        },
        "database": {
            "path": str(settings.storage.database),
            "size_bytes": settings.storage.database.stat().st_size,
        },
    }


def _alert_counts(db: Database, now: datetime) -> dict[str, int]:
    from monitor.store.times import to_text

    since = to_text(now - RECENT)
    (alerted,) = db.execute("SELECT count(*) FROM alerts WHERE created >= ?", [since]).fetchone()
    (suppressed,) = db.execute("SELECT count(*) FROM suppressions WHERE last >= ?", [since]).fetchone()
    return {"last_24h": int(alerted), "suppressed_last_24h": int(suppressed)}


def _in_words(state: dict[str, Any]) -> list[tuple[str, str]]:
    daemon, feeds, deliveries = state["daemon"], state["feeds"], state["deliveries"]
    running = f"running since {local(daemon['started'])}" if daemon["running"] else "not running"
    failing = f", {len(feeds['failing'])} failing ({', '.join(feeds['failing'][:5])})" if feeds["failing"] else ""
    waiting = sum(deliveries.get(each, 0) for each in ("new", "sending", "retry", "held"))
    return [
        ("daemon", f"{running}; last heartbeat {local(daemon['heartbeat'])}"),
        ("feeds", f"{feeds['active']:,} active{failing}; next poll {local(feeds['next_poll'])}"),
        *_network(feeds),
        ("entries", ", ".join(f"{count} {name}" for name, count in state["entries"].items()) or "none yet"),
        ("articles", f"{state['articles']['stored']:,} stored, {state['articles']['last_24h']} in the last 24 h"),
        ("alerts", f"{counted(state['alerts']['last_24h'], 'alert')} and "
                   f"{counted(state['alerts']['suppressed_last_24h'], 'suppression')} in the last 24 h"),
        ("outbox", f"{deliveries.get('sent', 0)} sent, {waiting} waiting, {deliveries.get('dead', 0)} dead"),
        *(("channel", f"{name}: {detail}") for name, detail in state["channels"].items()),
        ("database", f"{state['database']['path']}, {state['database']['size_bytes'] / 1e6:.1f} MB"),
    ]  # fmt: skip


def _network(feeds: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Our own network where it is down; feeds that failed before that was known are still listed as failing."""
    down = feeds["network_down_since"]
    if down:
        before = ", those that fail failed before it was noticed" if feeds["failing"] else ""
        yield "network", f"ours is down since {local(down)}: that counts against no feed{before}; see `monitor doctor`"
