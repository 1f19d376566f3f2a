"""The sketches by which copies are found: for each sampled hash of a run of words, the articles that have it.

- The sixty rows of an article lie all over a large table, and the pages that they change would cost more than the rest
  of its transaction. So only the article's own row gets its sketch at first (``articles.sketch``).
- Every connection keeps the rows of the latest articles in a temporary table in memory, and brings it up to date
  whenever it looks for copies. After FOLDED_AFTER articles, one of them puts the rows into the table ``sketch``.
- ``PRAGMA user_version`` has the id of the last article for which that was done. Where it says too little (a database
  of an earlier version, or one that was rescued), rows are put in once more, and nothing changes.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.store.marks import padded
from monitor.store.times import to_text

CROWDED = 64
"""A sketch hash that so many recent articles share is no evidence (a feed's own phrase) and is ignored."""
FOLDED_AFTER = 2000
"""Articles whose rows stand in memory at most: some 5 MB, read in some tenths of a second at the start."""

_LATEST = (
    "CREATE TEMP TABLE IF NOT EXISTS latest (article_id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE IF NOT EXISTS latest_sketch"
    " (h INTEGER NOT NULL, article_id INTEGER NOT NULL, PRIMARY KEY (h, article_id)) WITHOUT ROWID",
)
_STATE = (
    "SELECT user_version, (SELECT coalesce(max(id), 0) FROM articles), (SELECT coalesce(min(article_id), 1 << 62) "
    "FROM latest), (SELECT coalesce(max(article_id), 0) FROM latest) FROM pragma_user_version"
)


def sharing(db: Database, sketch: Sequence[int], *, from_id: int, limit: int = 6) -> tuple[list[int], set[int]]:
    """Ids of the articles that share most sketch hashes with ``sketch``, at least two; and the crowded hashes.

    Articles before ``from_id`` are left out. A crowded hash must not be stored with one more article: that bounds what
    one look-up reads.
    """
    if not sketch:
        return [], set()
    catch_up(db, from_id=from_id)
    marks, values = padded(sketch, step=32)
    where = f"WHERE h IN ({marks}) AND article_id >= ?"
    both = " UNION ALL ".join(f"SELECT h, article_id FROM {table} {where}" for table in ("sketch", "latest_sketch"))  # noqa: S608 - marks
    rows = set(db.conn.execute(both, (*values, from_id, *values, from_id)))
    by_hash = Counter([row[0] for row in rows])
    crowded = {value for value, n in by_hash.items() if n >= CROWDED}
    shared = Counter([row[1] for row in rows if row[0] not in crowded])
    ranked = sorted((-n, -article_id) for article_id, n in shared.items() if n >= 2)
    return [-article_id for _, article_id in ranked[:limit]], crowded


def catch_up(db: Database, *, from_id: int, folded_after: int = FOLDED_AFTER) -> None:
    """Learn of the articles that came since, here and elsewhere; none before ``from_id`` where they are many."""
    for statement in _LATEST:
        db.conn.execute(statement)
    folded, newest, oldest_here, newest_here = db.conn.execute(_STATE).fetchone()
    if newest < max(folded, newest_here):  # the newest articles were dropped, and their ids are given again
        db.conn.execute("PRAGMA user_version = 0")
        _forget_latest(db, max(folded, newest_here))
        folded = newest_here = 0
    elif oldest_here <= folded:  # another connection has put them into the table
        _forget_latest(db, folded)
    start = max(folded, newest_here)
    if newest - start > folded_after:
        start = max(start, from_id - 1)
    _read(db, after=start)
    if newest - folded > folded_after:
        _fold(db, newest)


def _forget_latest(db: Database, up_to: int) -> None:
    db.conn.execute("DELETE FROM latest_sketch WHERE article_id <= ?", (up_to,))
    db.conn.execute("DELETE FROM latest WHERE article_id <= ?", (up_to,))


def _read(db: Database, *, after: int) -> None:
    rows = db.conn.execute("SELECT id, sketch FROM articles WHERE id > ? AND sketch <> x''", (after,)).fetchall()
    for article_id, packed in rows:
        db.conn.executemany(
            "INSERT OR IGNORE INTO latest_sketch (h, article_id) VALUES (?, ?)",
            [(value, article_id) for value in array("q", packed)],
        )
    db.conn.executemany("INSERT OR IGNORE INTO latest (article_id) VALUES (?)", [(row[0],) for row in rows])


def _fold(db: Database, newest: int) -> None:
    """Put the rows in memory into the table, but for articles whose sketches were forgotten meanwhile."""
    db.conn.execute(
        "INSERT OR IGNORE INTO sketch (h, article_id) SELECT h, article_id FROM latest_sketch WHERE article_id IN "
        "(SELECT id FROM articles JOIN latest ON article_id = id WHERE sketch <> x'') ORDER BY h, article_id"
    )
    db.conn.execute(f"PRAGMA user_version = {newest}")
    db.conn.execute("DELETE FROM latest_sketch")
    db.conn.execute("DELETE FROM latest")


def forget(db: Database, *, before: datetime, limit: int = 5000) -> int:
    """Make articles first seen before ``before`` unfindable as copies' sources, and give how many were done.

    Such an article needs neither its sketch rows nor its shingles any more, which are two fifths of its size.
    """
    look_up = (
        "SELECT id, sketch FROM articles WHERE seen < ? AND (sketch <> x'' OR shingles <> x'') ORDER BY seen LIMIT ?"
    )
    rows = db.execute(look_up, (to_text(before), limit)).fetchall()
    for article_id, packed in rows:
        hashes = [(value, article_id) for value in array("q", packed)]
        db.conn.executemany("DELETE FROM sketch WHERE h = ? AND article_id = ?", hashes)
    db.conn.executemany("UPDATE articles SET sketch = x'', shingles = x'' WHERE id = ?", [(row[0],) for row in rows])
    return len(rows)
