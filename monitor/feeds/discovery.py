"""Finding a site's feeds: what its page announces, what its header announces, and where feeds usually are."""

from __future__ import annotations

import re
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

FEED_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "application/x.atom+xml",
    "application/x-atom+xml",
    "text/rss+xml",
    "text/atom+xml",
}
MAYBE_FEED_TYPES = {"application/json", "application/xml", "text/xml"}
WELL_KNOWN_PATHS = (
    "/feed/", "/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feeds/posts/default",
    "/feed.json", "/news-sitemap.xml", "/sitemap-news.xml",
)  # fmt: skip
MOST_LINKS = 50
RELATIONS = {"alternate", "feed", "service.feed"}
"""``alternate`` is the usage; ``feed`` is of the HTML 5 drafts, ``service.feed`` of old Blogger pages."""
_COMMENTS = re.compile(r"/comments?/|comments?[-_]?feed|[?&]comments?=", re.IGNORECASE)
_RELATIONS = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s,;\"]+))", re.IGNORECASE)
_LINK_FIELD = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[\w*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s,;\"]*))?)*)")


class _LinkCollector(HTMLParser):
    """Collects ``<link rel=alternate>``, and what else means it, and the first ``<base href>``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.base: str | None = None
        self.links: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: (value or "").strip() for name, value in attrs}
        if tag == "base" and self.base is None:
            self.base = given.get("href") or None
        relations = given.get("rel", "").lower().split()
        if tag != "link" or not RELATIONS.intersection(relations) or len(self.links) >= MOST_LINKS:
            return
        kind = given.get("type", "").lower().split(";")[0].strip()
        if given.get("href") and (kind in FEED_TYPES | MAYBE_FEED_TYPES or (not kind and "feed" in relations)):
            self.links.append((given["href"], kind))


def announced_in_html(page: str, *, url: str) -> tuple[str, ...]:
    """The feeds that a page announces with ``<link rel="alternate">``, absolute, comment feeds last."""
    collector = _LinkCollector()
    with suppress(AssertionError, ValueError):  # what was read before the parser gave up still counts
        collector.feed(page[:1_000_000])
    base = _joined(url, collector.base or "") or url
    ranked = sorted(collector.links, key=lambda link: (bool(_COMMENTS.search(link[0])), link[1] not in FEED_TYPES))
    absolute = [_joined(base, href) for href, _ in ranked]
    return tuple(dict.fromkeys(link for link in absolute if link))


def announced_in_header(link_field: str, *, url: str) -> tuple[str, ...]:
    """The feeds that a ``Link`` header field announces (RFC 8288)."""
    found = []
    for href, parameters in _LINK_FIELD.findall(link_field[:20_000]):
        lowered = parameters.lower()
        if "alternate" in lowered and any(kind in lowered for kind in FEED_TYPES):
            found.append(_joined(url, href))
    return tuple(dict.fromkeys(link for link in found if link))


def in_header(link_field: str, relation: str, *, url: str) -> str | None:
    """The first address that a ``Link`` header field names with this relation (``hub``, ``self``); RFC 8288."""
    for href, parameters in _LINK_FIELD.findall(link_field[:20_000]):
        relations = _RELATIONS.search(parameters)
        if relations and relation in (relations.group(1) or relations.group(2)).lower().split():
            return _joined(url, href)
    return None


def usual_places(url: str) -> tuple[str, ...]:
    """Where feeds usually are on the site of ``url``."""
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    return tuple(root + path for path in WELL_KNOWN_PATHS)


def _joined(base: str, href: str) -> str | None:
    try:
        absolute = urljoin(base, href.strip())
    except ValueError:
        return None
    if absolute.lower().startswith("feed:"):
        absolute = absolute[5:] if absolute[5:].startswith("http") else f"http:{absolute[5:]}"
    return absolute if absolute.lower().startswith(("http://", "https://")) else None
