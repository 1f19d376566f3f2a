"""How far a long piece of work has come, for a person who waits: on a terminal, and only after a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from monitor.model.words import counted

T = TypeVar("T")

PATIENCE_S = 1.0
"""Nobody needs to be told of work that is over sooner."""
STEP_S = 0.2


def counting(items: Iterable[T], one: str, many: str = "", *, shown: bool = True) -> Iterator[T]:
    """The items; meanwhile standard error, if it is a terminal and ``shown``, tells how many there were so far."""
    if not (shown and sys.stderr.isatty()):
        yield from items
        return
    due = time.monotonic() + PATIENCE_S
    told = False
    try:
        for number, item in enumerate(items, 1):
            yield item
            if time.monotonic() >= due:
                due, told = time.monotonic() + STEP_S, True
                sys.stderr.write(f"\r{counted(number, one, many)} …")
                sys.stderr.flush()
    finally:
        if told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
