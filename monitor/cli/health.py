"""``monitor health``: the exit code for probes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from monitor.cli.output import EXIT_FAILED, config_option, fail, json_option, local, print_json
from monitor.cli.session import stored

STALE = timedelta(seconds=60)
"""Six heartbeats missed: one slow backup or checkpoint is no illness."""


@click.command("health", help="Exit 0 when a daemon is running and its heartbeat is fresh, 1 otherwise.")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> None:
    """Reads the heartbeat row that the daemon writes every ten seconds."""
    from monitor.store import service

    with stored(config_path) as (_, store), store.read() as db:
        heartbeat = service.facts(db).get("heartbeat")
    now = datetime.now(UTC)
    healthy = heartbeat is not None and heartbeat.value == "alive" and now - heartbeat.at < STALE
    if as_json:
        print_json({"healthy": healthy, "heartbeat": heartbeat.at if heartbeat else None})
        raise SystemExit(0 if healthy else EXIT_FAILED)
    if heartbeat is None:
        fail("no daemon has run on this database yet")
    if not healthy:
        said = "was stopped" if heartbeat.value != "alive" else "last showed life"
        fail(f"the daemon {said} at {local(heartbeat.at)}")
    click.echo(f"healthy: heartbeat at {local(heartbeat.at)}")
