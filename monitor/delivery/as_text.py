"""Plain text: for the terminal and for every service that has no renderer of its own."""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import replace
from typing import Any

from monitor.delivery.clean import NO_PING, clip, clip_bytes, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

LONGEST = 3_000
"""Code points of the body: fits the services with generous limits; a short-message service cuts on."""
LONGEST_BYTES = 3_900
"""ntfy makes a file of a message of more than 4,096 bytes."""
LONGEST_WHOLE = 20_000


def render(facts: Facts) -> Rendered:
    """The message as text; matches stand between »guillemets«, since there is no bold. ``text`` is all of it."""
    body = fitting(facts, LONGEST, LONGEST_BYTES)
    return Rendered(family=Family.TEXT, title=without_pings(facts.title), body=body, format="text", text=whole(facts))


def whole(facts: Facts) -> str:
    """All of it, for a mail's text part and a terminal."""
    return clip(without_pings(text_body(facts)), LONGEST_WHOLE)


def fitting(facts: Facts, longest: int, longest_bytes: int) -> str:
    """As much as fits. An alert's passage is cut before anything else is; what is left of a notice or digest is told,
    since a summary stands for alerts that were held.
    """
    text = without_pings(text_body(facts))
    over, over_bytes = len(text) - longest, len(text.encode()) - longest_bytes
    if max(over, over_bytes) <= 0:
        return text
    if not facts.body:
        kept = max(0, len(facts.passage) - max(over, 0)), max(0, len(facts.passage.encode()) - max(over_bytes, 0))
        passage = clip_bytes(clip(facts.passage, kept[0]), kept[1]) if min(kept) else ""
        shorter = without_pings(text_body(replace(facts, excerpt=((passage, False),))))
        return clip_bytes(clip(shorter, longest), longest_bytes)
    lines: list[str] = []
    left, left_bytes = longest - REST_LENGTH, longest_bytes - REST_LENGTH
    for line in text.split("\n"):
        left, left_bytes = left - len(line) - 1, left_bytes - len(line.encode()) - 1
        if min(left, left_bytes) < 0:
            break
        lines.append(line)
    return "\n".join([*lines, rest(facts)])


REST_LENGTH = 80


def rest(facts: Facts) -> str:
    """Where the rest of a digest is that was cut."""
    return f"… cut here; all of it: monitor alerts show {facts.alert_id}"


def text_body(facts: Facts) -> str:
    """Headline and link, the passage, then the facts one on a line; the whole text of a notice or digest."""
    if facts.body:
        return facts.body
    passage = "".join(f"»{piece}«" if marked else piece for piece, marked in facts.excerpt)
    head = "\n".join(part for part in (facts.headline, facts.url) if part)
    return "\n\n".join(part for part in (head, passage, "\n".join(facts.plain_lines)) if part)


def on_terminal(text: str) -> str:
    """For standard output: without the marks that keep chat services from pinging, which some terminals show; on a
    terminal, with lines broken at words. A pipe or file gets every line as it is.
    """
    bare = text.replace(NO_PING, "")
    if not sys.stdout.isatty():
        return bare
    width = shutil.get_terminal_size().columns - 1
    return "\n".join(broken for line in bare.split("\n") for broken in broken_at_words(line, width))


def broken_at_words(line: str, width: int) -> list[str]:
    """The line in pieces of at most ``width`` code points, indented as it is; an address stays whole."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    options: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False, "subsequent_indent": indent}
    return textwrap.wrap(line, max(width, 20), **options) or [""]
