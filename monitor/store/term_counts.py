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


def counted(db: Database) -> int:
    """How many articles were counted; where they are others than before, forgets what is remembered."""
    known = _remembered.setdefault(db, _Remembered())
    row = db.conn.execute("SELECT n FROM term_counts WHERE term = 0").fetchone()
    n: int = row[0] if row else 0
    if n != known.counted or len(known.counts) > MOST_REMEMBERED:
        known.counts.clear()
        known.counted = n
    return n


def look_up(db: Database, terms: frozenset[str], hash_of: Hash) -> Mapping[str, int]:
    """Counts by term, for ``terms`` at least; ask :func:`counted` first in every transaction."""
    known = _remembered[db]
    missing = terms.difference(known.counts)
    if missing:
        _read(db, {hash_of(term): term for term in missing}, known.counts)
    return known.counts


def _read(db: Database, terms: Mapping[int, str], into: dict[str, int]) -> None:
    marks, values = padded(list(terms), step=64)
    into.update(dict.fromkeys(terms.values(), 0))
    rows = db.conn.execute(f"SELECT term, n FROM term_counts WHERE term IN ({marks})", values)  # noqa: S608  # marks
    into.update([(terms[term], n) for term, n in rows])


def count(db: Database, terms: Iterable[str], hash_of: Hash) -> None:
    """Count one more article with these terms."""
    found = list(terms)
    hashes = sorted(map(hash_of, found))  # in the order of the table, whose pages are then gone through once
    db.conn.executemany(
        "INSERT INTO term_counts (term, n) VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1",
        [(0,), *[(each,) for each in hashes]],
    )
    known = _remembered.get(db)
    if known:
        known.counted += 1
        known.counts.update({term: known.counts[term] + 1 for term in found if term in known.counts})
