"""What changed materially, said in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from monitor.model.stories import MaterialChange


def casualty_counts(text: str, language: str | None) -> dict[str, tuple[int, ...]]:
    """The keyed counts of a text ("killed": 3), in the order in which they stand."""
    return {}


def new_counts(known: Mapping[str, Iterable[int]], counts: Mapping[str, Iterable[int]]) -> tuple[MaterialChange, ...]:
    """Counts above all that the story's reports have given so far."""
    changes = []
    for kind, values in counts.items():
        before = max(known.get(kind, ()), default=None)
        now = max(values, default=None)
        if before is not None and now is not None and now > before:
            changes.append(MaterialChange(kind="count", text=f"{kind} {before} → {now}"))
    return tuple(changes)


def material_changes(
    *, old_title: str, old_text: str, new_title: str, new_text: str, language: str | None
) -> tuple[MaterialChange, ...]:
    """What a new version of an article says that the old one did not; empty when cosmetic."""
    return ()
