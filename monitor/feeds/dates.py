"""Dates as feeds state them, to aware UTC; what is no date is None. Newness never depends on them."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import struct_time

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
FUTURE_ALLOWED = timedelta(hours=24)


def from_struct(parsed: struct_time | None) -> datetime | None:
    """feedparser's UTC ``struct_time``; None where it is impossible."""
    if parsed is None:
        return None
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=calendar.timegm(parsed))
    except (ValueError, OverflowError, TypeError):
        return None


def from_iso(text: object) -> datetime | None:
    """RFC 3339 and its everyday variants; a zone is taken as UTC where it is missing. None for anything else."""
    if not isinstance(text, str) or len(text) > 64:
        return None
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            instant = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
    try:
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except OverflowError:
        return None


def believable(instant: datetime | None, now: datetime) -> datetime | None:
    """``instant`` when it lies between 1990 and a day from now, else None."""
    if instant is None or not EARLIEST <= instant <= now + FUTURE_ALLOWED:
        return None
    return instant
