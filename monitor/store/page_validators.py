"""ETag and Last-Modified of the pages that will be read again, by entry."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.model.fetching import Validators
from monitor.store.times import from_text, to_text


def get(db: Database, entry_id: int, *, revision: int) -> Validators | None:
    """What came with the page of this revision of the entry; None for another revision, whose feed says new things."""
    sql = "SELECT url, etag, last_modified, received FROM page_validators WHERE entry_id = ? AND revision = ?"
    for row in db.query(sql, [entry_id, revision]):
        return Validators(**{**row, "received": from_text(row["received"])})
    return None


def keep(db: Database, entry_id: int, validators: Validators, *, revision: int) -> None:
    """Remember them in place of earlier ones."""
    db.execute(
        "INSERT OR REPLACE INTO page_validators (entry_id, revision, url, etag, last_modified, received) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            entry_id,
            revision,
            validators.url,
            validators.etag,
            validators.last_modified,
            to_text(validators.received),
        ],
    )


def forget(db: Database, entry_id: int) -> None:
    """The page will not be read again, or came without validators."""
    db.execute("DELETE FROM page_validators WHERE entry_id = ?", [entry_id])
