"""Rows that another message tells: a digest or summary, or the message of a graver alert on the same article.

Such a row is ``digested`` and names the alert that tells it. What became of it is read off that alert's own row for the
same channel, so the two cannot disagree: a row whose teller is dead is shown as dead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model.alerts import AlertKind, Companion
from monitor.model.delivery import DeliveryState
from monitor.model.watches import Severity
from monitor.store.times import to_text

_GIVEN_UP = frozenset({DeliveryState.DEAD, DeliveryState.DROPPED})

STATE = "CASE WHEN teller.state IN ('dead', 'dropped') THEN teller.state ELSE d.state END"
"""What became of the delivery ``d``, given :data:`TELLER`."""
TELLER = (
    " LEFT JOIN deliveries AS teller"
    " ON d.state = 'digested' AND teller.alert_id = d.told_by AND teller.channel = d.channel"
    " LEFT JOIN alerts AS told ON told.id = teller.alert_id"
)
TELLER_COLUMNS = "teller.state AS teller_state, teller.detail AS teller_detail, told.kind AS teller_kind"


def tell_with(db: Database, alert_ids: Iterable[int], channel: str, *, teller: int, now: datetime) -> None:
    """The message of the alert ``teller`` tells these on the channel; call in the transaction that queued them all."""
    db.conn.executemany(
        "UPDATE deliveries SET state = 'digested', told_by = ?, changed = ?, detail = ?"
        " WHERE alert_id = ? AND channel = ? AND state = 'new'",
        [(teller, to_text(now), f"with alert {teller}", each, channel) for each in alert_ids],
    )


def tell_in(db: Database, delivery_ids: Iterable[int], digest_alert_id: int, now: datetime) -> None:
    """A digest, which has a row of its own, tells these rows, and what their messages would have told as well."""
    detail = f"in digest {digest_alert_id}"
    for delivery_id in delivery_ids:
        db.conn.execute(
            "UPDATE deliveries SET told_by = ?, changed = ?, detail = ? WHERE state = 'digested'"
            " AND told_by = (SELECT alert_id FROM deliveries WHERE id = ?)"
            " AND channel = (SELECT channel FROM deliveries WHERE id = ?)",
            (digest_alert_id, to_text(now), detail, delivery_id, delivery_id),
        )
        db.conn.execute(
            "UPDATE deliveries SET state = 'digested', told_by = ?, hold_reason = NULL, changed = ?, detail = ?"
            " WHERE id = ?",
            (digest_alert_id, to_text(now), detail, delivery_id),
        )


def companions(db: Database, alert_id: int, channel: str) -> tuple[Companion, ...]:
    """The alerts that this one's message tells as well on the channel, gravest first; none for a digest."""
    rows = db.query(
        "SELECT a.id, a.watch, a.severity FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id"
        " JOIN alerts AS teller ON teller.id = d.told_by"
        " WHERE d.told_by = ? AND d.channel = ? AND d.state = 'digested' AND teller.kind != ? ORDER BY a.id",
        [alert_id, channel, AlertKind.DIGEST],
    )
    found = (Companion(alert_id=row["id"], watch=row["watch"], severity=Severity(row["severity"])) for row in rows)
    return tuple(sorted(found, key=lambda each: -each.severity.rank))


def message_that_told(db: Database, alert_id: int, channel: str) -> int:
    """The alert whose message told this one on the channel: itself, unless another one did."""
    row = db.conn.execute(
        "SELECT told_by FROM deliveries WHERE alert_id = ? AND channel = ? AND state = 'digested'", (alert_id, channel)
    ).fetchone()
    return alert_id if row is None or row[0] is None else int(row[0])


def with_fate(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with :data:`TELLER_COLUMNS`, its ``detail`` saying in their place how far the message that tells it is."""
    state, detail, kind = row["teller_state"], row["teller_detail"], row["teller_kind"]
    rest = {key: value for key, value in row.items() if not key.startswith("teller_")}
    if state is None:
        return rest
    where = f"{'in digest' if kind == AlertKind.DIGEST else 'with alert'} {row['told_by']}"
    if state == DeliveryState.SENT:
        return rest | {"detail": f"told {where}"}
    if state in _GIVEN_UP:
        return rest | {"detail": f"was to be told {where} ({state}: {detail})"}
    return rest | {"detail": f"to be told {where} ({state})"}
