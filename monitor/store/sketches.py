"""The sketches by which copies are found: for each sampled hash of a run of words, the articles that have it.

- The sixty rows of an article lie all over a large table, and the pages that they change would cost more than the rest
  of its transaction. So only the article's own row gets its sketch at first (``articles.sketch``).
- Every connection remembers the hashes of the latest articles, and brings them up to date from the articles whenever it
  looks for copies. After FOLDED_AFTER articles, one of them puts the rows into the table ``sketch``.
- ``PRAGMA user_version`` has the id of the last article for which that was done. Where it says too little (a database
  of an earlier version, or one that was rescued), rows are put in once more, and nothing changes.
- A transaction that fails takes back what was read in it. A row in a temporary table, which goes back with it, has the
  number of the state that memory should be in; memory in another state is filled anew.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from monitor.store.marks import padded
from monitor.store.times import to_text

CROWDED = 64
"""A sketch hash that so many recent articles share is no evidence (a feed's own phrase) and is ignored."""
FOLDED_AFTER = 2000
"""Articles that are remembered at most: some 10 MB, read in less than a tenth of a second at the start."""

ROWS_AT_ONCE = 200
"""Rows put into the table by one statement: twice as fast as one by one."""

_CREATE = "CREATE TEMP TABLE IF NOT EXISTS remembered (one INTEGER PRIMARY KEY, state INTEGER NOT NULL)"
_STATE = (
    "SELECT user_version, (SELECT coalesce(max(id), 0) FROM articles), (SELECT coalesce(max(state), 0) "
    "FROM remembered) FROM pragma_user_version"
)


class _Latest:
    """The hashes of the articles after number ``folded``, up to number ``newest``, as one connection knows them."""

    def __init__(self) -> None:
        self.state = 0
        """Grows with every change, so that no state has the number of one that was taken back."""
        self.start_after(0)

    def start_after(self, folded: int) -> None:
        """Forget all."""
        self.folded = self.newest = folded
        self.first: dict[int, int] = {}
        self.further: dict[int, list[int]] = {}
        """The articles but the first, of the few hashes that several have."""

    def add(self, article_id: int, hashes: Iterable[int]) -> None:
        """Remember an article."""
        for value in hashes:
            if self.first.setdefault(value, article_id) != article_id:
                self.further.setdefault(value, []).append(article_id)

    def having(self, hashes: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Hash and article for all articles that have one of ``hashes``."""
        for value in hashes:
            if value in self.first:
                yield value, self.first[value]
                for article_id in self.further.get(value, ()):
                    yield value, article_id


_remembered: WeakKeyDictionary[Database, _Latest] = WeakKeyDictionary()


def sharing(db: Database, sketch: Sequence[int], *, from_id: int, limit: int = 6) -> tuple[list[int], set[int]]:
    """Ids of the articles that share most sketch hashes with ``sketch``, at least two; and the crowded hashes.

    Articles before ``from_id`` are left out. A crowded hash must not be stored with one more article: that bounds what
    one look-up reads.
    """
    if not sketch:
        return [], set()
    latest = catch_up(db, from_id=from_id)
    marks, values = padded(sketch, step=16)
    where = f"WHERE h IN ({marks}) AND article_id >= ?"
    rows = set(db.conn.execute(f"SELECT h, article_id FROM sketch {where}", (*values, from_id)))  # noqa: S608 - marks
    rows.update([row for row in latest.having(sketch) if row[1] >= from_id])
    by_hash = Counter([row[0] for row in rows])
    crowded = {value for value, n in by_hash.items() if n >= CROWDED}
    shared = Counter([row[1] for row in rows if row[0] not in crowded])
    ranked = sorted((-n, -article_id) for article_id, n in shared.items() if n >= 2)
    return [-article_id for _, article_id in ranked[:limit]], crowded


def catch_up(db: Database, *, from_id: int, folded_after: int = FOLDED_AFTER) -> _Latest:
    """Learn of the articles that came since, here and elsewhere; none before ``from_id`` where they are many."""
    latest = _remembered.setdefault(db, _Latest())
    db.conn.execute(_CREATE)
    folded, newest, state = db.conn.execute(_STATE).fetchone()
    if newest < max(folded, latest.newest):  # the newest articles were dropped, and their ids are given again
        db.conn.execute("PRAGMA user_version = 0")
        folded = 0
        latest.start_after(folded)
    elif folded != latest.folded or state != latest.state:  # another connection folded, or a transaction failed
        latest.start_after(folded)
    if newest > latest.newest:
        _read(db, latest, newest, from_id if newest - latest.newest > folded_after else 0)
        _note_state(db, latest)
    if newest - folded > folded_after:
        _fold(db, latest)
        _note_state(db, latest)
    return latest


def _read(db: Database, latest: _Latest, newest: int, from_id: int) -> None:
    after = max(latest.newest, from_id - 1)
    for article_id, packed in db.conn.execute("SELECT id, sketch FROM articles WHERE id > ?", (after,)).fetchall():
        latest.add(article_id, array("q", packed))
    latest.newest = newest


def _note_state(db: Database, latest: _Latest) -> None:
    latest.state += 1
    db.conn.execute("INSERT OR REPLACE INTO remembered (one, state) VALUES (1, ?)", (latest.state,))


def _fold(db: Database, latest: _Latest) -> None:
    """Put what is remembered into the table, but for articles whose sketches were forgotten meanwhile."""
    rows = db.conn.execute("SELECT id FROM articles WHERE id > ? AND sketch <> x''", (latest.folded,)).fetchall()
    kept = {row[0] for row in rows}
    bound = [each for row in latest.having(sorted(latest.first)) if row[1] in kept for each in row]
    for start in range(0, len(bound), 2 * ROWS_AT_ONCE):
        some = bound[start : start + 2 * ROWS_AT_ONCE]
        marks = ",".join(["(?,?)"] * (len(some) // 2))
        db.conn.execute(f"INSERT OR IGNORE INTO sketch (h, article_id) VALUES {marks}", some)  # noqa: S608 - marks
    db.conn.execute(f"PRAGMA user_version = {latest.newest}")
    latest.start_after(latest.newest)


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
