"""``monitor stories``: what is reported as one event, who followed, what changed; and putting it right by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.output import config_option, fail, json_option, local, print_json, print_table, say
from monitor.cli.session import clear_errors, stored
from monitor.model.words import counted

if TYPE_CHECKING:
    from sqlite_utils import Database

    from monitor.store.articles import StoredArticle
    from monitor.store.stories import StoredPlacement, StoredStory


@click.group("stories", help="List, show, split and merge stories.")
def command() -> None:
    """A story is the articles judged to report the same event."""


@command.command("list", help="The latest stories.")
@config_option
@json_option
@click.option("--limit", default=30, show_default=True, type=click.IntRange(1, 1000), help="At most so many.")
def list_(config_path: Path | None, as_json: bool, limit: int) -> None:
    """Newest activity first."""
    from monitor.store import stories

    with stored(config_path) as (_, store), store.read() as db:
        rows = [_summary(story) for story in stories.latest(db, limit=limit)]
    if as_json:
        print_json(rows)
    else:
        columns = ("id", "last_seen", "articles", "sources", "independent", "title")
        print_table(rows, columns, empty="No stories yet.")


@command.command("show", help="One story: first report, who followed, copies folded, what changed when.")
@config_option
@json_option
@click.argument("story_id", metavar="ID", type=int)
def show(config_path: Path | None, as_json: bool, story_id: int) -> None:
    """Exit 1 where there is none."""
    with stored(config_path) as (_, store), store.read() as db:
        view = _view(db, story_id)
    if view is None:
        fail(f"there is no story {story_id}: see 'monitor stories list'")
    if as_json:
        print_json(view)
    else:
        for line in _told(view):
            say(line)


@command.command("merge", help="Merge story ID into story INTO: both report one event.")
@config_option
@click.argument("story_id", metavar="ID", type=int)
@click.argument("into", metavar="INTO", type=int)
@json_option
def merge(config_path: Path | None, story_id: int, into: int, as_json: bool) -> None:
    """Undone by ``split`` with the articles that were moved."""
    from monitor.pipeline import regroup
    from monitor.store import articles

    with stored(config_path) as (_, store), clear_errors(), _refused(), store.transaction() as db:
        moved = [each.id for each in articles.of_story(db, story_id)]
        regroup.merge(db, story_id, into=into, now=datetime.now(UTC))
    if as_json:
        print_json({"story": into, "merged": story_id, "articles": moved})
    else:
        click.echo(f"story {story_id} is part of story {into} now")


@command.command("split", help="Split articles off story ID into a new story: they report another event.")
@config_option
@click.argument("story_id", metavar="ID", type=int)
@click.argument("article_ids", metavar="ARTICLE…", type=int, nargs=-1, required=True)
@json_option
def split(config_path: Path | None, story_id: int, article_ids: tuple[int, ...], as_json: bool) -> None:
    """Copies go with their source. Undone by ``merge``."""
    from monitor.pipeline import regroup
    from monitor.store import articles

    with stored(config_path) as (_, store), clear_errors(), _refused(), store.transaction() as db:
        new_id = regroup.split(db, story_id, article_ids, now=datetime.now(UTC))
        moved = [each.id for each in articles.of_story(db, new_id)]
    if as_json:
        print_json({"story": new_id, "split": story_id, "articles": moved})
    else:
        click.echo(f"story {new_id} has them now")


@contextmanager
def _refused() -> Iterator[None]:
    from monitor.pipeline.regroup import RegroupError

    try:
        yield
    except RegroupError as error:
        fail(str(error))


def _summary(story: StoredStory) -> dict[str, Any]:
    return {
        "id": story.id,
        "title": story.title,
        "first_seen": story.first_seen,
        "last_seen": story.last_seen,
        "articles": story.articles,
        "sources": story.sources,
        "independent": story.independent,
        "merged_into": story.merged_into,
    }


def _view(db: Database, story_id: int) -> dict[str, Any] | None:
    from monitor.store import articles, stories
    from monitor.stories.profile import from_json

    story = stories.get(db, story_id)
    if story is None:
        return None
    members = articles.of_story(db, story_id)
    verdicts = stories.placements_of_story(db, story_id, limit=10_000)
    reports = [each for each in members if each.copy_of is None]
    return _summary(story) | {
        "counts": {kind: list(values) for kind, values in from_json(story.profile).counts.items()},
        "reports": [_report(each, members, verdicts) for each in reports],
        "changes": [
            {"at": each.at, "article": each.article_id, "url": each.url, "change": change.text, "kind": change.kind}
            for each in verdicts
            for change in each.changes
        ],
    }


def _report(article: StoredArticle, members: list[StoredArticle], verdicts: list[StoredPlacement]) -> dict[str, Any]:
    verdict = next((each for each in verdicts if each.article_id == article.id), None)
    copies = [each for each in members if each.copy_of == article.id]
    return {
        "article": article.id,
        "seen": article.seen,
        "title": article.article.title,
        "publisher": article.article.publisher,
        "url": article.article.url,
        "version": article.version,
        "rung": verdict.rung if verdict else None,
        "reason": verdict.reason if verdict else None,
        "copies": [
            {"article": each.id, "seen": each.seen, "publisher": each.article.publisher, "url": each.article.url}
            for each in copies
        ],
    }


def _told(view: dict[str, Any]) -> Iterator[str]:
    """The story in lines, as a person wants to read it."""
    yield f"Story {view['id']}: {view['title'] or '(no title)'}"
    if view["merged_into"] is not None:
        yield f"  merged into story {view['merged_into']}"
        return
    told = f"{counted(view['articles'], 'article')} of {counted(view['sources'], 'publisher')}"
    yield f"  {told}, {view['independent']} independent; {local(view['first_seen'])} to {local(view['last_seen'])}"
    for kind, values in view["counts"].items():
        yield f"  {kind}: {', '.join(map(str, values))}"
    for n, report in enumerate(view["reports"]):
        yield ""
        yield f"{'First report' if n == 0 else 'Then'}  {local(report['seen'])}  {report['publisher']}"
        yield f"  {report['title'] or '(no title)'}  [article {report['article']}]"
        yield f"  {report['url']}"
        if n:
            yield f"  why here: {report['reason']}"
        if report["copies"]:
            outlets = list(dict.fromkeys(copy["publisher"] for copy in report["copies"]))
            shown = ", ".join(outlets[:8]) + (f" and {len(outlets) - 8} more" if len(outlets) > 8 else "")
            yield f"  {counted(len(report['copies']), 'copy', 'copies')} folded: {shown}"
    if view["changes"]:
        yield ""
        yield "What changed"
    for change in view["changes"]:
        yield f"  {local(change['at'])}  {change['change']}  [article {change['article']}]"
