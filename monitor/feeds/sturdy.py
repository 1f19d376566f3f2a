"""feedparser made sturdy: where one of its handlers stumbles over an element, the rest of the document is still read.

Its own handlers raise on some broken documents (an image without a number for its width, a position without
coordinates, a character beyond Unicode), which would cost all entries of the feed.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

LONGEST_AUTHOR = 1000
"""feedparser looks for an e-mail address with a quadratic pattern: 32 KB of author text took 2.8 s."""
STUMBLES = (KeyError, TypeError, ValueError, IndexError, OverflowError)
NO_ELEMENT = "newsmonitor-none"
"""A name for which feedparser has no handler."""


def make_sturdy(mixin: Any) -> None:
    """Wrap the methods of feedparser's ``_FeedParserMixin``; it has no public place to do so."""
    mixin._sync_author_detail = _clipping(mixin._sync_author_detail)  # noqa: SLF001
    mixin.unknown_starttag = _passing_over(mixin.unknown_starttag)
    mixin.unknown_endtag = _closing_all_the_same(mixin.unknown_endtag)
    mixin.handle_charref = _replacing(mixin.handle_charref)


def _clipping(original: Any) -> Any:
    def clipped(self: Any, key: str = "author") -> None:
        context = self._get_context()
        author = context.get(key)
        if isinstance(author, str) and len(author) > LONGEST_AUTHOR:
            context[key] = author[:LONGEST_AUTHOR]
        original(self, key)

    return clipped


def _passing_over(original: Any) -> Any:
    """A start tag's handler comes last, so nothing else is left undone."""

    def start(self: Any, tag: str, attrs: Any) -> None:
        with suppress(*STUMBLES):
            original(self, tag, attrs)

    return start


def _closing_all_the_same(original: Any) -> Any:
    """What follows an end tag's handler, the scopes of xml:base and xml:lang, must be closed."""

    def end(self: Any, tag: str) -> None:
        try:
            original(self, tag)
        except STUMBLES:
            original(self, NO_ELEMENT)

    return end


def _replacing(original: Any) -> Any:
    def character(self: Any, ref: str) -> None:
        try:
            original(self, ref)
        except (ValueError, OverflowError):
            original(self, "xfffd")

    return character
