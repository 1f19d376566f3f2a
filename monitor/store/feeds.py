"""The feeds: their schedule (a queue by ``next_poll_at``), their health, and what their polls have taught."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlite_utils import Database

from monitor.model.feeds import FeedSpec
from monitor.model.polling import FeedHealth, FeedState
from monitor.store.feed_rows import (
    WITHOUT_DIGESTS,
    headers_digest,
    host_key,
    learnt_to_text,
    spec_to_text,
    state_from_row,
)
from monitor.store.times import from_text, optional_from_text, optional_to_text, to_text

AT_ONCE = 50
"""So many new feeds are due at once; the others follow one a second, so that an import does not fall on one moment."""
LONGEST_SPREAD = timedelta(hours=6)
ASKED_TO_WAIT = "server answered "
"""How the reason of a next poll begins that follows a 429 or 503."""


def sync(db: Database, feeds: Sequence[FeedSpec], now: datetime) -> None:
    """Make the table hold the configured feeds: new ones due soon, removed ones inactive, nothing deleted.

    A feed whose URL the user changed starts afresh with it (its entries stay known). One with other headers loses its
    validators, since they were given to another request, and is due if it failed. Other changes keep its schedule.
    """
    existing = {name: _Configured(*row) for name, *row in db.execute(
        "SELECT name, configured_url, active, headers_digest FROM feeds").fetchall()}  # fmt: skip
    place = 0
    for spec in feeds:
        if spec.name not in existing:
            _insert(db, spec, now + min(timedelta(seconds=max(0, place - AT_ONCE)), LONGEST_SPREAD), now)
            place += 1
        else:
            _update(db, spec, existing[spec.name], now)
    names = json.dumps([spec.name for spec in feeds])
    db.execute("UPDATE feeds SET active = 0 WHERE name NOT IN (SELECT value FROM json_each(?))", [names])


def claim_due(db: Database, now: datetime, limit: int, lease: timedelta) -> list[int]:
    """Claim up to ``limit`` due feeds, the longest due first, and at most one of each host.

    A host whose feed is claimed already is passed over, so that a host with a thousand feeds starves nobody.
    """
    rows = db.execute(
        """
        UPDATE feeds SET lease_until = :lease WHERE id IN (
          SELECT id FROM (
            SELECT id, next_poll_at, row_number() OVER (PARTITION BY host ORDER BY next_poll_at, id) AS turn FROM feeds
            WHERE active = 1 AND next_poll_at <= :now AND (lease_until IS NULL OR lease_until <= :now)
              AND host NOT IN (SELECT host FROM feeds WHERE lease_until > :now)
          ) WHERE turn = 1 ORDER BY next_poll_at, id LIMIT :limit)
        RETURNING id
        """,
        {"lease": to_text(now + lease), "now": to_text(now), "limit": limit},
    ).fetchall()
    return [row[0] for row in rows]


def claim_named(db: Database, name: str, now: datetime, lease: timedelta) -> list[int]:
    """Claim the feed of this name if it is due, whatever else is."""
    rows = db.execute(
        "UPDATE feeds SET lease_until = :lease WHERE active = 1 AND name = :name AND next_poll_at <= :now "
        "AND (lease_until IS NULL OR lease_until <= :now) RETURNING id",
        {"lease": to_text(now + lease), "name": name, "now": to_text(now)},
    ).fetchall()
    return [row[0] for row in rows]


def release_leases(db: Database) -> None:
    """At start-up: no claim of an earlier process is alive."""
    db.execute("UPDATE feeds SET lease_until = NULL WHERE lease_until IS NOT NULL")


def make_due(db: Database, now: datetime, name: str | None = None) -> None:
    """Make every active feed, or the one named, due now; a feed that is gone only when it is named."""
    if name is None:
        db.execute("UPDATE feeds SET next_poll_at = ? WHERE active = 1 AND next_poll_at IS NOT NULL", [to_text(now)])
    else:
        db.execute("UPDATE feeds SET next_poll_at = ? WHERE active = 1 AND name = ?", [to_text(now), name])


def read_state(db: Database, feed_id: int) -> FeedState:
    """A feed by its key; raises KeyError for one that does not exist."""
    for row in db.query("SELECT * FROM feeds WHERE id = ?", [feed_id]):
        return state_from_row(row)
    raise KeyError(feed_id)


def find(db: Database, name: str) -> FeedState | None:
    """A feed by its name, active or not."""
    for row in db.query("SELECT * FROM feeds WHERE name = ?", [name]):
        return state_from_row(row)
    return None


def list_states(db: Database) -> list[FeedState]:
    """Every feed that is configured now, by name, without the digests of its items: 10,000 take most of a second."""
    return _listed(db, "active = 1")


def list_failing(db: Database) -> list[FeedState]:
    """The configured feeds whose last poll failed, by name, as :func:`list_states` lists them."""
    return _listed(db, "active = 1 AND failures > 0")


def list_doubtful(db: Database) -> list[FeedState]:
    """The configured feeds that were read, but with a problem: suspect, cut short, empty."""
    return _listed(db, "active = 1 AND failures = 0 AND problem != ''")


def list_alarming(db: Database, now: datetime) -> list[FeedState]:
    """The configured feeds of which there may be something to tell by now; see :func:`record_state`."""
    return _listed(db, "alarm_at <= :now AND active = 1", now=to_text(now))


def suspect_names(db: Database) -> set[str]:
    """The configured feeds that seem to be another publisher's now."""
    rows = db.execute("SELECT name FROM feeds WHERE active = 1 AND health = ?", [FeedHealth.SUSPECT]).fetchall()
    return {name for (name,) in rows}


def names_and_tags(db: Database) -> set[str]:
    """The names and tags of every feed that was ever configured."""
    sql = "SELECT name FROM feeds UNION SELECT tag.value FROM feeds, json_each(feeds.spec, '$.tags') AS tag"
    return {name for (name,) in db.execute(sql).fetchall()}


def next_poll_at(db: Database) -> datetime | None:
    """When the next configured feed is due; None where none ever is."""
    (soonest,) = db.execute("SELECT min(next_poll_at) FROM feeds WHERE active = 1").fetchone()
    return optional_from_text(soonest)


def record_state(db: Database, state: FeedState, *, appetite: float, alarm_at: datetime | None) -> None:
    """Write what a poll taught, and end its claim.

    From ``alarm_at`` on the feed, left as it is, may be worth a word to the operator; None says that it never is.
    """
    db.execute(
        """
        UPDATE feeds SET url = :url, host = :host, health = :health, next_poll_at = :next_poll_at,
          next_poll_reason = :next_poll_reason, lease_until = NULL, polls = :polls, failures = :failures,
          failing_since = :failing_since, last_poll_at = :last_poll_at, last_success_at = :last_success_at,
          last_full_answer_at = :last_full_answer_at, last_entry_at = :last_entry_at, problem = :problem,
          appetite = :appetite, alarm_at = :alarm_at, learnt = :learnt, seen_items = :seen_items
        WHERE id = :id
        """,
        {
            "id": state.id,
            "url": state.url,
            "host": host_key(state.url),
            "health": state.health.value,
            "next_poll_at": optional_to_text(state.next_poll),
            "next_poll_reason": state.next_poll_reason,
            "polls": state.polls,
            "failures": state.failures,
            "failing_since": optional_to_text(state.failing_since),
            "last_poll_at": optional_to_text(state.last_poll),
            "last_success_at": optional_to_text(state.last_success),
            "last_full_answer_at": optional_to_text(state.last_full_answer),
            "last_entry_at": optional_to_text(state.last_entry),
            "problem": state.problem,
            "appetite": appetite,
            "alarm_at": optional_to_text(alarm_at),
            "learnt": learnt_to_text(state),
            "seen_items": b"".join(sorted(state.seen_items)),
        },
    )


def record_push(db: Database, state: FeedState, *, appetite: float) -> None:
    """Write what a push taught; schedule, health and a claim stay as they are."""
    db.execute(
        "UPDATE feeds SET learnt = ?, last_entry_at = ?, appetite = ? WHERE id = ?",
        [learnt_to_text(state), optional_to_text(state.last_entry), appetite, state.id],
    )


def bring_forward(db: Database, feed_id: int, at: datetime, reason: str) -> None:
    """Poll a feed at ``at`` at the latest."""
    db.execute(
        "UPDATE feeds SET next_poll_at = :at, next_poll_reason = :reason WHERE id = :id AND next_poll_at > :at",
        {"at": to_text(at), "reason": reason, "id": feed_id},
    )


def postpone(db: Database, feed_id: int, until: datetime, problem: str, *, now: datetime) -> None:
    """Take a feed that cannot even be read out of the way until then: its row is not looked at, only written."""
    db.execute(
        "UPDATE feeds SET health = 'failing', problem = :problem, failures = failures + 1, lease_until = NULL, "
        "next_poll_at = :until, next_poll_reason = 'set aside', alarm_at = :now WHERE id = :id",
        {"problem": problem, "until": to_text(until), "now": to_text(now), "id": feed_id},
    )


def pause_host(db: Database, url: str, until: datetime, reason: str) -> None:
    """No feed of the host of ``url`` is polled before ``until``: what a 429 means."""
    db.execute(
        "UPDATE feeds SET next_poll_at = :until, next_poll_reason = :reason "
        "WHERE host = :host AND active = 1 AND next_poll_at < :until",
        {"until": to_text(until), "reason": reason, "host": host_key(url)},
    )


def accept_face(db: Database, name: str) -> bool:
    """Take what a suspect feed shows now for its own face; False where no suspect feed has that name."""
    cursor = db.execute(
        "UPDATE feeds SET health = 'ok', problem = '', learnt = json_remove(learnt, '$.face') "
        "WHERE name = ? AND health = 'suspect'",
        [name],
    )
    return bool(cursor.rowcount)


def appetites(db: Database) -> list[float]:
    """The shares of the poll budget that the active feeds want."""
    return [row[0] for row in db.execute(
        "SELECT appetite FROM feeds WHERE active = 1 AND next_poll_at IS NOT NULL").fetchall()]  # fmt: skip


def poll_scale(db: Database) -> tuple[timedelta, datetime] | None:
    """The scale of all intervals, as last solved, and when."""
    row = db.execute("SELECT scale_s, solved_at FROM poll_budget").fetchone()
    return None if row is None else (timedelta(seconds=row[0]), from_text(row[1]))


def record_poll_scale(db: Database, scale: timedelta, now: datetime) -> None:
    """Keep the scale for the polls of the next minutes."""
    db.execute(
        "INSERT INTO poll_budget (id, scale_s, solved_at) VALUES (1, :scale, :now) "
        "ON CONFLICT (id) DO UPDATE SET scale_s = :scale, solved_at = :now",
        {"scale": scale.total_seconds(), "now": to_text(now)},
    )


def counts(db: Database, now: datetime) -> dict[str, int]:
    """For ``status``: active feeds by health, and ``overdue``, those due for more than five minutes."""
    rows = db.execute("SELECT health, count(*) FROM feeds WHERE active = 1 GROUP BY health").fetchall()
    found = dict(rows)
    late = db.execute(
        "SELECT count(*) FROM feeds WHERE active = 1 AND next_poll_at < ?", [to_text(now - timedelta(minutes=5))]
    ).fetchone()
    return {**{health.value: found.get(health.value, 0) for health in FeedHealth}, "overdue": late[0]}


def _insert(db: Database, spec: FeedSpec, due: datetime, now: datetime) -> None:
    db.execute(
        "INSERT INTO feeds (name, configured_url, url, host, spec, headers_digest, next_poll_at, next_poll_reason, "
        "added_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'first poll', ?)",
        [
            spec.name,
            spec.url,
            spec.url,
            host_key(spec.url),
            spec_to_text(spec),
            headers_digest(spec),
            to_text(due),
            to_text(now),
        ],
    )


class _Configured(NamedTuple):
    """What the table knows of a feed's configuration."""

    url: str
    active: int
    headers_digest: str


def _update(db: Database, spec: FeedSpec, before: _Configured, now: datetime) -> None:
    db.execute(
        "UPDATE feeds SET spec = ?, active = 1, headers_digest = ? WHERE name = ?",
        [spec_to_text(spec), headers_digest(spec), spec.name],
    )
    if before.headers_digest != headers_digest(spec):
        _ask_anew(db, spec.name, now)
    if before.url != spec.url:
        db.execute(
            "UPDATE feeds SET configured_url = ?, url = ?, host = ?, next_poll_at = ?, next_poll_reason = 'new URL', "
            "health = 'new', polls = 0, failures = 0, failing_since = NULL, problem = '', learnt = '{}', "
            "seen_items = x'', last_success_at = NULL, alarm_at = NULL WHERE name = ?",
            [spec.url, spec.url, host_key(spec.url), to_text(now), spec.name],
        )
    elif not before.active:
        db.execute(
            "UPDATE feeds SET next_poll_at = max(coalesce(next_poll_at, ?), ?) WHERE name = ?",
            [to_text(now), to_text(now), spec.name],
        )


def _ask_anew(db: Database, name: str, now: datetime) -> None:
    """Other headers make another request: no old validators, and no waiting for what failed without them.

    A pause that the server asked for stays: it was not about the headers.
    """
    db.execute("UPDATE feeds SET learnt = json_remove(learnt, '$.validators'), seen_items = x'' WHERE name = ?", [name])
    db.execute(
        "UPDATE feeds SET next_poll_at = :now, next_poll_reason = 'new headers' WHERE name = :name AND failures > 0 "
        "AND (next_poll_at IS NULL OR next_poll_at > :now) AND next_poll_reason NOT LIKE :paused",
        {"now": to_text(now), "name": name, "paused": f"{ASKED_TO_WAIT}%"},
    )


def _listed(db: Database, where: str, **values: str) -> list[FeedState]:
    sql = f"SELECT {WITHOUT_DIGESTS} FROM feeds WHERE {where} ORDER BY name"  # noqa: S608 - our own conditions
    return [state_from_row(row) for row in db.query(sql, values)]
