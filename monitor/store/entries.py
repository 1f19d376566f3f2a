"""The entries of feeds: what has been seen, and the queue of what has yet to be read.

An entry is ``queued`` until ingest marks it ``done``; a revision, or the stories' wish to look again, queues it anew.
Nothing seen is ever forgotten because it left its feed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitor.model.feeds import ListedEntry, QueuedEntry
from monitor.model.polling import Change, Identity, KnownEntry
from monitor.store.feed_rows import host_key, spec_from_text
from monitor.store.times import from_text, optional_from_text, optional_to_text, to_text

HOST_SHARE = 4
"""Entries of one host in work at a time: one is being fetched, the others are parsed or recorded."""


def known(db: Database, feed_id: int, identities: Sequence[Identity]) -> list[KnownEntry]:
    """The stored entries of a feed that share a guid, a link or a digest with one of ``identities``."""
    keys = {
        "feed": feed_id,
        "guids": json.dumps([each.guid for each in identities if each.guid]),
        "links": json.dumps([each.link_key for each in identities if each.link_key]),
        "texts": json.dumps([each.text_hash for each in identities]),
    }
    rows = db.query(
        """
        SELECT id, guid, link_key, title_key, text_hash, revision FROM entries WHERE id IN (
          SELECT id FROM entries WHERE feed_id = :feed AND guid IN (SELECT value FROM json_each(:guids))
          UNION SELECT id FROM entries WHERE feed_id = :feed AND link_key IN (SELECT value FROM json_each(:links))
          UNION SELECT id FROM entries WHERE feed_id = :feed AND text_hash IN (SELECT value FROM json_each(:texts)))
        ORDER BY id
        """,
        keys,
    )
    return [_known(row) for row in rows]


def record_new(
    db: Database, feed_id: int, change: Change, *, now: datetime, baseline: bool = False, flood: bool = False
) -> int:
    """Store a new entry as queued and due; return its key."""
    cursor = db.execute(
        """
        INSERT INTO entries
          (feed_id, guid, url, host, link_key, title_key, text_hash, listed, first_seen, baseline, flood, due_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
            feed_id,
            change.identity.guid,
            change.listed.url,
            _host(change.listed.url),
            change.identity.link_key,
            change.identity.title_key,
            change.identity.text_hash,
            _listed_to_text(change.listed),
            to_text(now),
            int(baseline),
            int(flood),
            to_text(now),
        ],
    )
    return int(cursor.lastrowid or 0)


def record_revision(db: Database, change: Change, *, now: datetime, muted: bool = False) -> None:
    """Replace what is stored of a known entry, and queue it again, whatever ingest is doing with it now.

    A revision is news, wherever the entry came from; one of a ``muted`` feed alerts nobody.
    """
    if change.known is None:
        raise ValueError("a revision needs the entry that it revises")
    db.execute(
        """
        UPDATE entries SET guid = ?, url = ?, host = ?, link_key = ?, title_key = ?, text_hash = ?, listed = ?,
          emptied = 0, revised_at = ?, revision = revision + 1, baseline = ?, flood = 0, state = 'queued',
          changed_since_claim = 1, due_at = ?, attempts = 0
        WHERE id = ?
        """,
        [
            change.identity.guid,
            change.listed.url,
            _host(change.listed.url),
            change.identity.link_key,
            change.identity.title_key,
            change.identity.text_hash,
            _listed_to_text(change.listed),
            to_text(now),
            int(muted),
            to_text(now),
            change.known.id,
        ],
    )


def adopt_guids(db: Database, changes: Sequence[Change]) -> None:
    """Give known entries the guids under which their feed lists them now."""
    for change in changes:
        if change.known is not None:
            db.execute("UPDATE entries SET guid = ? WHERE id = ?", [change.identity.guid, change.known.id])


def claim_queued(db: Database, now: datetime, limit: int, lease: timedelta) -> list[int]:
    """Claim up to ``limit`` entries that are due, oldest first; the baseline of new feeds comes after the news.

    Of one host at most ``HOST_SHARE`` are claimed at a time: pages are fetched one by one, and a slow host with a long
    queue would otherwise take every place.
    """
    rows = db.execute(
        """
        WITH busy AS (SELECT host, count(*) AS n FROM entries WHERE lease_until > :now GROUP BY host),
          waiting AS (
            SELECT id, host, baseline, due_at,
              row_number() OVER (PARTITION BY host ORDER BY baseline, due_at, id) AS turn
            FROM entries WHERE state = 'queued' AND due_at <= :now AND (lease_until IS NULL OR lease_until <= :now))
        UPDATE entries SET lease_until = :lease, changed_since_claim = 0 WHERE id IN (
          SELECT id FROM waiting LEFT JOIN busy USING (host) WHERE turn + coalesce(n, 0) <= :share
          ORDER BY baseline, due_at, id LIMIT :limit)
        RETURNING id
        """,
        {"lease": to_text(now + lease), "now": to_text(now), "limit": limit, "share": HOST_SHARE},
    ).fetchall()
    return sorted(row[0] for row in rows)


def release_leases(db: Database) -> None:
    """At start-up: no claim of an earlier process is alive."""
    db.execute("UPDATE entries SET lease_until = NULL WHERE lease_until IS NOT NULL")


def read_queued(db: Database, entry_id: int) -> QueuedEntry:
    """An entry by its key, with the feed's present configuration; raises KeyError where there is none."""
    sql = "SELECT entries.*, feeds.spec FROM entries JOIN feeds ON feeds.id = feed_id WHERE entries.id = ?"
    for row in db.query(sql, [entry_id]):
        return QueuedEntry(
            id=row["id"],
            feed=spec_from_text(row["spec"]),
            listed=_listed_from_text(row["listed"]),
            first_seen=from_text(row["first_seen"]),
            baseline=bool(row["baseline"]),
            flood=bool(row["flood"]),
            revision=row["revision"],
            attempts=row["attempts"],
            article_id=row["article_id"],
        )
    raise KeyError(entry_id)


def mark_done(db: Database, entry_id: int, article_id: int | None, now: datetime) -> None:
    """The entry was read into ``article_id``; one that was revised meanwhile stays queued."""
    db.execute(
        """
        UPDATE entries SET state = CASE WHEN changed_since_claim THEN 'queued' ELSE 'done' END, lease_until = NULL,
          article_id = coalesce(:article, article_id), done_at = :now, reason = '', attempts = 0,
          due_at = CASE WHEN changed_since_claim THEN due_at END
        WHERE id = :id
        """,
        {"id": entry_id, "article": article_id, "now": to_text(now)},
    )


def mark_for_retry(db: Database, entry_id: int, due_at: datetime, reason: str) -> None:
    """The entry could not be read: it is due again at ``due_at``; ``reason`` is a sentence for ``monitor why``."""
    db.execute(
        """
        UPDATE entries SET state = 'queued', lease_until = NULL, reason = ?,
          attempts = CASE WHEN changed_since_claim THEN 0 ELSE attempts + 1 END,
          due_at = CASE WHEN changed_since_claim THEN due_at ELSE ? END
        WHERE id = ?
        """,
        [reason, to_text(due_at), entry_id],
    )


def give_up(db: Database, entry_id: int, now: datetime, reason: str) -> None:
    """The entry will not be read; a revision by its feed queues it anew."""
    db.execute(
        """
        UPDATE entries SET state = CASE WHEN changed_since_claim THEN 'queued' ELSE 'done' END, lease_until = NULL,
          done_at = ?, due_at = CASE WHEN changed_since_claim THEN due_at END, reason = ?
        WHERE id = ?
        """,
        [to_text(now), reason, entry_id],
    )


def requeue(db: Database, entry_id: int, due_at: datetime) -> None:
    """Look at the entry's page again at ``due_at``, if nothing is planned sooner."""
    db.execute(
        "UPDATE entries SET due_at = CASE WHEN state = 'queued' THEN min(coalesce(due_at, :due), :due) ELSE :due END, "
        "state = 'queued' WHERE id = :id",
        {"due": to_text(due_at), "id": entry_id},
    )


def forget_contents(db: Database, limit: int = 2000) -> int:
    """Drop the feed's text of up to ``limit`` entries that are done with; returns how many.

    The article has what was read of it, and a revision brings its own. What tells that an entry was seen (guid, link,
    title, digest) stays, and so does all that ``monitor why`` shows.
    """
    cursor = db.execute(
        "UPDATE entries SET listed = json_remove(listed, '$.content', '$.summary', '$.title_markup'), emptied = 1 "
        "WHERE id IN (SELECT id FROM entries WHERE state = 'done' AND emptied = 0 LIMIT ?)",
        [limit],
    )
    return int(cursor.rowcount)


def find_by_url(db: Database, url: str) -> list[dict[str, Any]]:
    """For ``monitor why``: the entries listed with this URL, newest first, with feed name, times, state and reason."""
    return _find(db, "entries.url = ?", url)


def find_by_article(db: Database, article_id: int) -> list[dict[str, Any]]:
    """The entries that were read into this article, newest first, described as by :func:`find_by_url`."""
    return _find(db, "entries.article_id = ?", article_id)


def counts(db: Database, now: datetime) -> dict[str, int]:
    """For ``status``: ``seen``, ``queued``, ``due`` (waiting now) and ``retrying`` entries."""
    seen = db.execute("SELECT count(*) FROM entries").fetchone()[0]
    queued, due, retrying = db.execute(
        "SELECT count(*), coalesce(sum(due_at <= ?), 0), coalesce(sum(attempts > 0), 0) FROM entries "
        "WHERE state = 'queued'",
        [to_text(now)],
    ).fetchone()
    return {"seen": seen, "queued": queued, "due": due, "retrying": retrying}


def feeds_still_read(db: Database, *, baseline: bool) -> frozenset[str]:
    """Feeds of whose first poll (or else of whose flood) some entries have not been judged yet."""
    rows = db.execute(
        "SELECT DISTINCT feeds.name FROM entries JOIN feeds ON feeds.id = feed_id WHERE state = 'queued'"
        " AND attempts = 0 AND done_at IS NULL AND iif(?, baseline, flood AND NOT baseline)",
        [baseline],
    ).fetchall()
    return frozenset(row[0] for row in rows)


def came_with(db: Database, entry_ids: Sequence[int]) -> tuple[int, int]:
    """How many entries came in the same polls as these, and how many alerts on them went out one by one."""
    row = db.execute(
        """
        WITH polls AS (SELECT DISTINCT feed_id, first_seen FROM entries WHERE id IN (SELECT value FROM json_each(?))),
          came AS (SELECT id FROM entries JOIN polls USING (feed_id, first_seen))
        SELECT (SELECT count(*) FROM came), (SELECT count(*) FROM alerts WHERE entry_id IN (SELECT id FROM came))
        """,
        [json.dumps(list(entry_ids))],
    ).fetchone()
    return int(row[0]), int(row[1])


def _host(url: str | None) -> str:
    """The host of an entry's page; empty for an address that is none."""
    try:
        return host_key(url or "")
    except ValueError:
        return ""


def _find(db: Database, where: str, value: str | int) -> list[dict[str, Any]]:
    columns = "entries.*, feeds.name AS feed"
    source = "entries JOIN feeds ON feeds.id = feed_id"
    sql = f"SELECT {columns} FROM {source} WHERE {where} ORDER BY entries.id DESC"  # noqa: S608 - our own conditions
    return [_described(row) for row in db.query(sql, [value])]


def _known(row: Mapping[str, Any]) -> KnownEntry:
    keys = Identity(guid=row["guid"], link_key=row["link_key"], title_key=row["title_key"], text_hash=row["text_hash"])
    return KnownEntry(id=row["id"], identity=keys, revision=row["revision"])


def _described(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("id", "feed", "guid", "url", "revision", "baseline", "flood", "state", "attempts", "reason", "article_id")
    times = ("first_seen", "revised_at", "due_at", "done_at")
    listed = _listed_from_text(row["listed"])
    return {
        **{key: row[key] for key in plain},
        **{key: optional_from_text(row[key]) for key in times},
        "title": listed.title,
    }


def _listed_to_text(listed: ListedEntry) -> str:
    fields = asdict(listed)
    del fields["other_link"]  # nothing can be fetched from it
    for key in ("published", "updated"):
        fields[key] = optional_to_text(fields[key])
    return json.dumps({key: value for key, value in fields.items() if value}, ensure_ascii=False)


def _listed_from_text(text: str) -> ListedEntry:
    fields = {"guid": None, "url": None, **json.loads(text)}
    for key in ("published", "updated"):
        fields[key] = optional_from_text(fields.get(key))
    return ListedEntry(**{**fields, "tags": tuple(fields.get("tags", ()))})
