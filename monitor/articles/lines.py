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

from monitor.articles.scripts import measure, tokens, without_stops

NAMES = (
    "words", "chars_per_word", "ends_sentence", "stops", "digits", "capitals", "odd", "question", "starts_lower",
    "cue_end", "cue_date", "cue_by", "cue_url", "cue_money", "colon",
    "index", "from_end", "before", "after", "size_before_2", "size_after_2", "previous", "next",
    "title_overlap", "repeats",
    "links", "tag", "depth", "away", "wrong_class", "right_class", "wrong_class_near", "siblings",
    "block_share", "found",
    "lines", "size", "mean",
)  # fmt: skip

STOP = ".!?。！？．؟۔।॥։።။។།༎"
SENTENCE_END = re.compile(rf"[{STOP}…][\"'”’»)\]“‟』」）】》›]*$")
STOPS = re.compile(f"[{STOP}]")
LONGEST_TITLE_OF_THAI = 80
"""Code points from which a line is a sentence where no mark ends one."""

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
    "leia mais", "abonn", "suscrí", "boletín", "te puede interesar", "leggi anche", "iscriviti", "baca juga",
    "lihat juga", "xem thêm", "đọc thêm", "lees ook", "lees meer", "läs också", "läs mer", "læs også", "les også",
    "lue myös", "czytaj także", "zobacz też", "čtěte také", "citește și", "abone ol", "ilgili haber", "ayrıca oku",
    "pročitajte", "preberite", "olvassa el", "loe ka", "skaitykite", "lasi arī", "basahin", "soma zaidi",
)  # fmt: skip
"""What stands in lines that are not the article's; plain search is ten times faster than one pattern of them all."""

OTHER_CUES = (
    "читайте", "подпис", "фото", "подробнее", "источник:", "поделит", "поділит", "джерело:", "прочетете", "прочитајте",
    "بیشتر بخوانید", "همچنین بخوانید", "مرتبط", "عکس", "منبع:", "اشتراک", "انتهای پیام", "کد خبر",
    "إقرأ", "اقرأ", "المزيد", "شارك", "تابعنا", "ذات صلة", "المصدر:", "اشترك", "حقوق النشر",
    "مزید پڑھیں", "یہ بھی پڑھیں", "نور ولولئ", "سرچينه:",
    "关注", "相关", "责任编辑", "版权", "更多", "延伸阅读", "延伸閱讀", "相關", "責任編輯",
    "版權", "編輯：", "编辑：", "来源：",
    "來源：", "扫码", "下載", "関連記事", "続きを読む", "あわせて読", "無断転載", "会員", "シェア",
    "무단", "재배포", "관련기사", "저작권", "구독", "อ่านเพิ่มเติม", "ข่าวที่เกี่ยวข้อง", "แชร์", "ติดตาม",
    "अधिक", "यह भी पढ", "ये भी पढ", "और पढ", "शेयर", "আরও পড়ুন", "மேலும் படிக்க", "మరింత చదవండి",
    "διαβάστε", "δείτε επίσης", "קראו", "לקריאה", "კითხულობენ", "կարդացեք",
)  # fmt: skip
"""The same where it is not in Latin letters: only looked for in lines that are not in ASCII."""

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
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
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
    measures = [measure(line) for line in lines]
    sizes = [size for size, _ in measures]
    total = sum(sizes) or 1
    padded = [0, 0, *sizes, 0, 0]
    title_words = {word for title in titles for word in tokens(title.lower())}
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
        rows.append(
            [
                *_of_text(line, *measures[number]),
                *place,
                *_of_page(line, title_words, counts),
                *_of_origin(origin, home),
                *page,
            ]
        )
        before += sizes[number]
    return rows


def _of_text(line: str, size: int, words: int) -> tuple[float, ...]:
    capitals, digits = _capitals_and_digits(line)
    odd = line.count("|") + line.count("•") + line.count("/") + line.count("›") + line.count("»")
    head = line[:160].lower()
    ends, stops = _sentences(line)
    return (
        float(words), size / words, float(ends), float(stops),
        digits / len(line), capitals / words, float(odd), float(any(map(line.__contains__, "?؟？"))),
        float(line[0].islower()),
        float(_has_cue(head)), float(digits > 0 and CUE_DATE.search(head) is not None),
        float(CUE_BY.match(head) is not None), float(CUE_URL.search(line) is not None),
        float(size < 400 and CUE_MONEY.search(head) is not None), float(line.endswith((":", "："))),
    )  # fmt: skip


def _has_cue(head: str) -> bool:
    return any(map(head.__contains__, CUES)) or (not head.isascii() and any(map(head.__contains__, OTHER_CUES)))


def _sentences(line: str) -> tuple[bool, int]:
    """Whether the line ends as a sentence does, and how many it has."""
    if without_stops(line):
        return len(line) >= LONGEST_TITLE_OF_THAI, line.count(" ") // 2
    return SENTENCE_END.search(line[-6:]) is not None, len(STOPS.findall(line))


def _capitals_and_digits(line: str) -> tuple[int, int]:
    raw = line.encode("ascii", "ignore")  # to count bytes is forty times faster than to ask each letter
    capitals, digits = len(raw) - len(raw.translate(None, CAPITALS)), len(raw) - len(raw.translate(None, DIGITS))
    if len(raw) == len(line):
        return capitals, digits
    others = "".join(NOT_ASCII.findall(line))
    return capitals + sum(map(str.isupper, others)), digits + sum(map(str.isdigit, others))


def _of_page(line: str, title_words: set[str], counts: dict[str, int]) -> tuple[float, float]:
    if len(line) > 300:
        return 0.0, float(counts[line])
    words = set(tokens(line.lower()))
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
    if away and _alike(origin.home, home):
        depth = away = 0.0
    return (links, float(origin.tag), depth, away, *names_and_sizes, 1.0)


def _alike(one: tuple[HtmlElement, ...], other: tuple[HtmlElement, ...]) -> bool:
    """Whether both end in containers of the same make: an article may be broken into several."""
    names = [[(element.tag, element.get("class")) for element in path[-2:]] for path in (one, other)]
    return names[0] == names[1] and any(name for _, name in names[0])


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
