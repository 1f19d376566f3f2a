"""``monitor notify test``: sends a test message straight through channels, past the outbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.output import EXIT_FAILED, config_option, json_option, print_json, print_table
from monitor.cli.session import channels_or_exit, settings_or_exit
from monitor.model.delivery import SendOutcome, Sent
from monitor.model.settings import Channel, Settings

if TYPE_CHECKING:
    from monitor.model.alerts import AlertMessage

DEADLINE = timedelta(seconds=30)


@click.group("notify", help="Send a test message through a channel.")
def command() -> None:
    """Test channels."""


@command.command("test")
@click.argument("channel_name", metavar="[CHANNEL]", required=False)
@config_option
@json_option
def test(channel_name: str | None, config_path: Path | None, as_json: bool) -> None:
    """Send a sample alert through CHANNEL, or through every channel; exit 1 if one refuses.

    A channel that works again is taken up at once, with all that waits for it.
    """
    settings = settings_or_exit(config_path)
    rows = []
    for channel in channels_or_exit(settings, channel_name):
        outcome = _send(channel, settings)
        if isinstance(outcome, Sent):
            _mend(settings, channel.name)
        rows.append(
            {"channel": channel.name, "sent": isinstance(outcome, Sent), "detail": outcome.detail or "accepted"}
        )
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ["channel", "sent", "detail"], empty="no channel is configured")
    if not all(row["sent"] for row in rows):
        raise SystemExit(EXIT_FAILED)


def _send(channel: Channel, settings: Settings) -> SendOutcome:
    from monitor.delivery.channels import open_channel
    from monitor.delivery.families import family_of
    from monitor.delivery.render import render_for

    now = datetime.now(UTC)
    rendered = render_for(family_of(channel.url), sample(now), zone=settings.alerts.timezone)
    key = f"test-{now.timestamp():.0f}:{channel.name}"
    return open_channel(channel).send(rendered, idempotency_key=key, deadline=DEADLINE)


def sample(now: datetime) -> AlertMessage:
    """An alert that shows all its parts and says that it is a test."""
    from monitor.model.alerts import AlertKind, AlertMessage, iso
    from monitor.model.watches import Severity

    excerpt = "This is a test of the channel. An explosion of joy was reported by its operator. Nobody was hurt."
    start = excerpt.index("explosion")
    return AlertMessage(
        alert_id=0,
        kind=AlertKind.NEW,
        watch="newsmonitor-test",
        severity=Severity.INFO,
        score=1.0,
        reasons=("you ran 'monitor notify test'",),
        story={"id": 0, "first_seen": iso(now), "sources": 1, "independent": 1},
        article={
            "title": "Test message: this channel works", "url": "https://example.org/newsmonitor-test",
            "site": "newsmonitor", "author": None, "published": iso(now), "seen": iso(now), "language": "en",
            "lead": "", "excerpt": excerpt, "highlights": [[start, start + len("explosion"), "explo*"]],
        },
        created=now,
    )  # fmt: skip


def _mend(settings: Settings, channel: str) -> None:
    from monitor.app import open_store
    from monitor.store import channels

    if not settings.storage.database.exists():
        return
    store = open_store(settings)
    try:
        with store.transaction() as db:
            channels.mend(db, channel)
    finally:
        store.close()
