"""What a page states about its article besides the body: titles, lead, authors, dates, addresses, language.

One pass over the tree collects the candidates; JSON-LD is believed before ``<meta>``, and that before what only looks
like a title or a date. Ten times cheaper than trafilatura's own pass, and it keeps all title variants and time zones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from monitor.articles import structured
from monitor.articles.scripts import weight
from monitor.articles.structured import Node
from monitor.articles.text import one_line, text_of_html

LONGEST_FIELD = 5000
MOST_OF_A_KIND = 50

PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "datepublished", "publishdate", "pubdate", "date",
    "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date", "sailthru.date",
    "article:published", "publish-date",
    "publication_date", "parsely-pub-date", "cxenseparse:recs:publishtime", "cxenseparse:publishtime", "article_date",
    "og:published_time", "citation_publication_date", "timestamp", "originalpublicationdate", "article.published",
    "publish_date", "release_date", "bt:pubdate", "date_published", "published_time", "vr:published_time",
)  # fmt: skip
AUTHOR_META = ("author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author", "twitter:creator")
DESCRIPTION_META = ("og:description", "description", "twitter:description", "dc.description")

PUBLISHED_CLASS = re.compile(r"publi|posted|entry-date|created|post-date|date|time|تاریخ", re.IGNORECASE)
STANDFIRST_CLASS = re.compile(
    r"standfirst|(?:^|[\s_-])(?:sub-?(?:title|head(?:line)?)|dek|deck|lede?|stand-first|strapline|excerpt|summary|intro"
    r"|chapeau|teaser-text|article-?(?:summary|lead|intro|description|subtitle))(?:$|[\s_-])",
    re.IGNORECASE,
)
STANDFIRST_TAGS = frozenset({"p", "div", "h2", "h3", "span", "section", "header"})
BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:byline|author(?:-?name)?|by-author|writer|نویسنده)(?:$|[\s_-])", re.IGNORECASE
)
SHARE_CLASS = re.compile(r"(?:^|[\s_-])(?:shar(?:e|es|ing)|social)(?:$|[\s_-])", re.IGNORECASE)
BYLINE_START = re.compile(r"^(?:by|von|par|por|di|автор|от|نویسنده|گزارشگر|بقلم|كتب)\s*[:：]?\s+", re.IGNORECASE)
NOT_A_NAME = re.compile(
    r"https?://|www\.|@\S+\.|^@|\d{3}|^(?:admin|administrator|editor|staff|user|guest|author)$", re.IGNORECASE
)

TOLD_BY_CLASS = re.compile(
    r"stand|strap|sub|de[kc]|lede?|excerpt|summary|intro|chapeau|byline|author|writer|teaser|shar|social", re.IGNORECASE
)
"""A quick look before the patterns above."""


@dataclass(slots=True)
class Facts:
    """Candidates, in the order of the page, each as stated."""

    node: Node = field(default_factory=dict)
    dates_elsewhere: list[str] = field(default_factory=list)
    """Dates of publication in JSON-LD besides the article's own."""
    meta: dict[str, str] = field(default_factory=dict)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    """Every h1, then the h2 that stand before any paragraph."""
    links: dict[str, str] = field(default_factory=dict)
    """``rel`` to ``href``."""
    times: list[str] = field(default_factory=list)
    """Published times of the DOM, the best marked first."""
    standfirsts: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)
    shares: set[str] = field(default_factory=set)
    """Short texts of boxes for sharing."""
    html_language: str = ""


def facts_of(tree: HtmlElement, json_ld: tuple[str, ...]) -> Facts:
    """Everything the page states; ``json_ld`` has the texts of its JSON-LD scripts."""
    node = structured.article_node(json_ld)
    elsewhere = structured.dates_elsewhere(json_ld, node) if json_ld else []
    facts = Facts(node=node, dates_elsewhere=elsewhere, html_language=_language_attribute(tree))
    marked: list[str] = []
    for element in tree.iter("meta", "title", "link", "h1", "time"):
        match element.tag:
            case "meta":
                _note_meta(facts, element)
            case "title" if not facts.title:
                facts.title = _shown(element, LONGEST_FIELD)
            case "link":
                _note_link(facts, element)
            case "h1" if len(facts.headings) < MOST_OF_A_KIND:
                facts.headings.append(one_line(element.text_content()[:LONGEST_FIELD]))
            case "time" if len(facts.times) < MOST_OF_A_KIND:
                _note_time(facts, marked, element)
            case _:
                pass
    facts.times = marked + facts.times
    _note_by_attribute(facts, tree)
    return facts


def lead_candidates(facts: Facts, summary: str) -> Iterator[str]:
    """What may be the standfirst, best first, plain text on one line."""
    yield from facts.standfirsts
    stated = [structured.text_at(facts.node, "description", "alternativeHeadline")]
    stated += [facts.meta.get(name, "") for name in DESCRIPTION_META]
    for each in (*stated, summary):
        if each:
            yield one_line(text_of_html(each[:LONGEST_FIELD]))


def published_sources(facts: Facts) -> Iterator[str]:
    """What states the time of publication, best first."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if text := structured.text_at(facts.node, key):
            yield text
    yield from facts.dates_elsewhere
    for name in PUBLISHED_META:
        if name in facts.meta:
            yield facts.meta[name]
    yield from facts.times


def author_of(facts: Facts) -> str | None:
    """The authors' names, joined with commas; None where the page names nobody."""
    for names in (
        structured.names_at(facts.node, "author"),
        [facts.meta.get(name, "") for name in AUTHOR_META],
        facts.bylines,
    ):
        plausible = [name for each in names if (name := _name(each))]
        if plausible:
            many = names is not facts.bylines and facts.node.get("author") is not None
            return ", ".join(dict.fromkeys(plausible if many else plausible[:1]))
    return None


def site_of(facts: Facts) -> str | None:
    """The publisher's name as stated."""
    stated = facts.meta.get("og:site_name") or ", ".join(structured.names_at(facts.node, "publisher")[:1])
    return one_line(stated or facts.meta.get("application-name", ""))[:200] or None


def canonical_of(facts: Facts, url: str) -> str | None:
    """The address that the page calls its own, absolute; None where it states none or nonsense."""
    for stated in (facts.links.get("canonical"), facts.meta.get("og:url"), structured.text_at(facts.node, "url")):
        if stated and (absolute := absolute_url(stated, url)):
            return absolute
    return None


def absolute_url(stated: str, base: str) -> str | None:
    """``stated`` as an absolute web address, or None."""
    try:
        absolute = urljoin(base, stated.strip())
        parts = urlsplit(absolute)
    except ValueError:
        return None
    return absolute if parts.scheme in {"http", "https"} and parts.hostname else None


def language_stated(facts: Facts) -> str | None:
    """The primary language tag of the page, by ``<html lang>``, else by JSON-LD or meta."""
    meta = facts.meta
    for tag in (
        facts.html_language, structured.text_at(facts.node, "inLanguage"), meta.get("og:locale", ""),
        meta.get("content-language", ""), meta.get("language", ""),
    ):  # fmt: skip
        primary = re.split(r"[-_,\s]", tag.strip().lower())[0]
        if primary.isascii() and primary.isalpha() and len(primary) in (2, 3):
            return primary
    return None


def _note_meta(facts: Facts, element: HtmlElement) -> None:
    name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv") or ""
    content = element.get("content") or ""
    if name and content.strip() and len(facts.meta) < 300:
        facts.meta.setdefault(name.strip().lower(), one_line(content[:LONGEST_FIELD]))


def _note_link(facts: Facts, element: HtmlElement) -> None:
    for rel in (element.get("rel") or "").lower().split():
        if rel in {"canonical", "amphtml"} and element.get("href"):
            facts.links.setdefault(rel, element.get("href", "").strip()[:2000])


def _note_time(facts: Facts, marked: list[str], element: HtmlElement) -> None:
    stated = element.get("datetime") or element.text_content()
    if not stated or not stated.strip():
        return
    parent = element.getparent()
    around = " ".join(filter(None, (
        element.get("itemprop"), element.get("class"), element.get("pubdate"),
        parent.get("class") if parent is not None else "",
    )))  # fmt: skip
    published = element.get("itemprop") == "datePublished" or PUBLISHED_CLASS.search(around)
    modified = re.search(r"modif|updat", around, re.IGNORECASE)
    (marked if published and not modified else facts.times).append(one_line(stated[:200]))


def _note_by_attribute(facts: Facts, tree: HtmlElement) -> None:
    """Standfirsts, bylines and dates that only their class or itemprop tells."""
    for element in tree.iter():
        classes = element.get("class")
        if classes and _telling(classes):
            _note_class(facts, element, classes)
        if (prop := element.get("itemprop")) is not None:
            _note_property(facts, element, prop)


@lru_cache(maxsize=8192)
def _telling(classes: str) -> bool:
    """Pages of a host have the same classes."""
    return TOLD_BY_CLASS.search(classes) is not None


def _note_class(facts: Facts, element: HtmlElement, classes: str) -> None:
    if len(facts.standfirsts) < 5 and element.tag in STANDFIRST_TAGS and STANDFIRST_CLASS.search(classes):
        text = _shown(element, LONGEST_FIELD) if len(element) < 5 else ""
        if 40 <= weight(text) <= 1000:
            facts.standfirsts.append(text)
    elif SHARE_CLASS.search(classes):
        if len(facts.shares) < MOST_OF_A_KIND and len(element) < 20:
            facts.shares.add(_shown(element, 200))
    elif len(facts.bylines) < 5 and BYLINE_CLASS.search(classes):
        facts.bylines.append(_shown(element, 200))


def _note_property(facts: Facts, element: HtmlElement, prop: str) -> None:
    match prop:
        case "datePublished" if element.tag != "time" and len(facts.times) < MOST_OF_A_KIND:
            facts.times.insert(0, one_line((element.get("content") or _shown(element, 200))[:200]))
        case "headline" if element.tag not in {"h1", "meta"} and len(facts.headings) < MOST_OF_A_KIND:
            facts.headings.append(one_line(element.text_content()[:LONGEST_FIELD]))
        case "author" | "creator" if element.tag != "meta" and len(facts.bylines) < 5:
            facts.bylines.append(_shown(element, 200))
        case _:
            pass


def _shown(element: HtmlElement, most: int) -> str:
    """Its text on one line, with a space between parts that only markup separates."""
    return one_line(" ".join(element.itertext())[:most])


def _language_attribute(tree: HtmlElement) -> str:
    return str(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang") or "")


def _name(stated: str) -> str:
    """A person's or agency's name out of a byline; "" where there is none."""
    name = BYLINE_START.sub("", one_line(text_of_html(stated))).strip(" ,;|·•-–—")
    return "" if NOT_A_NAME.search(name) or not 2 < len(name) <= 100 else name
