"""What no article is made of is cut out of the text of a page, in one linear pass, before anything parses it.

Why before: a self-closed ``<iframe/>`` in a ``<noscript>`` makes libxml2 2.14 swallow the rest of the page, and
megabytes of JSON in scripts are copied several times by every tree that holds them. What is structured in scripts
(JSON-LD) is kept aside.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

START = re.compile(
    r"<(?:!--|!\[CDATA\[|(script|style|svg|iframe|template|noscript|canvas|object)\b([^<>]*)>)", re.IGNORECASE
)
ENDS = {
    name: re.compile(rf"</{name}\b[^<>]*>", re.IGNORECASE)
    for name in ("script", "style", "svg", "iframe", "template", "noscript", "canvas", "object")
}
MONSTER_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})\s[^<>]{20000,}>")
"""A tag whose attributes alone are longer than most articles; it keeps its name."""

RAW = frozenset({"script", "style"})
"""Elements whose text runs to their end tag whatever stands in it; unclosed, they run to the end of the page."""

LONGEST_JSON_LD = 1_000_000
"""Code points of JSON-LD that are kept of a page; the longest real one has a tenth of it."""


@dataclass(frozen=True, slots=True)
class Filtered:
    """A page without its silent parts; ``json_ld`` are the texts of its JSON-LD scripts."""

    html: str
    json_ld: tuple[str, ...]
    noscript: str
    """What the page tells a reader without JavaScript."""


def without_silent_parts(page: str) -> Filtered:
    """Cut comments, scripts, styles, drawings, frames, templates and their like."""
    page = MONSTER_TAG.sub(r"<\1>", page)
    kept: list[str] = []
    json_ld: list[str] = []
    noscript: list[str] = []
    position = json_size = 0
    unclosed: set[str] = set()
    found = START.search(page)
    while found is not None:
        name = (found[1] or "").lower()
        end_of_text, resume = _end(page, found, name, unclosed)
        kept.append(page[position : found.start()])
        inside = page[found.end() : end_of_text]
        if (
            name == "script"
            and "json" in found[2]
            and "ld+json" in unescape(found[2])
            and json_size + len(inside) <= LONGEST_JSON_LD
        ):
            json_ld.append(inside)
            json_size += len(inside)
        elif name == "noscript" and len(noscript) < 20:
            noscript.append(inside[:2000])
        kept.append(" ")
        position = resume
        found = START.search(page, resume)
    kept.append(page[position:])
    return Filtered("".join(kept), tuple(json_ld), "\n".join(noscript))


def _end(page: str, found: re.Match[str], name: str, unclosed: set[str]) -> tuple[int, int]:
    """Where the text of the element ends, and where reading goes on behind it. Each absent end is searched once."""
    if not name:
        closing = "-->" if found[0] == "<!--" else "]]>"
        end = -1 if closing in unclosed else page.find(closing, found.end())
        if end >= 0:
            return end, end + 3
        unclosed.add(closing)
        return found.end(), found.end()
    if name not in RAW and (found[2].endswith("/") or "shadowrootmode" in found[2]):
        return found.end(), found.end()
    ending = None if name in unclosed else ENDS[name].search(page, found.end())
    if ending is not None:
        return ending.start(), ending.end()
    unclosed.add(name)
    return (len(page), len(page)) if name in RAW else (found.end(), found.end())
