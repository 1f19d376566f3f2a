"""``monitor digest``: what a channel's next digest would say, and sending it now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.durations import duration_option
from monitor.cli.output import config_option, fail_unknown, json_option, print_json
from monitor.cli.session import stored
from monitor.model.settings import Channel, Settings

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
    """Show what CHANNEL's next digest would say, or every channel's, and when it is due."""
    from monitor.alerts.cron import next_slot
    from monitor.pipeline.digest import compose

    now = datetime.now(UTC)
    rows: list[dict[str, Any]] = []
    with stored(config_path) as (settings, store), store.read() as db:
        for channel in _chosen(settings, channel_name):
            schedule = channel.digest or settings.alerts.digest
            slot = next_slot(schedule, now, settings.alerts.timezone) if schedule else None
            text = compose(db, channel, settings, start=_start(db, channel, now, since), now=now)
            rows.append({"channel": channel.name, "next": slot.at if slot else None, "text": text})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        due = f"due {row['next'].astimezone():%Y-%m-%d %H:%M %Z}" if row["next"] else "no digest is configured"
        click.echo(f"{row['channel']} ({due})\n{row['text'] or 'nothing was passed over'}\n")


@command.command("send")
@click.argument("channel_name", metavar="CHANNEL")
@config_option
@duration_option("--since", help="From how long ago [default: the last digest, or a day].")
def send(channel_name: str, config_path: Path | None, since: timedelta | None) -> None:
    """Queue CHANNEL's digest now; the running daemon, or the next 'monitor once', delivers it."""
    from monitor.pipeline.digest import send_now

    now = datetime.now(UTC)
    with stored(config_path) as (settings, store), store.transaction() as db:
        (channel,) = _chosen(settings, channel_name)
        alert_id = send_now(db, channel, settings, now, start=_start(db, channel, now, since))
    click.echo("nothing was passed over" if alert_id is None else f"digest {alert_id} queued for {channel_name}")


def _chosen(settings: Settings, name: str | None) -> list[Channel]:
    chosen = [channel for channel in settings.channels if name in {None, channel.name}]
    if name and not chosen:
        fail_unknown("channel", name, {channel.name for channel in settings.channels})
    return chosen


def _start(db: Any, channel: Channel, now: datetime, since: timedelta | None) -> Mark:
    from monitor.store import digests

    last = None if since is not None else digests.last_mark(db, channel.name)
    return last or digests.mark_since(db, now - (since or DEFAULT_SINCE))
