"""OPML, the list of subscriptions that feed readers exchange: in, with nested folders as tags, and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from monitor.feeds.text import mended_xml, one_line
from monitor.model.feeds import FeedSpec

DEEPEST = 50


class OpmlError(ValueError):
    """The document is no OPML; the message is a sentence without a full stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One feed of an OPML document."""

    url: str
    title: str = ""
    tags: tuple[str, ...] = ()
    """The folders around it, outermost first, and its categories."""
    language: str | None = None


def read_opml(document: bytes) -> tuple[Subscription, ...]:
    """The feeds of an OPML document in its order, each URL once with the tags of all its places; raises OpmlError."""
    if b"<!ENTITY" in document.replace(b"\0", b""):
        raise OpmlError("the document declares entities, which OPML has no use for")
    root = _tree(document)
    if root.tag.lower() != "opml":
        raise OpmlError(f"the document is <{root.tag}>, not <opml>")
    found: dict[str, Subscription] = {}
    for body in root.iter("body"):
        for each in _walk(body, (), 0):
            first = found.setdefault(each.url, each)
            found[each.url] = replace(first, tags=tuple(dict.fromkeys(first.tags + each.tags)))
    return tuple(found.values())


def _tree(document: bytes) -> ET.Element:
    """The document's tree; what other programs export with bare ampersands or stray bytes is mended."""
    try:
        return ET.fromstring(document)  # noqa: S314 - no entities
    except (ET.ParseError, ValueError, LookupError) as error:
        with suppress(ET.ParseError, ValueError, LookupError):
            return ET.fromstring(mended_xml(document).lstrip())  # noqa: S314 - likewise
        raise OpmlError(f"the document is not well-formed XML ({error})") from error


def write_opml(feeds: Iterable[FeedSpec], *, title: str = "newsmonitor") -> str:
    """An OPML 2.0 document; a feed stands in the folder of its first tag, all its tags are its categories.

    A tag that cannot be a category, since it has a comma or slashes around it, is a folder within.
    """
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    folders: dict[tuple[str, ...], ET.Element] = {(): body}
    for feed in feeds:
        ET.SubElement(_folder(folders, feed.tags), "outline", _attributes(feed))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _folder(folders: dict[tuple[str, ...], ET.Element], tags: tuple[str, ...]) -> ET.Element:
    path: tuple[str, ...] = ()
    for name in (*tags[:1], *(tag for tag in tags[1:] if not _can_be_category(tag))):
        parent, path = folders[path], (*path, name)
        if path not in folders:
            folders[path] = ET.SubElement(parent, "outline", text=name, title=name)
    return folders[path]


def _attributes(feed: FeedSpec) -> dict[str, str]:
    attributes = {"type": "rss", "text": feed.name, "title": feed.name, "xmlUrl": feed.url}
    categories = [tag for tag in feed.tags if _can_be_category(tag)]
    if categories:
        attributes["category"] = ",".join(categories)
    if feed.language:
        attributes["language"] = feed.language
    return attributes


def _can_be_category(tag: str) -> bool:
    return "," not in tag and tag == tag.strip().strip("/")


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
            yield Subscription(url=url, title=label, tags=tags, language=_language(given.get("language", "")))
        yield from _walk(outline, (*folders, label) if label and not url else folders, depth + 1)


def _language(text: str) -> str | None:
    """The primary tag of ``en-us``; None for what is no language."""
    primary = text.strip().lower().partition("-")[0]
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None
