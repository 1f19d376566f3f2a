"""``monitor run``: the daemon."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from monitor.cli.output import config_option
from monitor.cli.session import clear_errors, compiled_or_exit


@click.command(
    "run", help="Run the daemon until SIGTERM or Ctrl-C; SIGHUP or a changed file reloads the configuration."
)
@config_option
@click.option(
    "--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info", show_default=True
)
@click.option("--log-json/--log-console", default=None, help="Form of the logs [default: console on a terminal].")
def command(config_path: Path | None, log_level: str, log_json: bool | None) -> None:
    """Load, compile, take the lock, and run the line until told to stop."""
    from monitor import logs
    from monitor.app import Configuration, open_line, settle_memory
    from monitor.daemon import Daemon

    logs.configure(level=log_level, as_json=log_json)
    loaded, matcher = compiled_or_exit(config_path)
    configuration = Configuration.watch(loaded)
    settle_memory()

    async def serve() -> None:
        async with open_line(loaded.settings, matcher=matcher) as line:
            daemon = Daemon(line=line, reload=lambda: configuration.reload(line), changed=configuration.changed)
            await daemon.run()

    with clear_errors():
        asyncio.run(serve())
