"""A look at what is stored, for those who can do without: the file is only read, and trouble with it finds nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from monitor.model.articles import Article
from monitor.store import articles

PATIENCE_S = 0.5
"""How long somebody else may hold the database before we do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """The latest articles, and how many hits of each watch are stored."""

    latest: tuple[Article, ...] = ()
    hits: Mapping[str, int] = field(default_factory=dict)


def archived_in(database: Path, *, latest: int) -> Archived:
    """What the file ``database`` holds, up to ``latest`` articles; nothing where it is absent, locked or broken."""
    if not database.exists():
        return Archived()
    try:
        connection = sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE_S)
    except sqlite3.Error:
        return Archived()
    with closing(connection):
        try:
            db = Database(connection)
            hits = dict(connection.execute("SELECT watch, count(*) FROM hits GROUP BY watch").fetchall())
            return Archived(latest=tuple(articles.latest(db, limit=latest)), hits=hits)
        except (sqlite3.Error, ValueError, KeyError):
            return Archived()
