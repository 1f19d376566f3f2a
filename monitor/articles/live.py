"""Live blogs: one article with dated updates, not one huge text of many hours.

Read from JSON-LD's ``LiveBlogPosting``, which live pages carry for the search engines.
"""

from __future__ import annotations

from datetime import UTC, datetime

from monitor.articles import structured
from monitor.articles.dates import published
from monitor.articles.joiners import unpacked
from monitor.articles.metadata import Facts
from monitor.articles.text import one_line, text_of_html
from monitor.model.articles import LiveUpdate

MOST_UPDATES = 200


def live_updates(facts: Facts, *, country: str | None, latest: datetime) -> tuple[LiveUpdate, ...]:
    """The updates of a live blog, latest first; () for a page that is none."""
    if "LiveBlogPosting" not in structured.types(facts.node):
        return ()
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
    never = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda update: update.at or never, reverse=True))


def text_of(updates: tuple[LiveUpdate, ...]) -> str:
    """All updates, one below the other, latest first, each under its title."""
    return "\n".join(
        "\n".join(filter(None, (update.title if not update.text.startswith(update.title) else "", update.text)))
        for update in updates
    )
