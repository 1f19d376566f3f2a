"""Instants in the database: UTC text of fixed width, which sorts as time does and reads well in a query."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def to_text(instant: datetime) -> str:
    """``2024-04-02T16:30:00.000000Z``; the instant must be aware."""
    if instant.tzinfo is UTC:
        return _text_of(instant)
    if instant.tzinfo is None:
        raise ValueError("a naive datetime has no place in the database")
    return _text_of(instant.astimezone(UTC))


@lru_cache(maxsize=64)
def _text_of(instant: datetime) -> str:
    """Of UTC; remembered, since the instant of a step stands in many rows."""
    return instant.isoformat(timespec="microseconds")[:-6] + "Z"


def from_text(text: str) -> datetime:
    """The inverse of :func:`to_text`."""
    return datetime.fromisoformat(text)


def optional_to_text(instant: datetime | None) -> str | None:
    """:func:`to_text`, None for None."""
    return None if instant is None else to_text(instant)


def optional_from_text(text: str | None) -> datetime | None:
    """:func:`from_text`, None for None."""
    return None if text is None else from_text(text)
