"""Queries of the hot path: few different statements to prepare, and no savepoints around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlite_utils import Database

Value = TypeVar("Value", int, str)


def padded(values: Sequence[Value], *, step: int) -> tuple[str, list[Value]]:
    """The placeholders for ``IN (…)`` and the values, the last one repeated up to a multiple of ``step``.

    ``values`` is not empty.
    """
    filled = list(values) + [values[-1]] * (-len(values) % step)
    return ",".join("?" * len(filled)), filled


def rows_of(db: Database, sql: str, bound: Sequence[Any] = ()) -> list[dict[str, Any]]:
    """The rows by name of column; ``Database.query`` does the same inside a savepoint of its own, at twice the cost."""
    cursor = db.conn.execute(sql, bound)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
