"""``monitor backtest``: watches over the stored articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.durations import Duration
from monitor.cli.output import config_option, fail, fail_unknown, json_option, local, print_json, print_table
from monitor.cli.progress import counting
from monitor.cli.session import clear_errors, compiled_or_exit
from monitor.model.clock import SystemClock
from monitor.model.words import counted

if TYPE_CHECKING:
    from monitor.model.settings import Settings
    from monitor.watches.backtest import Archived, Backtest, Found
    from monitor.watches.matcher import Matcher

MOST_LISTED = 20
PAGE = 200


@click.command()
@config_option
@click.option("--watch", metavar="NAME", help="This watch only.")
@click.option("--since", type=Duration(), default="30d", show_default=True, help="How far back.")
@click.option("--against", "proposal", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="A configuration or watchlist file to compare with the one in force.")  # fmt: skip
@json_option
def command(
    config_path: Path | None, watch: str | None, since: timedelta, proposal: Path | None, as_json: bool
) -> None:
    """Run watches over the stored articles: hits, stories and alerts a day, and what each clause removes.

    With --against FILE the watches of FILE are run and compared with those in force: what they gain and what they lose.
    """
    from monitor.watches.backtest import backtest

    loaded, in_force = compiled_or_exit(config_path)
    matcher = compiled_or_exit(proposal)[1] if proposal else in_force
    names = [watch] if watch else list(matcher.watches)
    if watch and watch not in matcher.watches:
        fail_unknown("watch", watch, matcher.watches)
    reports = backtest(names, matcher, archive(loaded.settings, since), in_force=in_force if proposal else None)
    if as_json:
        print_json([_as_json(report) for report in reports])
        return
    if not any(report.articles for report in reports):
        click.echo(_nothing_read(loaded.settings, since) if reports else "no watch is configured: nothing to run")
        return
    for report in reports:
        _print(report, compared=proposal is not None)


def archive(settings: Settings, since: timedelta) -> Iterator[Archived]:
    """The stored articles first seen within ``since``; a person who waits is told how many were read."""
    return counting(_stored(settings, since), "article")


def _stored(settings: Settings, since: timedelta) -> Iterator[Archived]:
    """A page at a time, so that the daemon writes in between."""
    from monitor.app import open_store
    from monitor.store import articles
    from monitor.watches.backtest import Archived

    with clear_errors():
        if not settings.storage.database.exists():
            fail(f"no database at {settings.storage.database} yet: start 'monitor run' or 'monitor once' first")
        store = open_store(settings)
    start, after = SystemClock().now() - since, 0
    try:
        while True:
            with store.read() as db:
                page = articles.since(db, start, after_id=after, limit=PAGE)
            if not page:
                return
            after = page[-1].id
            yield from (
                Archived(id=each.id, story=each.story_id, seen=each.seen, article=each.article) for each in page
            )
    finally:
        store.close()


def _nothing_read(settings: Settings, since: timedelta) -> str:
    """Why there was nothing to run the watches over, and what to do."""
    from monitor.app import open_store
    from monitor.store import articles

    with closing(open_store(settings)) as store, store.read() as db:
        newest = articles.latest_seen(db)
    if newest is None:
        return "no article is stored yet: 'monitor once' or 'monitor run' reads what the feeds list"
    start = SystemClock().now() - since
    return f"no article was stored since {local(start)}, the newest at {local(newest)}: give a longer --since"


def hits_of(name: str, matcher: Matcher, settings: Settings, since: timedelta) -> list[Found]:
    """The hits of one watch in the archive."""
    from monitor.watches.backtest import hit_of

    found = (hit_of(name, matcher, each) for each in archive(settings, since))
    return [each for each in found if each is not None]


def _as_json(report: Backtest) -> dict[str, object]:
    return asdict(report) | {"stories": report.stories, "alerts_per_day": round(report.alerts_per_day, 2)}


def _print(report: Backtest, *, compared: bool) -> None:
    background = sum(hit.background for hit in report.hits)
    click.echo(
        f"{report.watch}: {counted(len(report.hits), 'hit')} in {counted(report.stories, 'story', 'stories')} "
        f"among {counted(report.articles, 'article')} of "
        f"{counted(round(report.days), 'day')}; {background} background; about {report.alerts_per_day:.1f} alerts a day"
    )
    for effect in report.clauses:
        click.echo(f"  without {effect.clause}: {effect.removes} more")
    if compared:
        click.echo(f"  against the watch in force: +{len(report.gained)} gained, −{len(report.lost)} lost")
        for sign, found in (("+", report.gained), ("−", report.lost)):
            for hit in found[:MOST_LISTED]:
                click.echo(f"    {sign} {hit.score:.2f} {hit.title} {hit.url}")
            if len(found) > MOST_LISTED:
                click.echo(f"    {sign} and {len(found) - MOST_LISTED} more (--json lists all)")
    elif report.hits:
        rows = [{"score": f"{hit.score:.2f}", "title": hit.title, "url": hit.url} for hit in report.hits[:MOST_LISTED]]
        print_table(rows, ("score", "title", "url"), empty="")
