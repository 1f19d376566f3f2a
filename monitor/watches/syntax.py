"""A query as a tree, with the columns from which errors and explanations point back into the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Term:
    """A word, a phrase, or a reference to a term list (``name`` then has it)."""

    text: str
    column: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Both:
    """``a AND b NOT c``: every item holds."""

    items: tuple[Tree, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Either:
    """``a OR b``: at least one item holds."""

    items: tuple[Tree, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Absent:
    """``NOT a``."""

    item: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Close:
    """``a NEAR/5 b ONEAR c``: ``gaps`` has the most words between neighbours, and whether their order counts."""

    items: tuple[Tree, ...]
    gaps: tuple[tuple[int, bool], ...]
    column: int


@dataclass(frozen=True, slots=True)
class Repeated:
    """``ATLEAST/3 a``."""

    count: int
    item: Tree
    column: int


@dataclass(frozen=True, slots=True)
class Within:
    """``title:a``, ``case:a``, ``lang:fa``: ``prefix`` is a field or a way of spelling."""

    prefix: str
    item: Tree
    column: int


Tree: TypeAlias = Term | Both | Either | Absent | Close | Repeated | Within
