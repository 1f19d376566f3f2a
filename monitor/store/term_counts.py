"""In how many counted articles each term stands: asked for every term of every article, so remembered in memory.

One row, that of the term 0, has the number of counted articles. It grows with every article that is counted, here or
in another process, and so tells whether what is remembered still holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from monitor.store.marks import padded

MOST_REMEMBERED = 100_000
"""Terms: some 20 MB."""

Hash = Callable[[str], int]


class _Remembered:
    """What one connection knows of the table; ``counts`` has 0 for a term that no counted article has."""

    def __init__(self) -> None:
        self.counted = 0
        self.counts: dict[str, int] = {}


_remembered: WeakKeyDictionary[Database, _Remembered] = WeakKeyDictionary()


def look_up(db: Database, terms: frozenset[str], hash_of: Hash) -> tuple[Mapping[str, int], int]:
    """Counts by term, for ``terms`` at least, and how many articles were counted; valid until the next call."""
    known = _remembered.setdefault(db, _Remembered())
    row = db.conn.execute("SELECT n FROM term_counts WHERE term = 0").fetchone()
    counted = row[0] if row else 0
    if counted != known.counted or len(known.counts) > MOST_REMEMBERED:
        known.counts.clear()
        known.counted = counted
    missing = [term for term in terms if term not in known.counts]  # terms - keys() would go through all the keys
    if missing:
        _read(db, {hash_of(term): term for term in missing}, known.counts)
    return known.counts, counted


def _read(db: Database, terms: Mapping[int, str], into: dict[str, int]) -> None:
    marks, values = padded(list(terms), step=64)
    into.update(dict.fromkeys(terms.values(), 0))
    rows = db.conn.execute(f"SELECT term, n FROM term_counts WHERE term IN ({marks})", values)  # noqa: S608  # marks
    into.update([(terms[term], n) for term, n in rows])


def count(db: Database, terms: Iterable[str], hash_of: Hash) -> None:
    """Count one more article with these terms."""
    counted = list(terms)
    db.conn.executemany(
        "INSERT INTO term_counts (term, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1",
        [(0,), *[(hash_of(term),) for term in counted]],
    )
    known = _remembered.get(db)
    if known:
        known.counted += 1
        known.counts.update({term: known.counts[term] + 1 for term in counted if term in known.counts})
