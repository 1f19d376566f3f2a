"""Plain text: for the terminal and for every service that has no renderer of its own."""

from __future__ import annotations

from monitor.delivery.clean import clip, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered

LONGEST = 3_000
"""Code points of the body: fits the services with generous limits; a short-message service cuts on."""


def render(facts: Facts) -> Rendered:
    """The message as text; matches stand between »guillemets«, since there is no bold."""
    body = clip(without_pings(text_body(facts)), LONGEST)
    return Rendered(family=Family.TEXT, title=without_pings(facts.title), body=body, format="text", text=body)


def text_body(facts: Facts) -> str:
    """Headline and link, the passage, then the facts one on a line; the whole text of a notice or digest."""
    if facts.body:
        return facts.body
    passage = "".join(f"»{piece}«" if marked else piece for piece, marked in facts.excerpt)
    head = "\n".join(part for part in (facts.headline, facts.url) if part)
    return "\n\n".join(part for part in (head, passage, "\n".join(facts.plain_lines)) if part)
