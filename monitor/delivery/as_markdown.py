"""Markdown for Discord, Mattermost and Rocket.Chat: every mark that could mean something is escaped.

Not every ASCII punctuation mark, though CommonMark would allow it: Mattermost shows a backslash before ``:`` or ``/``.
"""

from __future__ import annotations

import re

from monitor.delivery.as_text import REST_LENGTH, rest
from monitor.delivery.clean import clip, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

LONGEST = 1_900
"""Discord takes 2,000 characters, title included, and refuses more for ever; the others take more."""

_MARKS = re.compile(r"([\\`*_\[\]<>|~#!{}])")
_AT_LINE_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))", re.MULTILINE)


def escaped(text: str) -> str:
    """``text`` as nothing but text: marks behind a backslash (CommonMark 0.31 §2.4), no list, no rule, no mention."""
    return without_pings(_AT_LINE_START.sub(_start_escaped, _MARKS.sub(r"\\\1", text)))


def _start_escaped(found: re.Match[str]) -> str:
    space, mark, number, dot = found.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"


def render(facts: Facts) -> Rendered:
    """The message in Markdown that all three services understand, cut before escaping so that no escape is split."""
    bodies = (_body(facts, passage_length) for passage_length in (900, 400, 150, 0))
    body = next((each for each in bodies if len(each) <= LONGEST), escaped(clip(facts.headline, 300)))
    return Rendered(
        family=Family.MARKDOWN,
        title=clip(escaped(facts.title.replace("[", "").replace("]", " ·")), 200),
        body=body,
        format="markdown",
    )


def _body(facts: Facts, passage_length: int) -> str:
    if facts.body:
        return _digest(facts, 1_800 if passage_length else 800)
    headline = escaped(clip(facts.headline, 200))
    linked = f"**[{headline}](<{facts.url}>)**" if facts.url else f"**{headline}**"
    passage = _passage(facts, passage_length)
    lines = [escaped(clip(line, 250)) for line in facts.plain_lines]
    return "\n\n".join(part for part in (linked, f"> {passage}" if passage else "", "\n".join(lines)) if part)


def _digest(facts: Facts, longest: int) -> str:
    """The lines that fit, escaped; a line that is an address is a link."""
    lines: list[str] = []
    left = longest - REST_LENGTH
    for line, url in facts.body_lines:
        written = f"<{url}>" if url else escaped(line.strip())
        left -= len(written) + 1
        if left < 0:
            return "\n".join([*lines, rest(facts)])
        lines.append(written)
    return "\n".join(lines)


def _passage(facts: Facts, longest: int) -> str:
    if len(facts.passage) > longest:
        return escaped(clip(facts.passage, longest)) if longest else ""
    return "".join(f"**{escaped(piece)}**" if marked else escaped(piece) for piece, marked in facts.excerpt)
