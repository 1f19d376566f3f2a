"""A fault in what the user wrote: what, where, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]
"""The way to a value in a TOML file: ``("watch", 3, "query")``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. ``file`` and ``path`` locate the value; ``column`` and ``word`` the place inside a string value."""

    message: str
    """A sentence without a full stop: "unknown field 'titel'"."""
    hint: str = ""
    """What to do: "did you mean 'title'?"."""
    file: str = ""
    path: KeyPath = ()
    column: int | None = None
    """0-based, in code points from the start of the string value."""
    word: str = ""
    spot: tuple[int, int] | None = None
    """Line and column, 1-based, where there is no path to go by: in a file that cannot be parsed."""
    level: Literal["error", "warning"] = "error"


class ConfigurationError(Exception):
    """The configuration cannot be used; ``faults`` has every fault, ``str()`` shows the first."""

    def __init__(self, rendered: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(rendered)
        self.faults = faults
