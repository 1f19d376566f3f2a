"""Feed documents in the five formats that the newsroom speaks: RSS 2.0, Atom, RSS 1.0, JSON Feed, news sitemap."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from monitor.newsroom.addresses import guid_of, link_url, origin
from monitor.newsroom.pages import paragraphs_html
from monitor.newsroom.scenario import Listing, Outlet


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a feed document is made of: the outlet, its lines at that instant, and where it is served."""

    outlet: Outlet
    lines: tuple[Listing, ...]
    port: int
    now: datetime

    @property
    def home(self) -> str:
        """The outlet's front page."""
        return origin(self.outlet.host, self.port) + "/"

    @property
    def changed(self) -> datetime:
        """When the newest change was made."""
        return max((line.updated for line in self.lines), default=self.now)


def content_type(outlet: Outlet) -> str:
    """The ``Content-Type`` of the outlet's feed, with the charset that it claims."""
    kind = {
        "rss": "application/rss+xml",
        "atom": "application/atom+xml",
        "rdf": "application/rdf+xml",
        "json": "application/feed+json",
        "sitemap": "application/xml",
    }[outlet.feed]
    return kind if outlet.feed_charset is None else f"{kind}; charset={outlet.feed_charset}"


def document(issue: Issue) -> bytes:
    """The feed document, in the outlet's format and encoding."""
    return FORMATS[issue.outlet.feed](issue).encode(issue.outlet.feed_encoding, "xmlcharrefreplace")


def _rss(issue: Issue) -> str:
    outlet = issue.outlet
    built = issue.changed if outlet.validators else issue.now
    items = "".join(
        f"<item><title>{escape(line.version.title)}</title><link>{escape(link_url(line, outlet, issue.port))}</link>"
        f'<guid isPermaLink="false">{escape(guid_of(line, outlet))}</guid>'
        f"<pubDate>{format_datetime(line.published)}</pubDate><dc:creator>{escape(_byline(line, outlet))}</dc:creator>"
        f"<category>{escape(line.version.section)}</category>"
        f"<description>{escape(_teaser(line))}</description>{_rss_content(line, outlet)}</item>\n"
        for line in issue.lines
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.feed_encoding}"?>\n'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n'
        f"<title>{escape(outlet.title)}</title><link>{issue.home}</link><description>{escape(outlet.title)}</description>"
        f'<language>{outlet.language}</language><atom:link rel="self" href="{issue.home[:-1]}{outlet.feed_path}"/>'
        f"<lastBuildDate>{format_datetime(built)}</lastBuildDate>\n{items}</channel></rss>\n"
    )


def _rss_content(line: Listing, outlet: Outlet) -> str:
    if not outlet.full_content:
        return ""
    return f"<content:encoded>{escape(paragraphs_html(line.version.paragraphs))}</content:encoded>"


def _atom(issue: Issue) -> str:
    outlet = issue.outlet
    entries = "".join(
        f"<entry><title>{escape(line.version.title)}</title>"
        f"<id>tag:{outlet.host}.localhost,2024:{guid_of(line, outlet)}</id>"
        f'<link rel="alternate" href={quoteattr(link_url(line, outlet, issue.port))}/>'
        f"<published>{_iso(line.published)}</published><updated>{_iso(line.updated)}</updated>"
        f"<author><name>{escape(_byline(line, outlet))}</name></author>"
        f'<summary type="html">{escape(_teaser(line))}</summary>{_atom_content(line, outlet)}</entry>\n'
        for line in issue.lines
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.feed_encoding}"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{outlet.language}">\n'
        f'<title>{escape(outlet.title)}</title><id>{issue.home}</id><link href="{issue.home}"/>'
        f'<link rel="self" href="{issue.home[:-1]}{outlet.feed_path}"/>'
        f"<updated>{_iso(issue.changed)}</updated>\n{entries}</feed>\n"
    )


def _atom_content(line: Listing, outlet: Outlet) -> str:
    if not outlet.full_content:
        return ""
    return f'<content type="html">{escape(paragraphs_html(line.version.paragraphs))}</content>'


def _rdf(issue: Issue) -> str:
    outlet = issue.outlet
    links = [link_url(line, outlet, issue.port) for line in issue.lines]
    order = "".join(f"<rdf:li rdf:resource={quoteattr(link)}/>" for link in links)
    items = "".join(
        f"<item rdf:about={quoteattr(link)}><title>{escape(line.version.title)}</title><link>{escape(link)}</link>"
        f"<description>{escape(_teaser(line))}</description><dc:date>{_iso(line.published)}</dc:date>"
        f"<dc:creator>{escape(_byline(line, outlet))}</dc:creator></item>\n"
        for line, link in zip(issue.lines, links, strict=True)
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.feed_encoding}"?>\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        f'<channel rdf:about="{issue.home}"><title>{escape(outlet.title)}</title><link>{issue.home}</link>'
        f"<description>{escape(outlet.title)}</description><dc:language>{outlet.language}</dc:language>"
        f"<items><rdf:Seq>{order}</rdf:Seq></items></channel>\n{items}</rdf:RDF>\n"
    )


def _json(issue: Issue) -> str:
    outlet = issue.outlet
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": issue.home,
        "feed_url": issue.home[:-1] + outlet.feed_path,
        "language": outlet.language,
        "items": [_json_item(line, outlet, issue.port) for line in issue.lines],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(line: Listing, outlet: Outlet, port: int) -> dict[str, object]:
    item: dict[str, object] = {
        "id": guid_of(line, outlet),
        "url": link_url(line, outlet, port),
        "title": line.version.title,
        "summary": _teaser(line),
        "date_published": _iso(line.published),
        "authors": [{"name": _byline(line, outlet)}],
        "tags": [line.version.section],
    }
    if line.updated != line.published:
        item["date_modified"] = _iso(line.updated)
    if outlet.full_content:
        item["content_html"] = paragraphs_html(line.version.paragraphs)
    return item


def _sitemap(issue: Issue) -> str:
    outlet = issue.outlet
    urls = "".join(
        f"<url><loc>{escape(link_url(line, outlet, issue.port))}</loc><lastmod>{_iso(line.updated)}</lastmod>"
        f"<news:news><news:publication><news:name>{escape(outlet.title)}</news:name>"
        f"<news:language>{outlet.language}</news:language></news:publication>"
        f"<news:publication_date>{_iso(line.published)}</news:publication_date>"
        f"<news:title>{escape(line.version.title)}</news:title></news:news></url>\n"
        for line in issue.lines
    )
    return (
        f'<?xml version="1.0" encoding="{outlet.feed_encoding}"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}</urlset>\n'
    )


FORMATS: dict[str, Callable[[Issue], str]] = {
    "rss": _rss,
    "atom": _atom,
    "rdf": _rdf,
    "json": _json,
    "sitemap": _sitemap,
}


def outline(outlets: Iterable[Outlet], port: int) -> str:
    """All feeds of the newsroom as OPML 2.0."""
    rows = "".join(
        f"<outline type={quoteattr('rss')} text={quoteattr(each.title)} "
        f"xmlUrl={quoteattr(origin(each.host, port) + each.feed_path)}/>\n"
        for each in outlets
    )
    head = '<?xml version="1.0"?>\n<opml version="2.0"><head><title>Newsroom</title></head>'
    return f"{head}<body>\n{rows}</body></opml>\n"


def _teaser(line: Listing) -> str:
    return f"<p>{escape(line.version.summary)}</p>"


def _byline(line: Listing, outlet: Outlet) -> str:
    return line.version.byline or outlet.desk


def _iso(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
