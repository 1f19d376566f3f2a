"""``monitor health``: the exit code for probes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import EXIT_FAILED, config_option, fail, json_option, local, print_json
from monitor.cli.session import stored
from monitor.pipeline.life import why_silent


@click.command("health", help="Exit 0 when a daemon is running and its heartbeat is fresh, 1 otherwise.")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> None:
    """Reads the heartbeat row that the daemon writes every ten seconds."""
    from monitor.pipeline.notices import trouble
    from monitor.store import service

    now = datetime.now(UTC)
    with stored(config_path, whatever_faults=True) as (_, store), store.read() as db:
        heartbeat = service.facts(db).get("heartbeat")
        problem = why_silent(heartbeat, now) or trouble(db, now)
    if as_json:
        print_json({"healthy": not problem, "problem": problem, "heartbeat": heartbeat.at if heartbeat else None})
        raise SystemExit(EXIT_FAILED if problem else 0)
    if problem or heartbeat is None:
        fail(problem)
    click.echo(f"healthy: heartbeat at {local(heartbeat.at)}")
