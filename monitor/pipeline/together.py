"""One message to people for the alerts of several watches on one article, in the transaction that queued them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.alerts.together import Spoken, together
from monitor.delivery.families import Family, family_of
from monitor.model.settings import Settings
from monitor.store.together import tell_with


def tell_together(
    db: Database, spoken: Sequence[Spoken], alert_ids: Sequence[int], settings: Settings, now: datetime
) -> None:
    """``alert_ids`` are those of ``spoken``, in its order. Webhooks, where programs listen, get every alert."""
    if len(spoken) < 2:
        return
    people = {each.name for each in settings.channels if family_of(each.url) is not Family.WEBHOOK}
    for channel, carrier, others in together(spoken, people):
        tell_with(db, [alert_ids[number] for number in others], channel, teller=alert_ids[carrier], now=now)
