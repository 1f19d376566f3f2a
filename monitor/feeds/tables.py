"""``[[feed]]`` tables in a configuration's text: appended, or taken out, with every other byte left as it is. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from monitor.model.feeds import FeedSpec

_HEADER = re.compile(r"^\s*\[")
_FEED_HEADER = re.compile(r"^\s*\[\[\s*feed\s*\]\]\s*(?:#.*)?$")


class EditError(ValueError):
    """The text cannot be edited safely; the message says what to do by hand."""


def appended(text: str, feeds: Iterable[FeedSpec]) -> str:
    """The text with a table for each feed at its end; raises EditError where the result would not say just that."""
    added = list(feeds)
    tables = "".join(f"\n{_table(feed)}" for feed in added)
    result = text + ("" if not text or text.endswith("\n") else "\n") + tables
    before, after = _parsed(text), _parsed(result)
    if after.get("feed") != [*before.get("feed", []), *(_fields(feed) for feed in added)]:
        raise EditError("the [[feed]] tables cannot be appended to this file: add them by hand")
    return result


def removed(text: str, name: str) -> str:
    """The text without the table of the feed ``name``; raises EditError where there is none or it cannot be cut out."""
    before = _parsed(text)
    wanted = [feed for feed in before.get("feed", []) if feed.get("name") != name]
    if len(wanted) == len(before.get("feed", [])):
        raise EditError(f"no feed is named {name!r} in this file")
    lines = text.splitlines(keepends=True)
    starts = [number for number, line in enumerate(lines) if _FEED_HEADER.match(line)]
    for start in starts:
        end = next((n for n in range(start + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
        while end > start + 1 and lines[end - 1].lstrip().startswith("#"):
            end -= 1  # comments right before the next table belong to it
        candidate = "".join(lines[:start] + lines[end:])
        try:
            after = tomllib.loads(candidate)
        except tomllib.TOMLDecodeError:
            continue
        if {**before, "feed": wanted} == {**after, "feed": after.get("feed", [])}:
            return candidate
    raise EditError(f"the table of {name!r} cannot be cut out safely: remove it by hand")


def name_for(title: str, url: str, taken: Iterable[str]) -> str:
    """A short, free name: from the title, else from the host."""
    host = (urlsplit(url).hostname or "feed").removeprefix("www.").removeprefix("feeds.")
    base = re.sub(r"[^\w]+", "-", title.casefold()).strip("-_")[:40].strip("-_") or re.sub(r"[^\w]+", "-", host)
    used = set(taken)
    number = 1
    name = base
    while name in used:
        number += 1
        name = f"{base}-{number}"
    return name


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EditError(f"the file is not valid TOML ({error}): mend it first") from error


def _fields(feed: FeedSpec) -> dict[str, Any]:
    fields: dict[str, Any] = {"name": feed.name, "url": feed.url}
    if feed.tags:
        fields["tags"] = list(feed.tags)
    if feed.language:
        fields["language"] = feed.language
    return fields


def _table(feed: FeedSpec) -> str:
    """JSON strings and arrays of strings are TOML ones, too (but for DEL, which JSON does not escape)."""
    rows = [f"{key} = {_toml(value)}\n" for key, value in _fields(feed).items()]
    return "[[feed]]\n" + "".join(rows)


def _toml(value: str | list[str]) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
