"""One door to all renderers: the family's message for an alert's frozen content."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial

from monitor.delivery import as_email, as_html, as_markdown, as_slack, as_text, as_webhook
from monitor.delivery.facts import Facts, facts_of
from monitor.delivery.families import Family
from monitor.model.alerts import AlertMessage
from monitor.model.delivery import Rendered


def render_for(family: str, message: AlertMessage, *, zone: tzinfo = UTC, plain: bool = False) -> Rendered:
    """Render for a family (see :class:`Family`); ``plain`` is the fallback for a receiver that refused the form.

    Times are shown in ``zone`` and in UTC. Total: any string in the message gives a message.
    """
    return replace(_rendered(Family(family), message, zone, plain=plain), in_reply_to=message.in_reply_to)


def _rendered(wanted: Family, message: AlertMessage, zone: tzinfo, *, plain: bool) -> Rendered:
    if wanted is Family.WEBHOOK:
        return as_webhook.render(message)
    family = Family.TEXT if plain else wanted
    return RENDERERS[family](facts_of(message, zone))


RENDERERS: Mapping[Family, Callable[[Facts], Rendered]] = {
    Family.TEXT: as_text.render,
    Family.SLACK: as_slack.render,
    Family.EMAIL: as_email.render,
    Family.TELEGRAM: partial(as_html.render, family=Family.TELEGRAM),
    Family.MATRIX: partial(as_html.render, family=Family.MATRIX),
    Family.MARKDOWN: as_markdown.render,
}
"""All but the webhook's, which carries the message itself."""
