"""The ``monitor`` command: finds each command's file when it is called, so that ``--help`` loads no room."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from io import TextIOWrapper
from typing import Any

import click

from monitor import __version__

EXIT_INTERRUPTED = 130

COMMANDS = {
    "demo": "Run the newsroom of seeds/ through the real line and compare the alerts with what is expected.",
    "init": "Write a commented config.toml.",
    "check": "Check the whole configuration, run the watches' tests and lints.",
    "run": "Run the daemon.",
    "once": "Poll what is due, process, deliver, report, exit.",
    "feeds": "List, add, remove, test, discover, import and export feeds.",
    "parse": "Turn a feed document into entries, as JSON lines.",
    "extract": "Turn pages into articles.",
    "match": "Match articles (JSON lines) against the watches.",
    "replay": "Run timed items through identity, watches and alerting with their own clock.",
    "why": "Explain why an article alerted or did not.",
    "backtest": "Run watches over the stored articles.",
    "label": "Label a sample of hits and estimate a watch's precision.",
    "terms": "Suggest spelling variants of a term list.",
    "alerts": "List, show and acknowledge alerts; list what was suppressed.",
    "stories": "List, show, split and merge stories.",
    "silence": "Add, list and expire silences.",
    "deliveries": "List, replay and drop deliveries.",
    "notify": "Send a test message through a channel.",
    "digest": "Preview or send a digest.",
    "status": "Show the state of the service at a glance.",
    "health": "Exit 0 when the daemon is healthy, for probes.",
    "doctor": "Find what is wrong and say what to do.",
    "db": "Back up, check and prune the database.",
}
"""Every command and its one-line help, in the order of ``--help``; ``monitor/cli/NAME.py`` has it as ``command``."""


class Commands(click.Group):
    """A group whose commands are imported when used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"monitor.cli.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"monitor.cli.{cmd_name}").command
        return command

    def main(self, *args: Any, **options: Any) -> Any:
        """Speak UTF-8 to files and pipes whatever the locale; a terminal that cannot show a character gets a ``?``."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper) and (stream.encoding or "").lower() not in ("utf-8", "utf8"):
                stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
        return super().main(*args, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Ctrl-C is no failure of ours: one line, and the exit code that shells expect."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("monitor: interrupted", err=True)
            sys.exit(EXIT_INTERRUPTED)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:  # click looks for what was meant among loaded commands
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None})
@click.version_option(__version__, prog_name="monitor")
def main() -> None:
    """Watch the news; alert once per event; give a reason for every alert and every silence."""
