"""What is dropped when its time is over, and in which order, so that nothing kept points at it.

Dropped: articles with their keys, sketches, verdicts, versions, hits and suppressions, and stories left without any.
Kept: entries (without the feed's text, once they are done with), since a feed may list an old item again and it must
not look new; alerts and deliveries, the record of
what a person was told.
"""

from __future__ import annotations

from datetime import datetime

from sqlite_utils import Database

from monitor.store.times import to_text

BATCH = 500
"""Articles dropped in one transaction: a few tenths of a second in which no other writer waits long."""

_OLD = "CREATE TEMP TABLE old AS SELECT id FROM articles WHERE changed < ? AND seen < ? ORDER BY id LIMIT ?"
_STATEMENTS = (
    "DELETE FROM article_keys WHERE article_id IN (SELECT id FROM old)",
    "DELETE FROM article_guids WHERE article_id IN (SELECT id FROM old)",
    "DELETE FROM article_versions WHERE article_id IN (SELECT id FROM old)",
    "DELETE FROM placements WHERE article_id IN (SELECT id FROM old)",
    "UPDATE articles SET copy_of = NULL WHERE copy_of IN (SELECT id FROM old)",
    "UPDATE stories SET first_article_id = NULL WHERE first_article_id IN (SELECT id FROM old)",
    "DELETE FROM articles WHERE id IN (SELECT id FROM old)",
)
_EMPTY = (
    "CREATE TEMP TABLE empty AS SELECT id FROM stories WHERE last_seen < ? "
    "AND NOT EXISTS (SELECT 1 FROM articles WHERE story_id = stories.id)"
)
_EMPTY_STATEMENTS = (
    "DELETE FROM story_terms WHERE story_id IN (SELECT id FROM empty)",
    "DELETE FROM story_sources WHERE story_id IN (SELECT id FROM empty)",
    "UPDATE stories SET merged_into = NULL WHERE merged_into IN (SELECT id FROM empty)",
    "DELETE FROM stories WHERE id IN (SELECT id FROM empty)",
)


def drop_articles(db: Database, *, before: datetime, limit: int = BATCH) -> int:
    """Drop up to ``limit`` articles not seen or changed since ``before``; returns how many.

    Their sketches must be forgotten already (:func:`monitor.store.sketches.forget`).
    """
    instant = to_text(before)
    db.execute(_OLD, [instant, instant, limit])
    (count,) = db.execute("SELECT count(*) FROM old").fetchone()
    for statement in _STATEMENTS:
        db.execute(statement)
    db.execute("DROP TABLE old")
    return int(count)


def drop_empty_stories(db: Database, *, before: datetime) -> int:
    """Drop stories all of whose articles are gone; returns how many."""
    db.execute(_EMPTY, [to_text(before)])
    (count,) = db.execute("SELECT count(*) FROM empty").fetchone()
    for statement in _EMPTY_STATEMENTS:
        db.execute(statement)
    db.execute("DROP TABLE empty")
    return int(count)
