"""``monitor digest``: what a channel's next digest would say, and sending it now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.durations import duration_option
from monitor.cli.output import config_option, json_option, local, print_json
from monitor.cli.session import channels_or_exit, stored
from monitor.model.settings import Channel

if TYPE_CHECKING:
    from monitor.store.digests import Mark

DEFAULT_SINCE = timedelta(days=1)


@click.group("digest", help="Preview or send a digest.")
def command() -> None:
    """Digests."""


@command.command("preview")
@click.argument("channel_name", metavar="[CHANNEL]", required=False)
@config_option
@duration_option("--since", help="From how long ago [default: the last digest, or a day].")
@json_option
def preview(channel_name: str | None, config_path: Path | None, since: timedelta | None, as_json: bool) -> None:
    """Show what CHANNEL's next digest would say if it were sent now, or every channel's, and when it is due."""
    from monitor.alerts.cron import next_slot
    from monitor.pipeline.digest import compose

    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = []
    with stored(config_path) as (settings, store), store.read() as db:
        for channel in channels_or_exit(settings, channel_name):
            schedule = channel.digest or settings.alerts.digest
            slot = next_slot(schedule, now, settings.alerts.timezone) if schedule else None
            start = _start(db, channel, now, since)
            text = compose(db, channel, settings, start=start, now=now)
            row = {"channel": channel.name, "next": slot.at if slot else None, "since": start.at, "text": text}
            rows.append(row)
    if as_json:
        print_json(rows)
        return
    click.echo("\n\n".join(_in_words(row) for row in rows))


def _in_words(row: dict[str, Any]) -> str:
    name = row["channel"]
    due = f"next digest {local(row['next'])}" if row["next"] else f"no digest: give [channels.{name}] or [alerts] one"
    return f"{name}: {due}\n{row['text'] or 'nothing was passed over since ' + local(row['since'])}"


@command.command("send")
@click.argument("channel_name", metavar="CHANNEL")
@config_option
@duration_option("--since", help="From how long ago [default: the last digest, or a day].")
@json_option
def send(channel_name: str, config_path: Path | None, since: timedelta | None, as_json: bool) -> None:
    """Queue CHANNEL's digest now; the running daemon, or the next 'monitor once', delivers it."""
    from monitor.pipeline.digest import send_now

    now = datetime.now(UTC)
    with stored(config_path) as (settings, store), store.transaction() as db:
        (channel,) = channels_or_exit(settings, channel_name)
        start = _start(db, channel, now, since)
        alert_id = send_now(db, channel, settings, now, start=start)
    if as_json:
        print_json({"channel": channel_name, "since": start.at, "alert": alert_id})
    elif alert_id is None:
        click.echo(f"nothing was passed over since {local(start.at)}: no digest")
    else:
        click.echo(f"digest {alert_id} queued for {channel_name}: 'monitor deliveries list' shows when it has gone out")


def _start(db: Any, channel: Channel, now: datetime, since: timedelta | None) -> Mark:
    from monitor.store import digests

    last = None if since is not None else digests.last_mark(db, channel.name)
    return last or digests.mark_since(db, now - (since or DEFAULT_SINCE))
