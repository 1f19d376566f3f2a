"""Live blogs: one article with dated updates, not one huge text of many hours.

The updates are read from JSON-LD's ``LiveBlogPosting``, which live pages carry for the search engines, or from the
markup, whichever tells more. In the markup an update is known by

1. ``itemprop="liveBlogUpdate"``, or a ``BlogPosting`` inside a ``LiveBlogPosting`` (microdata of schema.org);
2. what systems for live blogs write: ``data-block-id``, an ``id`` such as ``block-65f1…``, a class such as
   ``live-blog-entry``. That is believed only of three and more with a ``<time>`` each, or two on a page that calls
   itself a live blog: lists of teasers look alike.
"""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime

from lxml.html import HtmlElement, tostring

from monitor.articles import structured
from monitor.articles.dates import published
from monitor.articles.joiners import unpacked
from monitor.articles.metadata import Facts
from monitor.articles.paths import compiled, elements_at
from monitor.articles.text import one_line, text_of_html
from monitor.model.articles import LiveUpdate

MOST_UPDATES = 200
LEAST_ENTRIES = 3
LEAST_DECLARED = 2

HINTS = ("liveblog", "live-blog", "live_blog", "data-block-id", 'id="block-', "live-entry", "live-post", "live-update")
"""One of them, in small letters, stands on every page whose markup is looked through."""

MICRODATA = compiled(
    "//*[@itemprop='liveBlogUpdate'] | //*[contains(@itemtype, 'LiveBlogPosting')]"
    "//*[contains(@itemtype, '/BlogPosting')]"
)
MARKED = compiled(
    "//*[self::article or self::section or self::div or self::li][@data-block-id"
    " or re:test(@id, '^block-[0-9a-f]{16,}$') or re:test(@class,"
    " '(^|[\\s_])(live-?_*(blog|text|ticker)?[-_]+(entry|post|update|item)|lb-post)($|[\\s_]|--)', 'i')]"
)
DECLARED = compiled("//*[contains(@itemtype, 'LiveBlogPosting')]")
ENTRY_TIME = compiled(
    ".//time | .//*[@itemprop='datePublished'] | descendant-or-self::*[@data-timestamp or @data-published]"
)
TITLE = compiled("(.//*[@itemprop='headline'] | .//h2 | .//h3 | .//h4)[1]")
ASIDE = compiled(
    ".//time | .//footer | .//nav | .//button | .//form | .//aside | .//figure | .//*[@itemprop='datePublished']"
    " | .//*[contains(@class, 'share') or contains(@class, 'social')]"
)
NEVER = datetime.min.replace(tzinfo=UTC)


def live_updates(
    facts: Facts, tree: HtmlElement, html: str, *, country: str | None, latest: datetime
) -> tuple[LiveUpdate, ...]:
    """The updates of a live blog, latest first; () for a page that is none."""
    stated = _stated(facts, country, latest)
    marked = _marked(facts, tree, html, country, latest)
    best = max(stated, marked, key=lambda updates: sum(len(update.text) for update in updates))
    return tuple(sorted(best, key=lambda update: update.at or NEVER, reverse=True))


def text_of(updates: tuple[LiveUpdate, ...]) -> str:
    """All updates, one below the other, latest first, each under its title."""
    return "\n".join(
        "\n".join(filter(None, (update.title if not update.text.startswith(update.title) else "", update.text)))
        for update in updates
    )


def _stated(facts: Facts, country: str | None, latest: datetime) -> list[LiveUpdate]:
    if "LiveBlogPosting" not in structured.types(facts.node):
        return []
    listed = facts.node.get("liveBlogUpdate")
    found = []
    for node in (listed if isinstance(listed, list) else [listed])[:MOST_UPDATES]:
        if not isinstance(node, dict):
            continue
        text = unpacked(text_of_html(structured.text_at(node, "articleBody", "text", "description")))
        title = unpacked(one_line(text_of_html(structured.text_at(node, "headline", "name"))))
        at = published([structured.text_at(node, "datePublished", "dateModified")], country=country, latest=latest)
        if text or title:
            found.append(LiveUpdate(text=text, title=title, at=at))
    return found


def _marked(facts: Facts, tree: HtmlElement, html: str, country: str | None, latest: datetime) -> list[LiveUpdate]:
    lowered = html.lower()
    if not any(map(lowered.__contains__, HINTS)):
        return []
    if entries := _outermost(elements_at(MICRODATA, tree)):
        return [update for entry in entries if (update := _update(entry, country, latest))]
    entries = _outermost(elements_at(MARKED, tree))
    declared = bool(elements_at(DECLARED, tree)) or "LiveBlogPosting" in structured.types(facts.node)
    if len(entries) < (LEAST_DECLARED if declared else LEAST_ENTRIES):
        return []
    updates = [update for entry in entries if (update := _update(entry, country, latest))]
    timed = sum(1 for entry in entries if elements_at(ENTRY_TIME, entry))
    return updates if declared or (timed >= LEAST_ENTRIES and 3 * timed >= 2 * len(entries)) else []


def _outermost(found: list[HtmlElement]) -> list[HtmlElement]:
    """The elements that do not stand inside another of them, in the order of the page."""
    kept: list[HtmlElement] = []
    known: set[HtmlElement] = set()
    for element in found:
        if not any(above in known for above in element.iterancestors()):
            kept.append(element)
            known.add(element)
    return kept[:MOST_UPDATES]


def _update(entry: HtmlElement, country: str | None, latest: datetime) -> LiveUpdate | None:
    """What one entry says, without its time and its buttons; None for one without text."""
    at = published(_times(entry), country=country, latest=latest)
    entry = copy(entry)
    for element in elements_at(ASIDE, entry):
        if element.getparent() is not None:
            element.drop_tree()
    title = ""
    for heading in elements_at(TITLE, entry):
        title = unpacked(one_line(heading.text_content()))
        if heading.getparent() is not None:
            heading.drop_tree()
    text = unpacked(text_of_html(tostring(entry, encoding="unicode", with_tail=False)))
    return LiveUpdate(text=text, title=title, at=at) if text or title else None


def _times(entry: HtmlElement) -> list[str]:
    """What may state the time of an entry, in the order of the page; a machine's form before the shown one."""
    found = []
    for element in elements_at(ENTRY_TIME, entry):
        names = ("datetime", "content", "data-timestamp", "data-published")
        found.append(next((value for name in names if (value := element.get(name))), element.text_content())[:200])
    return found
