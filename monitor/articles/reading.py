"""The way of a page, from bytes to an article; docs/extraction.md tells it in prose. Runs in a worker.

gate → decode → prefilter → one tree → metadata → body → line filter → fallbacks → article
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from lxml.html import HtmlElement

from monitor.articles import fallbacks, from_feed, joiners, metadata, prefilter, repeats, sites, titles
from monitor.articles.body import body_of, paragraphs_of, parse, text_of_main, without_menus
from monitor.articles.dateline import dateline_of
from monitor.articles.dates import published
from monitor.articles.decoding import decode, inflate
from monitor.articles.fallbacks import Candidate
from monitor.articles.furniture import is_title, without_furniture
from monitor.articles.gaps import filled
from monitor.articles.guessed_date import guessed_day
from monitor.articles.language import language_of
from monitor.articles.line_filter import without_foreign_lines
from monitor.articles.lines import features
from monitor.articles.live import live_updates
from monitor.articles.live import text_of as live_text
from monitor.articles.metadata import Facts
from monitor.articles.publisher import publisher_of
from monitor.articles.scripts import weight
from monitor.articles.sites import SiteRule
from monitor.articles.text import clean, lines_of, one_line, text_of_html
from monitor.model.articles import Article, DroppedLine, Method, NotExtracted, PageHints, Partial, Reading

LARGEST_PAGE = 5 * 1024 * 1024
"""Bytes of a page, unpacked; the 99th percentile of real ones is 1.4 MB."""

MOST_ELEMENTS = 12_000
"""More is no article (the 99th percentile is 3,151), and takes the extractor many seconds."""

LONGEST_BODY = 500_000
"""Code points of text that are kept of an article."""

LEAST_LIVE = 250
"""Letters of updates from which they stand for the body of a live blog."""

REPEATED_FROM = 120
"""Code points from which a line that stands there twice is taken for a copy; recipes repeat shorter ones."""

HTML_TYPES = re.compile(
    r"^\s*(?:text/(?:html|plain|xml|x-server-parsed-html)|application/(?:xhtml\+)?xml)", re.IGNORECASE
)
LOOKS_LIKE_HTML = re.compile(
    rb"<\s*(?:!doctype\s+html|html|head|body|meta|title|div|article|p|section|h1|table)\b", re.IGNORECASE
)
MAGIC = {
    b"%PDF-": "a PDF", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"PK\x03\x04": "an archive", b"RIFF": "media", b"\x00\x00\x00": "media", b"OggS": "media",
    b"ID3": "media", b"\x7fELF": "a program",
    b"\x1aE\xdf\xa3": "media", b"BZh": "an archive", b"\xfd7zXZ": "an archive", b"Rar!": "an archive",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Page:
    """A page on its way."""

    html: str
    noscript: str
    tree: HtmlElement
    facts: Facts
    hints: PageHints
    cheap: bool
    """No extractor: paragraphs only, in linear time."""
    published: datetime | None
    rule: SiteRule | None


def read(body: bytes, hints: PageHints, *, cheap: bool = False) -> Reading:
    """Read the page; see :func:`monitor.articles.extract.extract_article`."""
    started = time.process_time()
    reading = _read(body, hints, cheap=cheap)
    return replace(reading, elapsed=timedelta(seconds=time.process_time() - started))


def _read(body: bytes, hints: PageHints, *, cheap: bool) -> Reading:
    inflated = inflate(body, limit=LARGEST_PAGE)
    if inflated is None or len(inflated) > LARGEST_PAGE:
        return _without_page(hints, Partial.OVERSIZE, f"the page is larger than {LARGEST_PAGE // 1024**2} MB")
    if kind := _not_html(inflated, hints.content_type):
        return _without_page(hints, Partial.NON_HTML, f"the address gives {kind}, not a page")
    filtered = prefilter.without_silent_parts(joiners.packed(decode(inflated, hints.content_type).text))
    tree = parse(filtered.html)
    if tree is None:
        return _without_page(hints, Partial.NON_HTML, "the page is no HTML")
    facts = metadata.facts_of(tree, filtered.json_ld)
    huge = _too_many_elements(tree)
    at = _published(facts, hints, None if cheap or huge else tree)
    rule = sites.rule_for(hints.url)
    cut = sites.drop_by(rule, tree) if rule else []
    without_menus(tree)
    reading = _read_tree(_Page(filtered.html, filtered.noscript, tree, facts, hints, cheap or huge, at, rule), cut)
    if huge and isinstance(reading.article, Article) and reading.article.partial is None:
        detail = f"the page has more than {MOST_ELEMENTS} elements: only its paragraphs were read"
        article = replace(reading.article, partial=Partial.OVERSIZE, partial_detail=detail)
        return replace(reading, article=article)
    return reading


def lines_and_features(body: bytes, hints: PageHints, *, thorough: bool = False) -> tuple[list[str], list[list[float]]]:
    """The body's lines before the filter, with what the filter knows of each.

    ``thorough`` gives what it learns from: lines found with menus in place and a second opinion for every page. More of
    them are foreign, and a filter that has seen those does better on the others too.
    """
    filtered = prefilter.without_silent_parts(joiners.packed(decode(body, hints.content_type).text))
    tree = parse(filtered.html)
    if tree is None:
        return [], []
    variants = titles.title_variants(metadata.facts_of(tree, filtered.json_ld), hints.title)
    if not thorough:
        without_menus(tree)
    lines = filled(_raw_lines(tree, thorough=thorough), tree)
    return lines, features(lines, tree, list(variants.values())) if lines else []


def _read_tree(page: _Page, cut: list[DroppedLine]) -> Reading:
    facts, hints = page.facts, page.hints
    variants = titles.title_variants(facts, hints.title)
    kept, dropped = _body_lines(page, list(variants.values()))
    dropped = cut + dropped
    summary = from_feed.feed_text(hints.summary)
    content = from_feed.feed_text(hints.content)
    chosen = fallbacks.choose(
        kept, _alternatives(page, content, list(variants.values())), max(weight(content), weight(summary))
    )
    partial, detail = fallbacks.why_partial(chosen, facts, html=page.html, noscript=page.noscript)
    text = "\n".join(chosen.lines)[:LONGEST_BODY]
    if not text and not summary:
        return Reading(article=_nothing(page, variants, partial, detail), dropped=tuple(dropped))
    own = Method.TEXT_OF_MAIN if page.cheap and chosen.method is Method.PAGE else chosen.method
    article = _article(page, variants, text or summary, own if text else Method.SUMMARY)
    if updates := live_updates(facts, page.tree, page.html, country=hints.country, latest=_latest()):
        told = live_text(updates)[:LONGEST_BODY]
        if weight(told) >= LEAST_LIVE:
            article, partial, detail = replace(article, text=told, dateline=None, live_updates=updates), None, ""
    article = replace(article, partial=partial, partial_detail=detail)
    rule = page.rule.name if page.rule else ""
    return Reading(article=article, dropped=tuple(dropped), lines=_countable(kept, dropped), rule=rule)


def _article(page: _Page, variants: dict[str, str], text: str, method: Method) -> Article:
    facts, hints = page.facts, page.hints
    variants = {source: clean(joiners.unpacked(title)) for source, title in variants.items()}
    title = titles.best_title(variants) or text.partition("\n")[0][:120]
    stated = metadata.language_stated(facts) or hints.language
    author = metadata.author_of(facts) or hints.author
    return Article(
        url=hints.url,
        title=title,
        text=text,
        lead=_lead(facts, hints.summary, text),
        titles=variants,
        author=clean(joiners.unpacked(author)) if author else None,
        site=clean(joiners.unpacked(site)) if (site := metadata.site_of(facts)) else None,
        published=page.published,
        language=language_of(f"{title}\n{text}", configured=hints.feed_language, stated=stated),
        canonical_url=metadata.canonical_of(facts, hints.url),
        amp_url=metadata.absolute_url(facts.links["amphtml"], hints.url) if "amphtml" in facts.links else None,
        dateline=dateline_of(text),
        method=method,
        feed=hints.feed,
        feed_tags=hints.feed_tags,
        publisher=hints.publisher or publisher_of(hints.url or metadata.canonical_of(facts, "") or ""),
    )


def _body_lines(page: _Page, variants: list[str]) -> tuple[list[str], list[DroppedLine]]:
    """The body's lines that are kept, and those that are not with the reason."""
    if page.cheap:
        return _paragraphs(page), []
    if page.rule and (by_rule := sites.body_by(page.rule, page.tree)):
        return _plausible([joiners.unpacked(line) for line in by_rule], page)
    return _filtered(page, variants, filled(_raw_lines(page.tree), page.tree))


def _plausible(found: list[str], page: _Page) -> tuple[list[str], list[DroppedLine]]:
    """What a site rule calls the body is believed, but for what is told twice or on all pages of the host."""
    lines, repeated = _without_repeats(found)
    kept, of_host = repeats.without_host_lines(lines, page.hints.host_lines)
    return kept, repeated + of_host


def _filtered(page: _Page, variants: list[str], found: list[str]) -> tuple[list[str], list[DroppedLine]]:
    lines, repeated = _without_repeats(found)
    kept, foreign = without_foreign_lines(lines, page.tree, variants)
    kept, furniture = without_furniture(kept, page.facts, variants)
    kept, of_host = repeats.without_host_lines(kept, page.hints.host_lines)
    dropped = repeated + foreign + furniture + of_host
    return kept, [line for line in dropped if not is_title(line.text, variants)]  # the title is kept, in its own place


def _without_repeats(lines: list[str]) -> tuple[list[str], list[DroppedLine]]:
    """Each long line once: pages that carry the article twice (for print, for phones) tell it once."""
    seen: set[str] = set()
    kept: list[str] = []
    dropped: list[DroppedLine] = []
    for line in lines:
        if len(line) >= REPEATED_FROM and line in seen:
            dropped.append(DroppedLine(text=line, reason="stands there twice"))
        else:
            seen.add(line)
            kept.append(line)
    return kept, dropped


def _countable(kept: list[str], dropped: list[DroppedLine]) -> tuple[int, ...]:
    """What is counted for the host: the body as it would be without this host's earlier pages."""
    return repeats.counted([*kept, *(line.text for line in dropped if line.reason == repeats.REASON)])


def _paragraphs(page: _Page) -> list[str]:
    return lines_of(joiners.unpacked("\n".join(paragraphs_of(page.tree))))


def _raw_lines(tree: HtmlElement, *, recall: bool = False, thorough: bool = False) -> list[str]:
    text = body_of(tree, recall=recall, thorough=thorough)
    return [line.removeprefix("- ") for line in lines_of(joiners.unpacked(text))]


def _alternatives(page: _Page, content: str, variants: list[str]) -> Iterator[Callable[[], Candidate]]:
    """What may stand for a body that is too short, best first."""
    yield lambda: fallbacks.json_ld_body(page.facts)
    yield lambda: Candidate(Method.FEED, content.split("\n") if content else [])
    if not page.cheap:
        yield lambda: Candidate(Method.RECALL, _filtered(page, variants, _raw_lines(page.tree, recall=True))[0])
        yield lambda: Candidate(Method.TEXT_OF_MAIN, lines_of(joiners.unpacked(text_of_main(page.tree))))
    else:
        yield lambda: Candidate(Method.TEXT_OF_MAIN, lines_of(joiners.unpacked(text_of_html(page.html))))
    yield lambda: Candidate(Method.LEAD, list(metadata.lead_candidates(page.facts, ""))[:1])


def _lead(facts: Facts, summary: str, text: str) -> str:
    """The standfirst: the page's, else the feed's; where it is cut or absent, the first line of the body."""
    first = next((line for line in text.split("\n") if weight(line) >= 40), text.partition("\n")[0])
    for candidate in metadata.lead_candidates(facts, from_feed.feed_text(summary)):
        lead = clean(joiners.unpacked(candidate))
        if weight(lead) < 40:
            continue
        stem = from_feed.CUT.sub("", lead).rstrip(" .…")[:80]
        if stem and stem in text:
            return next((line for line in text.split("\n") if stem in line), lead)
        if not from_feed.CUT.search(lead[-80:]):
            return lead
    return first


def _published(facts: Facts, hints: PageHints, searched: HtmlElement | None) -> datetime | None:
    """The instant that page or feed state; else a day found in the page ``searched``."""
    sources: list[str | datetime | None] = [*metadata.published_sources(facts)]
    found = published([*sources[:1], hints.published, *sources[1:]], country=hints.country, latest=_latest())
    found = found or published([hints.published], country=hints.country, latest=_latest())
    if found is None and searched is not None and (day := guessed_day(searched, hints.url)) is not None:
        return published([day.isoformat()], country=hints.country, latest=_latest())
    return found


def _latest() -> datetime:
    """What a page states beyond tomorrow is no date of publication."""
    return datetime.now(UTC) + timedelta(days=1)


def _nothing(page: _Page, variants: dict[str, str], partial: Partial | None, detail: str) -> Article | NotExtracted:
    """Not even a summary: the title alone where there is one."""
    if variants:
        return replace(
            _article(page, variants, "", Method.LEAD), partial=partial or Partial.SHORT, partial_detail=detail
        )
    return NotExtracted(reason=partial or Partial.SHORT, detail=detail or "the page has no text")


def _without_page(hints: PageHints, reason: Partial, detail: str) -> Reading:
    if from_feed.feed_text(hints.content) or from_feed.feed_text(hints.summary):
        return Reading(article=from_feed.article(hints, partial=reason, detail=detail))
    return Reading(article=NotExtracted(reason=reason, detail=detail))


def _not_html(body: bytes, content_type: str) -> str:
    """What the body is if it is no page; "" for HTML, by its first bytes more than by its label."""
    head = body[:4096].lstrip()
    for magic, kind in MAGIC.items():
        if head.startswith(magic):
            return kind
    if LOOKS_LIKE_HTML.search(head) or LOOKS_LIKE_HTML.search(head.replace(b"\x00", b"")):
        return ""
    if not head:
        return "nothing"
    if content_type and not HTML_TYPES.match(content_type):
        return one_line(content_type.partition(";")[0])[:80]
    return "" if b"<" in body else "plain text"


def _too_many_elements(tree: HtmlElement) -> bool:
    return bool(tree.xpath(f"count(descendant::*) > {MOST_ELEMENTS}"))
