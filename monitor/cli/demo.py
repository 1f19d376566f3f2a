"""``monitor demo``: the newsroom of ``seeds/`` on loopback, the real line, and a summary held against what is right."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.rule import Rule

from monitor.cli.demo_forms import show_alerts
from monitor.cli.demo_run import Run, run_demo
from monitor.cli.demo_screen import Screen
from monitor.cli.demo_summary import in_json, show_summary
from monitor.cli.output import EXIT_FAILED, fail, json_option, print_json
from monitor.cli.session import clear_errors
from monitor.newsroom.scenario import SeedsError

PAUSE_S = 1.0
"""After each step of the timeline, so that a person can follow."""
WIDTH_OF_A_FILE = 132
"""Where the output is no terminal."""
EXIT_INTERRUPTED = 130


@click.command("demo", help="Run the newsroom of seeds/ through the real line and compare with what is expected.")
@click.option("--fast", is_flag=True, help="Do not rest after each step.")
@click.option("--each", is_flag=True, help="Show every alert in full, also where several watches tell of one article.")
@json_option
def command(*, fast: bool, each: bool, as_json: bool) -> None:
    """Exit 1 where a decision differs from seeds/expected.toml, or a message did not arrive exactly once."""
    from monitor import logs

    logs.configure(level="error")
    console = Console(quiet=as_json, highlight=False)
    if not console.is_terminal:
        console = Console(quiet=as_json, highlight=False, width=WIDTH_OF_A_FILE)
    run = _run(Screen(console, pause_s=0.0 if fast or as_json else PAUSE_S))
    if as_json:
        print_json(in_json(run))
    else:
        console.print()
        console.print(Rule("[bold]the alerts as they went out", style="dim"))
        show_alerts(console, run.messages, run.zone, each=each)
        show_summary(console, run)
    if not run.right:
        raise SystemExit(EXIT_FAILED)


def _run(screen: Screen) -> Run:
    try:
        with clear_errors(), tempfile.TemporaryDirectory(prefix="newsmonitor-demo-") as folder:
            return asyncio.run(run_demo(screen, data=Path(folder)))
    except KeyboardInterrupt:
        screen.stop()
        click.echo("monitor: demo interrupted", err=True)
        raise SystemExit(EXIT_INTERRUPTED) from None
    except SeedsError as error:
        fail(str(error))
