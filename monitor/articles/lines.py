"""What can be told of each line of a body: by its text, by its place, and by where in the page it came from.

The features are cheap on purpose (two passes over lines, one over the tree): they are computed for every page.
Their order is the order of ``NAMES``; a learnt filter names the features that it was learnt with.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from lxml.html import HtmlElement

NAMES = (
    "words", "chars_per_word", "ends_sentence", "stops", "digits", "capitals", "odd", "question", "starts_lower",
    "cue_end", "cue_date", "cue_by", "cue_url", "cue_money", "colon",
    "index", "from_end", "before", "after", "size_before_2", "size_after_2", "previous", "next",
    "title_overlap", "repeats",
    "links", "tag", "depth", "away", "wrong_class", "right_class", "wrong_class_near", "siblings",
    "block_share", "found",
    "lines", "size", "mean",
)  # fmt: skip

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।][\"'”’»)\]]*$")
STOPS = re.compile(r"[.!?。！？؟۔।]")
WORD = re.compile(r"\w+")
CUES = (
    "read more", "read also", "also read", "read next", "related", "recommended", "more from",
    "more on", "more stories",
    "sign up", "subscribe", "newsletter", "follow us", "share this", "share on", "copyright",
    "all rights reserved", "©",
    "advertis", "sponsored", "click here", "download", "comment", "tags:", "photo", "image", "getty",
    "source:", "credit:",
    "about the author", "terms of", "privacy", "cookie", "log in", "join us", "join our", "contact us", "skip to",
    "table of contents", "min read", "minute read", "updated", "published", "learn more", "get started", "watch:",
    "lesen sie auch", "mehr zum thema", "lire aussi", "à lire", "lea también", "más información", "leia também",
    "leia mais", "читайте", "подпис", "фото", "بیشتر بخوانید", "مرتبط", "إقرأ", "اقرأ", "المزيد",
    "شارك", "تابعنا", "عکس", "关注",
    "相关", "责任编辑", "版权", "更多", "अधिक", "यह भी पढ",
)  # fmt: skip
"""What stands in lines that are not the article's; plain search is ten times faster than one pattern of them all."""

CUE_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d"
)
CUE_BY = re.compile(r"(?:by|von|par|por|written by|author|staff|posted|reporting by|editing by)\b")
CUE_URL = re.compile(r"https?://|www\.|\.com\b|@")
CUE_MONEY = re.compile(r"[$€£]\s?\d|\bbuy\b|\bprice\b|\bshop\b|\bdeal")

WRONG_CLASS = re.compile(
    r"relat|recomm|promo|share|social|comment|newsletter|subscri|sign-?up|author|bio|byline|caption"
    r"|credit|foot|head(?!line)|nav"
    r"|menu|side|widget|aside|tag|categor|ad-|ads|advert|sponsor|banner|cookie|consent|modal|popup|more"
    r"|popular|trend|latest|cta"
    r"|card|teaser|breadcrumb|meta|date|copyright|disclaim|toc|contents|rating|review|product|price"
    r"|button|btn|form|login|paywall"
    r"|gallery|slide|carousel|embed|tweet|video|audio|player|print|pagin|next|prev|hidden|toolbar|alert"
    r"|callout|faq|accordion",
    re.IGNORECASE,
)
RIGHT_CLASS = re.compile(r"article|story|content|entry|post|body|text|main|news|detail|paragraph|rich", re.IGNORECASE)
BLOCKS = {
    "p": 1, "li": 2, "h1": 3, "h2": 4, "h3": 5, "h4": 6, "h5": 6, "h6": 6, "blockquote": 7, "td": 8,
    "th": 8, "figcaption": 9,
    "div": 10, "section": 11, "article": 11, "main": 11, "body": 11, "pre": 12, "dd": 13, "dt": 13, "header": 14,
    "footer": 15, "aside": 16, "address": 17, "figure": 9, "summary": 18, "details": 18, "form": 19,
    "tr": 8, "table": 8,
}  # fmt: skip
WIDEST_BLOCK = 60
CAPITALS, DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"0123456789"


@dataclass(frozen=True, slots=True)
class _Lineage:
    """An element's way from the root, itself included, and what the names on it say."""

    path: tuple[HtmlElement, ...]
    wrong: int
    right: int
    last: tuple[int, int]
    """Whether the names of its parent and of its parent's parent speak against an article."""
    own: int


@dataclass(frozen=True, slots=True)
class _Origin:
    """The block of the page that a line came from."""

    tag: int
    home: tuple[HtmlElement, ...]
    """The way from the root to its parent."""
    numbers: tuple[float, ...]
    """``links, wrong_class, right_class, wrong_class_near, siblings, block_share``."""


def features(lines: Sequence[str], tree: HtmlElement, titles: Sequence[str]) -> list[list[float]]:
    """One row of numbers for each line, in the order of NAMES."""
    origins = _origins(lines, tree)
    home = _home(lines, origins)
    sizes = [len(line) for line in lines]
    total = sum(sizes) or 1
    padded = [0, 0, *sizes, 0, 0]
    title_words = {word for title in titles for word in WORD.findall(title.lower())}
    counts: dict[str, int] = {}
    for line in lines:
        counts[line] = counts.get(line, 0) + 1
    rows = []
    before = 0
    page = (float(len(lines)), float(total), total / (len(lines) or 1))
    for number, (line, origin) in enumerate(zip(lines, origins, strict=True)):
        place = (
            float(number), float(len(lines) - number - 1), before / total, (total - before - sizes[number]) / total,
            float(padded[number] + padded[number + 1]), float(padded[number + 3] + padded[number + 4]),
            float(padded[number + 1]), float(padded[number + 3]),
        )  # fmt: skip
        rows.append([*_of_text(line), *place, *_of_page(line, title_words, counts), *_of_origin(origin, home), *page])
        before += sizes[number]
    return rows


def _of_text(line: str) -> tuple[float, ...]:
    words = line.count(" ") + 1
    size = len(line)
    capitals, digits = _capitals_and_digits(line)
    odd = line.count("|") + line.count("•") + line.count("/") + line.count("›") + line.count("»")
    head = line[:160].lower()
    return (
        float(words), size / words, float(SENTENCE_END.search(line[-6:]) is not None), float(len(STOPS.findall(line))),
        digits / size, capitals / words, float(odd), float("?" in line or "؟" in line), float(line[0].islower()),
        float(any(map(head.__contains__, CUES))), float(digits > 0 and CUE_DATE.search(head) is not None),
        float(CUE_BY.match(head) is not None), float(CUE_URL.search(line) is not None),
        float(size < 400 and CUE_MONEY.search(head) is not None), float(line.endswith(":")),
    )  # fmt: skip


def _capitals_and_digits(line: str) -> tuple[int, int]:
    if line.isascii():  # forty times faster than to ask each letter
        raw = line.encode("ascii")
        return len(raw) - len(raw.translate(None, CAPITALS)), len(raw) - len(raw.translate(None, DIGITS))
    return sum(map(str.isupper, line)), sum(map(str.isdigit, line))


def _of_page(line: str, title_words: set[str], counts: dict[str, int]) -> tuple[float, float]:
    if len(line) > 300:
        return 0.0, float(counts[line])
    words = set(WORD.findall(line.lower()))
    return (len(words & title_words) / len(words) if words else 0.0), float(counts[line])


def _of_origin(origin: _Origin | None, home: tuple[HtmlElement, ...]) -> tuple[float, ...]:
    if origin is None:
        return (-1.0, 0.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 0.0)
    shared = 0
    for mine, theirs in zip(origin.home, home, strict=False):
        if mine is not theirs:
            break
        shared += 1
    links, *names_and_sizes = origin.numbers
    depth, away = float(len(origin.home) - shared), float(len(home) - shared)
    return (links, float(origin.tag), depth, away, *names_and_sizes, 1.0)


def _home(lines: Sequence[str], origins: Sequence[_Origin | None]) -> tuple[HtmlElement, ...]:
    """The way from the root to the element that holds most of the text directly."""
    held: dict[HtmlElement, int] = {}
    for line, origin in zip(lines, origins, strict=True):
        if origin is not None and origin.home:
            held[origin.home[-1]] = held.get(origin.home[-1], 0) + len(line)
    if not held:
        return ()
    home = max(held, key=lambda element: held[element])
    return next(origin.home for origin in origins if origin is not None and origin.home and origin.home[-1] is home)


def _origins(lines: Sequence[str], tree: HtmlElement) -> list[_Origin | None]:
    """The block of each line: lines keep the order of the page, so each is sought behind the last."""
    starts = _text_starts(tree, {line.split(" ", 1)[0] for line in lines})
    lineages: dict[HtmlElement, _Lineage] = {}
    blocks: dict[HtmlElement, _Origin] = {}
    found: list[_Origin | None] = []
    at = -1
    for line in lines:
        place = _place_of(line, starts, at)
        if place is None:
            found.append(None)
            continue
        at, element = place
        block = _block_of(element)
        if block not in blocks:
            blocks[block] = _origin(block, len(line), lineages)
        found.append(blocks[block])
    return found


def _text_starts(tree: HtmlElement, firsts: AbstractSet[str]) -> dict[str, list[tuple[int, str, HtmlElement]]]:
    """The texts of the page by their first word: number in the order of the page, start, element.

    Only those that begin with one of ``firsts``, the first words of the lines that are sought.
    """
    starts: dict[str, list[tuple[int, str, HtmlElement]]] = {}
    number = 0
    for element in tree.iter():
        for text, owner in ((element.text, element), (element.tail, None)):
            if not text or text.isspace():
                continue
            number += 1
            start = text[:120]
            first = start.split(None, 1)
            if not first or first[0] not in firsts:
                continue
            holder = element.getparent() if owner is None else element
            if holder is not None:
                starts.setdefault(first[0], []).append((number, " ".join(start.split(None, 6)[:6]), holder))
    return starts


def _place_of(
    line: str, starts: dict[str, list[tuple[int, str, HtmlElement]]], after: int
) -> tuple[int, HtmlElement] | None:
    candidates = starts.get(line.split(" ", 1)[0])
    if not candidates:
        return None
    first: tuple[int, HtmlElement] | None = None
    for number, start, element in candidates:
        if line.startswith(start) or (len(start) > 20 and start.startswith(line[:20])):
            if number > after:
                return number, element
            first = first or (number, element)
    return first


def _block_of(element: HtmlElement) -> HtmlElement:
    for _ in range(8):
        if element.tag in BLOCKS:
            return element
        parent = element.getparent()
        if parent is None:
            return element
        element = parent
    return element


def _origin(block: HtmlElement, size: int, lineages: dict[HtmlElement, _Lineage]) -> _Origin:
    lineage = _lineage(block, lineages)
    home = lineage.path[:-1]
    links, held = _links(block)
    near = lineage.own + sum(lineage.last)
    share = min(size / held, 2.0) if held else -1.0
    siblings = len(home[-1]) if home else 0
    numbers = (links, float(lineage.wrong), float(lineage.right), float(near), float(siblings), share)
    return _Origin(BLOCKS.get(block.tag, 0), home, numbers)


def _lineage(element: HtmlElement, known: dict[HtmlElement, _Lineage]) -> _Lineage:
    """Its lineage; each element of a page is judged once."""
    unknown = []
    above: _Lineage | None = None
    current: HtmlElement | None = element
    while current is not None:
        if (above := known.get(current)) is not None:
            break
        unknown.append(current)
        current = current.getparent()
    for each in reversed(unknown):
        wrong, right = _judge(each)
        if above is None:
            above = _Lineage((each,), wrong, right, (0, 0), wrong)
        else:
            above = _Lineage(
                (*above.path, each), above.wrong + wrong, above.right + right, (above.own, above.last[0]), wrong
            )
        known[each] = above
    return known[element]


def _judge(element: HtmlElement) -> tuple[int, int]:
    """How often the names of an element speak against an article, and whether they speak for one."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in {"body", "html"}:
        return 0, 0
    if element.tag in {"aside", "footer", "nav", "form", "figcaption"}:
        return 1, 0
    if len(names) == 1:
        return 0, int(element.tag in {"article", "main"})
    return _judge_names(names[:200])


@lru_cache(maxsize=8192)
def _judge_names(names: str) -> tuple[int, int]:
    """Pages of a host have the same names."""
    return int(WRONG_CLASS.search(names) is not None), int(RIGHT_CLASS.search(names) is not None)


def _links(block: HtmlElement) -> tuple[float, int]:
    """The share of a block's text that stands in links, and its length; (-1, 0) for a block of many parts."""
    if len(block) > WIDEST_BLOCK:
        return -1.0, 0
    linked = whole = 0
    text = block.text_content()
    whole = len(text)
    if whole > 20_000:
        return -1.0, 0
    for anchor in block.iter("a"):
        linked += len(anchor.text_content())
    return (linked / whole if whole else 0.0), whole
