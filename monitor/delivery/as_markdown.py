"""Markdown for Discord, Mattermost, Rocket.Chat and ntfy: every ASCII punctuation mark from outside is escaped."""

from __future__ import annotations

import re

from monitor.delivery.clean import clip, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

LONGEST = 1_900
"""Discord takes 2,000 characters, title included, and refuses more for ever; the others take more."""

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def escaped(text: str) -> str:
    """``text`` with every ASCII punctuation mark behind a backslash (CommonMark 0.31 §2.4) and no mention in it."""
    return without_pings(_PUNCTUATION.sub(r"\\\1", text))


def render(facts: Facts) -> Rendered:
    """The message in Markdown that all four services understand, cut before escaping so that no escape is split."""
    bodies = (_body(facts, passage_length) for passage_length in (900, 400, 150, 0))
    body = next((each for each in bodies if len(each) <= LONGEST), escaped(clip(facts.headline, 300)))
    return Rendered(family=Family.MARKDOWN, title=clip(escaped(facts.title), 200), body=body, format="markdown")


def _body(facts: Facts, passage_length: int) -> str:
    if facts.body:
        return _digest(facts, 1_700 if passage_length else 800)
    headline = escaped(clip(facts.headline, 200))
    linked = f"**[{headline}](<{facts.url}>)**" if facts.url else f"**{headline}**"
    passage = _passage(facts, passage_length)
    lines = [escaped(clip(line, 250)) for line in facts.plain_lines]
    return "\n\n".join(part for part in (linked, f"> {passage}" if passage else "", "\n".join(lines)) if part)


def _digest(facts: Facts, longest: int) -> str:
    """The lines that fit, escaped; a line that is an address is a link."""
    lines: list[str] = []
    left = longest
    for line, url in facts.body_lines:
        written = f"<{url}>" if url else escaped(line.strip())
        left -= len(written) + 1
        if left < 0:
            return "\n".join([*lines, "…"])
        lines.append(written)
    return "\n".join(lines)


def _passage(facts: Facts, longest: int) -> str:
    if len(facts.passage) > longest:
        return escaped(clip(facts.passage, longest)) if longest else ""
    return "".join(f"**{escaped(piece)}**" if marked else escaped(piece) for piece, marked in facts.excerpt)
