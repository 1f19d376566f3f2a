"""Paragraphs that the extractor passed over, though they stand in the page where its own paragraphs stand.

An extractor takes the first container that looks like an article's. Pages that break the article into several, for
advertisements between them, are then read up to the first break, and without a sign of it. A paragraph is regained
when its element, the element around it and the one around that have the same names as those of a paragraph that the
extractor took. The line filter judges it as it judges the others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TypeAlias

from lxml.etree import iterwalk
from lxml.html import HtmlElement

from monitor.articles import joiners
from monitor.articles.scripts import weight
from monitor.articles.text import lines_of

Place: TypeAlias = tuple[tuple[str, str], ...]

LEAST = 60
"""Letters of a paragraph that is worth it."""

SHORTEST_KEY, KEY = 10, 40
"""Characters, without spaces, by which a paragraph is recognised in the lines."""

HOME_SHARE = 0.2
"""Share of the body that must come from one kind of place before more is taken from there."""

LARGEST_BODY, MOST_PARAGRAPHS = 200_000, 3000
"""Characters and paragraphs beyond which a page is left as it is: the search takes time in proportion to both."""

ELSEWHERE = re.compile(
    r"comment|disqus|respon[ds]|repl(?:y|ies)|relat|recomm|recirc|newsletter|subscri|promo|sidebar|foot|widget|teaser"
    r"|caption|credit|author|bio(?![a-z])|popular|trending|disclaim|modal|popup|cookie",
    re.IGNORECASE,
)
"""Names of what holds paragraphs that look like the article's and are not."""


def filled(lines: list[str], tree: HtmlElement) -> list[str]:
    """``lines`` with the paragraphs of ``tree`` that were passed over, each behind what stands before it."""
    squeezed = ["".join(line.split()) for line in lines]
    ends = list(accumulate(map(len, squeezed)))
    stock = "".join(squeezed)
    paragraphs = list(tree.iter("p"))
    if len(stock) > LARGEST_BODY or len(paragraphs) > MOST_PARAGRAPHS:
        return lines
    held: dict[Place, int] = {}
    missing: list[tuple[int, HtmlElement]] = []
    at = -1
    for element in paragraphs:
        text = joiners.unpacked("".join(element.text_content().split()))
        found = stock.find(text[:KEY]) if len(text) >= SHORTEST_KEY else -1
        if found >= 0:
            at = max(at, bisect_right(ends, found))
            place = _place(element)
            held[place] = held.get(place, 0) + len(text)
        elif weight(text) >= LEAST:
            missing.append((at, element))
    homes = {place for place, size in held.items() if size >= HOME_SHARE * len(stock)}
    regained: dict[int, list[str]] = {}
    for at, element in missing:
        if _place(element) in homes and not _is_elsewhere(element):
            regained.setdefault(at, []).extend(lines_of(joiners.unpacked(_text(element))))
    return _merged(lines, regained) if regained else lines


def _merged(lines: Sequence[str], regained: dict[int, list[str]]) -> list[str]:
    whole = list(regained.get(-1, ()))
    for number, line in enumerate(lines):
        whole += [line, *regained.get(number, ())]
    return whole


def _place(element: HtmlElement) -> Place:
    """Tag and class of the element and of the two around it."""
    names: list[tuple[str, str]] = []
    each: HtmlElement | None = element
    while each is not None and len(names) < 3:
        names.append((str(each.tag), each.get("class") or ""))
        each = each.getparent()
    return tuple(names)


def _is_elsewhere(element: HtmlElement) -> bool:
    """Whether it is mostly a link, or stands in something that is not the article."""
    linked = sum(len(anchor.text_content()) for anchor in element.iter("a"))
    return 2 * linked > len(element.text_content()) or any(
        each.tag in {"a", "aside"} or _tells_elsewhere(f"{each.get('class') or ''} {each.get('id') or ''}"[:200])
        for each in (element, *element.iterancestors())
        if each.tag not in {"body", "html"}
    )


@lru_cache(maxsize=8192)
def _tells_elsewhere(names: str) -> bool:
    return ELSEWHERE.search(names) is not None


def _text(element: HtmlElement) -> str:
    """Its text, with its breaks of lines."""
    pieces: list[str] = []
    for event, each in iterwalk(element, events=("start", "end")):
        if event == "start":
            pieces.append("\n" if each.tag == "br" else " ".join((each.text or "").split("\n")))
        elif each is not element:
            pieces.append(" ".join((each.tail or "").split("\n")))
    return "".join(pieces)
