"""Operators of other products and other languages, for the hint that says what they are called here."""

from __future__ import annotations

import re

_DISTANCE = re.compile(r"(?i)(?P<name>o?near|adj|within|pre|same|[wnp](?=/|\d))(?:/?(?P<words>\d{1,3}))?(?:/\S*)?")
_IN_ORDER = ("onear", "adj", "pre", "p")
_WORDS = {
    "и": "AND", "или": "OR", "та": "AND", "або": "OR", "و": "AND", "یا": "OR", "او": "AND", "أو": "OR", "und": "AND",
    "oder": "OR", "et": "AND", "ou": "OR", "y": "AND", "o": "OR", "ve": "AND", "veya": "OR",
}  # fmt: skip


def operator_meant(word: str) -> str | None:
    """``NEAR/5`` for ``w/5`` and ``NEAR5``, ``AND`` for ``и``; None for a word that is no operator anywhere."""
    found = _DISTANCE.fullmatch(word)
    if found is None:
        return _WORDS.get(word.casefold())
    operator = "ONEAR" if found["name"].casefold() in _IN_ORDER else "NEAR"
    return f"{operator}/{found['words']}" if found["words"] else operator
