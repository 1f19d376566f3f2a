"""``monitor alerts``: what was told and what not, one alert in full, and what people made of it."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from monitor.cli.durations import duration_option
from monitor.cli.names import watch_or_exit
from monitor.cli.output import config_option, fail, json_option, local, print_json, print_table, say
from monitor.cli.session import stored
from monitor.model.alerts import AlertKind, SuppressionReason
from monitor.model.words import counted

COLUMNS = ("alert", "created", "kind", "severity", "watch", "title", "partial", "verdict")

SUPPRESSED = ("last", "reason", "severity", "watch", "times", "title", "url")


@click.group("alerts", help="List, show and acknowledge alerts; list what was suppressed.")
def command() -> None:
    """Alerts."""


@command.command("list")
@config_option
@click.option("--watch", help="Only this watch.")
@click.option("--kind", "kinds", multiple=True, type=click.Choice([each.value for each in AlertKind]))
@duration_option("--since", help="Only alerts younger than this (90m, 6h, 7d).")
@click.option("--open", "unacknowledged", is_flag=True, help="Only those that nobody has acknowledged.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@json_option
def list_(
    *, config_path: Path | None, watch: str | None, kinds: tuple[str, ...], since: Any, unacknowledged: bool,
    limit: int, as_json: bool,
) -> None:  # fmt: skip
    """The newest first."""
    from monitor.store import alerts

    after = None if since is None else datetime.now(UTC) - since
    with stored(config_path) as (settings, store), store.read() as db:
        if watch:
            watch_or_exit(db, settings, watch)
        rows = alerts.listed(db, watch=watch, kinds=kinds, since=after, unacknowledged=unacknowledged, limit=limit + 1)
    _print_latest(rows, COLUMNS, limit, as_json=as_json, empty="no alert yet")


@command.command("suppressed")
@config_option
@click.option("--watch", help="Only this watch.")
@click.option("--reason", "reasons", multiple=True, type=click.Choice([each.value for each in SuppressionReason]))
@duration_option("--since", help="Only those of so long ago at most (90m, 6h, 7d).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@json_option
def suppressed(
    *, config_path: Path | None, watch: str | None, reasons: tuple[str, ...], since: Any, limit: int, as_json: bool
) -> None:
    """Hits that alerted nobody, each with its reason; the latest first."""
    from monitor.store import digests

    after = None if since is None else datetime.now(UTC) - since
    with stored(config_path) as (settings, store), store.read() as db:
        if watch:
            watch_or_exit(db, settings, watch)
        rows = digests.suppressed(db, watch=watch, reasons=reasons, since=after, limit=limit + 1)
    _print_latest(rows, SUPPRESSED, limit, as_json=as_json, empty="no hit was suppressed")


def _print_latest(
    rows: Sequence[Mapping[str, Any]], columns: Sequence[str], limit: int, *, as_json: bool, empty: str
) -> None:
    """At most ``limit`` rows, and where there were more, a word of it."""
    if as_json:
        print_json(rows[:limit])
        return
    print_table(rows[:limit], columns, empty=empty)
    if len(rows) > limit:
        click.echo(f"there are more than these {limit}: see --limit", err=True)


@command.command("show")
@click.argument("alert_id", metavar="ALERT", type=int)
@config_option
@json_option
def show(alert_id: int, config_path: Path | None, as_json: bool) -> None:
    """The alert as it was frozen, and what became of it on each channel."""
    from monitor.store import alerts, deliveries, together

    with stored(config_path) as (settings, store), store.read() as db:
        message = alerts.message_of(db, alert_id)
        if message is None:
            fail(f"there is no alert {alert_id}: see 'monitor alerts list'")
        verdict = alerts.verdict_on(db, alert_id)
        sent = deliveries.listed(db, alert_id=alert_id)
        attempts = {row["id"]: deliveries.attempts_of(db, row["id"]) for row in sent}
        also = {row["id"]: together.companions(db, alert_id, row["channel"]) for row in sent}
    if as_json:
        rows = [
            row | {"attempts_made": attempts[row["id"]], "tells": [each.alert_id for each in also[row["id"]]]}
            for row in sent
        ]
        print_json(message.payload() | {"verdict": verdict, "deliveries": rows})
        return
    from monitor.delivery.as_text import on_terminal
    from monitor.delivery.render import render_for

    rendered = render_for("text", message, zone=settings.alerts.timezone)
    for line in on_terminal(f"{rendered.title}\n\n{rendered.text}\n").split("\n"):
        say(line)
    if verdict is not None:
        click.echo(f"{verdict['verdict']}, says {verdict['acknowledged_by']} at {local(verdict['acknowledged'])}"
                   f" {verdict['note']}".rstrip())  # fmt: skip
    for row in sent:
        click.echo(f"{row['channel']}: {row['state']} since {local(row['changed'])} {row['detail']}".rstrip())
        for companion in also[row["id"]]:
            click.echo(f"  tells as well: alert {companion.alert_id} {companion.watch}")
        for each in attempts[row["id"]]:
            click.echo(f"  {each['number']}. {local(each['started'])} {each['outcome'] or 'running'} {each['detail']}")


@command.command("ack")
@click.argument("alert_ids", metavar="ALERT…", type=int, nargs=-1, required=True)
@config_option
@click.option("--useful", "verdict", flag_value="useful", default=True, help="Worth the disturbance [default].")
@click.option("--noise", "verdict", flag_value="noise", help="Not worth it: counts against the watch's precision.")
@click.option("--by", default=None, help="Who says so [default: you].")
@click.option("--note", default="", help="Why.")
@json_option
def ack(
    *, alert_ids: tuple[int, ...], config_path: Path | None, verdict: str, by: str | None, note: str, as_json: bool
) -> None:
    """Acknowledge alerts as useful or noise; a later word replaces an earlier one. 'monitor label' counts both."""
    from monitor.store import alerts

    now, author = datetime.now(UTC), by or getpass.getuser()
    with stored(config_path) as (_, store), store.transaction() as db:
        missing = [
            each
            for each in alert_ids
            if not alerts.acknowledge(db, each, verdict=verdict, by=author, note=note, now=now)
        ]
    done = [each for each in alert_ids if each not in missing]
    if as_json:
        print_json({"acknowledged": done, "verdict": verdict, "by": author, "at": now, "missing": missing})
    elif done:
        click.echo(f"{counted(len(done), 'alert')} acknowledged as {verdict}")
    if missing:
        fail(f"there is no alert {', '.join(map(str, missing))}: see 'monitor alerts list'")
