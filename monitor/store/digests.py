"""Which digest slots were served, and what a digest lists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model.alerts import SuppressionReason
from monitor.model.watches import Span
from monitor.store.times import from_text, optional_to_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """One suppression for a digest; ``payload`` is the alert that it would have been."""

    reason: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A suppression that waits for one message with all others of its feed; ``payload`` as in a digest."""

    suppression_id: int
    feed: str
    entry_id: int | None
    payload: dict[str, Any]
    channels: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRelease:
    """A hold for more publishers that has run out."""

    suppression_id: int
    watch: str
    story_id: int | None
    article_id: int
    entry_id: int | None
    feed: str
    payload: dict[str, Any]
    channels: tuple[str, ...]
    detail: str
    spans: tuple[Span, ...]
    """Where the watch's terms were found in the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a digest starts: an instant for people, and the last suppression that the one before considered."""

    at: datetime
    seq: int = 0


def last_mark(db: Database, channel: str) -> Mark | None:
    """Where the channel's last digest ended; None before its first slot."""
    row = db.conn.execute(
        "SELECT upto, upto_seq FROM digests WHERE channel = ? ORDER BY upto_seq DESC, upto DESC LIMIT 1", (channel,)
    ).fetchone()
    return None if row is None else Mark(at=from_text(row[0]), seq=row[1])


def mark_since(db: Database, instant: datetime) -> Mark:
    """A mark that lists what was passed over after an instant."""
    (seq,) = db.conn.execute(
        "SELECT coalesce(max(seq), 0) FROM suppressions WHERE last <= ?", (to_text(instant),)
    ).fetchone()
    return Mark(at=instant, seq=seq)


def is_served(db: Database, channel: str, slot: str) -> bool:
    """Whether this slot was served, with a message or without."""
    return bool(db.conn.execute("SELECT 1 FROM digests WHERE channel = ? AND slot = ?", (channel, slot)).fetchone())


def serve(db: Database, channel: str, slot: str, *, now: datetime, alert_id: int | None) -> None:
    """Note that the slot was served, so that it never is again, and that all suppressions so far were considered."""
    db.conn.execute(
        "INSERT INTO digests (channel, slot, alert_id, upto, upto_seq, created)"
        " VALUES (?, ?, ?, ?, (SELECT coalesce(max(seq), 0) FROM suppressions), ?)"
        " ON CONFLICT (channel, slot) DO NOTHING",
        (channel, slot, alert_id, to_text(now), to_text(now)),
    )


def passed_over(db: Database, channel: str, start: Mark) -> list[PassedOver]:
    """What the channel's digest lists: suppressions marked for it since the last one, oldest first."""
    rows = db.query(
        "SELECT reason, payload FROM suppressions WHERE in_digest = 1 AND seq > ?"
        " AND EXISTS (SELECT 1 FROM json_each(channels) WHERE value = ?) ORDER BY seq",
        [start.seq, channel],
    )
    return [PassedOver(reason=row["reason"], payload=json.loads(row["payload"])) for row in rows]


def suppressed(
    db: Database, *, watch: str | None, reasons: Sequence[str], since: datetime | None, limit: int
) -> list[dict[str, Any]]:
    """Hits that alerted nobody, for people, the latest first; times are datetimes, no ``reasons`` are all."""
    rows = db.query(
        "SELECT last, reason, severity, watch, times, json_extract(payload, '$.article.title') AS title,"
        " json_extract(payload, '$.article.url') AS url, detail, story_id AS story, feed, created FROM suppressions"
        " WHERE (:watch IS NULL OR watch = :watch) AND (:since IS NULL OR last >= :since)"
        " AND (:reasons = '[]' OR reason IN (SELECT value FROM json_each(:reasons))) ORDER BY seq DESC LIMIT :limit",
        {"watch": watch, "since": optional_to_text(since), "reasons": json.dumps(list(reasons)), "limit": limit},
    )
    return [row | {key: from_text(row[key]) for key in ("last", "created")} for row in rows]


def untold(db: Database, reason: SuppressionReason) -> list[Untold]:
    """What waits to be told in one message for this reason, in the order it came."""
    rows = db.query(
        "SELECT id, feed, entry_id, payload, channels, created FROM suppressions WHERE untold = 1 AND reason = ?"
        " ORDER BY seq",
        [reason],
    )
    return [
        Untold(
            suppression_id=row["id"],
            feed=row["feed"],
            entry_id=row["entry_id"],
            payload=json.loads(row["payload"]),
            channels=tuple(json.loads(row["channels"])),
            since=from_text(row["created"]),
        )
        for row in rows
    ]


def note_told(db: Database, suppression_ids: Sequence[int]) -> None:
    """These need no message any more."""
    db.conn.executemany("UPDATE suppressions SET untold = 0 WHERE id = ?", [(each,) for each in suppression_ids])


def told_between(db: Database, channel: str, since: datetime, upto: datetime) -> int:
    """How many alerts on articles the channel was given."""
    (count,) = db.conn.execute(
        "SELECT count(*) FROM deliveries AS d JOIN alerts AS a ON a.id = d.alert_id WHERE d.channel = ?"
        " AND a.created > ? AND a.created <= ? AND a.kind IN ('new', 'update', 'corroborated')",
        (channel, to_text(since), to_text(upto)),
    ).fetchone()
    return int(count)


def due_releases(db: Database, now: datetime) -> list[DueRelease]:
    """Holds for more publishers that have run out, oldest first."""
    rows = db.query(
        "SELECT s.*, h.spans FROM suppressions AS s LEFT JOIN hits AS h ON h.article_id = s.article_id"
        " AND h.watch = s.watch WHERE s.release_at <= ? ORDER BY s.release_at, s.id",
        [to_text(now)],
    )
    return [
        DueRelease(
            suppression_id=row["id"],
            watch=row["watch"],
            story_id=row["story_id"],
            article_id=row["article_id"],
            entry_id=row["entry_id"],
            feed=row["feed"],
            payload=json.loads(row["payload"]),
            channels=tuple(json.loads(row["channels"])),
            detail=row["detail"],
            spans=tuple(
                Span(field=field, start=start, end=end, term=term)
                for field, start, end, term in json.loads(row["spans"] or "[]")
            ),
        )
        for row in rows
    ]


def end_holds(db: Database, suppression_ids: Sequence[int]) -> None:
    """These holds have ended."""
    db.conn.executemany("UPDATE suppressions SET release_at = NULL WHERE id = ?", [(each,) for each in suppression_ids])
