"""``monitor db``: back up, check and prune the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import config_option, fail, local
from monitor.cli.session import clear_errors, settings_or_exit, stored


@click.group("db", help="Back up, check and prune the database.")
def command() -> None:
    """Each works while the daemon runs, except ``restore``."""


@command.command("backup", help="Write a compact copy; the daemon may go on meanwhile.")
@config_option
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
def backup(config_path: Path | None, directory: Path | None) -> None:
    """Into DIRECTORY, or ``backups`` in the data directory."""
    from monitor.store.backup import back_up

    with stored(config_path) as (settings, store), clear_errors():
        click.echo(back_up(store, directory or settings.storage.path / "backups", datetime.now(UTC)))


@command.command("restore", help="Put a backup in the database's place; the daemon must be stopped.")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def restore(config_path: Path | None, file: Path) -> None:
    """The database that was there is kept beside it; feeds are then read as if for the first time, without a flood."""
    from monitor.store import lock, recovery

    settings = settings_or_exit(config_path)
    storage = settings.storage
    with clear_errors(), lock.lock(storage.path):
        now, margin = datetime.now(UTC), settings.polling.max_interval
        loss = recovery.restore(storage.database, file, now=now, margin=margin)
        click.echo(f"{file.name} is in place; the database before it is kept as {storage.path / loss.kept}")
        click.echo(f"what feeds date after {local(loss.alert_from)} alerts, even if it had been told")


@command.command("check", help="Check the database file; exit 1 when it is not sound.")
@config_option
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
def check(config_path: Path | None, file: Path | None) -> None:
    """FILE may be a backup; the database of the data directory without it."""
    from monitor.store.backup import faults_of

    path = file or settings_or_exit(config_path).storage.database
    if not path.exists():
        fail(f"no database at {path} yet")
    if faults := faults_of(path):
        fail(f"{path} is not sound: " + "; ".join(faults[:10]))
    click.echo(f"{path} is sound")


@command.command("prune", help="Drop articles and records older than their retention now.")
@config_option
def prune(config_path: Path | None) -> None:
    """The daemon does the same every hour."""
    from monitor.pipeline.tidy import drop_old

    with stored(config_path) as (settings, store), clear_errors():
        dropped = drop_old(store, settings, datetime.now(UTC))
        click.echo(", ".join(f"{count} {what}" for what, count in dropped.items()) + " dropped")
