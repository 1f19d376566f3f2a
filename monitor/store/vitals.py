"""Figures of the whole database for those who watch the service: one reading, every value cheap to have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.model.alerts import AlertKind
from monitor.model.delivery import DeliveryState
from monitor.store.times import from_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """Totals count from the first start on; what waits is as of now."""

    reads: int
    """Polls of the feeds configured now that read them."""
    entries: int
    entries_due: int
    entries_due_since: datetime | None
    alerts: Mapping[str, int]
    """By kind, every kind named."""
    deliveries: Mapping[str, int]
    """By state, every state named."""
    deliveries_due_since: datetime | None


def read(db: Database, now: datetime) -> Vitals:
    """The figures at ``now``."""
    (reads,) = db.conn.execute("SELECT coalesce(sum(polls), 0) FROM feeds WHERE active = 1").fetchone()
    (entries,) = db.conn.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()
    due, due_since = db.conn.execute(
        "SELECT count(*), min(due_at) FROM entries WHERE state = 'queued' AND due_at <= ?", (to_text(now),)
    ).fetchone()
    (message_due,) = db.conn.execute(
        "SELECT min(due) FROM deliveries WHERE state IN ('new', 'retry') AND due <= ?", (to_text(now),)
    ).fetchone()
    kinds = dict(db.conn.execute("SELECT kind, count(*) FROM alerts GROUP BY kind").fetchall())
    states = dict(db.conn.execute("SELECT state, count(*) FROM deliveries GROUP BY state").fetchall())
    return Vitals(
        reads=int(reads),
        entries=int(entries),
        entries_due=int(due),
        entries_due_since=from_text(due_since) if due_since else None,
        alerts={str(kind): kinds.get(kind, 0) for kind in AlertKind},
        deliveries={str(state): states.get(state, 0) for state in DeliveryState},
        deliveries_due_since=from_text(message_due) if message_due else None,
    )
