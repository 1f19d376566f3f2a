"""Hits, alerts and suppressions: what was decided, each with its reasons and, for alerts, its frozen payload."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model.alerts import (
    Alerted,
    AlertKind,
    AlertMessage,
    Decision,
    Suppressed,
    SuppressionReason,
    iso,
)
from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.model.stories import Placement
from monitor.model.watches import Hit, Severity, WatchSpec
from monitor.store import deliveries
from monitor.store.histories import has_alerted, history, note_watches
from monitor.store.times import from_text, optional_from_text, to_text

__all__ = [
    "SERVICE", "acknowledge", "counts_since", "decisions_for_article", "digest_message", "follow_articles",
    "has_alerted", "history", "insert", "listed", "message_of", "note_watches", "notice", "record", "told_of_flood",
    "verdict_on", "verdicts_on", "watches_decided",
]  # fmt: skip

SERVICE = "newsmonitor"
"""Stands for the watch in notices and digests."""


def record(
    db: Database,
    decisions: Iterable[Decision],
    *,
    article: Article,
    article_id: int,
    placement: Placement,
    settings: Settings,
    now: datetime,
    entry_id: int | None = None,
    story_first_seen: datetime | None = None,
) -> tuple[int, ...]:
    """Record hits, suppressions, alerts with their frozen payload, and one outbox row for each channel.

    Returns the ids of the alerts, in the order of the decisions. ``story_first_seen`` defaults to now.
    """
    about = _About(
        article=article, article_id=article_id, entry_id=entry_id, placement=placement, settings=settings, now=now,
        first_seen=story_first_seen or now,
    )  # fmt: skip
    alert_ids: list[int] = []
    for decision in decisions:
        _record_hit(db, about, decision.hit)
        match decision:
            case Alerted():
                alert_ids.append(_record_alert(db, about, decision))
            case Suppressed():
                _record_suppression(db, about, decision)
    return tuple(alert_ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    """What the decisions of one article have in common."""

    article: Article
    article_id: int
    entry_id: int | None
    placement: Placement
    first_seen: datetime
    settings: Settings
    now: datetime

    def message(self, decision: Decision) -> AlertMessage:
        """The content to freeze; its id is 0 until the alert has one."""
        alerted = decision if isinstance(decision, Alerted) else None
        return AlertMessage(
            alert_id=0,
            kind=alerted.kind if alerted else AlertKind.NEW,
            watch=decision.watch,
            severity=decision.severity,
            score=round(decision.hit.score, 3),
            reasons=alerted.reasons if alerted else decision.hit.reasons,
            story={
                "id": self.placement.story_id,
                "first_seen": iso(self.first_seen),
                "sources": self.placement.sources,
                "independent": self.placement.independent,
            },
            article=self._article(decision),
            changes=alerted.changes if alerted else (),
            created=self.now,
            in_reply_to=alerted.in_reply_to if alerted else None,
        )

    def _article(self, decision: Decision) -> dict[str, Any]:
        article = self.article
        return {
            "title": article.title,
            "url": article.url,
            "site": article.site or article.publisher or article.feed,
            "author": article.author,
            "published": None if article.published is None else iso(article.published),
            "seen": iso(self.now),
            "language": article.language,
            "lead": article.lead,
            "excerpt": decision.excerpt.text,
            "highlights": [list(each) for each in decision.excerpt.highlights],
            "partial": None if article.partial is None else str(article.partial),
        }


def _record_hit(db: Database, about: _About, hit: Hit) -> None:
    db.conn.execute(
        "INSERT INTO hits (article_id, story_id, watch, score, background, reasons, spans, found)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (article_id, watch) DO UPDATE SET story_id = excluded.story_id,"
        " score = excluded.score, background = excluded.background, reasons = excluded.reasons, spans = excluded.spans",
        (
            about.article_id,
            about.placement.story_id,
            hit.watch,
            hit.score,
            hit.background,
            _json(hit.reasons),
            _json([[span.field, span.start, span.end, span.term] for span in hit.spans]),
            to_text(about.now),
        ),
    )


def _record_alert(db: Database, about: _About, decision: Alerted) -> int:
    message = about.message(decision)
    alert_id = insert(
        db,
        message,
        channels=decision.channels,
        now=about.now,
        article_id=about.article_id,
        entry_id=about.entry_id,
        feed=about.article.feed,
    )
    db.conn.execute(
        "UPDATE suppressions SET release_at = NULL WHERE story_id = ? AND watch = ?",
        (about.placement.story_id, decision.watch),
    )
    return alert_id


def insert(
    db: Database,
    message: AlertMessage,
    *,
    channels: Iterable[str],
    now: datetime,
    article_id: int | None = None,
    entry_id: int | None = None,
    feed: str = "",
    once_key: str | None = None,
) -> int:
    """Record an alert, freeze its payload and queue it for ``channels``; 0 where ``once_key`` was told before."""
    cursor = db.conn.execute(
        "INSERT INTO alerts (kind, watch, severity, score, story_id, article_id, entry_id, feed, created, independent,"
        " in_reply_to, payload, once_key, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?,"
        " coalesce((SELECT counts FROM articles WHERE id = ?), '{}'))"
        " ON CONFLICT (once_key) DO NOTHING RETURNING id",
        (
            message.kind, message.watch, message.severity, message.score, message.story.get("id"), article_id, entry_id,
            feed, to_text(now), message.story.get("independent", 0), message.in_reply_to, once_key,
            article_id,
        ),
    ).fetchall()  # fmt: skip
    if not cursor:
        return 0
    alert_id = int(cursor[0][0])
    payload = replace(message, alert_id=alert_id, created=now).payload()
    db.conn.execute("UPDATE alerts SET payload = ? WHERE id = ?", (_json(payload), alert_id))
    deliveries.queue(db, alert_id, channels, now)
    return alert_id


def notice(
    db: Database,
    text: str,
    *,
    channels: Iterable[str],
    now: datetime,
    once_key: str,
    severity: Severity = Severity.HIGH,
) -> int:
    """Queue a notice about the service itself, once for each ``once_key``; 0 where it was told before.

    The first line of ``text`` is its headline.
    """
    message = AlertMessage(
        alert_id=0, kind=AlertKind.NOTICE, watch=SERVICE, severity=severity, score=0.0, reasons=(), text=text
    )
    return insert(db, message, channels=channels, now=now, once_key=once_key)


def digest_message(text: str, severity: Severity) -> AlertMessage:
    """Many alerts in one message; the first line of ``text`` is its headline."""
    return AlertMessage(
        alert_id=0, kind=AlertKind.DIGEST, watch=SERVICE, severity=severity, score=0.0, reasons=(), text=text
    )


def _record_suppression(db: Database, about: _About, decision: Suppressed) -> None:
    now = to_text(about.now)
    if decision.reason is SuppressionReason.SAME_ITEM and _counted_again(db, about, decision, now):
        return
    db.conn.execute(
        "INSERT INTO suppressions (watch, reason, detail, severity, article_id, entry_id, story_id, feed, created,"
        " last, payload, channels, in_digest, untold, release_at, seq)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(seq), 0) + 1 FROM suppressions))"
        " ON CONFLICT (article_id, watch, reason) DO UPDATE SET times = times + 1, last = excluded.last,"
        " seq = excluded.seq, detail = excluded.detail, story_id = excluded.story_id, payload = excluded.payload,"
        " severity = excluded.severity, channels = excluded.channels",
        (
            decision.watch, decision.reason, decision.detail, decision.severity, about.article_id, about.entry_id,
            about.placement.story_id, about.article.feed, now, now, _json(about.message(decision).payload()),
            _json(decision.channels), decision.digest, _is_told_with_others(decision), _release_at(about, decision),
        ),
    )  # fmt: skip


def _counted_again(db: Database, about: _About, decision: Suppressed, now: str) -> bool:
    """An unchanged item that was suppressed before: nothing but the count of times has changed."""
    updated = db.conn.execute(
        "UPDATE suppressions SET times = times + 1, last = ?, seq = (SELECT max(seq) + 1 FROM suppressions)"
        " WHERE article_id = ? AND watch = ? AND reason = ?",
        (now, about.article_id, decision.watch, decision.reason),
    )
    return updated.rowcount > 0


def _is_told_with_others(decision: Suppressed) -> bool:
    at_once = decision.reason in {SuppressionReason.BASELINE, SuppressionReason.FLOOD}
    return at_once and not decision.hit.background


def _release_at(about: _About, decision: Suppressed) -> str | None:
    if decision.reason is not SuppressionReason.UNCONFIRMED:
        return None
    watches = {watch.name: watch for watch in about.settings.watchlist.watches}
    wait = watches.get(decision.watch, WatchSpec(name=decision.watch)).unconfirmed_after
    return to_text(about.now + wait)


def follow_articles(db: Database, article_ids: Sequence[int]) -> None:
    """After a split or merge by hand: what was said of these articles counts for the stories that they are in now."""
    for table in ("hits", "alerts", "suppressions"):
        db.conn.executemany(
            f"UPDATE {table} SET story_id = (SELECT story_id FROM articles WHERE id = article_id) WHERE article_id = ?",  # noqa: S608 - the names above
            [(each,) for each in article_ids],
        )


def counts_since(db: Database, instant: datetime) -> tuple[int, int]:
    """Hits found and alerts on articles given after an instant."""
    hits, told = db.conn.execute(
        "SELECT (SELECT count(*) FROM hits WHERE found > :at), (SELECT count(*) FROM alerts WHERE created > :at"
        " AND kind IN ('new', 'update', 'corroborated'))",
        {"at": to_text(instant)},
    ).fetchone()
    return int(hits), int(told)


def told_of_flood(db: Database, feed: str, since: datetime) -> int:
    """How many alerts on entries of a feed's flood went out one by one after an instant."""
    (count,) = db.conn.execute(
        "SELECT count(*) FROM alerts WHERE created > ? AND feed = ?"
        " AND EXISTS (SELECT 1 FROM entries WHERE id = entry_id AND flood = 1)",
        (to_text(since), feed),
    ).fetchone()
    return int(count)


def message_of(db: Database, alert_id: int) -> AlertMessage | None:
    """The frozen content of an alert, or None."""
    rows = db.conn.execute("SELECT payload FROM alerts WHERE id = ?", (alert_id,)).fetchall()
    return AlertMessage.from_payload(json.loads(rows[0][0])) if rows else None


def listed(
    db: Database, *, watch: str | None = None, kinds: Sequence[str] = (), since: datetime | None = None,
    unacknowledged: bool = False, limit: int = 50,
) -> list[dict[str, Any]]:  # fmt: skip
    """Alerts for people, newest first; times are datetimes; title, address and ``partial`` come from the payload."""
    where: list[str] = ["1"]
    bound: list[str] = []
    if watch:
        where.append("watch = ?")
        bound.append(watch)
    if kinds:
        where.append(f"kind IN ({', '.join('?' * len(kinds))})")
        bound.extend(kinds)
    if since:
        where.append("created >= ?")
        bound.append(to_text(since))
    if unacknowledged:
        where.append("acknowledged IS NULL")
    rows = db.query(
        "SELECT id AS alert, kind, watch, severity, score, story_id AS story, created, verdict, acknowledged,"  # noqa: S608 - only placeholders are formatted in
        " acknowledged_by, note, in_reply_to, json_extract(payload, '$.article.title') AS title,"
        " json_extract(payload, '$.article.url') AS url, json_extract(payload, '$.text') AS text,"
        " json_extract(payload, '$.article.partial') AS partial"
        f" FROM alerts WHERE {' AND '.join(where)} ORDER BY id DESC LIMIT ?",
        [*bound, limit],
    )
    return [_for_people(row) for row in rows]


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    text = row.pop("text") or ""
    first_line = text.partition("\n")[0]
    return row | {
        "title": row["title"] or first_line,
        "created": from_text(row["created"]),
        "acknowledged": optional_from_text(row["acknowledged"]),
    }


def acknowledge(db: Database, alert_id: int, *, verdict: str, by: str, note: str, now: datetime) -> bool:
    """Note that a person has read the alert and found it ``useful`` or ``noise``; False where there is none."""
    cursor = db.conn.execute(
        "UPDATE alerts SET verdict = ?, acknowledged = ?, acknowledged_by = ?, note = ? WHERE id = ?",
        (verdict, to_text(now), by, note, alert_id),
    )
    return cursor.rowcount > 0


def verdict_on(db: Database, alert_id: int) -> dict[str, Any] | None:
    """``verdict``, ``acknowledged`` (when), ``acknowledged_by`` and ``note``; None while nobody has said anything."""
    for row in db.query(
        "SELECT verdict, acknowledged, acknowledged_by, note FROM alerts WHERE id = ? AND acknowledged IS NOT NULL",
        [alert_id],
    ):
        return row | {"acknowledged": from_text(row["acknowledged"])}
    return None


def verdicts_on(db: Database, watch: str) -> dict[int, bool]:
    """By article: whether people found the watch's latest acknowledged alert on it useful."""
    rows = db.query(
        "SELECT article_id, verdict FROM alerts WHERE watch = ? AND verdict IS NOT NULL AND article_id IS NOT NULL"
        " ORDER BY id",
        [watch],
    )
    return {row["article_id"]: row["verdict"] == "useful" for row in rows}


def watches_decided(db: Database) -> set[str]:
    """Names of all watches that ever alerted or were suppressed, those not configured any more too."""
    return {row["watch"] for row in db.query("SELECT watch FROM alerts UNION SELECT watch FROM suppressions")}


def decisions_for_article(db: Database, article_id: int) -> list[dict[str, Any]]:
    """Every decision on an article, oldest first, for ``why``.

    Alerts: ``decision: "alert", alert, kind, watch, severity, reasons, changes, created, deliveries``; suppressions:
    ``decision: "suppressed", watch, reason, detail, severity, times, created, last``. Times are datetimes.
    """
    found = [_alert_decision(db, row) for row in db.query("SELECT * FROM alerts WHERE article_id = ?", [article_id])]
    found += [
        {
            "decision": "suppressed", "watch": row["watch"], "reason": row["reason"], "detail": row["detail"],
            "severity": row["severity"], "times": row["times"], "created": from_text(row["created"]),
            "last": from_text(row["last"]),
        }
        for row in db.query("SELECT * FROM suppressions WHERE article_id = ?", [article_id])
    ]  # fmt: skip
    return sorted(found, key=lambda each: each["created"])


def _alert_decision(db: Database, row: dict[str, Any]) -> dict[str, Any]:
    payload = json.loads(row["payload"])
    return {
        "decision": "alert", "alert": row["id"], "kind": row["kind"], "watch": row["watch"],
        "severity": row["severity"], "reasons": payload["reasons"], "changes": payload["changes"],
        "created": from_text(row["created"]), "deliveries": deliveries.listed(db, alert_id=row["id"]),
    }  # fmt: skip


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
