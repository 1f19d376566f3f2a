"""``monitor feeds add|remove|import|accept``: what changes the configured feeds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from monitor.cli.feeds_online import address, opened, probed, same_feed
from monitor.cli.given import name_of
from monitor.cli.output import config_option, fail, fail_unknown, json_option, print_json
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Settings
from monitor.model.words import counted


@click.command()
@click.argument("url")
@click.option("--name", help="Its name; made from its title where not given.")
@click.option("--tag", "tags", multiple=True, help="A tag; may be given several times.")
@click.option("--unchecked", is_flag=True, help="Add it without asking its server.")
@config_option
@json_option
def add(
    url: str, *, name: str | None, tags: tuple[str, ...], unchecked: bool, config_path: Path | None, as_json: bool
) -> None:
    """Append a [[feed]] table to the configuration, once the feed was read."""
    from monitor.feeds.tables import name_for

    settings, path = opened(config_path)
    url = address(url)
    twin = next((feed for feed in settings.feeds if same_feed(feed.url) == same_feed(url)), None)
    if twin is not None:
        fail(f"{url} is configured already, as {twin.name}")
    title = "" if unchecked else _title_of(settings, url)
    taken = [feed.name for feed in settings.feeds]
    if name in taken:
        fail(f"a feed is named {name!r} already")
    feed = FeedSpec(name=name or name_for(title, url, taken), url=url, tags=tags)
    _append(path, [feed])
    _say(as_json, f"added {feed.name} to {path}", {"added": [_fields(feed)], "config": path})


@click.command()
@click.argument("name")
@config_option
@json_option
def remove(name: str, config_path: Path | None, as_json: bool) -> None:
    """Take the [[feed]] table NAME out of the configuration; its entries and articles stay."""
    from monitor.feeds.tables import EditError, removed

    settings, path = opened(config_path)
    names = {feed.name for feed in settings.feeds}
    if name not in names:
        fail_unknown("feed", name, names)
    try:
        _replace(path, removed(path.read_text("utf-8"), name))
    except EditError as error:
        fail(f"{path}: {error}")
    _say(as_json, f"removed {name} from {path}", {"removed": name, "config": path})


@click.command("import")
@click.argument("file", type=click.File("rb"))
@config_option
@json_option
def import_opml(file: Any, config_path: Path | None, as_json: bool) -> None:
    """Append a [[feed]] table for each feed of an OPML file that is not configured yet; its folders become tags."""
    from monitor.feeds.opml import OpmlError, read_opml
    from monitor.feeds.tables import name_for

    settings, path = opened(config_path)
    try:
        subscriptions = read_opml(file.read())
    except OpmlError as error:
        fail(f"{name_of(file)}: {error}")
    taken = {feed.name for feed in settings.feeds}
    urls = {same_feed(feed.url) for feed in settings.feeds}
    added: list[FeedSpec] = []
    for each in subscriptions:
        if same_feed(each.url) not in urls:
            urls.add(same_feed(each.url))
            name = name_for(each.title, each.url, taken)
            taken.add(name)
            added.append(FeedSpec(name=name, url=each.url, tags=each.tags, language=each.language))
    if added:
        _append(path, added)
    already = len(subscriptions) - len(added)
    told = f"added {counted(len(added), 'feed')} to {path}, {already} {'was' if already == 1 else 'were'} there already"
    _say(as_json, told, {"added": [_fields(feed) for feed in added], "already": already, "config": path})


@click.command()
@click.argument("name")
@config_option
@json_option
def accept(name: str, config_path: Path | None, as_json: bool) -> None:
    """Say that a suspect feed is in order: it alerts again, from the next poll on."""
    from monitor.cli.session import stored
    from monitor.store import feeds

    names = {feed.name for feed in opened(config_path)[0].feeds}
    if name not in names:
        fail_unknown("feed", name, names)
    with stored(config_path) as (_, store), store.transaction() as db:
        found = feeds.accept_face(db, name)
    if not found:
        fail(f"{name} is not suspect: there is nothing to accept")
    _say(as_json, f"{name} alerts again", {"accepted": name})


COMMANDS = (add, remove, import_opml, accept)


def _title_of(settings: Settings, url: str) -> str:
    """The title of the feed at ``url``; exit 1 where there is none, with those that the page announces."""
    seen = probed(settings, url)
    if seen.document is None:
        announced = f"; it announces {', '.join(seen.links)}" if seen.links else ""
        fail(f"{url}: {seen.problem}{announced}")
    return seen.document.title


def _fields(feed: FeedSpec) -> dict[str, Any]:
    return {"name": feed.name, "url": feed.url, "tags": feed.tags, "language": feed.language}


def _say(as_json: bool, sentence: str, fields: dict[str, Any]) -> None:
    if as_json:
        print_json(fields)
    else:
        click.echo(sentence)


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
