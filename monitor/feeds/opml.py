"""OPML, the list of subscriptions that feed readers exchange: in, with nested folders as tags, and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from monitor.feeds.text import one_line
from monitor.model.feeds import FeedSpec

DEEPEST = 50


class OpmlError(ValueError):
    """The document is no OPML; the message is a sentence without a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of an OPML document."""

    url: str
    title: str
    tags: tuple[str, ...] = ()
    """The folders around it, outermost first, and its categories."""
    language: str | None = None


def read_opml(document: bytes) -> tuple[Subscription, ...]:
    """The feeds of an OPML document in its order, each URL once; raises OpmlError."""
    if b"<!ENTITY" in document:
        raise OpmlError("the document declares entities, which OPML has no use for")
    try:
        root = ET.fromstring(document)  # noqa: S314 - no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        raise OpmlError(f"the document is not well-formed XML ({error})") from error
    if root.tag.lower() != "opml":
        raise OpmlError(f"the document is <{root.tag}>, not <opml>")
    found: dict[str, Subscription] = {}
    for body in root.iter("body"):
        for subscription in _walk(body, (), 0):
            found.setdefault(subscription.url, subscription)
    return tuple(found.values())


def write_opml(feeds: Iterable[FeedSpec], *, title: str = "newsmonitor") -> str:
    """An OPML 2.0 document; a feed stands in the folder of its first tag, all its tags are its categories."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    folders: dict[str, ET.Element] = {}
    for feed in feeds:
        parent = body
        if feed.tags:
            name = feed.tags[0]
            if name not in folders:
                folders[name] = ET.SubElement(body, "outline", text=name, title=name)
            parent = folders[name]
        attributes = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.url}
        if feed.tags:
            attributes["category"] = ",".join(feed.tags)
        if feed.language:
            attributes["language"] = feed.language
        ET.SubElement(parent, "outline", attributes)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _walk(element: ET.Element, folders: tuple[str, ...], depth: int) -> Iterator[Subscription]:
    if depth > DEEPEST:
        return
    for outline in element:
        given = {name.lower(): value for name, value in outline.attrib.items()}
        label = one_line(given.get("text") or given.get("title") or "")
        url = given.get("xmlurl", "").strip()
        if url.lower().startswith("feed:"):
            url = url[5:] if url[5:].startswith("http") else f"http:{url[5:]}"
        if url.lower().startswith(("http://", "https://")):
            categories = tuple(part.strip().strip("/") for part in given.get("category", "").split(","))
            tags = tuple(dict.fromkeys(tag for tag in (*folders, *categories) if tag))
            yield Subscription(url=url, title=label or url, tags=tags, language=_language(given.get("language", "")))
        yield from _walk(outline, (*folders, label) if label and not url else folders, depth + 1)


def _language(text: str) -> str | None:
    """The primary tag of ``en-us``; None for what is no language."""
    primary = text.strip().lower().partition("-")[0]
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None
