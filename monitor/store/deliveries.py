"""The outbox: one row for each alert and channel, claimed, tried and settled.

A claim commits ``sending`` and the attempt's row just before the attempt; a row found in ``sending`` at start-up is
therefore in doubt, and no row is ever sent that is not in ``sending``. The number of the attempt names the claim: who
settles a row says which claim was his, and a claim that was taken from him settles nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitor.model.delivery import Delivery, DeliveryState, Held, HoldReason, SendFailed, Sent
from monitor.model.settings import Channel
from monitor.store import together
from monitor.store.times import from_text, optional_from_text, optional_to_text, to_text

RETRY_PERIOD = timedelta(hours=48)
"""A row that is still failing this long after it was due is dead."""

OPEN_STATES = (DeliveryState.NEW, DeliveryState.SENDING, DeliveryState.RETRY, DeliveryState.HELD)

_CLAIM = """
UPDATE deliveries SET state = 'sending', attempts = attempts + 1, changed = :now WHERE id IN (
    SELECT (
        SELECT id FROM deliveries AS due
        WHERE due.channel = waiting.channel AND due.state IN ('new', 'retry') AND due.due <= :now
        ORDER BY due.due, due.id LIMIT 1
    ) AS id
    FROM (SELECT DISTINCT channel FROM deliveries WHERE state IN ('new', 'retry')) AS waiting
    LEFT JOIN channel_states AS known ON known.channel = waiting.channel
    WHERE NOT EXISTS (SELECT 1 FROM deliveries AS s WHERE s.channel = waiting.channel AND s.state = 'sending')
      AND (known.paused_until IS NULL OR known.paused_until <= :now)
      AND (known.broken_since IS NULL OR known.probe_at <= :now)
      AND (:channel IS NULL OR waiting.channel = :channel)
    ORDER BY id IS NULL, id LIMIT :limit
) RETURNING id, attempts
"""


def queue(db: Database, alert_id: int, channels: Iterable[str], now: datetime) -> None:
    """One new row for each channel, due now."""
    for channel in channels:
        db.conn.execute(
            "INSERT INTO deliveries (alert_id, channel, state, created, due, retry_until, idempotency_key, changed)"
            " VALUES (?, ?, 'new', ?, ?, ?, ?, ?)",
            (
                alert_id, channel, to_text(now), to_text(now), to_text(now + RETRY_PERIOD), f"{alert_id}:{channel}",
                to_text(now),
            ),
        )  # fmt: skip


def claim_due(db: Database, now: datetime, limit: int, channel: str | None = None) -> list[int]:
    """Claim the longest-due row of each channel that is not paused, not broken and not sending; of one if named.

    The claimed rows are ``sending`` and their attempts begun; commit before sending.
    """
    bound = {"now": to_text(now), "limit": limit, "channel": channel}
    claimed = db.conn.execute(_CLAIM, bound).fetchall()
    db.conn.executemany(
        "INSERT INTO delivery_attempts (delivery_id, number, started) VALUES (?, ?, ?)",
        [(delivery_id, number, to_text(now)) for delivery_id, number in claimed],
    )
    return sorted(delivery_id for delivery_id, _ in claimed)


def recover(db: Database, channels: Iterable[Channel], now: datetime, *, in_hand: Collection[int] = ()) -> list[int]:
    """Settle what nobody is sending any more: by each channel's ``in_doubt`` tried again or held; return the ids.

    ``in_hand`` are the rows that this process is sending: however long that takes and whatever the clock says, theirs
    is no doubt yet.
    """
    holding = {channel.name for channel in channels if channel.in_doubt == "hold"}
    sending = db.conn.execute("SELECT id, channel FROM deliveries WHERE state = 'sending'").fetchall()
    doubtful = [(delivery_id, channel) for delivery_id, channel in sending if delivery_id not in in_hand]
    detail = "its sending ended without a record: the receiver may have it"
    for delivery_id, channel in doubtful:
        db.conn.execute(
            "UPDATE delivery_attempts SET finished = ?, outcome = 'interrupted', detail = ?"
            " WHERE delivery_id = ? AND outcome IS NULL",
            (to_text(now), detail, delivery_id),
        )
        if channel in holding:
            hold(db, delivery_id, Held(reason=HoldReason.IN_DOUBT, detail=detail), now)
        else:
            _settle(db, delivery_id, DeliveryState.RETRY, now, due=now, detail=detail)
    return [delivery_id for delivery_id, _ in doubtful]


def get(db: Database, delivery_id: int) -> Delivery | None:
    """The row, or None."""
    rows = list(db.query("SELECT * FROM deliveries WHERE id = ?", [delivery_id]))
    return _delivery(rows[0]) if rows else None


def sent_since(db: Database, channel: str, since: datetime, *, until: datetime, at_most: int = 10_000) -> int:
    """How many messages the channel accepted from ``since`` to ``until``, digests and summaries not counted, up to
    ``at_most``. After a clock was set back, later ones are not of this hour.
    """
    (count,) = db.conn.execute(
        "SELECT count(*) FROM (SELECT 1 FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id"
        " WHERE d.channel = ? AND d.state = 'sent' AND d.changed > ? AND d.changed <= ? AND a.kind != 'digest'"
        " LIMIT ?)",
        (channel, to_text(since), to_text(until), at_most),
    ).fetchone()
    return int(count)


def settle_sent(db: Database, claim: Delivery, outcome: Sent, now: datetime) -> bool:
    """The receiver has it; False where that was known or the row is being sent again already.

    True of a row that was taken for in doubt meanwhile, too: it need not be sent again.
    """
    _end_attempt(db, claim, now, outcome="sent", detail=outcome.detail)
    cursor = db.conn.execute(
        "UPDATE deliveries SET state = 'sent', detail = ?, hold_reason = NULL, changed = ?"
        " WHERE id = ? AND attempts = ? AND state IN ('sending', 'retry', 'held')",
        (outcome.detail, to_text(now), claim.id, claim.attempts),
    )
    return cursor.rowcount > 0


def settle_retry(
    db: Database, claim: Delivery, failure: SendFailed, now: datetime, *, at: datetime, plain: bool
) -> bool:
    """It failed and is tried again at ``at``; as plain text if ``plain``. False where the claim was lost."""
    _end_failed(db, claim, failure, now)
    if not _is_held_by(db, claim):
        return False
    _settle(db, claim.id, DeliveryState.RETRY, now, due=at, detail=failure.detail, plain=plain)
    return True


def settle_dead(db: Database, claim: Delivery, failure: SendFailed, now: datetime, *, reason: str) -> bool:
    """It failed and is given up, visibly. False where the claim was lost."""
    _end_failed(db, claim, failure, now)
    if not _is_held_by(db, claim):
        return False
    _settle(db, claim.id, DeliveryState.DEAD, now, detail=reason)
    return True


def settle_held(db: Database, claim: Delivery, failure: SendFailed, now: datetime) -> bool:
    """It failed, the receiver may have it, and the channel holds what is in doubt. False where the claim was lost."""
    _end_failed(db, claim, failure, now)
    if not _is_held_by(db, claim):
        return False
    hold(db, claim.id, Held(reason=HoldReason.IN_DOUBT, detail=failure.detail), now)
    return True


def put_back(db: Database, claim: Delivery, held: Held, now: datetime) -> bool:
    """Undo a claim whose message was not handed to the channel: the attempt did not happen. False where it was lost."""
    if not _is_held_by(db, claim):
        return False
    db.conn.execute("DELETE FROM delivery_attempts WHERE delivery_id = ? AND number = ?", (claim.id, claim.attempts))
    db.conn.execute("UPDATE deliveries SET attempts = attempts - 1 WHERE id = ?", (claim.id,))
    hold(db, claim.id, held, now)
    return True


def hold(db: Database, delivery_id: int, held: Held, now: datetime) -> None:
    """Keep the row until ``held.until``, or until an operator decides where that is None."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'held', hold_reason = ?, detail = ?, due = coalesce(?, due), changed = ?"
        " WHERE id = ?",
        (held.reason, held.detail, optional_to_text(held.until), to_text(now), delivery_id),
    )


def held_until(db: Database, now: datetime) -> list[Delivery]:
    """Rows whose quiet hours or storm have ended, by channel in the order they came.

    A storm ends for all that a channel holds when the first of its hours is over: one summary, not one for each.
    """
    return _deliveries(
        db.query(
            "SELECT * FROM deliveries WHERE state = 'held' AND (hold_reason IN ('quiet-hours', 'storm') AND due <= :now"
            " OR hold_reason = 'storm' AND channel IN (SELECT channel FROM deliveries"
            " WHERE state = 'held' AND hold_reason = 'storm' AND due <= :now)) ORDER BY channel, id",
            {"now": to_text(now)},
        )
    )


def release(db: Database, delivery_id: int, now: datetime) -> None:
    """Send a held, dead or dropped row again, with a fresh retry period and the same key."""
    db.conn.execute(
        "UPDATE deliveries SET state = 'new', due = ?, retry_until = ?, hold_reason = NULL, plain = 0, detail = '',"
        " told_by = NULL, changed = ? WHERE id = ?",
        (to_text(now), to_text(now + RETRY_PERIOD), to_text(now), delivery_id),
    )


def release_for(db: Database, channels: Iterable[str], now: datetime) -> int:
    """Rows that were held because their channel was not configured go out when it is again; returns how many."""
    cursors = [
        db.conn.execute(
            "UPDATE deliveries SET state = 'retry', hold_reason = NULL, due = :now, retry_until = :until,"
            " changed = :now"
            " WHERE state = 'held' AND hold_reason = 'no-channel' AND channel = :channel",
            {"now": to_text(now), "until": to_text(now + RETRY_PERIOD), "channel": channel},
        )
        for channel in channels
    ]
    return sum(cursor.rowcount for cursor in cursors)


def drop(db: Database, delivery_id: int, now: datetime, *, reason: str) -> None:
    """Give the row up by an operator's decision."""
    _settle(db, delivery_id, DeliveryState.DROPPED, now, detail=reason)


def expire(db: Database, now: datetime) -> list[Delivery]:
    """Give up rows that waited out their retry period behind a paused or broken channel; return them as they were."""
    rows = _deliveries(
        db.query("SELECT * FROM deliveries WHERE state IN ('new', 'retry') AND retry_until <= ?", [to_text(now)])
    )
    for row in rows:
        why = row.detail or "its channel took nothing"
        _settle(db, row.id, DeliveryState.DEAD, now, detail=f"not delivered within 48 hours: {why}")
    return rows


def listed(
    db: Database,
    *,
    states: Sequence[str] = (),
    channel: str | None = None,
    alert_id: int | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Rows for people, newest first, with their alert's kind, watch and severity; times are datetimes.

    The state of a row that another message tells is ``dead`` or ``dropped`` where that message is.
    """
    where: list[str] = ["1"]
    bound: list[str] = []
    if states:
        where.append(f"{together.STATE} IN ({', '.join('?' * len(states))})")
        bound.extend(states)
    if channel:
        where.append("d.channel = ?")
        bound.append(channel)
    if alert_id is not None:
        where.append("d.alert_id = ?")
        bound.append(str(alert_id))
    rows = db.query(
        f"SELECT d.id, d.alert_id AS alert, d.channel, {together.STATE} AS state, d.attempts, d.created, d.due,"  # noqa: S608 - only placeholders and constants are formatted in
        f" d.changed, d.hold_reason, d.detail, d.told_by, a.kind, a.watch, a.severity, {together.TELLER_COLUMNS}"
        f" FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id {together.TELLER}"
        f" WHERE {' AND '.join(where)} ORDER BY d.id DESC LIMIT ?",
        [*bound, limit],
    )
    told = map(together.with_fate, rows)
    return [row | {key: from_text(row[key]) for key in ("created", "due", "changed")} for row in told]


def attempts_of(db: Database, delivery_id: int) -> list[dict[str, Any]]:
    """Every attempt at a row, first first; ``outcome`` is None while it runs."""
    rows = db.query(
        "SELECT number, started, finished, outcome, status, detail FROM delivery_attempts WHERE delivery_id = ?"
        " ORDER BY number",
        [delivery_id],
    )
    return [
        row | {"started": from_text(row["started"]), "finished": optional_from_text(row["finished"])} for row in rows
    ]


def counts(db: Database) -> dict[str, int]:
    """Rows by state, for ``status``; states without rows are missing."""
    return {row["state"]: row["n"] for row in db.query("SELECT state, count(*) AS n FROM deliveries GROUP BY state")}


def counts_by_channel(db: Database) -> dict[str, dict[str, int]]:
    """Rows by channel and state."""
    table: dict[str, dict[str, int]] = {}
    for row in db.query("SELECT channel, state, count(*) AS n FROM deliveries GROUP BY channel, state"):
        table.setdefault(row["channel"], {})[row["state"]] = row["n"]
    return table


def waiting_without_channel(db: Database) -> dict[str, int]:
    """Rows held because their channel is not configured any more, by channel; notices not counted."""
    rows = db.query(
        "SELECT d.channel, count(*) AS n FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id"
        " WHERE d.state = 'held' AND d.hold_reason = 'no-channel' AND a.kind != 'notice' GROUP BY d.channel"
    )
    return {row["channel"]: row["n"] for row in rows}


def sent_in_all_since(db: Database, instant: datetime) -> int:
    """Messages that any channel accepted after an instant."""
    row = db.conn.execute("SELECT count(*) FROM deliveries WHERE state = 'sent' AND changed > ?", (to_text(instant),))
    return int(row.fetchone()[0])


def longest_due(db: Database, before: datetime) -> int:
    """Rows due since before an instant on sound channels on which nothing has moved since then."""
    row = db.conn.execute(
        "SELECT count(*) FROM deliveries AS d LEFT JOIN channel_states AS c ON c.channel = d.channel"
        " WHERE d.state IN ('new', 'retry') AND d.due < :before AND c.paused_until IS NULL AND c.broken_since IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM deliveries AS moved WHERE moved.channel = d.channel AND moved.changed > :before"
        " AND moved.state != 'new')",
        {"before": to_text(before)},
    )
    return int(row.fetchone()[0])


def _settle(
    db: Database,
    delivery_id: int,
    state: DeliveryState,
    now: datetime,
    *,
    detail: str = "",
    due: datetime | None = None,
    plain: bool = False,
) -> None:
    db.conn.execute(
        "UPDATE deliveries SET state = ?, detail = ?, due = coalesce(?, due), plain = plain OR ?, hold_reason = NULL,"
        " changed = ? WHERE id = ?",
        (state, detail, optional_to_text(due), plain, to_text(now), delivery_id),
    )


def _is_held_by(db: Database, claim: Delivery) -> bool:
    """Whether the row is still being sent under this claim."""
    found = db.conn.execute(
        "SELECT 1 FROM deliveries WHERE id = ? AND attempts = ? AND state = 'sending'", (claim.id, claim.attempts)
    )
    return found.fetchone() is not None


def _end_attempt(
    db: Database, claim: Delivery, now: datetime, *, outcome: str, detail: str, status: int | None = None
) -> None:
    db.conn.execute(
        "UPDATE delivery_attempts SET finished = ?, outcome = ?, status = ?, detail = ?"
        " WHERE delivery_id = ? AND number = ?",
        (to_text(now), outcome, status, detail, claim.id, claim.attempts),
    )


def _end_failed(db: Database, claim: Delivery, failure: SendFailed, now: datetime) -> None:
    _end_attempt(db, claim, now, outcome=failure.kind, detail=failure.detail, status=failure.status)


def _deliveries(rows: Iterable[Mapping[str, Any]]) -> list[Delivery]:
    return [_delivery(row) for row in rows]


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=row["id"],
        alert_id=row["alert_id"],
        channel=row["channel"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        created=from_text(row["created"]),
        due=from_text(row["due"]),
        idempotency_key=row["idempotency_key"],
        retry_until=from_text(row["retry_until"]),
        plain=bool(row["plain"]),
        hold_reason=None if row["hold_reason"] is None else HoldReason(row["hold_reason"]),
        detail=row["detail"],
    )
