"""The HTML of chat services: Telegram's few tags, and what Matrix clients show. Every value is escaped."""

from __future__ import annotations

from html import escape

from monitor.delivery.as_text import fitting
from monitor.delivery.clean import without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

LONGEST = 3_500
"""Telegram takes 4,096 characters after its entities are parsed."""
LONGEST_BYTES = 20_000


def render(facts: Facts, family: Family) -> Rendered:
    """``<b>``, ``<i>``, ``<a>`` and ``<blockquote>`` alone, which both know; Matrix needs ``<br>`` for line ends."""
    break_ = "\n" if family is Family.TELEGRAM else "<br>"
    body = break_.join(_lines(facts))
    if len(body) > LONGEST:
        body = safe(fitting(facts, LONGEST // 6, LONGEST_BYTES)).replace("\n", break_)
    text = fitting(facts, LONGEST, LONGEST_BYTES)
    return Rendered(family=family, title=without_pings(facts.title), body=body, format="html", text=text)


def safe(text: str) -> str:
    """Escaped for HTML text and attributes, and without mentions."""
    return without_pings(escape(text, quote=True))


def _lines(facts: Facts) -> list[str]:
    if facts.body:
        return safe(fitting(facts, 2_500, LONGEST_BYTES)).split("\n")
    headline = f"<b>{safe(facts.headline)}</b>"
    if facts.url:
        headline = f'<a href="{escape(facts.url, quote=True)}">{headline}</a>'
    passage = "".join(f"<b>{safe(piece)}</b>" if marked else safe(piece) for piece, marked in facts.excerpt)
    quoted = [f"<blockquote>{passage}</blockquote>"] if passage else []
    return [headline, *quoted, *(safe(line) for line in facts.plain_lines)]
