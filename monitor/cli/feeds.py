"""``monitor feeds``: list, add, remove, test, discover, import and export feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli import feeds_edit
from monitor.cli.feeds_online import address, online, opened, probed, settings_if_any, without_password
from monitor.cli.output import config_option, fail, fail_unknown, json_option, local, print_json, print_table
from monitor.model.settings import Settings
from monitor.model.words import counted

if TYPE_CHECKING:
    from monitor.net.client import Client
    from monitor.pipeline.probe import Probe
    from monitor.store.outages import NetworkOutage
    from monitor.workers.pool import WorkerPool


@click.group()
def command() -> None:
    """List, add, remove, test, discover, import and export feeds."""


@command.command("list")
@config_option
@json_option
def list_feeds(config_path: Path | None, as_json: bool) -> None:
    """Show every feed with its health, its next poll and what is wrong with it."""
    from monitor.cli.session import settings_or_exit

    settings = settings_or_exit(config_path)
    rows, outage = _rows(settings)
    if outage is not None:
        since = local(outage.since)
        click.echo(f"monitor: our own network has been down since {since}; that counts against no feed", err=True)
    if as_json:
        print_json(rows)
        return
    shown = [{**row, "problem": "; ".join(filter(None, [row["problem"], *row["notes"]]))} for row in rows]
    print_table(shown, ("name", "health", "last_success", "next_poll", "why", "problem"), empty="no feeds configured")


@command.command()
@click.argument("url")
@config_option
@json_option
def test(url: str, config_path: Path | None, as_json: bool) -> None:
    """Show what a poll of URL (or of the feed of that name) would see, when the next would be, and why."""
    settings = settings_if_any(config_path)
    known = {feed.name: feed.url for feed in settings.feeds}
    if url not in known and "." not in url and ":" not in url:
        fail_unknown("feed", url, known)
    seen = probed(settings, known.get(url) or address(url))
    if as_json:
        print_json(_probe_fields(seen))
    else:
        _show(seen)
    if seen.document is None:
        raise SystemExit(1)


@command.command()
@click.argument("url")
@config_option
@json_option
def discover(url: str, config_path: Path | None, as_json: bool) -> None:
    """Find the feeds of a site: what its page announces, else where feeds usually are."""
    from monitor.pipeline.probe import discover as discover_feeds

    settings = settings_if_any(config_path)
    site = address(url)

    async def search(client: Client, workers: WorkerPool) -> list[Probe]:
        return await discover_feeds(client, workers, site, polling=settings.polling, now=datetime.now(UTC))

    found = online(settings, search)
    rows = [
        {"url": each.url, "title": each.document.title, "format": each.document.format, "entries": _count(each)}
        for each in found
        if each.document is not None
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows, ("url", "title", "format", "entries"), empty="")
    if not rows:
        fail(f"no feed found for {site}: {found[0].problem}")


@command.command()
@config_option
def export(config_path: Path | None) -> None:
    """Print the configured feeds as OPML."""
    from monitor.feeds.opml import write_opml

    click.echo(write_opml(opened(config_path)[0].feeds), nl=False)


for each in feeds_edit.COMMANDS:
    command.add_command(each)


def _rows(settings: Settings) -> tuple[list[dict[str, Any]], NetworkOutage | None]:
    """The configured feeds with their state, as far as the database has one; and whether our own network is lost."""
    from monitor.app import open_store
    from monitor.cli.session import clear_errors
    from monitor.store import outages
    from monitor.store.feeds import list_states

    states, outage = {}, None
    if settings.storage.database.exists():
        with clear_errors():
            store = open_store(settings)
            with store.read() as db:
                states = {state.spec.name: state for state in list_states(db)}
                outage = outages.current(db)
            store.close()
    rows = []
    for feed in settings.feeds:
        state = states.get(feed.name)
        rows.append(
            {
                "name": feed.name,
                "url": without_password(state.url if state else feed.url),
                "tags": feed.tags,
                "health": state.health.value if state else "new",
                "last_poll": state and state.last_poll,
                "last_success": state and state.last_success,
                "last_entry": state and state.last_entry,
                "failures": state.failures if state else 0,
                "next_poll": state and state.next_poll,
                "why": state.next_poll_reason if state else "not polled yet",
                "problem": state.problem if state else "",
                "notes": state.notes if state else (),
                "moving_to": without_password(state.move.url) if state and state.move else None,
            }
        )
    return rows, outage


def _count(seen: Probe) -> int:
    return len(seen.document.entries) if seen.document else 0


def _probe_fields(seen: Probe) -> dict[str, Any]:
    document = seen.document
    return {
        "url": seen.url,
        "problem": seen.problem,
        "announced": seen.links,
        "title": document and document.title,
        "format": document and document.format,
        "language": document and document.language,
        "entries": _count(seen),
        "latest": [{"title": each.title, "url": each.url, "published": each.published} for each in _latest(seen)],
        "etag": seen.headers.get("etag"),
        "last_modified": seen.headers.get("last-modified"),
        "hub": document and document.hub_url,
        "next_page": document and document.next_url,
        "next_poll": seen.next_poll and seen.next_poll.at,
        "why": seen.next_poll and seen.next_poll.reason,
        "problems": document.problems if document else (),
        "notes": seen.notes,
        "elapsed_s": round(seen.answer.elapsed.total_seconds(), 3),
    }


def _latest(seen: Probe) -> Sequence[Any]:
    return seen.document.entries[:5] if seen.document else ()


def _show(seen: Probe) -> None:
    """The probe in sentences."""
    document = seen.document
    if document is None:
        click.echo(f"{seen.url}\n  no feed: {seen.problem}")
        for link in seen.links:
            click.echo(f"  announces {link}")
        _show_next(seen)
        return
    listed = counted(_count(seen), "entry", "entries")
    click.echo(f"{seen.url}\n  {document.title or 'untitled'} ({document.format}, {listed})")
    for each in _latest(seen):
        click.echo(f"  {local(each.published)}  {each.title}")
    has_validators = seen.headers.get("etag") or seen.headers.get("last-modified")
    click.echo("  conditional requests: " + ("yes" if has_validators else "no, the server gives no validators"))
    if document.hub_url:
        click.echo(f"  announces the WebSub hub {document.hub_url}")
    for note in seen.notes:
        click.echo(f"  note: {note}")
    _show_next(seen)


def _show_next(seen: Probe) -> None:
    """ "next at 14:05: posts about 3 a day", with the date where it is not today's."""
    if seen.next_poll is None:
        return
    if seen.next_poll.at is None:
        click.echo(f"  next poll {seen.next_poll.reason}")
        return
    at, today = seen.next_poll.at.astimezone(), datetime.now(UTC).astimezone().date()
    shown = f"{at:%H:%M}" if at.date() == today else f"{at:%Y-%m-%d %H:%M}"
    click.echo(f"  next at {shown}: {seen.next_poll.reason}")
