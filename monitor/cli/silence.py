"""``monitor silence``: time-bounded quiet about a watch, a story, a feed or a term, with reason and author."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from monitor.cli.durations import duration_option
from monitor.cli.names import feed_or_exit, term_list_or_exit, watches_or_exit
from monitor.cli.output import (
    EXIT_USAGE,
    config_option,
    fail,
    json_option,
    local,
    print_json,
    print_table,
)
from monitor.cli.session import stored

COLUMNS = ("id", "covers", "starts", "until", "author", "reason")


@click.group("silence", help="Add, list and expire silences.")
def command() -> None:
    """Silences."""


@command.command("add")
@config_option
@click.option("--watch", default="", help="A watch's name or * pattern.")
@click.option("--story", "story_id", type=int, help="A story's number: mutes its updates.")
@click.option("--feed", default="", help="A feed's name, tag or host pattern.")
@click.option("--term", default="", help="A matched term, or words of the title.")
@duration_option("--for", "duration", help="How long (90m, 6h, 7d) [default: 24h].")
@click.option("--reason", required=True, help="Why; 'monitor why' shows it.")
@click.option("--author", default=None, help="Who asks for it [default: you].")
@json_option
def add(
    *, config_path: Path | None, watch: str, story_id: int | None, feed: str, term: str, duration: timedelta | None,
    reason: str, author: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Suppress what would alert and matches every option given; it stays listed, with the silence's number."""
    from monitor.store import silences, stories

    if not (watch or feed or term or story_id is not None):
        fail("name what to silence: --watch, --story, --feed or --term", code=EXIT_USAGE)
    now = datetime.now(UTC)
    author, until = author or getpass.getuser(), now + (duration or timedelta(hours=24))
    with stored(config_path) as (settings, store), store.transaction() as db:
        if watch:
            watches_or_exit(db, settings, watch)
        if feed:
            feed_or_exit(db, settings, feed)
        term_list_or_exit(settings, term)
        if story_id is not None and stories.get(db, story_id) is None:
            fail(f"there is no story {story_id}")
        silence_id = silences.add(
            db, watch=watch, story_id=story_id, feed=feed, term=term, until=until, reason=reason, now=now,
            author=author,
        )  # fmt: skip
    row: dict[str, Any] = {
        "id": silence_id, "watch": watch, "story": story_id, "feed": feed, "term": term, "starts": now, "until": until,
        "reason": reason, "author": author,
    }  # fmt: skip
    if as_json:
        print_json(row)
    else:
        click.echo(f"silence {silence_id} covers {_covers(row)} until {local(until)}: end it sooner with"
                   f" 'monitor silence expire {silence_id}'")  # fmt: skip


@command.command("list")
@config_option
@click.option("--all", "ended", is_flag=True, help="Those that have ended, too.")
@json_option
def list_(config_path: Path | None, ended: bool, as_json: bool) -> None:
    """Silences in force and to come."""
    from monitor.store import silences

    with stored(config_path) as (_, store), store.read() as db:
        listed = silences.listed(db, datetime.now(UTC), ended=ended)
    rows: list[dict[str, Any]] = [
        {
            "id": each.id, "watch": each.watch, "story": each.story_id, "feed": each.feed, "term": each.term,
            "starts": each.starts, "until": each.until, "reason": each.reason, "author": each.author,
        }
        for each in listed
    ]  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        print_table([row | {"covers": _covers(row)} for row in rows], COLUMNS, empty="no silence")


def _covers(row: dict[str, Any]) -> str:
    return " and ".join(f"{key} {row[key]}" for key in ("watch", "story", "feed", "term") if row[key] not in {"", None})


@command.command("expire")
@click.argument("silence_id", metavar="SILENCE", type=int)
@config_option
@json_option
def expire(silence_id: int, config_path: Path | None, as_json: bool) -> None:
    """End a silence now."""
    from monitor.store import silences

    now = datetime.now(UTC)
    with stored(config_path) as (_, store), store.transaction() as db:
        if not silences.expire(db, silence_id, now):
            fail(f"no silence {silence_id} is in force: see 'monitor silence list'")
    if as_json:
        print_json({"id": silence_id, "until": now})
    else:
        click.echo(f"silence {silence_id} ended: what it covers alerts again")
