"""``monitor why``: the ladder of reasons for one article, alerted or not."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import click

from monitor.cli.given import STDIN
from monitor.cli.names import watch_or_exit
from monitor.cli.output import EXIT_FAILED, EXIT_USAGE, config_option, fail, fail_unknown, json_option, print_json, say
from monitor.cli.session import clear_errors, compiled_or_exit
from monitor.model.articles import Article, Method
from monitor.model.settings import Settings
from monitor.pipeline.why import Ladder, Step, why_article, why_stored
from monitor.watches.matcher import Matcher

MARKS = {True: "✓", False: "✗", None: "·"}


@click.command(
    "why",
    help="Explain why an article alerted or did not. "
    "WHAT is a URL, an alert's id, a page or text file, or - for text on standard input.",
)
@config_option
@click.argument("what")
@click.option("--watch", metavar="NAME", help="Explain this watch only.")
@json_option
def command(config_path: Path | None, what: str, watch: str | None, as_json: bool) -> None:
    """Exit 1 when the article was never seen."""
    loaded, matcher = compiled_or_exit(config_path)
    with clear_errors():
        ladder = _ladder(loaded.settings, matcher, what, watch)
    if as_json:
        print_json({"asked": ladder.asked, "found": ladder.found, "steps": [_as_json(step) for step in ladder.steps]})
    else:
        for step in ladder.steps:
            _print(step)
    if not ladder.found:
        raise SystemExit(EXIT_FAILED)


def _ladder(settings: Settings, matcher: Matcher, what: str, watch: str | None) -> Ladder:
    stands_alone = what == STDIN or Path(what).is_file() or not settings.storage.database.exists()
    if watch and watch not in matcher.watches and stands_alone:
        fail_unknown("watch", watch, matcher.watches)
    if what == STDIN:
        return why_article(STDIN, _plain(sys.stdin.read()), matcher, watch)
    if Path(what).is_file():
        return why_article(what, asyncio.run(_read(Path(what).resolve())), matcher, watch)
    if not (what.isdigit() or "://" in what):
        fail(f"{what!r} is no file here, no address (https://…) and no alert's id", code=EXIT_USAGE)
    from monitor.app import open_store

    if not settings.storage.database.exists():
        fail(f"no database at {settings.storage.database} yet: start 'monitor run' or 'monitor once' first")
    store = open_store(settings)
    try:
        with store.read() as db:
            if watch:
                watch_or_exit(db, settings, watch)
            return why_stored(db, what, matcher, watch)
    finally:
        store.close()


async def _read(path: Path) -> Article:
    from monitor.articles.extract import extract_article
    from monitor.model.articles import PageHints
    from monitor.workers.pool import WorkerPool

    body = await asyncio.to_thread(path.read_bytes)
    if b"<" not in body[:4096]:
        return _plain(body.decode("utf-8", "replace"))
    hints = PageHints(url=path.as_uri())
    async with WorkerPool(1) as workers:
        article = await workers.run(extract_article, body, hints, deadline=timedelta(seconds=20))
    if not isinstance(article, Article):
        fail(f"{path}: no article could be extracted: {article.detail}")
    return article


def _plain(text: str) -> Article:
    title, _, rest = text.strip().partition("\n")
    return Article(url="", title=title if rest else "", text=rest.strip() or title, method=Method.GIVEN)


def _print(step: Step) -> None:
    first, *rest = step.lines or ("",)
    say(f"{MARKS[step.ok]} {step.station:<9}{first}")
    for line in rest:
        say(f"{'':11}{line}")


def _as_json(step: Step) -> dict[str, object]:
    return {"station": step.station, "ok": step.ok, "lines": step.lines, **step.facts}
