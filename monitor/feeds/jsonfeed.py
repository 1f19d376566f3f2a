"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from monitor.feeds.cut_json import read_members
from monitor.feeds.dates import from_json
from monitor.feeds.text import one_line, storable
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed

_TOLD = {"title", "summary", "date_published"}


def read_json_feed(body: bytes, *, url: str) -> FeedDocument | NotAFeed:
    """A JSON document; it is a feed when it has a list of items and says so, or has a title beside them."""
    text = body.decode(_encoding(body), "replace")
    try:
        parsed, damage = json.loads(text), ""
    except (ValueError, RecursionError) as error:
        parsed, damage = read_members(text, list_key="items"), str(error)
        cut = not damage.startswith("Extra data")
        if not (parsed.get("items") and (_is_feed(parsed) or (cut and _has_articles(parsed["items"])))):
            return NotAFeed(reason=f"the document looks like JSON but cannot be read ({damage[:100]})")
    if not isinstance(parsed, dict) or not isinstance(parsed.get("items"), list):
        return NotAFeed(reason="the document is JSON without a list of items")
    if not damage and not _is_feed(parsed):
        return NotAFeed(reason="the document is JSON, but not a JSON Feed")
    language = _text(parsed.get("language")) or None
    authors = _authors(parsed)
    items = [each for each in parsed["items"] if isinstance(each, dict)]
    return FeedDocument(
        format="json1" if _text(parsed.get("version")).rstrip("/").endswith("/1") else "json11",
        entries=tuple(_entry(each, url, language, authors) for each in items),
        title=one_line(_text(parsed.get("title"))),
        link=_link(parsed.get("home_page_url"), url),
        language=language,
        next_url=_link(parsed.get("next_url"), url),
        hub_url=_hub(parsed.get("hubs"), url),
        self_url=_link(parsed.get("feed_url"), url),
        problems=tuple(_problems(parsed["items"], damage)),
    )


def _problems(items: list[Any], damage: str) -> Iterator[str]:
    if damage:
        yield f"not well-formed, read as well as possible: {damage[:200]}"
    if not all(isinstance(each, dict) for each in items):
        yield "some items are not JSON objects"


def _encoding(body: bytes) -> str:
    """UTF-8, as JSON must be, or the UTF-16 or UTF-32 that its first bytes show."""
    found = json.detect_encoding(body)
    return "utf-8-sig" if found == "utf-8" else found


def _is_feed(parsed: dict[str, Any]) -> bool:
    """True where the document says so, has a title, or has items with the content fields that only JSON Feed has."""
    if "jsonfeed.org/version/" in _text(parsed.get("version")) or _text(parsed.get("title")):
        return True
    return any(isinstance(each, dict) and {"content_html", "content_text"} & each.keys() for each in parsed["items"])


def _has_articles(items: list[Any]) -> bool:
    """Whether items with id, address and title or date are among them: what says more may have stood behind the damage.

    Answers of other programming interfaces have lists of ``items`` with ids and addresses too.
    """
    return any(isinstance(each, dict) and {"id", "url"} <= each.keys() and _TOLD & each.keys() for each in items)


def _entry(item: dict[str, Any], base: str, language: str | None, feed_authors: str | None) -> ListedEntry:
    link = _link(item.get("url"), base) or _link(item.get("external_url"), base)
    stated = _text(item.get("url")) or _text(item.get("external_url"))
    published = item.get("date_published")
    return ListedEntry(
        guid=_text(item.get("id")) or None,
        url=link,
        other_link="" if link else stated,
        title=one_line(_text(item.get("title"))),
        summary=_text(item.get("summary")),
        content=_text(item.get("content_html")) or _text(item.get("content_text")),
        author=_authors(item) or feed_authors,
        published=from_json(published),
        published_raw=_text(published) or None,
        updated=from_json(item.get("date_modified")),
        language=_text(item.get("language")) or language,
        tags=tuple(_text(tag) for tag in _list(item.get("tags")) if _text(tag)),
    )


def _text(value: object) -> str:
    """A string; numbers are written out, since ids are often numbers against the rule."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _authors(holder: dict[str, Any]) -> str | None:
    listed = _list(holder.get("authors")) or [holder.get("author")]
    names = [_text(each.get("name")) or _text(each.get("url")) for each in listed if isinstance(each, dict)]
    return ", ".join(name for name in names if name) or None


def _link(value: object, base: str) -> str | None:
    try:
        absolute = urljoin(base, _text(value).strip()) if _text(value) else ""
    except ValueError:
        return None
    return absolute if absolute.lower().startswith(("http://", "https://")) else None


def _hub(hubs: object, base: str) -> str | None:
    for hub in _list(hubs):
        if isinstance(hub, dict) and _text(hub.get("type")).lower() == "websub":
            return _link(hub.get("url"), base)
    return None
