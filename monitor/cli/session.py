"""What commands share: open the configuration, the database or the line, or say in one line why not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.output import EXIT_FAILED, EXIT_USAGE, fail, fail_unknown
from monitor.config.load import LoadedConfig, examine, load_config
from monitor.config.report import render_faults
from monitor.model.faults import ConfigurationError
from monitor.model.settings import Channel, Settings
from monitor.store.database import Store, StoreError
from monitor.store.lock import OccupiedError

if TYPE_CHECKING:
    from monitor.watches.matcher import Matcher


@contextmanager
def clear_errors() -> Iterator[None]:
    """Turn what a user or the machine did wrong into one line and an exit code; a bug still raises."""
    try:
        yield
    except ConfigurationError as error:
        fail(str(error), code=EXIT_USAGE)
    except (OccupiedError, StoreError) as error:
        fail(str(error), code=EXIT_FAILED)
    except sqlite3.OperationalError as error:
        fail(f"the database cannot be used now: {error}", code=EXIT_FAILED)
    except OverflowError as error:
        if "SQLite INTEGER" not in str(error):
            raise
        fail("nothing has so large a number", code=EXIT_FAILED)
    except OSError as error:
        fail(f"{error.filename or 'input/output'}: {error.strerror or error}", code=EXIT_FAILED)


def settings_or_exit(config_path: Path | None) -> Settings:
    """The settings alone, without compiling the watches."""
    with clear_errors():
        return load_config(config_path).settings
    raise AssertionError("clear_errors either returns the block's value or exits")


def compiled_or_exit(config_path: Path | None) -> tuple[LoadedConfig, Matcher]:
    """The settings and the compiled watches."""
    from monitor.app import load_and_compile

    with clear_errors():
        return load_and_compile(config_path)
    raise AssertionError("clear_errors either returns the block's value or exits")


def channels_or_exit(settings: Settings, name: str | None) -> list[Channel]:
    """The channel of that name, or every channel where none is named."""
    chosen = [channel for channel in settings.channels if name in {None, channel.name}]
    if name and not chosen:
        fail_unknown("channel", name, {channel.name for channel in settings.channels})
    return chosen


def settings_whatever_their_faults(config_path: Path | None) -> Settings:
    """What is valid of the settings: a daemon that kept the old ones is as healthy as before."""
    with clear_errors():
        examined = examine(config_path)
        if not examined.sources:
            fail(render_faults(examined.errors, {}), code=EXIT_USAGE)
        if examined.errors:
            click.echo(f"monitor: {examined.path} has faults: see 'monitor check'", err=True)
        return examined.settings
    raise AssertionError("clear_errors either returns the block's value or exits")


@contextmanager
def stored(config_path: Path | None, *, whatever_faults: bool = False) -> Iterator[tuple[Settings, Store]]:
    """The settings and the open database, which must exist already; with ``whatever_faults``, those that are valid."""
    settings = settings_whatever_their_faults(config_path) if whatever_faults else settings_or_exit(config_path)
    with clear_errors():
        if not settings.storage.database.exists():
            fail(f"no database at {settings.storage.database} yet: start 'monitor run' or 'monitor once' first")
        store = Store(settings.storage.database, beside=True)
        try:
            yield settings, store
        finally:
            store.close()
