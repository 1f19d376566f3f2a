"""Stories, how their candidates are found, the verdicts of the ladder, and splitting and merging by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.model.articles import Article
from monitor.model.stories import MaterialChange, Placement
from monitor.store.times import from_text, optional_from_text, to_text

CROWDED = 200
"""A term that more open stories share finds nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredStory:
    """A story with its figures; ``profile`` is the JSON text that the stories room reads."""

    id: int
    title: str
    first_article_id: int | None
    first_seen: datetime
    last_seen: datetime
    last_happened: datetime
    articles: int
    sources: int
    independent: int
    profile: str
    merged_into: int | None


_COLUMNS = (
    "id, title, first_article_id, first_seen, last_seen, last_happened, articles, sources, independent, profile, "
    "merged_into"
)


def get(db: Database, story_id: int) -> StoredStory | None:
    """The story, or None."""
    rows = _select(db, "WHERE id = ?", (story_id,))
    return rows[0] if rows else None


def first_seen(db: Database, story_id: int) -> datetime | None:
    """When the story was first seen; None where there is none."""
    row = db.conn.execute("SELECT first_seen FROM stories WHERE id = ?", (story_id,)).fetchone()
    return from_text(row[0]) if row else None


def latest(db: Database, *, limit: int = 50) -> list[StoredStory]:
    """Stories by their last article, newest first, those merged into others left out."""
    return _select(db, "WHERE merged_into IS NULL ORDER BY last_seen DESC, id DESC LIMIT ?", (limit,))


def create(db: Database, *, title: str, seen: datetime, happened: datetime, profile: str = "{}") -> int:
    """Open a story without articles and give its id."""
    cursor = db.conn.execute(
        "INSERT INTO stories (title, first_seen, last_seen, last_happened, profile) VALUES (?, ?, ?, ?, ?)",
        (title, to_text(seen), to_text(seen), to_text(happened), profile),
    )
    return int(cursor.lastrowid or 0)


def origin_of(article: Article) -> str:
    """Who reports it first-hand: the agency of the dateline where there is one, else the publisher."""
    agency = article.dateline.agency if article.dateline else None
    return f"agency {agency.casefold()}" if agency else article.publisher


def add_article(
    db: Database,
    story_id: int,
    *,
    article_id: int,
    publisher: str,
    origin: str | None,
    seen: datetime,
    happened: datetime,
) -> tuple[int, int]:
    """Count an article; ``origin`` is None for copies. Gives the numbers of publishers, copies included, and of
    independent ones: publishers whose own reports have origins that no other publisher's report had before.
    """
    added = _note_source(db, story_id, "publisher", publisher)
    independent = 0
    if origin is not None and not _has_source(db, story_id, "independent", publisher):
        independent = _note_source(db, story_id, "origin", origin)
        if independent:
            _note_source(db, story_id, "independent", publisher)
    row = db.conn.execute(
        "UPDATE stories SET first_article_id = coalesce(first_article_id, ?), articles = articles + 1, "
        "sources = sources + ?, independent = independent + ?, last_seen = max(last_seen, ?), "
        "last_happened = max(last_happened, ?) WHERE id = ? RETURNING sources, independent",
        (article_id, added, independent, to_text(seen), to_text(happened), story_id),
    ).fetchone()
    return max(1, int(row[0])), max(1, int(row[1]))


def _note_source(db: Database, story_id: int, kind: str, name: str) -> int:
    """1 where the name is new, else 0."""
    insert = "INSERT OR IGNORE INTO story_sources (story_id, kind, name) VALUES (?, ?, ?)"
    return int(db.conn.execute(insert, (story_id, kind, name)).rowcount)


def _has_source(db: Database, story_id: int, kind: str, name: str) -> bool:
    where = "SELECT 1 FROM story_sources WHERE story_id = ? AND kind = ? AND name = ?"
    return db.conn.execute(where, (story_id, kind, name)).fetchone() is not None


def publishers(db: Database, story_id: int) -> tuple[int, int]:
    """Publishers of the story, copies included, and the independent ones; each at least 1."""
    row = db.conn.execute("SELECT sources, independent FROM stories WHERE id = ?", (story_id,)).fetchone()
    return (max(1, int(row[0])), max(1, int(row[1]))) if row else (1, 1)


def set_profile(db: Database, story_id: int, profile: str, *, terms: Iterable[int]) -> None:
    """Record what the story is about, and make it findable by further ``terms``."""
    db.conn.execute("UPDATE stories SET profile = ? WHERE id = ?", (profile, story_id))
    make_findable(db, story_id, terms)


def make_findable(db: Database, story_id: int, terms: Iterable[int]) -> None:
    """Let a story be found by further terms."""
    db.conn.executemany(
        "INSERT OR IGNORE INTO story_terms (term, story_id) VALUES (?, ?)", [(term, story_id) for term in terms]
    )


def move_articles(db: Database, article_ids: Sequence[int], *, to: int) -> None:
    """Let articles belong to another story; what was said of them follows by ``alerts.follow_articles``."""
    db.conn.executemany("UPDATE articles SET story_id = ? WHERE id = ?", [(to, each) for each in article_ids])


def move_everything_said(db: Database, story_id: int, *, to: int) -> None:
    """Let the alerts of one story count for another, those included whose articles are dropped by now."""
    db.execute("UPDATE alerts SET story_id = ? WHERE story_id = ?", (to, story_id))


def set_merged(db: Database, story_id: int, *, into: int) -> None:
    """Close a story whose articles all went into another."""
    empty(db, story_id)
    db.execute("UPDATE stories SET merged_into = ?, profile = '{}' WHERE id = ?", (into, story_id))


def empty(db: Database, story_id: int) -> None:
    """Take back all counts and search terms of a story, to be counted anew."""
    db.execute("DELETE FROM story_terms WHERE story_id = ?", (story_id,))
    db.execute("DELETE FROM story_sources WHERE story_id = ?", (story_id,))
    db.execute(
        "UPDATE stories SET articles = 0, sources = 0, independent = 0, first_article_id = NULL WHERE id = ?",
        (story_id,),
    )


_SHARING = (
    "SELECT * FROM (SELECT ?, story_id FROM story_terms WHERE term = ? AND story_id >= ? ORDER BY story_id DESC"
    " LIMIT ?)"
)


def sharing_terms(db: Database, terms: Sequence[int], *, from_id: int, limit: int) -> list[int]:
    """Ids of the stories that share most of ``terms`` (heaviest first, which decides between equals)."""
    if not terms:
        return []
    # One statement for all terms: a LIMIT of its own keeps a crowded term from being read to its end.
    look_up = " UNION ALL ".join([_SHARING] * len(terms))
    bound = [value for rank, term in enumerate(terms) for value in (rank, term, from_id, CROWDED + 1)]
    rows = db.conn.execute(look_up, bound).fetchall()
    times = Counter([rank for rank, _ in rows]) if len(rows) > CROWDED else {}
    shared: dict[int, float] = {}
    for rank, story_id in sorted(rows):
        if times.get(rank, 0) <= CROWDED:
            shared[story_id] = shared.get(story_id, 0.0) + 1.0 - 0.01 * rank
    ranked = sorted((-n, story_id) for story_id, n in shared.items())
    return [story_id for _, story_id in ranked[:limit]]


def first_id_since(db: Database, instant: datetime) -> int:
    """The smallest id of the stories first seen at ``instant`` or later; ids grow with time."""
    row = db.conn.execute(
        "SELECT id FROM stories WHERE first_seen >= ? ORDER BY first_seen, id LIMIT 1", (to_text(instant),)
    ).fetchone()
    return int(row[0]) if row else 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenStory:
    """What is asked of a story that an article may belong to."""

    id: int
    profile: str
    first_seen: datetime
    last_happened: datetime
    published: datetime | None
    """When its first article was published, where that is known and was believed."""


def open_since(db: Database, ids: Sequence[int], instant: datetime) -> list[OpenStory]:
    """Those of ``ids`` whose last article came at ``instant`` or later, and that were not merged into others."""
    if not ids:
        return []
    marks = ",".join("?" * len(ids))
    query = (
        "SELECT stories.id, profile, first_seen, last_happened, iif(happened = published, published, NULL) "  # noqa: S608 - marks
        "FROM stories LEFT JOIN articles ON articles.id = first_article_id "
        f"WHERE stories.id IN ({marks}) AND last_seen >= ? AND merged_into IS NULL"
    )
    return [
        OpenStory(
            id=story_id,
            profile=profile,
            first_seen=from_text(first),
            last_happened=from_text(last),
            published=optional_from_text(published),
        )
        for story_id, profile, first, last, published in db.conn.execute(query, (*ids, to_text(instant)))
    ]


_encode = json.JSONEncoder(ensure_ascii=False).encode


def record(db: Database, placement: Placement, *, at: datetime, url: str, feed: str) -> None:
    """Keep a verdict with its figures and reason."""
    changes = [[change.kind, change.text] for change in placement.changes]
    db.conn.execute(
        "INSERT INTO placements (at, article_id, story_id, rung, target, url, feed, scores, reason, changes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            to_text(at),
            placement.article_id,
            placement.story_id,
            placement.rung.value,
            placement.target,
            url,
            feed,
            _encode(dict(placement.scores)) if placement.scores else "{}",
            placement.reason,
            _encode(changes) if changes else "[]",
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlacement:
    """A verdict as recorded."""

    at: datetime
    article_id: int
    story_id: int
    rung: str
    target: int | None
    url: str
    feed: str
    scores: Mapping[str, float]
    reason: str
    changes: tuple[MaterialChange, ...]


def placements_of_article(db: Database, article_id: int) -> list[StoredPlacement]:
    """Every verdict on an article, first to last."""
    return _placements(db, "WHERE article_id = ? ORDER BY id", (article_id,))


def placements_of_story(db: Database, story_id: int, *, limit: int = 1000) -> list[StoredPlacement]:
    """Every verdict that put something into a story, first to last."""
    return _placements(db, "WHERE story_id = ? ORDER BY id LIMIT ?", (story_id, limit))


def _placements(db: Database, where: str, parameters: Sequence[Any]) -> list[StoredPlacement]:
    columns = "at, article_id, story_id, rung, target, url, feed, scores, reason, changes"
    rows = db.execute(f"SELECT {columns} FROM placements {where}", parameters).fetchall()  # noqa: S608  # own text
    return [
        StoredPlacement(
            at=from_text(row[0]), article_id=row[1], story_id=row[2], rung=row[3], target=row[4], url=row[5],
            feed=row[6], scores=json.loads(row[7]), reason=row[8],
            changes=tuple(MaterialChange(kind=kind, text=text) for kind, text in json.loads(row[9])),
        )
        for row in rows
    ]  # fmt: skip


def _select(db: Database, where: str, parameters: Sequence[Any]) -> list[StoredStory]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM stories {where}", parameters).fetchall()  # noqa: S608  # own text
    return [_stored(row) for row in rows]


def _stored(row: Sequence[Any]) -> StoredStory:
    return StoredStory(
        id=row[0],
        title=row[1],
        first_article_id=row[2],
        first_seen=from_text(row[3]),
        last_seen=from_text(row[4]),
        last_happened=from_text(row[5]),
        articles=row[6],
        sources=row[7],
        independent=row[8],
        profile=row[9],
        merged_into=row[10],
    )
