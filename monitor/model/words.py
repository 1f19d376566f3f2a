"""Numbers with their nouns, for every sentence that counts."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """``1 article``, ``2,310 articles``; ``many`` is the plural where an s does not make it."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
