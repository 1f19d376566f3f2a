"""A query as a tree. ``at`` is the number of a part's first token, for errors that point back into the text:
:func:`monitor.watches.tokens.column_of` gives its column.

Nothing changes a tree. Its parts are not frozen all the same: a large watchlist has a million of them, and a frozen one
takes three times as long to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(slots=True)
class Term:
    """A word, a phrase, or a reference to a term list (``name`` then has it)."""

    text: str
    at: int
    name: str | None = None


@dataclass(slots=True)
class Both:
    """``a AND b NOT c``: every item holds."""

    items: tuple[Tree, ...]
    at: int


@dataclass(slots=True)
class Either:
    """``a OR b``: at least one item holds."""

    items: tuple[Tree, ...]
    at: int


@dataclass(slots=True)
class Absent:
    """``NOT a``."""

    item: Tree
    at: int


@dataclass(slots=True)
class Close:
    """``a NEAR/5 b ONEAR c``: ``gaps`` has the most words between neighbours, and whether their order counts."""

    items: tuple[Tree, ...]
    gaps: tuple[tuple[int, bool], ...]
    at: int


@dataclass(slots=True)
class Repeated:
    """``ATLEAST/3 a``."""

    count: int
    item: Tree
    at: int


@dataclass(slots=True)
class Within:
    """``title:a``, ``case:a``, ``lang:fa``: ``prefix`` is a field or a way of spelling."""

    prefix: str
    item: Tree
    at: int


Tree: TypeAlias = Term | Both | Either | Absent | Close | Repeated | Within


def holds_of_nothing(tree: Tree) -> bool:
    """Whether an article without any of the words satisfies ``tree``."""
    match tree:
        case Term() | Close() | Repeated():
            return False
        case Absent():
            return not holds_of_nothing(tree.item)
        case Both():
            return all(map(holds_of_nothing, tree.items))
        case Either():
            return any(map(holds_of_nothing, tree.items))
        case Within():
            return holds_of_nothing(tree.item)


def unbound_alternative(tree: Tree) -> Tree | None:
    """The first operand of an OR that needs none of its words, and so would match nearly everything."""
    match tree:
        case Term():
            return None
        case Either():
            return next((item for item in tree.items if holds_of_nothing(item)), None) or _first_unbound(tree.items)
        case Both() | Close():
            return _first_unbound(tree.items)
        case Absent() | Within() | Repeated():
            return unbound_alternative(tree.item)


def _first_unbound(items: tuple[Tree, ...]) -> Tree | None:
    for item in items:
        unbound = unbound_alternative(item)
        if unbound is not None:
            return unbound
    return None
