"""When to look at an article again: outlets edit in place, and a feed does not always say so."""

from __future__ import annotations

from datetime import datetime, timedelta

SCHEDULE = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
)
"""Up to this age after its last change, an article is read again at this pace; tolls move most in the first hours."""


def next_reread(*, changed: datetime, now: datetime) -> datetime | None:
    """When to read an article again that last ``changed`` then; None once it is a week old."""
    age = now - changed
    for until, pause in SCHEDULE:
        if age < until:
            return now + pause
    return None
