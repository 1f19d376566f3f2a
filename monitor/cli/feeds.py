"""``monitor feeds``: list, add, remove, test, discover, import and export feeds."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.cli.output import config_option, fail, json_option, local, print_json, print_table
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Settings

if TYPE_CHECKING:
    from monitor.net.client import Client
    from monitor.pipeline.probe import Probe
    from monitor.store.outages import NetworkOutage
    from monitor.workers.pool import WorkerPool

T = TypeVar("T")


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
        click.echo(f"monitor: our own network has been down since {since}; no feed is blamed for it", err=True)
    if as_json:
        print_json(rows)
        return
    shown = [{**row, "problem": "; ".join(filter(None, [row["problem"], *row["notes"]]))} for row in rows]
    print_table(shown, ("name", "health", "last_success", "next_poll", "why", "problem"), empty="no feeds configured")


@command.command()
@click.argument("url")
@click.option("--name", help="Its name; made from its title where not given.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--unchecked", is_flag=True, help="Add it without asking its server.")
@config_option
def add(url: str, name: str | None, tags: tuple[str, ...], unchecked: bool, config_path: Path | None) -> None:
    """Append a [[feed]] table to the configuration, once the feed was read."""
    from monitor.feeds.tables import name_for

    settings, path = _opened(config_path)
    if any(feed.url == url for feed in settings.feeds):
        fail(f"{url} is configured already")
    title = ""
    if not unchecked:
        seen = _probed(settings, url)
        if seen.document is None:
            announced = f"; it announces {', '.join(seen.links)}" if seen.links else ""
            fail(f"{url}: {seen.problem}{announced}")
        title = seen.document.title
    taken = [feed.name for feed in settings.feeds]
    if name in taken:
        fail(f"a feed is named {name!r} already")
    feed = FeedSpec(name=name or name_for(title, url, taken), url=url, tags=tags)
    _append(path, [feed])
    click.echo(f"added {feed.name} to {path}")


@command.command()
@click.argument("name")
@config_option
def remove(name: str, config_path: Path | None) -> None:
    """Take the [[feed]] table NAME out of the configuration; its entries and articles stay."""
    from monitor.feeds.tables import EditError, removed

    _, path = _opened(config_path)
    try:
        _replace(path, removed(path.read_text("utf-8"), name))
    except EditError as error:
        fail(f"{path}: {error}")
    click.echo(f"removed {name} from {path}")


@command.command()
@click.argument("url")
@config_option
@json_option
def test(url: str, config_path: Path | None, as_json: bool) -> None:
    """Show what a poll of URL (or of the feed of that name) would see, when the next would be, and why."""
    settings = _settings_if_any(config_path)
    known = next((feed for feed in settings.feeds if feed.name == url), None)
    seen = _probed(settings, known.url if known else url)
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

    settings = _settings_if_any(config_path)
    address = url if "://" in url else f"https://{url}"

    async def search(client: Client, workers: WorkerPool) -> list[Probe]:
        return await discover_feeds(client, workers, address, polling=settings.polling, now=datetime.now(UTC))

    found = _online(settings, search)
    rows = [
        {"url": each.url, "title": each.document.title, "format": each.document.format, "entries": _count(each)}
        for each in found
        if each.document is not None
    ]
    if as_json:
        print_json(rows)
    else:
        print_table(rows, ("url", "title", "format", "entries"), empty=f"no feed found for {address}")
    if not rows:
        raise SystemExit(1)


@command.command("import")
@click.argument("file", type=click.File("rb"))
@config_option
def import_opml(file: Any, config_path: Path | None) -> None:
    """Append a [[feed]] table for each feed of an OPML file that is not configured yet; its folders become tags."""
    from monitor.feeds.opml import OpmlError, read_opml
    from monitor.feeds.tables import name_for

    settings, path = _opened(config_path)
    try:
        subscriptions = read_opml(file.read())
    except OpmlError as error:
        fail(f"{file.name}: {error}")
    taken = {feed.name for feed in settings.feeds}
    urls = {feed.url for feed in settings.feeds}
    added: list[FeedSpec] = []
    for each in subscriptions:
        if each.url not in urls:
            name = name_for(each.title, each.url, taken)
            taken.add(name)
            added.append(FeedSpec(name=name, url=each.url, tags=each.tags, language=each.language))
    if added:
        _append(path, added)
    click.echo(f"added {len(added)} feeds to {path}, {len(subscriptions) - len(added)} were there already")


@command.command()
@config_option
def export(config_path: Path | None) -> None:
    """Print the configured feeds as OPML."""
    from monitor.feeds.opml import write_opml

    click.echo(write_opml(_opened(config_path)[0].feeds), nl=False)


@command.command()
@click.argument("name")
@config_option
def accept(name: str, config_path: Path | None) -> None:
    """Say that a suspect feed is in order: it alerts again, from the next poll on."""
    from monitor.cli.session import stored
    from monitor.store import feeds

    with stored(config_path) as (_, store), store.transaction() as db:
        found = feeds.accept_face(db, name)
    if not found:
        fail(f"no suspect feed is named {name!r}")
    click.echo(f"{name} alerts again")


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
                "url": state.url if state else feed.url,
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
                "moving_to": state.move.url if state and state.move else None,
            }
        )
    return rows, outage


def _opened(config_path: Path | None) -> tuple[Settings, Path]:
    from monitor.cli.session import clear_errors
    from monitor.config.load import load_config

    with clear_errors():
        loaded = load_config(config_path)
        return loaded.settings, loaded.path
    raise AssertionError("clear_errors either returns the block's value or exits")


def _settings_if_any(config_path: Path | None) -> Settings:
    """The configuration, or the defaults where none was named and none lies in the usual places."""
    from monitor.config.load import default_places

    if config_path is None and not any(place.exists() for place in default_places()):
        return Settings()
    return _opened(config_path)[0]


def _append(path: Path, feeds: Sequence[FeedSpec]) -> None:
    from monitor.feeds.tables import EditError, appended

    try:
        _replace(path, appended(path.read_text("utf-8"), feeds))
    except EditError as error:
        fail(f"{path}: {error}")


def _replace(path: Path, text: str) -> None:
    """Put ``text`` in the file's place in one step, once it was found to be a valid configuration."""
    from monitor.cli.session import clear_errors
    from monitor.config.load import load_config

    real = path.resolve()
    with clear_errors():
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.", suffix=".toml")
        draft = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(real.stat().st_mode & 0o777)
            load_config(draft)
            draft.replace(real)
        finally:
            draft.unlink(missing_ok=True)


def _probed(settings: Settings, url: str) -> Probe:
    from monitor.pipeline.probe import probe

    spec = next((feed for feed in settings.feeds if feed.url == url), FeedSpec(name=url, url=url))
    crowd = max(1, len(settings.feeds))

    async def look(client: Client, workers: WorkerPool) -> Probe:
        now = datetime.now(UTC)
        return await probe(client, workers, spec, polling=settings.polling, now=now, crowd=crowd)

    return _online(settings, look)


def _online(settings: Settings, work: Callable[[Client, WorkerPool], Coroutine[Any, Any, T]]) -> T:
    from monitor.model.clock import SystemClock
    from monitor.net.client import Client, user_agent
    from monitor.workers.pool import WorkerPool

    async def run() -> T:
        agent = user_agent(settings.polling.user_agent_contact)
        async with (
            Client(settings.net, user_agent=agent, clock=SystemClock()) as client,
            WorkerPool(1, preload=("monitor.feeds.parse", "feedparser")) as workers,
        ):
            return await work(client, workers)

    return asyncio.run(run())


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
        return
    click.echo(f"{seen.url}\n  {document.title or 'untitled'} ({document.format}, {_count(seen)} entries)")
    for each in _latest(seen):
        click.echo(f"  {local(each.published)}  {each.title}")
    has_validators = seen.headers.get("etag") or seen.headers.get("last-modified")
    click.echo("  conditional requests: " + ("yes" if has_validators else "no, the server gives no validators"))
    if document.hub_url:
        click.echo(f"  announces the WebSub hub {document.hub_url}")
    for problem in document.problems:
        click.echo(f"  note: {problem}")
    if seen.next_poll is not None and seen.next_poll.at is not None:
        click.echo(f"  next at {seen.next_poll.at.astimezone():%H:%M}: {seen.next_poll.reason}")
