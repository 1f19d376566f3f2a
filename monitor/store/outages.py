"""When our own network was lost, as the polls noticed it: a fact of the service, for those who wonder at the quiet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.store import service
from monitor.store.times import from_text, to_text

FACT = "network-down"
"""Its value is the instant since when, empty while the network works; its own instant, the last poll that noticed."""
ANOTHER_AFTER = timedelta(hours=1)
"""Polls are tried every few minutes in an outage: nothing noticed for so long, and the next one is another outage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOutage:
    """An outage of our own network that is not known to have ended; it counts against no feed."""

    since: datetime
    noticed: datetime
    """The last poll that failed for it."""


def begun(db: Database, now: datetime) -> None:
    """A poll found that our own network is down."""
    before = current(db)
    goes_on = before is not None and now - before.noticed < ANOTHER_AFTER
    since = before.since if before is not None and goes_on else now
    service.tell(db, FACT, to_text(since), now)


def ended(db: Database, now: datetime) -> None:
    """A poll heard a server; costs a look, and a write only where an outage was known."""
    if current(db) is not None:
        service.tell(db, FACT, "", now)


def current(db: Database) -> NetworkOutage | None:
    """The outage that goes on; None while the network works, as far as the polls know."""
    row = db.execute("SELECT value, at FROM service WHERE key = ?", [FACT]).fetchone()
    if row is None or not row[0]:
        return None
    return NetworkOutage(since=from_text(row[0]), noticed=from_text(row[1]))
