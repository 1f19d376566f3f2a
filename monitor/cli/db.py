"""``monitor db``: back up, check and prune the database."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from monitor.cli.output import EXIT_FAILED, config_option, fail, json_option, local, print_json
from monitor.cli.session import clear_errors, settings_or_exit, stored
from monitor.model.words import counted


@click.group("db", help="Back up, check and prune the database.")
def command() -> None:
    """Each works while the daemon runs, except ``restore``."""


@command.command("backup", help="Write a compact copy; the daemon may go on meanwhile.")
@config_option
@click.argument("directory", required=False, type=click.Path(path_type=Path, file_okay=False))
@json_option
def backup(config_path: Path | None, directory: Path | None, as_json: bool) -> None:
    """Into DIRECTORY, or ``backups`` in the data directory."""
    from monitor.store.backup import back_up

    with stored(config_path) as (settings, store), clear_errors():
        made = back_up(store, directory or settings.storage.backups, datetime.now(UTC))
    if as_json:
        print_json({"file": made, "size_bytes": made.stat().st_size})
    else:
        click.echo(made)


@command.command("restore", help="Put a backup in the database's place; the daemon must be stopped.")
@config_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def restore(config_path: Path | None, file: Path, as_json: bool) -> None:
    """The database that was there is kept beside it; feeds are then read as if for the first time, without a flood."""
    from monitor.store import lock, recovery

    settings = settings_or_exit(config_path)
    storage = settings.storage
    with clear_errors(), lock.lock(storage.path):
        now, margin = datetime.now(UTC), settings.polling.max_interval
        loss = recovery.restore(storage.database, file, now=now, margin=margin)
    kept = storage.path / loss.kept
    if as_json:
        print_json({"file": storage.database, "restored": file, "kept": kept, "alert_from": loss.alert_from})
        return
    click.echo(f"{file.name} is in place; the database before it is kept as {kept}")
    click.echo(f"what feeds date after {local(loss.alert_from)} alerts, even if it had been told")


@command.command("check", help="Check the database file; exit 1 when it is not sound.")
@config_option
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@json_option
def check(config_path: Path | None, file: Path | None, as_json: bool) -> None:
    """FILE may be a backup; the database of the data directory without it."""
    from monitor.store.backup import faults_of

    path = file or settings_or_exit(config_path).storage.database
    if not path.exists():
        fail(f"no database at {path} yet")
    faults = faults_of(path)
    if as_json:
        print_json({"file": path, "sound": not faults, "faults": faults})
        raise SystemExit(EXIT_FAILED if faults else 0)
    if faults:
        fail(f"{path} is not sound: " + "; ".join(faults[:10]))
    click.echo(f"{path} is sound")


@command.command("prune", help="Drop articles and records older than their retention now.")
@config_option
@json_option
def prune(config_path: Path | None, as_json: bool) -> None:
    """The daemon does the same every hour."""
    from monitor.pipeline.tidy import drop_old

    with stored(config_path) as (settings, store), clear_errors():
        dropped = drop_old(store, settings, datetime.now(UTC))
    if as_json:
        print_json(dropped)
        return
    articles, stories = counted(dropped["articles"], "article"), counted(dropped["stories"], "story", "stories")
    click.echo(f"{articles} and {stories} older than [storage] keep_articles dropped")
