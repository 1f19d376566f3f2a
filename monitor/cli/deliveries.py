"""``monitor deliveries``: the outbox, and an operator's decisions about its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from monitor.cli.names import channel_or_exit
from monitor.cli.output import EXIT_USAGE, config_option, fail, json_option, print_json, print_table
from monitor.cli.session import stored
from monitor.model.delivery import DeliveryState
from monitor.model.settings import Settings
from monitor.model.words import counted

COLUMNS = ("id", "alert", "channel", "state", "attempts", "due", "watch", "detail")
STATES = [each.value for each in DeliveryState]
REPLAYABLE = {DeliveryState.DEAD, DeliveryState.HELD, DeliveryState.DROPPED, DeliveryState.SENT, DeliveryState.DIGESTED}
DROPPABLE = {DeliveryState.NEW, DeliveryState.RETRY, DeliveryState.HELD, DeliveryState.DEAD}


@click.group("deliveries", help="List, replay and drop deliveries.")
def command() -> None:
    """The outbox."""


@command.command("list")
@config_option
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--channel", help="Only this channel.")
@click.option("--alert", "alert_id", type=int, help="Only this alert.")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@json_option
def list_(
    *, config_path: Path | None, states: tuple[str, ...], channel: str | None, alert_id: int | None, limit: int,
    as_json: bool,
) -> None:  # fmt: skip
    """The newest first; what is wrong with a channel stands above."""
    from monitor.store import alerts, channels, deliveries

    with stored(config_path) as (settings, store), store.read() as db:
        if channel:
            channel_or_exit(db, settings, channel)
        if alert_id is not None and alerts.message_of(db, alert_id) is None:
            fail(f"there is no alert {alert_id}: see 'monitor alerts list'")
        rows = deliveries.listed(db, states=states, channel=channel, alert_id=alert_id, limit=limit)
        troubled = [each for each in channels.states(db) if each.broken_since or each.paused_until]
    if as_json:
        print_json(rows)
        return
    for each in troubled:
        word = "broken" if each.broken_since else "paused"
        click.echo(f"channel {each.channel} is {word}: {each.detail}", err=True)
    print_table(rows, COLUMNS, empty="no delivery")


@command.command("replay")
@click.argument("delivery_ids", metavar="[ID…]", type=int, nargs=-1)
@config_option
@click.option("--channel", help="Every such row of this channel.")
@click.option(
    "--state",
    type=click.Choice(sorted(each.value for each in REPLAYABLE)),
    help="Every row in this state [default: dead and held].",
)
@json_option
def replay(
    *, delivery_ids: tuple[int, ...], config_path: Path | None, channel: str | None, state: str | None, as_json: bool
) -> None:
    """Send rows again: dead, held, dropped, or even sent ones that got lost. The key stays the same."""
    from monitor.store import deliveries

    states = {state} if state else {DeliveryState.DEAD.value, DeliveryState.HELD.value}
    with stored(config_path) as (settings, store), store.transaction() as db:
        chosen = _Choice(delivery_ids, channel, states, by_state=state is not None, can="be sent again", of=REPLAYABLE)
        rows = _chosen(db, settings, chosen)
        for row in rows:
            deliveries.release(db, row["id"], datetime.now(UTC))
    _tell(rows, "queued again", state=DeliveryState.NEW, as_json=as_json)


@command.command("drop")
@click.argument("delivery_ids", metavar="[ID…]", type=int, nargs=-1)
@config_option
@click.option("--channel", help="Every waiting row of this channel.")
@click.option(
    "--state",
    type=click.Choice(sorted(each.value for each in DROPPABLE)),
    help="Every row in this state [default: all that wait].",
)
@click.option("--reason", default="dropped by the operator", show_default=True)
@json_option
def drop(
    *, delivery_ids: tuple[int, ...], config_path: Path | None, channel: str | None, state: str | None, reason: str,
    as_json: bool,
) -> None:  # fmt: skip
    """Give rows up; the alerts stay in the list."""
    from monitor.store import deliveries, together

    states = {state} if state else {str(each) for each in DROPPABLE}
    with stored(config_path) as (settings, store), store.transaction() as db:
        chosen = _Choice(delivery_ids, channel, states, by_state=state is not None, can="be dropped", of=DROPPABLE)
        rows = _chosen(db, settings, chosen)
        for row in rows:
            deliveries.drop(db, row["id"], datetime.now(UTC), reason=reason)
        also = [each for row in rows for each in together.companions(db, row["alert"], row["channel"])]
    _tell(rows, "dropped", state=DeliveryState.DROPPED, as_json=as_json)
    if also and not as_json:
        click.echo(f"with what they told as well: {', '.join(f'alert {each.alert_id} {each.watch}' for each in also)}")


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which rows an operator means: by id, or all of a channel, a state or both. ``of`` are the states that ``can``."""

    ids: tuple[int, ...]
    channel: str | None
    states: set[str]
    by_state: bool
    can: str
    of: set[DeliveryState]


def _chosen(db: Database, settings: Settings, choice: _Choice) -> list[dict[str, Any]]:
    """The rows; exits where none was named, or one that there is not, or that is in another state."""
    from monitor.store import deliveries

    ids = set(choice.ids)
    if not ids and not choice.channel and not choice.by_state:
        fail("name the rows by id, by --channel or by --state", code=EXIT_USAGE)
    if choice.channel:
        channel_or_exit(db, settings, choice.channel)
    if not ids:
        found = deliveries.listed(db, states=sorted(choice.states), channel=choice.channel, limit=1_000_000)
        # What goes with another message goes again, or is given up, with that message.
        return [row for row in found if row["told_by"] is None or row["state"] == DeliveryState.DIGESTED]
    rows = [row for row in deliveries.listed(db, limit=1_000_000) if row["id"] in ids]
    unknown = ids - {row["id"] for row in rows}
    if unknown:
        fail(f"there is no delivery {', '.join(map(str, sorted(unknown)))}: see 'monitor deliveries list'")
    refused = [f"delivery {row['id']} is {row['state']}" for row in rows if row["state"] not in choice.of]
    if refused:
        fail(f"{', '.join(refused)}: only what is {', '.join(sorted(choice.of))} can {choice.can}")
    return rows


def _tell(rows: list[dict[str, Any]], word: str, *, state: DeliveryState, as_json: bool) -> None:
    if as_json:
        columns = ("id", "alert", "channel")
        print_json([{key: row[key] for key in columns} | {"was": row["state"], "state": state} for row in rows])
    elif not rows:
        click.echo("no such delivery: see 'monitor deliveries list'")
    else:
        click.echo(f"{counted(len(rows), 'delivery', 'deliveries')} {word}")
