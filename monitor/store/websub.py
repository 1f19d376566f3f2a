"""The subscriptions to hubs: a queue by ``due_at``, and the callbacks by their paths."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitor.model.websub import Announced, Subscription, SubscriptionState
from monitor.store.times import optional_from_text, optional_to_text, to_text


def want(db: Database, feed_id: int, announced: Announced, *, path: str, secret: str | None, now: datetime) -> bool:
    """Make ``announced`` the one subscription of a feed; False where it is already, so that the path was not used."""
    rows = db.execute(
        "SELECT id FROM subscriptions WHERE feed_id = ? AND hub = ? AND topic = ? AND state != 'leaving'",
        [feed_id, announced.hub, announced.topic],
    ).fetchall()
    if rows:
        return False
    leave(db, feed_id, now)
    db.execute(
        "INSERT INTO subscriptions (feed_id, hub, topic, path, secret, due_at) VALUES (?, ?, ?, ?, ?, ?)",
        [feed_id, announced.hub, announced.topic, path, secret, to_text(now)],
    )
    return True


def leave(db: Database, feed_id: int, now: datetime) -> None:
    """End what a feed is subscribed to."""
    db.execute(
        "UPDATE subscriptions SET state = 'leaving', due_at = ?, attempts = 0 WHERE feed_id = ? AND state != 'leaving'",
        [to_text(now), feed_id],
    )


def leave_removed_feeds(db: Database, now: datetime) -> None:
    """End the subscriptions of feeds that are not configured any more."""
    db.execute(
        "UPDATE subscriptions SET state = 'leaving', due_at = ?, attempts = 0 WHERE state != 'leaving' "
        "AND feed_id IN (SELECT id FROM feeds WHERE active = 0)",
        [to_text(now)],
    )


def claim_due(db: Database, now: datetime, limit: int, lease: timedelta) -> list[int]:
    """Claim up to ``limit`` subscriptions whose hub has to be asked something, the longest due first."""
    rows = db.execute(
        """
        UPDATE subscriptions SET claimed_until = :lease WHERE id IN (
          SELECT id FROM subscriptions WHERE due_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
          ORDER BY due_at, id LIMIT :limit)
        RETURNING id
        """,
        {"lease": to_text(now + lease), "now": to_text(now), "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]


def release_claims(db: Database) -> None:
    """At start-up: no claim of an earlier process is alive."""
    db.execute("UPDATE subscriptions SET claimed_until = NULL WHERE claimed_until IS NOT NULL")


def get(db: Database, subscription_id: int) -> Subscription | None:
    """A subscription by its key."""
    return _one(db, "id = ?", subscription_id)


def by_path(db: Database, path: str) -> Subscription | None:
    """The subscription whose callback this is; None for a path that was never given out, or is no more."""
    return _one(db, "path = ?", path)


def of_feed(db: Database, feed_id: int) -> Subscription | None:
    """What a feed is subscribed to, or wants to be."""
    return _one(db, "state != 'leaving' AND feed_id = ?", feed_id)


def wanted(db: Database) -> list[Subscription]:
    """What all feeds are subscribed to, or want to be."""
    rows = db.query("SELECT * FROM subscriptions WHERE state != 'leaving' ORDER BY hub, id")
    return [_subscription(row) for row in rows]


def record(db: Database, subscription: Subscription) -> None:
    """Write what came of a request or of a verification, and end the claim."""
    db.execute(
        "UPDATE subscriptions SET state = :state, lease_until = :lease_until, due_at = coalesce(:due, due_at), "
        "claimed_until = NULL, attempts = :attempts, detail = :detail WHERE id = :id",
        {
            "id": subscription.id,
            "state": subscription.state.value,
            "lease_until": optional_to_text(subscription.lease_until),
            "due": optional_to_text(subscription.due),
            "attempts": subscription.attempts,
            "detail": subscription.detail,
        },
    )


def note_push(db: Database, subscription_id: int, now: datetime) -> None:
    """Its hub pushed something that is signed."""
    db.execute("UPDATE subscriptions SET last_push_at = ? WHERE id = ?", [to_text(now), subscription_id])


def forget(db: Database, subscription_id: int) -> None:
    """It is over: its callback is unknown from now on."""
    db.execute("DELETE FROM subscriptions WHERE id = ?", [subscription_id])


def _one(db: Database, where: str, value: int | str) -> Subscription | None:
    sql = f"SELECT * FROM subscriptions WHERE {where} ORDER BY id DESC LIMIT 1"  # noqa: S608 - our own conditions
    for row in db.query(sql, [value]):
        return _subscription(row)
    return None


def _subscription(row: Mapping[str, Any]) -> Subscription:
    return Subscription(
        id=row["id"],
        feed_id=row["feed_id"],
        hub=row["hub"],
        topic=row["topic"],
        path=row["path"],
        secret=row["secret"],
        state=SubscriptionState(row["state"]),
        lease_until=optional_from_text(row["lease_until"]),
        due=optional_from_text(row["due_at"]),
        attempts=row["attempts"],
        detail=row["detail"],
        last_push=optional_from_text(row["last_push_at"]),
    )
