"""``monitor demo``: the newsroom of ``seeds/`` on loopback, the real line, and a summary held against what is right."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import click
from rich.console import Console
from rich.rule import Rule

from monitor.cli.demo_forms import show_alerts
from monitor.cli.demo_run import Run, run_demo
from monitor.cli.demo_screen import Screen
from monitor.cli.demo_summary import in_json, show_summary
from monitor.cli.output import EXIT_FAILED, EXIT_USAGE, fail, json_option, print_json
from monitor.cli.session import clear_errors
from monitor.model.alerts import AlertKind
from monitor.newsroom.scenario import SeedsError, seeds_path

PAUSE_S = 1.0
"""After each step of the timeline, so that a person can follow."""
WIDTH_OF_A_FILE = 132
"""Where the output is no terminal."""
EXIT_INTERRUPTED = 130


@click.command("demo", help="Run the newsroom of seeds/ through the real line and compare with what is expected.")
@click.option("--fast", is_flag=True, help="Do not rest after each step.")
@click.option(
    "--keep", metavar="DIR", type=click.Path(path_type=Path, file_okay=False),
    help="Keep the database in this new directory, to be asked with other commands.",
)  # fmt: skip
@click.option("--each", is_flag=True, help="Show every alert in full, also where several watches tell of one article.")
@json_option
def command(*, fast: bool, each: bool, keep: Path | None, as_json: bool) -> None:
    """Exit 1 where a decision differs from seeds/expected.toml, or a message did not arrive exactly once."""
    from monitor import logs

    logs.configure(level="error")
    if keep is not None:
        _furnish(keep)
    console = Console(quiet=as_json, highlight=False)
    if not console.is_terminal:
        console = Console(quiet=as_json, highlight=False, width=WIDTH_OF_A_FILE)
    run = _run(Screen(console, pause_s=0.0 if fast or as_json else PAUSE_S), keep)
    if as_json:
        print_json(in_json(run) | ({"ask": _question(run, keep)} if keep else {}))
    else:
        console.print()
        console.print(Rule("[bold]the alerts as they went out", style="dim"))
        show_alerts(console, run.messages, run.zone, each=each)
        show_summary(console, run)
        last = f"kept: {_question(run, keep)}" if keep else "`monitor demo --keep DIR` keeps it all, for `monitor why`"
        console.print(last, style="dim", soft_wrap=True)
    if not run.right:
        raise SystemExit(EXIT_FAILED)


def _run(screen: Screen, keep: Path | None) -> Run:
    try:
        with clear_errors(), ExitStack() as stack:
            folder = keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="newsmonitor-demo-"))
            return asyncio.run(run_demo(screen, data=Path(folder) / "data"))
    except KeyboardInterrupt:
        screen.stop()
        click.echo("monitor: demo interrupted", err=True)
        raise SystemExit(EXIT_INTERRUPTED) from None
    except SeedsError as error:
        fail(str(error))


def _furnish(directory: Path) -> None:
    """Put the newsroom's configuration and watchlist into a new directory, over the database that the run will make."""
    with clear_errors():
        directory.mkdir(parents=True, exist_ok=True)
        if any(directory.iterdir()):
            fail(f"{directory} is not empty: name a new directory", code=EXIT_USAGE)
        seeds = seeds_path()
        configuration = (seeds / "config.toml").read_text("utf-8")
        there = re.sub(r'^path = ".*"$', 'path = "data"', configuration, count=1, flags=re.MULTILINE)
        (directory / "config.toml").write_text(there, "utf-8")
        shutil.copyfile(seeds / "watchlist.toml", directory / "watchlist.toml")


def _question(run: Run, keep: Path) -> str:
    about_articles = (each for each in run.messages if each.kind not in {AlertKind.DIGEST, AlertKind.NOTICE})
    first = min((each.alert_id for each in about_articles), default=1)
    return f"monitor why {first} -c {shlex.quote(str(keep / 'config.toml'))}"
