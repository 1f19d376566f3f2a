"""Slack Block Kit. Text from outside goes into ``rich_text`` and ``plain_text`` elements, which Slack does not parse:
no mention, link or format can be forged there. Limits: https://docs.slack.dev/reference/block-kit/blocks/
"""

from __future__ import annotations

import json
from typing import Any

from monitor.delivery.as_text import fitting, rest
from monitor.delivery.clean import clip, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

HEADER_LIMIT = 150
TEXT_LIMIT = 2_900
"""A text object takes 3,000 characters."""
URL_LIMIT = 3_000
DIGEST_BLOCKS = 4
"""Of the fifty that a message may have: one of 12,000 characters is long enough."""


def render(facts: Facts) -> Rendered:
    """``{"text": …, "blocks": […]}``; ``text`` is what a phone's notification shows."""
    payload = {"text": _mrkdwn(clip(f"{facts.title}: {facts.headline}", 300)), "blocks": blocks(facts)}
    text = fitting(facts, TEXT_LIMIT, 4 * TEXT_LIMIT)
    return Rendered(
        family=Family.SLACK,
        title=without_pings(facts.title),
        body=json.dumps(payload, ensure_ascii=False),
        format="json",
        text=text,
    )


def blocks(facts: Facts) -> list[dict[str, Any]]:
    """Header, headline with its link, the passage as a quotation, what changed and why, and the small print."""
    header = {"type": "header", "text": _plain(facts.title, HEADER_LIMIT)}
    if facts.body:
        return [header, *_digest(facts)]
    elements = [_section(_headline(facts))]
    if facts.passage:
        elements.append({"type": "rich_text_quote", "elements": _passage(facts)})
    if facts.also:
        elements.append(_section(_words("Also: ", bold=True) + _words(facts.others)))
    elements += [_section(_words("Changed: ", bold=True) + _words(change)) for change in facts.changes]
    if facts.why:
        elements.append(_section(_words("Why: ", bold=True) + _words(facts.why)))
    small = [line for line in (facts.source, facts.published, facts.seen, facts.outlets) if line]
    if facts.pointer:
        small.append(f"Ask: {facts.pointer}")
    context = {"type": "context", "elements": [_plain(line, 300) for line in small]}
    return [header, _rich(*elements), *([context] if small else [])]


def _digest(facts: Facts) -> list[dict[str, Any]]:
    """A notice or digest, with its addresses as links, in as many blocks as it takes; a block ends with a line."""
    made: list[dict[str, Any]] = []
    elements: list[dict[str, Any]] = []
    left = TEXT_LIMIT
    for line, url in facts.body_lines:
        shown = clip(without_pings(line), TEXT_LIMIT // 2)
        left -= len(shown) + 1
        if left < 0:
            made, elements, left = [*made, _rich(_section(elements))], [], TEXT_LIMIT - len(shown) - 1
            if len(made) == DIGEST_BLOCKS:
                return [*made, _rich(_section(_words(rest(facts))))]
        linked = url and len(url) <= URL_LIMIT
        elements += [{"type": "link", "url": url, "text": shown.strip()}] if linked else _words(shown)
        elements += _words("\n")
    return [*made, _rich(_section(elements))]


def _headline(facts: Facts) -> list[dict[str, Any]]:
    text = clip(without_pings(facts.headline), 300)
    if facts.url and len(facts.url) <= URL_LIMIT:
        return [{"type": "link", "url": facts.url, "text": text, "style": {"bold": True}}]
    return _words(text, bold=True)


def _passage(facts: Facts) -> list[dict[str, Any]]:
    if len(facts.passage) > TEXT_LIMIT:
        return _words(clip(facts.passage, TEXT_LIMIT))
    return [element for piece, marked in facts.excerpt for element in _words(piece, bold=marked)]


def _rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def _section(elements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": elements}


def _words(text: str, *, bold: bool = False) -> list[dict[str, Any]]:
    element: dict[str, Any] = {"type": "text", "text": without_pings(text)}
    if bold:
        element["style"] = {"bold": True}
    return [element] if text else []


def _plain(text: str, longest: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": clip(without_pings(text), longest), "emoji": False}


def _mrkdwn(text: str) -> str:
    """Slack's own three escapes for text that it parses."""
    return without_pings(text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
