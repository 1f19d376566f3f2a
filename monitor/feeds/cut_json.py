"""As much of a JSON object as can be read: of one that was cut off in the middle, or is damaged from some point on."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder(strict=False)
"""It takes line breaks inside texts, the most common fault of JSON written by hand."""


def read_members(text: str, *, list_key: str) -> dict[str, Any]:
    """The members before the damage; the list under ``list_key`` may be damaged itself and has its whole items then."""
    found: dict[str, Any] = {}
    with suppress(ValueError, RecursionError):
        at = _past(text, 0, "{")
        while True:
            key, at = _DECODER.raw_decode(text, at)
            at = _past(text, at, ":")
            if key == list_key and text.startswith("[", at):
                at = _read_items(text, _past(text, at, "["), found.setdefault(list_key, []))
            else:
                found[str(key)], at = _DECODER.raw_decode(text, at)
            at = _past(text, at, ",")
    return found


def _read_items(text: str, at: int, items: list[Any]) -> int:
    """Append the items from ``at`` on to ``items``, up to the end of their list; the place behind it."""
    while not text.startswith("]", at):
        if items:
            at = _past(text, at, ",")
        item, at = _DECODER.raw_decode(text, at)
        items.append(item)
        at = _blank(text, at)
    return at + 1


def _past(text: str, at: int, mark: str) -> int:
    """The place of what follows ``mark`` and the blanks around it; ValueError where something else stands there."""
    at = _blank(text, at)
    if not text.startswith(mark, at):
        raise ValueError
    return _blank(text, at + 1)


def _blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at
