"""Where an article stands among those already known: the verdict of the identity ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Rung(StrEnum):
    """The rung of the ladder on which an article was recognised, from the surest down."""

    ITEM = "item"
    """The same item of the same feed, unchanged."""
    ARTICLE = "article"
    """The same article: its earlier version is replaced."""
    COPY = "copy"
    """A copy of another publisher's text."""
    STORY = "story"
    """Another report of the same event."""
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialChange:
    """One thing that changed materially: ``kind`` names it, ``text`` says it ("killed 1 → 3")."""

    kind: str
    """``count``, ``correction``, ``retraction``, ``number``, ``new-text`` or ``shrunk``."""
    text: str
    counted: str = ""
    """Of a ``count``: the kind of casualty."""
    before: int | None = None
    """Of a ``count``: the number given up to now, None where none was."""
    value: int | None = None
    """Of a ``count``: the number given now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The verdict for one article, as recorded: ids are those of the store."""

    rung: Rung
    article_id: int
    story_id: int
    target: int | None = None
    """The article (rungs item, article, copy) or story (rung story) that it was recognised as; None when new."""
    target_url: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    """The features that decided, by name."""
    reason: str = ""
    """One sentence for ``monitor why``."""
    changes: tuple[MaterialChange, ...] = ()
    """Material changes against what was known; empty means cosmetic or nothing new."""
    sources: int = 1
    """Articles of the story by distinct publishers, copies included, this one included."""
    independent: int = 1
    """Distinct publishers in distinct copy groups, this one included."""
    counts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Casualties by kind that title and lead give; of a copy, those of its source."""
