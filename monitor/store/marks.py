"""Placeholders for ``IN (…)``: padded, so that few different statements are prepared, whatever the number of values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

Value = TypeVar("Value", int, str)


def padded(values: Sequence[Value], *, step: int) -> tuple[str, list[Value]]:
    """The placeholders and the values, the last one repeated up to a multiple of ``step``; ``values`` is not empty."""
    filled = list(values) + [values[-1]] * (-len(values) % step)
    return ",".join("?" * len(filled)), filled
