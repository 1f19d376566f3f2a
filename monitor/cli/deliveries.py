"""``monitor deliveries``: the outbox, and an operator's decisions about its rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from monitor.cli.output import EXIT_USAGE, config_option, fail, json_option, print_json, print_table
from monitor.cli.session import stored
from monitor.model.delivery import DeliveryState

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
    from monitor.store import channels, deliveries

    with stored(config_path) as (_, store), store.read() as db:
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
    "--state", type=click.Choice(sorted(REPLAYABLE)), help="Every row in this state [default: dead and held]."
)
def replay(delivery_ids: tuple[int, ...], config_path: Path | None, channel: str | None, state: str | None) -> None:
    """Send rows again: dead, held, dropped, or even sent ones that got lost. The key stays the same."""
    from monitor.store import deliveries

    chosen_states = {state} if state else {DeliveryState.DEAD.value, DeliveryState.HELD.value}
    with stored(config_path) as (_, store), store.transaction() as db:
        rows = _chosen(db, delivery_ids, channel, chosen_states, allowed={str(each) for each in REPLAYABLE})
        for row in rows:
            deliveries.release(db, row["id"], datetime.now(UTC))
    click.echo(f"{len(rows)} queued again")


@command.command("drop")
@click.argument("delivery_ids", metavar="[ID…]", type=int, nargs=-1)
@config_option
@click.option("--channel", help="Every waiting row of this channel.")
@click.option("--state", type=click.Choice(sorted(DROPPABLE)), help="Every row in this state [default: all that wait].")
@click.option("--reason", default="dropped by the operator", show_default=True)
def drop(
    delivery_ids: tuple[int, ...], config_path: Path | None, channel: str | None, state: str | None, reason: str
) -> None:
    """Give rows up; the alerts stay in the list."""
    from monitor.store import deliveries

    chosen_states = {state} if state else {str(each) for each in DROPPABLE}
    with stored(config_path) as (_, store), store.transaction() as db:
        rows = _chosen(db, delivery_ids, channel, chosen_states, allowed={str(each) for each in DROPPABLE})
        for row in rows:
            deliveries.drop(db, row["id"], datetime.now(UTC), reason=reason)
    click.echo(f"{len(rows)} dropped")


def _chosen(
    db: Database, delivery_ids: Iterable[int], channel: str | None, states: set[str], *, allowed: set[str]
) -> list[dict[str, Any]]:
    """The rows by id, or by channel and state; exits where neither is given or a row cannot be chosen."""
    from monitor.store import deliveries

    ids = set(delivery_ids)
    if not ids and not channel:
        fail("name the rows by id, or a --channel", code=EXIT_USAGE)
    if not ids:
        return deliveries.listed(db, states=sorted(states), channel=channel, limit=1_000_000)
    rows = [row for row in deliveries.listed(db, limit=1_000_000) if row["id"] in ids]
    unknown = ids - {row["id"] for row in rows}
    if unknown:
        fail(f"there is no delivery {', '.join(map(str, sorted(unknown)))}: see 'monitor deliveries list'")
    refused = [f"{row['id']} is {row['state']}" for row in rows if row["state"] not in allowed]
    if refused:
        fail(f"cannot do that to delivery {'; '.join(refused)}")
    return rows
