"""What the service tells about itself: one row a fact, each with its instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from monitor.store.times import from_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact of the service (``heartbeat``, ``started``, ``tidied``) and when it was told."""

    value: str
    at: datetime


def tell(db: Database, key: str, value: str, now: datetime) -> None:
    """Record a fact, replacing the earlier one."""
    db.execute(
        "INSERT INTO service (key, value, at) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value, at = excluded.at",
        [key, value, to_text(now)],
    )


def facts(db: Database) -> dict[str, Fact]:
    """All facts by key; empty before the first start."""
    return {
        row["key"]: Fact(value=row["value"], at=from_text(row["at"]))
        for row in db.query("SELECT key, value, at FROM service")
    }
