"""Look-ups and inserts on a store of a million articles.

    python bench/identity_million.py [--articles 1000000] [--items 1000] [--all-sketched] [--folder DIR]

The store is filled with SQL: the rows that 500 made reports of 450 words left, again and again under other addresses,
four articles a story, over 90 days. As after every `tidy`, only those of the last week have sketches; with
--all-sketched, all have. Needs 10 GB in DIR. Every measured item is a transaction of its own, synchronous=FULL.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from identity_speed import START, measured, put, reports
from sqlite_utils import Database

from monitor.model.articles import Article
from monitor.store import articles, sketches
from monitor.store.database import Store
from monitor.stories import sketch
from monitor.stories.fingerprint import Fingerprint, fingerprint
from monitor.stories.ladder import COPY_WITHIN
from monitor.stories.urls import url_key

MADE = 500
KEPT = timedelta(days=90)
SKETCHED = timedelta(days=7)
PER_STORY = 4
SKETCH_ROWS, STORY_TERMS = 60, 12
HASHES = 2**62
"""About the range of the sampled hashes, from -2**63 on."""
_ID = "SELECT value FROM numbers"
_SECONDS = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', '{start}', '+' || (({n}) * {step}) || ' seconds')"


def filled(path: Path, n: int, *, all_sketched: bool) -> None:
    """Make a store of ``n`` articles at ``path``; the first MADE went through the ladder."""
    store = Store(path)
    put(store, reports(MADE, 1), lambda number: START + timedelta(seconds=number * _step(n)))
    store.checkpoint()
    store.close()
    db = sqlite3.connect(path, isolation_level=None)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "cache_size=-200000"):
        db.execute(f"PRAGMA {pragma}")
    (made,) = db.execute("SELECT max(id) FROM stories").fetchone()
    db.execute(f"CREATE TEMP VIEW numbers AS {_numbers(MADE + 1, n)}")
    db.execute("BEGIN")
    _fill_stories(db, n, made)
    _fill_articles(
        db, n, made, sketched_from=MADE + 1 if all_sketched else n - int(SKETCHED.total_seconds() / _step(n))
    )
    db.execute(f"PRAGMA user_version = {n}")
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode=WAL")
    db.close()


def _step(n: int) -> float:
    return KEPT.total_seconds() / n


def _numbers(first: int, last: int) -> str:
    return (
        f"WITH RECURSIVE n(value) AS (SELECT {first} UNION ALL SELECT value + 1 FROM n WHERE value < {last}) "
        "SELECT value FROM n"
    )


def _fill_stories(db: sqlite3.Connection, n: int, made: int) -> None:
    first, last = made + 1, made + n // PER_STORY
    seen = _SECONDS.format(start=START.isoformat()[:19], n=f"(value - {made}) * {PER_STORY}", step=_step(n))
    db.execute(
        "INSERT INTO stories (id, title, first_seen, last_seen, last_happened, articles, sources, independent, "
        f"profile) SELECT value, title, {seen}, {seen}, {seen}, {PER_STORY}, 2, 1, profile "
        f"FROM ({_numbers(first, last)}) JOIN stories ON id = 1 + value % {made}"
    )
    rows = (last - made) * STORY_TERMS
    db.execute(
        f"INSERT OR IGNORE INTO story_terms SELECT {_spread(rows, 2**64)}, {first} + value * 7919 % {last - made} "
        f"FROM ({_numbers(1, rows)})"
    )


def _fill_articles(db: sqlite3.Connection, n: int, made: int, *, sketched_from: int) -> None:
    seen = _SECONDS.format(start=START.isoformat()[:19], n="value", step=_step(n))
    name = "printf('outlet%d.example/1/%d', value % 60, value)"
    old = f"value < {sketched_from}"
    db.execute(
        "INSERT INTO articles (id, url, url_key, feed, publisher, title, lead, text, language, method, seen, happened, "
        "changed, content_hash, shingles, sketch, story_id) "
        f"SELECT value, 'https://' || {name}, {name}, feed, publisher, title, lead, text, language, method, {seen}, "
        f"{seen}, {seen}, content_hash + value, iif({old}, x'', shingles), iif({old}, x'', sketch), "
        f"{made + 1} + (value - {MADE + 1}) / {PER_STORY} FROM numbers JOIN articles ON id = 1 + value % {MADE} "
    )
    db.execute(f"INSERT INTO article_keys SELECT {name}, value FROM numbers")
    db.execute(
        f"INSERT INTO article_guids SELECT printf('outlet%d.example', value % 60), 'https://' || {name}, value "
        "FROM numbers"
    )
    db.execute(
        "INSERT INTO placements (at, article_id, story_id, rung, url, feed, scores, reason, changes) "
        f"SELECT at, value, {made + 1} + (value - {MADE + 1}) / {PER_STORY}, rung, 'https://' || {name}, feed, scores, "
        f"reason, changes FROM numbers JOIN placements ON placements.id = 1 + value % {MADE}"
    )
    rows, span = (n - sketched_from) * SKETCH_ROWS, n - sketched_from
    db.execute(
        f"INSERT OR IGNORE INTO sketch SELECT {_spread(rows, HASHES)}, {sketched_from} + value * 7919 % {span} "
        f"FROM ({_numbers(1, rows)})"
    )


def _spread(rows: int, span: int) -> str:
    """Ascending hashes, since in this order a large table is filled in minutes."""
    return f"-9223372036854775807 - 1 + value * {span // (rows + 1)} + abs(random()) % {span // (rows + 1)}"


def per_second(items: Sequence[object], act: Callable[[int], object]) -> float:
    began = time.process_time()
    for n in range(len(items)):
        assert act(n) is not None
    return len(items) / (time.process_time() - began)


def find(db: Database, article: Article, key: str, print_: Fingerprint, from_id: int) -> set[int]:
    """The look-ups of an article that nobody has seen; gives its crowded hashes."""
    articles.by_guid(db, article.feed, article.url)
    articles.id_by_key(db, key)
    ids, crowded = sketches.sharing(db, print_.sketch, from_id=from_id)
    articles.several(db, ids)
    return crowded


def find_and_insert(store: Store, article: Article, key: str, print_: Fingerprint, story_id: int) -> int:
    """What the ladder asks the store and puts into it for an article that nobody has seen."""
    now = START + KEPT
    with store.transaction() as db:
        crowded = find(db, article, key, print_, articles.first_id_since(db, now - COPY_WITHIN))
        rows = [value for value in print_.sketch if value not in crowded]
        article_id = articles.insert(
            db,
            article,
            url_key=key,
            seen=now,
            happened=now,
            content_hash=print_.content_hash,
            shingles=sketch.pack_shingles(print_.shingles),
            sketch=sketch.pack_sketch(rows),
            story_id=story_id,
            copy_of=None,
        )
        articles.add_keys(db, article_id, [key])
        articles.add_guid(db, article_id, feed=article.feed, guid=article.url)
    return article_id


def measure(store: Store, items: int, n: int) -> None:
    made = reports(items, 2)
    prints, own_keys = [fingerprint(each) for each in made], [url_key(each.url) for each in made]
    now = START + KEPT
    print("| what | per CPU second |\n|---|---|")
    with store.read() as db:
        keys = [f"outlet{k % 60}.example/1/{k}" for k in range(MADE + 1, n, max(1, n // items))]
        from_id = articles.first_id_since(db, now - COPY_WITHIN)
        figures = {
            "article by URL key": per_second(keys, lambda k: articles.by_key(db, keys[k])),
            "article by guid": per_second(
                keys, lambda k: articles.by_guid(db, keys[k].split("/")[0], f"https://{keys[k]}")
            ),
            "articles by sketch": per_second(prints, lambda k: sketches.sharing(db, prints[k].sketch, from_id=from_id)),
        }
        (story_id,) = db.execute("SELECT max(id) FROM stories").fetchone()
    figures["all three look-ups, and insert"] = per_second(
        made, lambda k: find_and_insert(store, made[k], own_keys[k], prints[k], story_id)
    )
    figures["whole ladder, new report"] = measured(store, reports(items, 3), now + timedelta(seconds=1))
    figures["whole ladder, unchanged"] = measured(store, reports(items, 3), now + timedelta(seconds=1))
    for what, figure in figures.items():
        print(f"| {what} | {figure:,.0f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--all-sketched", action="store_true")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        path = Path(folder) / "million.db"
        filled(path, options.articles, all_sketched=options.all_sketched)
        print(
            f"{options.articles:,} articles, {path.stat().st_size / options.articles / 1000:.1f} KB each\n", flush=True
        )
        store = Store(path)
        measure(store, options.items, options.articles)
        store.close()


if __name__ == "__main__":
    main()
