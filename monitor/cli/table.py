"""Tables for people: on a terminal fitted to its width, elsewhere a row on a line. The door to rich for tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from monitor.cli.bidi import FSI, LRM, PDI, is_right_to_left
from monitor.cli.output import NOTHING

SHORT = 20
"""Columns of cells up to so wide are not broken."""


class _Cell:
    """A text whose right-to-left lines are kept in place, each by itself."""

    def __init__(self, text: str) -> None:
        self._text = Text(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._text.wrap(console, options.max_width):
            line.rstrip()
            yield Text.assemble(LRM, FSI, line, PDI, LRM) if is_right_to_left(line.plain) else line

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        return Measurement.get(console, options, self._text)


def print_rows(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """Print the rows below their headings."""
    if not sys.stdout.isatty():
        _print_unbroken(rows, columns)
        return
    shown = [number for number in range(len(columns)) if any(row[number] not in ("", NOTHING) for row in rows)]
    table = Table(box=None, header_style="" if os.environ.get("NO_COLOR") else "bold", pad_edge=False)
    for number in shown:
        widest = max(cell_len(row[number]) for row in rows)
        table.add_column(columns[number], overflow="fold", no_wrap=widest <= SHORT)
    for row in rows:
        table.add_row(*(_Cell(row[number]) for number in shown))
    Console().print(table)


def _print_unbroken(rows: Sequence[Sequence[str]], columns: Sequence[str]) -> None:
    """A row on a line, whatever its width, and nothing but the text."""
    lines = [columns, *(["\\n".join(cell.splitlines()) for cell in row] for row in rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(line, widths, strict=True))
        click.echo("  ".join(cells).rstrip())
