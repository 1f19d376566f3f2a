"""What each watch has already said about a story, and since when each runs in its present wording."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from monitor.model.alerts import SuppressionReason, WatchHistory
from monitor.model.stories import MaterialChange
from monitor.model.watches import Severity, WatchSpec
from monitor.store.marks import rows_of
from monitor.store.times import from_text, to_text

_HEARD_LAST = """
SELECT watch, max(created) AS told FROM alerts WHERE article_id = ? GROUP BY watch
UNION ALL
SELECT s.watch, max(min(s.created), (
    SELECT min(a.created) FROM alerts a WHERE a.story_id = s.story_id AND a.watch = s.watch
)) FROM suppressions s WHERE s.article_id = ? AND s.watch NOT IN (SELECT watch FROM alerts WHERE article_id = ?)
GROUP BY s.watch
"""
"""By watch, until when all that changed in an article is told or was no news; NULL where its story was never told."""


def history(
    db: Database, story_id: int | None, watches: Iterable[WatchSpec], now: datetime, *, revised: int | None = None
) -> dict[str, WatchHistory]:
    """What each of ``watches`` has said and not said about a story, by watch name; None is a story never heard of.

    Of the article that is being ``revised``, also which earlier changes each watch has not said.
    The first time a watch is seen in its present wording, its shadow time starts (see :func:`note_watches`).
    """
    specs = {watch.name: watch for watch in watches}
    if not specs:
        return {}
    since = note_watches(db, specs.values(), now)
    told = {} if story_id is None else _told(db, story_id)
    passed = {} if story_id is None else _passed(db, story_id, list(specs))
    untold = {} if revised is None else _untold(db, revised, now)
    return {
        name: WatchHistory(
            **told.get(name, {}),
            untold=untold.get(name, ()),
            suppressed=frozenset(passed.get(name, {})),
            held_since=passed.get(name, {}).get(SuppressionReason.UNCONFIRMED),
            shadow_until=None if watch.shadow is None else since[name] + watch.shadow,
        )
        for name, watch in specs.items()
    }


def note_watches(db: Database, watches: Iterable[WatchSpec], now: datetime) -> dict[str, datetime]:
    """Since when each watch runs in its present wording; a new or reworded one starts now."""
    since: dict[str, datetime] = {}
    for watch in watches:
        definition = _definition(watch)
        look_up = "SELECT definition, since FROM watch_runs WHERE watch = ?"
        known = db.conn.execute(look_up, (watch.name,)).fetchone()
        if known is not None and known[0] == definition:
            since[watch.name] = from_text(known[1])
            continue
        db.conn.execute(
            "INSERT INTO watch_runs (watch, definition, since) VALUES (?, ?, ?)"
            " ON CONFLICT (watch) DO UPDATE SET definition = excluded.definition, since = excluded.since",
            (watch.name, definition, to_text(now)),
        )
        since[watch.name] = now
    return since


@lru_cache(maxsize=10_000)
def _definition(watch: WatchSpec) -> str:
    """A digest of what the watch asks for; where it stands in the file and how loud it is do not matter."""
    asked = asdict(watch)
    for key in ("tests", "file", "path", "severity", "channels", "shadow"):
        del asked[key]
    return hashlib.sha256(repr(sorted(asked.items())).encode()).hexdigest()[:16]


def _told(db: Database, story_id: int) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    rows = rows_of(
        db, "SELECT id, watch, severity, independent, counts FROM alerts WHERE story_id = ? ORDER BY id", [story_id]
    )
    for row in rows:
        known = told.setdefault(
            row["watch"],
            {
                "first_alert_id": row["id"], "independent_told": 0, "counts_told": {},
                "highest_told": {},
            },
        )  # fmt: skip
        known["last_severity"] = Severity(row["severity"])
        known["independent_told"] = max(known["independent_told"], row["independent"])
        for kind, values in json.loads(row["counts"]).items():
            known["counts_told"][kind] = tuple(values)
            known["highest_told"][kind] = max(*values, known["highest_told"].get(kind, 0))
    return told


def _untold(db: Database, article_id: int, now: datetime) -> dict[str, tuple[MaterialChange, ...]]:
    """What changed in an article before ``now`` and since each watch's last alert on it.

    Of a report that was suppressed when the story was told already: since then.
    """
    changed = [
        (row["at"], MaterialChange(kind=kind, text=text, counted=text.partition(" ")[0] if kind == "count" else ""))
        for row in rows_of(
            db, "SELECT at, changes FROM placements WHERE article_id = ? AND at < ? AND changes != '[]' ORDER BY id",
            [article_id, to_text(now)],
        )
        for kind, text in json.loads(row["changes"])
    ]  # fmt: skip
    if not changed:
        return {}
    return {
        row["watch"]: tuple(change for at, change in changed if at > row["told"])
        for row in rows_of(db, _HEARD_LAST, [article_id] * 3)
        if row["told"]
    }


def _passed(db: Database, story_id: int, watches: list[str]) -> dict[str, dict[SuppressionReason, datetime]]:
    """Since when each watch kept silent for each reason: one seek in the index each, however many copies came."""
    passed: dict[str, dict[SuppressionReason, datetime]] = {}
    rows = rows_of(
        db,
        "SELECT w.value AS watch, r.value AS reason, (SELECT min(created) FROM suppressions"
        " WHERE story_id = ? AND watch = w.value AND reason = r.value) AS since"
        " FROM json_each(?) w, json_each(?) r WHERE since IS NOT NULL",
        [story_id, json.dumps(watches), json.dumps([reason.value for reason in SuppressionReason])],
    )
    for row in rows:
        passed.setdefault(row["watch"], {})[SuppressionReason(row["reason"])] = from_text(row["since"])
    return passed


def has_alerted(db: Database, story_id: int, watch: str) -> bool:
    """Whether the watch has alerted on the story."""
    row = db.conn.execute("SELECT 1 FROM alerts WHERE story_id = ? AND watch = ? LIMIT 1", (story_id, watch)).fetchone()
    return row is not None
