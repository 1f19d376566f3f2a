"""The webhook body of the contract: JSON, version 1, for programs. Nothing is altered but what JSON cannot carry."""

from __future__ import annotations

import json
import re

from monitor.delivery.families import Family
from monitor.model.alerts import AlertMessage
from monitor.model.delivery import Rendered

_SURROGATES = re.compile("[\ud800-\udfff]")


def render(message: AlertMessage) -> Rendered:
    """One JSON document; lone surrogates, which are not text, become U+FFFD."""
    also = [
        {"alert": each.alert_id, "watch": each.watch, "severity": str(each.severity)} for each in message.also
    ]  # only where the channel was no webhook when they were decided
    payload = message.payload() | ({"also": also} if also else {})
    body = _SURROGATES.sub("\ufffd", json.dumps(payload, ensure_ascii=False))
    return Rendered(family=Family.WEBHOOK, title=message.watch, body=body, format="json")
