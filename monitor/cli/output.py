"""How every command speaks: tables or ``--json``, local times on screen, one clear line for an error."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

EXIT_FAILED = 1
EXIT_USAGE = 2

NOTHING = "–"
MOST_NAMES = 12
"""Of those listed when a name does not exist."""


def config_option(function: F) -> F:
    """``--config/-c``: the path given, or None for the default places (see ``monitor.config``)."""
    return click.option(
        "-c", "--config", "config_path", type=click.Path(path_type=Path, dir_okay=False), envvar="MONITOR_CONFIG",
        help="Configuration file [default: ./config.toml, then the user's configuration directory].",
    )(function)  # fmt: skip


def json_option(function: F) -> F:
    """``--json``: machine-readable output with ISO 8601 UTC times."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")(function)


def fail(message: str, *, code: int = EXIT_FAILED) -> NoReturn:
    """Print ``message`` on standard error and exit with ``code``."""
    click.echo(f"monitor: {message}", err=True)
    sys.exit(code)


def fail_unknown(what: str, name: str, known: Collection[str]) -> NoReturn:
    """Exit 2: no ``what`` has that name; say which one was most likely meant, or which there are."""
    from monitor.model.words import did_you_mean

    listed = ", ".join(sorted(known)[:MOST_NAMES]) + (", …" if len(known) > MOST_NAMES else "")
    hint = did_you_mean(name, known, otherwise=f"there are: {listed}" if known else "there is none")
    fail(f"no {what} is named {name!r}; {hint}", code=EXIT_USAGE)


def print_json(value: Any) -> None:
    """One JSON document, UTF-8, times in ISO 8601 UTC."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_jsonable))


def print_json_line(value: Any) -> None:
    """One line of JSON lines."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_jsonable))


def print_table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], *, empty: str) -> None:
    """A table of ``columns`` (keys of the rows, also the headings), or the sentence ``empty``.

    On a terminal, a column that is empty all the way down is left out, and only long ones are broken, at words.
    """
    from monitor.cli.table import print_rows

    listed = list(rows)
    if not listed:
        click.echo(empty)
        return
    print_rows([[_cell(row.get(column)) for column in columns] for row in listed], columns)


def say(line: str) -> None:
    """A line that may quote right-to-left words; on a terminal these stay where they are."""
    from monitor.cli.bidi import run_in_place

    click.echo(run_in_place(line) if sys.stdout.isatty() else line)


def local(instant: datetime | None) -> str:
    """Local time with its zone, or a dash."""
    return NOTHING if instant is None else instant.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def _cell(value: Any) -> str:
    match value:
        case None:
            return NOTHING
        case datetime():
            return local(value)
        case list() | tuple():
            return ", ".join(str(each) for each in value)
        case _:
            return str(value)


def _jsonable(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case Path():
            return str(value)
        case set() | frozenset() | tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no JSON form")
