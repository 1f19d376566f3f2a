"""Articles, the keys by which they are found again, their earlier versions, and what was learnt of each feed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlite_utils import Database

from monitor.model.articles import Article, Dateline, Method, Partial
from monitor.store.marks import padded
from monitor.store.times import from_text, optional_from_text, optional_to_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article with what identity recorded of it."""

    id: int
    article: Article
    url_key: str
    seen: datetime
    happened: datetime
    changed: datetime
    version: int
    content_hash: int
    counts: Mapping[str, tuple[int, ...]]
    """Casualties by kind that title and lead give."""
    shingles: bytes
    sketch: bytes
    story_id: int
    copy_of: int | None


def get(db: Database, article_id: int) -> StoredArticle | None:
    """The article, or None."""
    rows = _select(db, "WHERE id = ?", (article_id,))
    return rows[0] if rows else None


def several(db: Database, article_ids: Sequence[int]) -> list[StoredArticle]:
    """Those of the articles that are there, in the order asked for."""
    if not article_ids:
        return []
    marks, values = padded(article_ids, step=6)
    found = {each.id: each for each in _select(db, f"WHERE id IN ({marks})", values)}
    return [found[article_id] for article_id in article_ids if article_id in found]


def by_key(db: Database, key: str) -> StoredArticle | None:
    """The article last seen under a URL key."""
    rows = _select(db, "WHERE id = (SELECT article_id FROM article_keys WHERE key = ?)", (key,))
    return rows[0] if rows else None


def id_by_key(db: Database, key: str) -> int | None:
    """The id of the article last seen under a URL key."""
    row = db.conn.execute("SELECT article_id FROM article_keys WHERE key = ?", (key,)).fetchone()
    return int(row[0]) if row else None


def by_guid(db: Database, feed: str, guid: str) -> StoredArticle | None:
    """The article that a feed's guid names."""
    where = "WHERE id = (SELECT article_id FROM article_guids WHERE feed = ? AND guid = ?)"
    rows = _select(db, where, (feed, guid))
    return rows[0] if rows else None


def of_story(db: Database, story_id: int, *, limit: int = 1000) -> list[StoredArticle]:
    """The story's articles, first seen first."""
    return _select(db, "WHERE story_id = ? ORDER BY seen, id LIMIT ?", (story_id, limit))


def since(db: Database, instant: datetime, *, after_id: int = 0, limit: int = 500) -> list[StoredArticle]:
    """Articles first seen at ``instant`` or later with an id above ``after_id``, in order of id: a page of them."""
    where = "WHERE seen >= ? AND id > ? ORDER BY id LIMIT ?"
    return _select(db, where, (to_text(instant), after_id, limit))


def latest(db: Database, *, limit: int) -> list[Article]:
    """The articles stored last, latest first."""
    return [each.article for each in _select(db, "ORDER BY id DESC LIMIT ?", (limit,))]


def insert(
    db: Database,
    article: Article,
    *,
    url_key: str,
    seen: datetime,
    happened: datetime,
    content_hash: int,
    shingles: bytes,
    sketch: bytes,
    story_id: int,
    copy_of: int | None,
    counts: Mapping[str, Iterable[int]] | None = None,
) -> int:
    """Store a new article and give its id."""
    values = _content(article) | {
        "url_key": url_key,
        "seen": to_text(seen),
        "happened": to_text(happened),
        "changed": to_text(seen),
        "content_hash": content_hash,
        "counts": _json(counts) if counts else "{}",
        "shingles": shingles,
        "sketch": sketch,
        "story_id": story_id,
        "copy_of": copy_of,
    }
    cursor = db.conn.execute(_insert_into(tuple(values)), list(values.values()))
    return int(cursor.lastrowid or 0)


@lru_cache(maxsize=1)
def _insert_into(names: Sequence[str]) -> str:
    """The statement for these columns, whose names are those of this module."""
    return f"INSERT INTO articles ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608


def revise(
    db: Database,
    old: StoredArticle,
    article: Article,
    *,
    now: datetime,
    content_hash: int,
    counts: Mapping[str, Iterable[int]],
    shingles: bytes,
    facts: Mapping[str, Any],
) -> None:
    """Replace the text of an article; ``facts`` of the version that goes are kept. Its sketch rows stay."""
    db.conn.execute(
        "INSERT INTO article_versions (article_id, version, replaced, title, words, facts) VALUES (?, ?, ?, ?, ?, ?)",
        (old.id, old.version, to_text(now), old.article.title, len(old.article.text.split()), _json(facts)),
    )
    values = _content(article) | {
        "changed": to_text(now),
        "version": old.version + 1,
        "content_hash": content_hash,
        "counts": _json(counts),
        "shingles": shingles,
    }
    # The publisher, feed and first address of an article stay those it was first seen with.
    kept = {name: value for name, value in values.items() if name not in ("url", "feed", "publisher")}
    sets = ", ".join(f"{name} = ?" for name in kept)
    db.conn.execute(f"UPDATE articles SET {sets} WHERE id = ?", [*kept.values(), old.id])  # noqa: S608  # as above


def versions(db: Database, article_id: int) -> list[dict[str, Any]]:
    """The versions that were replaced: ``version, replaced, title, words, facts``, oldest first."""
    rows = db.conn.execute(
        "SELECT version, replaced, title, words, facts FROM article_versions WHERE article_id = ? ORDER BY version",
        (article_id,),
    ).fetchall()
    return [
        {"version": version, "replaced": from_text(at), "title": title, "words": words, "facts": json.loads(facts)}
        for version, at, title, words, facts in rows
    ]


def add_keys(db: Database, article_id: int, keys: Iterable[str]) -> None:
    """Let URL keys name this article from now on."""
    for key in dict.fromkeys(keys):
        db.conn.execute(
            "INSERT INTO article_keys (key, article_id) VALUES (?, ?) ON CONFLICT (key) DO UPDATE"
            " SET article_id = excluded.article_id WHERE article_id <> excluded.article_id",
            (key, article_id),
        )


def add_guid(db: Database, article_id: int, *, feed: str, guid: str) -> None:
    """Let a feed's guid name this article from now on."""
    db.conn.execute(
        "INSERT INTO article_guids (feed, guid, article_id) VALUES (?, ?, ?) ON CONFLICT (feed, guid) DO UPDATE"
        " SET article_id = excluded.article_id WHERE article_id <> excluded.article_id",
        (feed, guid, article_id),
    )


def count(db: Database, *, since: datetime | None = None) -> int:
    """How many articles are stored; of those first seen at ``since`` or later, if given."""
    row = db.conn.execute(
        "SELECT count(*) FROM articles WHERE seen >= ?", (to_text(since) if since else "",)
    ).fetchone()
    return int(row[0])


def latest_seen(db: Database) -> datetime | None:
    """When the newest article was first seen; None where there is none."""
    (newest,) = db.conn.execute("SELECT max(seen) FROM articles").fetchone()
    return optional_from_text(newest)


def free_copies(db: Database, article_ids: Sequence[int]) -> None:
    """Of ``article_ids``, let those whose source is not among them stand on their own."""
    marks = ",".join("?" * len(article_ids))
    db.conn.execute(
        f"UPDATE articles SET copy_of = NULL WHERE id IN ({marks}) AND copy_of NOT IN ({marks})",  # noqa: S608 - marks
        (*article_ids, *article_ids),
    )


def first_id_since(db: Database, instant: datetime) -> int:
    """The smallest id of the articles first seen at ``instant`` or later; ids grow with time."""
    look_up = "SELECT id FROM articles WHERE seen >= ? ORDER BY seen, id LIMIT 1"
    row = db.conn.execute(look_up, (to_text(instant),)).fetchone()
    return int(row[0]) if row else 2**62


def traits(db: Database, feed: str) -> tuple[bytes, bool]:
    """The feed's remembered sentences, and whether its guids are unreliable."""
    row = db.conn.execute("SELECT sentences, guids_unreliable FROM feed_traits WHERE feed = ?", (feed,)).fetchone()
    return (row[0], bool(row[1])) if row else (b"", False)


def set_traits(db: Database, feed: str, *, sentences: bytes, guids_unreliable: bool) -> None:
    """Record what was learnt of a feed."""
    db.conn.execute(
        "INSERT OR REPLACE INTO feed_traits (feed, sentences, guids_unreliable) VALUES (?, ?, ?)",
        (feed, sentences, int(guids_unreliable)),
    )


_COLUMNS = (
    "id, url, url_key, feed, publisher, title, lead, text, language, author, site, published, canonical_url, method, "
    "partial, partial_detail, extra, seen, happened, changed, version, content_hash, counts, shingles, sketch, "
    "story_id, copy_of"
)


def _select(db: Database, where: str, parameters: Sequence[Any]) -> list[StoredArticle]:
    rows = db.conn.execute(f"SELECT {_COLUMNS} FROM articles {where}", parameters).fetchall()  # noqa: S608  # own text
    return list(map(_stored, rows))


def _content(article: Article) -> dict[str, Any]:
    extra = {
        "titles": dict(article.titles),
        "feed_tags": list(article.feed_tags),
        "amp_url": article.amp_url,
        "dateline": None
        if article.dateline is None
        else [article.dateline.place, article.dateline.agency, article.dateline.start, article.dateline.end],
    }
    return {
        "url": article.url,
        "feed": article.feed,
        "publisher": article.publisher,
        "title": article.title,
        "lead": article.lead,
        "text": article.text,
        "language": article.language,
        "author": article.author,
        "site": article.site,
        "published": optional_to_text(article.published),
        "canonical_url": article.canonical_url,
        "method": article.method.value,
        "partial": article.partial.value if article.partial else None,
        "partial_detail": article.partial_detail,
        "extra": _json(given) if (given := {name: value for name, value in extra.items() if value}) else "{}",
    }


def _stored(row: Sequence[Any]) -> StoredArticle:
    _, url, url_key, feed, publisher, title, lead, text, language, author, site, published = row[:12]
    canonical_url, method, partial, partial_detail, stored_extra, seen, happened, changed = row[12:20]
    extra = _parsed(stored_extra)
    article = Article(
        url=url,
        title=title,
        text=text,
        lead=lead,
        titles=extra.get("titles", {}),
        author=author,
        site=site,
        published=optional_from_text(published),
        language=language,
        canonical_url=canonical_url,
        amp_url=extra.get("amp_url"),
        dateline=_dateline(extra.get("dateline")),
        method=Method(method),
        partial=Partial(partial) if partial else None,
        partial_detail=partial_detail,
        feed=feed,
        feed_tags=tuple(extra.get("feed_tags", ())),
        publisher=publisher,
    )
    return StoredArticle(
        id=row[0],
        article=article,
        url_key=url_key,
        seen=from_text(seen),
        happened=from_text(happened),
        changed=from_text(changed),
        version=row[20],
        content_hash=row[21],
        counts={kind: tuple(values) for kind, values in _parsed(row[22]).items()},
        shingles=row[23],
        sketch=row[24],
        story_id=row[25],
        copy_of=row[26],
    )


def _parsed(stored: str) -> dict[str, Any]:
    return {} if stored == "{}" else dict(json.loads(stored))


def _dateline(stored: list[Any] | None) -> Dateline | None:
    if stored is None:
        return None
    place, agency, start, end = stored
    return Dateline(place=place, agency=agency, start=start, end=end)


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
