"""``monitor replay``: a file of timed items through identity, watches and alerting, with the clock of the items.

One line is printed for each item, after its transaction was committed. The progress is stored in that same
transaction: killed at any moment and started again with the same ``--db``, the replay goes on where it was.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.given import EXTRACTED, STDIN, Keys
from monitor.cli.output import EXIT_FAILED, config_option, fail
from monitor.model.feeds import by_name_or_address, named_feed

if TYPE_CHECKING:
    from monitor.model.alerts import Alerted
    from monitor.model.articles import Article
    from monitor.model.feeds import FeedSpec
    from monitor.model.settings import Settings
    from monitor.model.watches import Hit, WatchSpec
    from monitor.pipeline.judge import Judgement, Matching

READ = {
    "at", "feed", "guid", "url", "title", "text", "published", "lead", "author", "lang", "language", "canonical_url",
}  # fmt: skip
OF_MATCH = {"id"}
"""What ``monitor match`` calls an article by; here the number of its line does."""
FIRST_YEAR, LAST_YEAR = 1970, 2200
EVERYTHING = "everything"
"""The watch that every item hits, where no watches are configured."""


@click.command("replay", help="Run timed items (JSON lines; '-' reads standard input) through the line.")
@click.argument("items", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True, exists=True))
@click.option("--db", "database", type=click.Path(path_type=Path, dir_okay=False), help="Keep the state in this file.")
@config_option
def command(items: Path, database: Path | None, config_path: Path | None) -> None:
    """Exit 1 when lines could not be read; the others are replayed all the same. A key that is not read is told of."""
    from monitor.store.database import Store, StoreError

    settings, matcher = _rules(config_path)
    try:
        store = Store(database)
    except (StoreError, OSError) as error:
        fail(str(error))
    with closing(store):
        broken = _replay(items, store=store, settings=settings, matcher=matcher)
    if broken:
        sys.exit(EXIT_FAILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the input, and its number counted from 1."""

    n: int
    at: datetime
    feed: str
    guid: str | None
    article: Article


class EveryItem:
    """Stands for a matcher: one watch that every article hits."""

    def __init__(self) -> None:
        from monitor.model.watches import WatchSpec

        self.watches: Mapping[str, WatchSpec] = {EVERYTHING: WatchSpec(name=EVERYTHING)}

    def match(self, article: Article) -> tuple[Hit, ...]:
        """One hit."""
        from monitor.model.watches import Hit

        return (Hit(watch=EVERYTHING, score=1.0, reasons=("every item is watched",), spans=()),)


def _rules(config_path: Path | None) -> tuple[Settings, Matching]:
    from monitor.config.load import default_places
    from monitor.model.settings import Settings

    if config_path is None and not any(place.exists() for place in default_places()):
        return Settings(), EveryItem()
    from monitor.cli.session import compiled_or_exit

    loaded, matcher = compiled_or_exit(config_path)
    return loaded.settings, matcher if matcher.watches else EveryItem()


def _replay(items: Path, *, store: Any, settings: Settings, matcher: Matching) -> int:
    """Replay what was not replayed yet; the number of lines that could not be read."""
    from monitor.pipeline.judge import judge
    from monitor.store import replays

    source = STDIN if str(items) == STDIN else str(items.resolve())
    with store.read() as db:
        done = replays.progress(db, source)
    if done:
        click.echo(f"monitor: {done} items were replayed before and are skipped", err=True)
    broken = 0
    feeds = by_name_or_address(settings.feeds)
    for item in _items(items, skip=done, feeds=feeds):
        if isinstance(item, str):
            broken += 1
            click.echo(f"monitor: {item}", err=True)
            continue
        with store.transaction() as db:
            judgement = judge(
                db, article=item.article, entry=None, feed=item.feed, guid=item.guid, matcher=matcher,
                settings=settings, now=item.at,
            )  # fmt: skip
            replays.advance(db, source, item.n)
        sys.stdout.write(json.dumps(_line(item.n, judgement), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    return broken


def _items(path: Path, *, skip: int, feeds: Mapping[str, FeedSpec]) -> Iterator[Item | str]:
    """The items from number ``skip`` + 1 on; a sentence in place of a line that is none."""
    stream = sys.stdin.buffer if str(path) == STDIN else path.open("rb")
    keys = Keys(str(path), read=READ, also=EXTRACTED | OF_MATCH)
    clock = datetime.now(UTC)
    with stream:
        for n, line in enumerate(stream, start=1):
            if n <= skip or not line.strip():
                continue
            try:
                fields = json.loads(line.decode("utf-8", "replace"))
                item = _item(n, fields, clock, feeds)
            except (ValueError, TypeError, RecursionError) as error:
                yield f"{path}:{n}: not an item: {error}"
                continue
            keys.look(fields, n)
            clock = item.at
            yield item


def _item(n: int, fields: Any, clock: datetime, feeds: Mapping[str, FeedSpec]) -> Item:
    """The item of one line; one of a configured feed, by name or address, has its tags, language and publisher."""
    from monitor.articles.publisher import publisher_of
    from monitor.model.articles import Article, Method

    if not isinstance(fields, dict):
        raise TypeError("it is no JSON object")
    url = _text(fields, "url")
    feed = _text(fields, "feed")
    spec = named_feed(feeds, feed)
    article = Article(
        url=url,
        title=_text(fields, "title"),
        text=_text(fields, "text"),
        lead=_text(fields, "lead"),
        author=_text(fields, "author") or None,
        published=_instant(fields.get("published")),
        language=_text(fields, "lang") or _text(fields, "language") or spec.language,
        canonical_url=_text(fields, "canonical_url") or None,
        method=Method.GIVEN,
        feed=spec.name,
        feed_tags=spec.tags,
        publisher=spec.publisher or publisher_of(url) or feed,
    )
    return Item(
        n=n, at=_instant(fields.get("at")) or clock, feed=feed, guid=_text(fields, "guid") or None, article=article
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    text = "" if value is None else value if isinstance(value, str) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")


def _instant(value: Any) -> datetime | None:
    """ISO 8601 (UTC where no zone is given) or seconds since 1970; None for anything else and for impossible years."""
    try:
        if isinstance(value, int | float):
            value = datetime.fromtimestamp(value, UTC)
        instant = datetime.fromisoformat(str(value))
        instant = instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if FIRST_YEAR <= instant.year <= LAST_YEAR else None


def _line(n: int, judgement: Judgement) -> dict[str, Any]:
    from monitor.model.alerts import Alerted

    placement = judgement.placement
    alerted = [each for each in judgement.decisions if isinstance(each, Alerted)]
    passed = [each for each in judgement.decisions if not isinstance(each, Alerted)]
    line: dict[str, Any] = {
        "n": n,
        "rung": placement.rung.value,
        "article": placement.article_id,
        "story": placement.story_id,
    }
    if placement.target is not None:
        line["target"] = placement.target
    return line | {
        "scores": dict(placement.scores),
        "reason": placement.reason,
        "changes": [change.text for change in placement.changes],
        "alerts": [_alert(each) for each in alerted],
        "suppressed": [{"watch": each.watch, "reason": each.reason.value, "detail": each.detail} for each in passed],
    }


def _alert(alerted: Alerted) -> dict[str, Any]:
    changes = {"changes": list(alerted.changes)} if alerted.changes else {}
    return {"watch": alerted.watch, "kind": alerted.kind.value, "channels": list(alerted.channels)} | changes
