"""``monitor label``: say of a sample of hits whether they are right, and learn how precise the watch is."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import click

from monitor.cli.backtest import hits_of
from monitor.cli.durations import Duration
from monitor.cli.output import config_option, fail_unknown, json_option, print_json
from monitor.cli.session import compiled_or_exit
from monitor.model.words import counted

if TYPE_CHECKING:
    from monitor.model.settings import Settings
    from monitor.watches.backtest import Found


@click.command()
@click.argument("watch")
@config_option
@click.option("--since", type=Duration(), default="30d", show_default=True, help="How far back.")
@click.option("--size", type=click.IntRange(1, 1000), default=30, show_default=True, help="How many hits to show.")
@json_option
def command(config_path: Path | None, watch: str, since: timedelta, size: int, as_json: bool) -> None:
    """Show a sample of the hits of WATCH, evenly drawn over low and high scores; answer y, n, s (skip) or q (quit).

    Answers are kept in the data directory (labels/WATCH.jsonl), so that a later run goes on. Ends with the precision
    and its 95 % interval (Wilson). Alerts acknowledged as useful or noise count as answers.
    """
    from monitor.watches.backtest import precision, sample

    loaded, matcher = compiled_or_exit(config_path)
    if watch not in matcher.watches:
        fail_unknown("watch", watch, matcher.watches)
    file = loaded.settings.storage.path / "labels" / f"{watch.replace('/', '_')}.jsonl"
    hits = hits_of(watch, matcher, loaded.settings, since)
    labels = _acknowledged(loaded.settings, watch) | read_labels(file)
    if not as_json:
        unknown = [hit for hit in hits if hit.article not in labels]
        _ask(sample(unknown, size, Random(len(labels))), labels, file)  # noqa: S311 - a sample, no secret
    interval = precision(hits, labels)
    known = sum(hit.article in labels for hit in hits)
    if as_json:
        print_json({"watch": watch, "hits": len(hits), "labelled": known, "precision": interval.share,
                    "low": interval.low, "high": interval.high})  # fmt: skip
        return
    if not known:
        click.echo(f"{watch}: {counted(len(hits), 'hit')}, none labelled")
        return
    click.echo(
        f"{watch}: precision {interval.share:.0%} (95 % between {interval.low:.0%} and {interval.high:.0%}), "
        f"{known} of {counted(len(hits), 'hit')} labelled"
    )


def _acknowledged(settings: Settings, watch: str) -> dict[int, bool]:
    from monitor.app import open_store
    from monitor.store import alerts

    store = open_store(settings)
    try:
        with store.read() as db:
            return alerts.verdicts_on(db, watch)
    finally:
        store.close()


def _ask(hits: list[Found], labels: dict[int, bool], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for number, hit in enumerate(hits, 1):
        click.echo(f"\n{number}/{len(hits)}  {hit.score:.2f}  {hit.title}\n{hit.url}\n{' · '.join(hit.reasons)}")
        answer = click.prompt("right?", type=click.Choice(["y", "n", "s", "q"]), show_choices=True)
        if answer == "q":
            return
        if answer != "s":
            labels[hit.article] = answer == "y"
            with file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps({"article": hit.article, "url": hit.url, "right": answer == "y"}) + "\n")


def read_labels(file: Path) -> dict[int, bool]:
    """The answers given so far; a later answer replaces an earlier one, an unreadable line is left out."""
    labels: dict[int, bool] = {}
    if not file.exists():
        return labels
    for line in file.read_text("utf-8").split("\n"):
        try:
            read = json.loads(line)
            labels[int(read["article"])] = bool(read["right"])
        except (ValueError, KeyError, TypeError):
            continue
    return labels
