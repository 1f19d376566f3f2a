"""Event or background mention: how central a watch's terms are to an article."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.watches.document import Document
from monitor.watches.nodes import Node


@dataclass(frozen=True, slots=True)
class Score:
    """0..1 with the reasons, most important first."""

    value: float
    reasons: tuple[str, ...]


def score(root: Node, document: Document) -> Score:
    """How much the article is about what ``root`` asks for."""
    found = sorted({mention[0] for _, mention in root.proof(document)})
    value = 1.0 if found and found[0] < document.title_end else 0.5
    return Score(value, ("in the title" if value == 1.0 else "in the text",))
