"""An alert as Slack, an e-mail reader and a terminal would show it, each drawn from the message as it was sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from itertools import groupby
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from monitor.cli.demo_words import wrapped
from monitor.delivery.render import render_for
from monitor.model.alerts import AlertMessage, Companion
from monitor.model.delivery import Rendered

SIDE_BY_SIDE_FROM = 110
"""Cells of width from which the three forms stand beside each other."""


def show_alerts(console: Console, messages: Sequence[AlertMessage], zone: tzinfo, *, each: bool) -> None:
    """Print the alerts in order of time; where several watches tell of one article at once, the gravest one's forms
    stand for all, unless ``each`` is asked for."""
    for _, group in groupby(messages, key=lambda message: (message.created, message.article.get("url"))):
        together = sorted(group, key=lambda message: -message.severity.rank)
        for message in together if each else together[:1]:
            numbers = [message] if each else together
            told = ", ".join(f"{one.alert_id} {one.watch}" for one in sorted(numbers, key=lambda one: one.alert_id))
            console.print(Text.assemble(("alert ", "dim"), (told, "bold")))
            show_forms(console, message if each else replace(message, also=_companions(message, together)), zone)


def _companions(message: AlertMessage, together: Iterable[AlertMessage]) -> tuple[Companion, ...]:
    """What the message tells as well, as people's channels get it."""
    same = (
        one for one in together if one is not message and (one.kind, one.changes) == (message.kind, message.changes)
    )
    return tuple(Companion(alert_id=one.alert_id, watch=one.watch, severity=one.severity) for one in same)


def show_forms(console: Console, message: AlertMessage, zone: tzinfo) -> None:
    """Print the three forms, side by side where there is room, below each other elsewhere."""
    forms = (
        ("Slack", "magenta", _slack(render_for("slack", message, zone=zone))),
        ("E-mail", "blue", _email(render_for("email", message, zone=zone))),
        ("Terminal", "green", _terminal(render_for("text", message, zone=zone))),
    )
    if console.width < SIDE_BY_SIDE_FROM:
        for name, style, lines in forms:
            console.print(Padding(_card(name, style, lines, console.width - 4), (0, 0, 1, 2)))
        return
    width = (console.width - 8) // len(forms)
    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in forms:
        grid.add_column(width=width, vertical="top")
    grid.add_row(*(_card(name, style, lines, width) for name, style, lines in forms))
    console.print(Padding(grid, (0, 0, 1, 2)))


def _card(name: str, style: str, lines: Iterable[Text], width: int) -> RenderableType:
    """Lines behind a coloured bar; no frame on the right, which right-to-left text would tear."""
    bar = Text("▎", style)
    body = [Text.assemble(bar, line) for line in wrapped(lines, width - 2)]
    return Text("\n").join([Text.assemble(bar, (name, f"bold {style}")), *body])


def _slack(rendered: Rendered) -> list[Text]:
    """Block Kit as a client lays it out."""
    return [line for block in json.loads(rendered.body)["blocks"] for line in _block(block)]


def _block(block: Mapping[str, Any]) -> list[Text]:
    match block["type"]:
        case "header":
            return [Text(block["text"]["text"], "bold")]
        case "context":
            return [Text(" · ".join(element["text"] for element in block["elements"]), "dim")]
        case "rich_text":
            return [_rich_text(element) for element in block["elements"]]
        case _:
            return [Text(json.dumps(block, ensure_ascii=False))]


def _rich_text(element: Mapping[str, Any]) -> Text:
    pieces = [_piece(each) for each in element["elements"]]
    if element["type"] == "rich_text_quote":
        return Text.assemble(("┃ ", "dim"), *pieces, style="italic")
    return Text.assemble(*pieces)


def _piece(piece: Mapping[str, Any]) -> Text:
    bold = "bold" if piece.get("style", {}).get("bold") else ""
    return Text(piece["text"], f"{bold} underline blue".strip() if piece["type"] == "link" else bold)


def _email(rendered: Rendered) -> list[Text]:
    """Subject and the text part; the HTML part says the same with colours."""
    return [Text.assemble(("Subject: ", "dim"), (rendered.title, "bold")), Text(), *_lines(rendered.text)]


def _terminal(rendered: Rendered) -> list[Text]:
    return [Text(rendered.title, "bold"), *_lines(rendered.body)]


def _lines(text: str) -> list[Text]:
    return [Text(line) for line in text.strip().splitlines()]
