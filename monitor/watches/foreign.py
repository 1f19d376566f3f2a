"""Operators of other products and other languages, for the hint that says what they are called here."""

from __future__ import annotations

import re
from typing import NamedTuple

_DISTANCE = re.compile(r"(?i)(?P<name>o?near|adj|within|pre|same|[wnp](?=/|\d))(?:/?(?P<words>\d{1,3}))?(?:/\S*)?")
_IN_ORDER = ("onear", "adj", "pre", "p")
_WORDS = {
    "и": "AND", "или": "OR", "та": "AND", "або": "OR", "و": "AND", "یا": "OR", "او": "AND", "أو": "OR", "und": "AND",
    "oder": "OR", "et": "AND", "ou": "OR", "y": "AND", "o": "OR", "ve": "AND", "veya": "OR",
}  # fmt: skip
_EXCLUDED = re.compile(r"(?P<sign>[-−!])(?P<what>[^\W\d_].*)")
_ANY_ENDING = re.compile(r"(?P<what>.*\w)(?P<sign>[!$])")
_FUZZY_OR_WEIGHED = re.compile(r"(?P<what>.*\w)(?P<sign>[~^][\d.]*)")


class Foreign(NamedTuple):
    """A sign at the start or the end of a word that means something elsewhere."""

    sign: str
    hint: str


def sign_meant(word: str) -> Foreign | None:
    """``NOT word`` for ``-word`` and ``!word``, ``word*`` for ``word!``; None for a word without such a sign."""
    if found := _EXCLUDED.fullmatch(word):
        return Foreign(found["sign"], f"write NOT {found['what']} to exclude it, or quote it if it is text")
    if found := _ANY_ENDING.fullmatch(word):
        return Foreign(found["sign"], f"write {found['what']}* for any ending, or quote it if it is text")
    if found := _FUZZY_OR_WEIGHED.fullmatch(word):
        return Foreign(found["sign"], f"write {found['what']}: terms have no weights, and spellings are terms")
    return None


def operator_meant(word: str) -> str | None:
    """``NEAR/5`` for ``w/5`` and ``NEAR5``, ``AND`` for ``и``; None for a word that is no operator anywhere."""
    found = _DISTANCE.fullmatch(word)
    if found is None:
        return _WORDS.get(word.casefold())
    operator = "ONEAR" if found["name"].casefold() in _IN_ORDER else "NEAR"
    return f"{operator}/{found['words']}" if found["words"] else operator
