"""What a feed alone tells of an article: its full text, else its summary, else the title.

Pure and linear, without a parser of HTML: it must work when everything else failed.
"""

from __future__ import annotations

import re

from monitor.articles.language import language_of
from monitor.articles.publisher import publisher_of
from monitor.articles.scripts import weight
from monitor.articles.text import one_line, text_of_html
from monitor.model.articles import Article, Method, PageHints, Partial

LONGEST_FEED_TEXT = 500_000
"""Code points of HTML that are read of a feed's content; the longest real ones have a fifth of it."""

FULL_TEXT = 1000
"""Letters from which a feed's content counts as the whole article, unless it says that it is cut."""

CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.|&hellip;)\]?|(?:read|continue|learn|see) (?:more|reading|on)|read the (?:full|rest)[^\n]{0,60}"
    r"|ادامه (?:مطلب|خبر)|المزيد|читать далее|lire la suite|weiterlesen|leer más|devamı)\W*$",
    re.IGNORECASE,
)
"""How a text says at its end that it goes on elsewhere."""

APPEARED_FIRST = re.compile(
    r"\n?(?:The post|Der Beitrag|L’article|La entrada) .{1,300}"
    r" (?:appeared first|erschien zuerst|est apparu en premier|aparece primero|se publicó primero) [^\n]{1,200}$"
)
"""The line that WordPress puts below every feed item."""


def has_full_text(hints: PageHints) -> bool:
    """Whether the content is long enough for an article and does not end as a teaser does."""
    text = feed_text(hints.content)
    return weight(text) >= FULL_TEXT and not CUT.search(text[-80:])


def feed_text(fragment: str) -> str:
    """The text of a feed's HTML, bounded, without the line that names the source."""
    return APPEARED_FIRST.sub("", text_of_html(fragment[:LONGEST_FEED_TEXT])).strip()


def article(hints: PageHints, *, partial: Partial | None = None, detail: str = "") -> Article:
    """An article of the longest text that the feed has; see :func:`monitor.articles.extract.article_from_feed`."""
    content, summary = feed_text(hints.content), feed_text(hints.summary)
    if len(content) > len(summary):
        method, text = Method.FEED, content
    else:
        method, text = Method.SUMMARY, summary
    title = one_line(text_of_html(hints.title)) if "<" in hints.title else one_line(hints.title)
    if partial is None and not has_full_text(hints):
        partial, detail = Partial.SHORT, detail or "the feed has a summary only"
    return Article(
        url=hints.url,
        title=title or text.partition("\n")[0][:120] or hints.url,
        text=text,
        lead=_lead(summary, text),
        titles={"feed": title} if title else {},
        author=one_line(hints.author) or None if hints.author else None,
        published=hints.published,
        language=_language(hints, f"{title}\n{text}"),
        method=method,
        partial=partial,
        partial_detail=detail,
        feed=hints.feed,
        feed_tags=hints.feed_tags,
        publisher=hints.publisher or publisher_of(hints.url),
    )


def _lead(summary: str, text: str) -> str:
    """The summary unless it is the body, or a cut of it; then the first line of the body."""
    first = summary.partition("\n")[0]
    if first and not CUT.search(first[-80:]):
        return first
    return text.partition("\n")[0]


def _language(hints: PageHints, text: str) -> str | None:
    return language_of(text, configured=hints.feed_language, stated=hints.language)
