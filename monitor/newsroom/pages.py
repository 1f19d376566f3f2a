"""The outlets' pages: an article amid the furniture that real pages have, its AMP twin, the front page.

Templates are ``seeds/pages/*.html`` for :class:`string.Template`; every value is escaped here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from monitor.newsroom.addresses import origin, page_path, page_url
from monitor.newsroom.scenario import Listing, Outlet, Scenario

PAYWALL_PARAGRAPHS = 2
"""So many paragraphs of a paid article are on the page."""
HAMAL_FIRST = date(2024, 3, 20)
"""The first day of the solar year 1403; the demo's days all lie in its first month."""
PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Prints the pages of one scenario for one port."""

    scenario: Scenario
    port: int

    def article(self, outlet: Outlet, listing: Listing) -> bytes:
        """The article's page, in the outlet's layout and encoding."""
        layout = "app" if "script-only" in listing.version.quirks else outlet.layout
        return self._print(outlet, layout, self._values(outlet, listing))

    def amp(self, outlet: Outlet, listing: Listing) -> bytes:
        """The AMP twin of the article's page."""
        return self._print(outlet, "amp", self._values(outlet, listing))

    def front(self, outlet: Outlet, lines: Iterable[Listing]) -> bytes:
        """The front page: headlines with their standfirsts, and the feed announced for autodiscovery."""
        teasers = "".join(
            f'<article><h2><a href="{page_path(line.version)}">{escape(line.version.title)}</a></h2>'
            f"<p>{escape(line.version.summary)}</p></article>\n"
            for line in lines
        )
        values = {**self._frame(outlet), "title": escape(outlet.title), "body": teasers}
        return self._print(outlet, "front", values)

    def _print(self, outlet: Outlet, layout: str, values: Mapping[str, str]) -> bytes:
        page = _template(self.scenario.root, layout).substitute(values)
        return page.encode(outlet.page_encoding, "xmlcharrefreplace")

    def _frame(self, outlet: Outlet) -> dict[str, str]:
        texts = {key: escape(value) for key, value in outlet.furniture.items() if isinstance(value, str)}
        lists = {key: list(value) for key, value in outlet.furniture.items() if isinstance(value, list)}
        return {
            **texts,
            "lang": outlet.language,
            "dir": "rtl" if outlet.rtl else "ltr",
            "charset": outlet.page_encoding,
            "site": escape(outlet.title),
            "home": origin(outlet.host, self.port) + "/",
            "feed": outlet.feed_path,
            "feed_type": "application/feed+json" if outlet.feed == "json" else "application/rss+xml",
            "nav": _links(lists["nav"]),
            "related": _links(lists["related"]),
            "most_read": _links(lists["most_read"]),
            "comments": "".join(f'<li class="comment"><p>{escape(each)}</p></li>' for each in lists["comments"]),
        }

    def _values(self, outlet: Outlet, listing: Listing) -> dict[str, str]:
        version = listing.version
        paid = "paywall" in version.quirks
        shown = version.paragraphs[:PAYWALL_PARAGRAPHS] if paid else version.paragraphs
        amp_link = f'<link rel="amphtml" href="{page_url(version, self.port, amp=True)}">'
        return {
            **self._frame(outlet),
            "title": escape(version.title),
            "description": escape(version.summary),
            "canonical": page_url(version, self.port),
            "amp_link": amp_link if "amp" in version.quirks else "",
            "section": escape(version.section),
            "byline": escape(version.byline or outlet.desk),
            "date_iso": _iso(listing.published),
            "modified_iso": _iso(listing.updated),
            "date_shown": _shown(listing.published, self.scenario.timezone, jalali=outlet.jalali),
            "body": paragraphs_html(shown),
            "jsonld": _structured(outlet, listing, page_url(version, self.port)),
            "paywall": f'<div class="paywall-gate">{escape(outlet.furniture["paywall"])}</div>' if paid else "",
            "payload": _payload(listing),
        }


def paragraphs_html(paragraphs: Iterable[str]) -> str:
    """Paragraphs as HTML; one that starts with ``## `` is a heading, one with ``> `` a quotation."""
    return "\n".join(_block(each) for each in paragraphs)


def _block(paragraph: str) -> str:
    if paragraph.startswith("## "):
        return f"<h3>{escape(paragraph[3:])}</h3>"
    if paragraph.startswith("> "):
        return f"<blockquote><p>{escape(paragraph[2:])}</p></blockquote>"
    return f"<p>{escape(' '.join(paragraph.split(chr(10))))}</p>"


def _links(headlines: Iterable[str]) -> str:
    return "".join(f'<li><a href="/more/{n}/">{escape(each)}</a></li>' for n, each in enumerate(headlines, 1))


def _structured(outlet: Outlet, listing: Listing, url: str) -> str:
    if not outlet.structured_data:
        return ""
    version = listing.version
    data: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": version.title,
        "description": version.summary,
        "datePublished": _iso(listing.published),
        "dateModified": _iso(listing.updated),
        "author": {"@type": "Organization", "name": version.byline or outlet.desk},
        "publisher": {"@type": "Organization", "name": outlet.title},
        "mainEntityOfPage": url,
        "inLanguage": outlet.language,
    }
    if "paywall" in version.quirks:
        data["isAccessibleForFree"] = False
        data["hasPart"] = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall-gate"}
    return f'<script type="application/ld+json">{_script_safe(data)}</script>'


def _payload(listing: Listing) -> str:
    """What a script would turn into the page: packed, so that no reader without a script engine finds the text."""
    text = "\n\n".join(listing.version.paragraphs)
    return _script_safe({"b": text.encode("utf-8").hex()})


def _script_safe(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _iso(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shown(instant: datetime, timezone: str, *, jalali: bool) -> str:
    there = instant.astimezone(ZoneInfo(timezone))
    day = (there.date() - HAMAL_FIRST).days + 1
    if jalali and 1 <= day <= 31:
        return f"{day} حمل 1403، ساعت {there:%H:%M}".translate(PERSIAN_DIGITS)
    return f"{there:%d.%m.%Y %H:%M}"


@cache
def _template(root: Path, layout: str) -> Template:
    return Template((root / "pages" / f"{layout}.html").read_text("utf-8"))
