"""``monitor check``: configuration, watches with their tests, and channels; every fault at once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.output import EXIT_USAGE, config_option, json_option, print_json
from monitor.config.load import Examined, examine
from monitor.config.report import locate_all, render_faults
from monitor.config.wording import stands_for
from monitor.model.faults import Fault
from monitor.model.words import counted

if TYPE_CHECKING:
    from monitor.model.watches import WatchlistSpec
    from monitor.watches.compile import Compiled


MOST_READ = 1_000
"""Stored articles that the lints look at; fewer where there are more than a thousand watches."""
PRODUCT = 1_000_000
"""Watches times articles: about a second."""
MOST_OF_VALUE = 10
"""Faults of one query, say, that are shown; ``--json`` has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Everything that was looked at: ``tests`` counts those of the watches, ``passed`` those that passed."""

    examined: Examined
    faults: tuple[Fault, ...]
    tests: int = 0
    passed: int = 0

    @property
    def errors(self) -> int:
        """How many faults forbid the use of the configuration."""
        return sum(fault.level == "error" for fault in self.faults)


@click.command("check", help="Check the whole configuration, run the watches' tests and lints.")
@config_option
@json_option
def command(config_path: Path | None, as_json: bool) -> None:
    """Print every fault with its place, or a summary; exit 2 when there are errors."""
    checked = check(config_path)
    if as_json:
        print_json(_as_json(checked))
    else:
        _print(checked)
    if checked.errors:
        sys.exit(EXIT_USAGE)


def check(config_path: Path | None) -> Checked:
    """Look at everything that the configuration says; a fault in one part hides none in another."""
    examined = examine(config_path)
    faults = [*examined.faults]
    tests, failed = _check_watches(examined, faults)
    _check_channels(examined, faults)
    return Checked(examined=examined, faults=tuple(faults), tests=tests, passed=tests - failed)


def _check_watches(examined: Examined, faults: list[Fault]) -> tuple[int, int]:
    """Add what the watches room finds; comes back with the number of tests run and failed."""
    from monitor.watches.compile import collector_paused, compile_watchlist

    spec = examined.settings.watchlist
    compiled = compile_watchlist(spec)
    faults += _news(compiled.faults, known=examined.errors)
    if compiled.matcher is None:
        return 0, 0
    from monitor.watches.check import run_tests

    with collector_paused():
        faults += _warnings(compiled, spec, examined.settings.storage.database)
    results = run_tests(compiled.matcher, spec)
    astray = {fault.file for fault in faults if stands_for(fault) == "watch"}  # its tests went to the watch above it
    failures = [fault for result in results if not result.passed and (fault := result.fault()).file not in astray]
    faults += failures
    return len(results), len(failures)


def _warnings(compiled: Compiled, spec: WatchlistSpec, database: Path) -> tuple[Fault, ...]:
    """The lints, with what the archive tells of common terms and silent watches where it can be read."""
    from monitor.store.archived import archived_in
    from monitor.watches.lint import LEAST_READ, folded_terms, lint
    from monitor.watches.survey import survey

    most = max(LEAST_READ, min(MOST_READ, PRODUCT // max(1, len(spec.watches))))
    archived = archived_in(database, latest=most)
    if compiled.matcher is None or not archived.latest:
        return lint(compiled, spec)
    surveyed = survey(compiled.matcher, folded_terms(compiled, spec), archived.latest)
    return lint(compiled, spec, survey=surveyed, recorded=archived.hits)


def _news(found: Iterable[Fault], *, known: Sequence[Fault]) -> list[Fault]:
    """Faults that do not follow from a known one: not at its place, not about a term list that could not be read."""
    places = {(fault.file, fault.path) for fault in known}
    unread = {f"@{fault.path[1]}" for fault in known if fault.path[:1] == ("terms",) and len(fault.path) > 1}
    return [fault for fault in found if (fault.file, fault.path) not in places and fault.word not in unread]


def _check_channels(examined: Examined, faults: list[Fault]) -> None:
    """Add what the delivery room says of each channel's URL."""
    configured = [channel for channel in examined.settings.channels if channel.url != "stdout://"]
    if not configured:
        return  # apprise takes half a second to load
    from monitor.delivery.channels import check_channel

    file = str(examined.path)
    for channel in configured:
        path = ("channels", channel.name, "url")
        faults += [
            Fault(message=f"channel '{channel.name}': {said}", file=file, path=path) for said in check_channel(channel)
        ]


def _print(checked: Checked) -> None:
    if checked.faults:
        shown = render_faults(checked.faults, checked.examined.sources, most=MOST_OF_VALUE)
        click.echo(shown, err=bool(checked.errors))
    settings, warnings = checked.examined.settings, len(checked.faults) - checked.errors
    if checked.errors:
        click.echo(f"monitor: {counted(checked.errors, 'error')}, {counted(warnings, 'warning')}", err=True)
        return
    click.echo(
        f"{checked.examined.path} is fine: {counted(len(settings.feeds), 'feed')}, "
        f"{counted(len(settings.watchlist.watches), 'watch', 'watches')} with {counted(checked.tests, 'test')} passed, "
        f"{counted(len(settings.channels), 'channel')}" + (f", {counted(warnings, 'warning')}" if warnings else "")
    )


def _as_json(checked: Checked) -> dict[str, object]:
    settings = checked.examined.settings
    return {
        "ok": not checked.errors,
        "path": checked.examined.path,
        "feeds": len(settings.feeds),
        "watches": len(settings.watchlist.watches),
        "channels": len(settings.channels),
        "tests": {"run": checked.tests, "passed": checked.passed},
        "faults": [
            {
                "level": fault.level,
                "message": fault.message,
                "hint": fault.hint,
                "file": fault.file,
                "line": spot.line if spot else None,
                "column": spot.column if spot else None,
                "word": fault.word,
                "key": list(fault.path),
            }
            for fault, spot in locate_all(checked.faults, checked.examined.sources)
        ],
    }
