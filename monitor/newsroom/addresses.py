"""The URLs of the newsroom: where an article, its AMP twin and a feed are served, and back again."""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.newsroom.scenario import Listing, Outlet, Version


def origin(host: str, port: int) -> str:
    """``http://northern-post.localhost:8420``."""
    return f"http://{host}.localhost:{port}"


def page_path(version: Version, *, amp: bool = False) -> str:
    """Path of an article's page."""
    return f"/news/{version.slug}/amp/" if amp else f"/news/{version.slug}/"


def page_url(version: Version, port: int, *, amp: bool = False) -> str:
    """The canonical address of an article's page, or that of its AMP twin."""
    return origin(version.outlet, port) + page_path(version, amp=amp)


def link_url(listing: Listing, outlet: Outlet, port: int) -> str:
    """The address as the feed lists it, tracking parameters included."""
    query = outlet.tracking if listing.query is None else listing.query
    url = page_url(listing.version, port, amp=listing.amp)
    return f"{url}?{query}" if query else url


def guid_of(listing: Listing, outlet: Outlet) -> str:
    """The listing's guid; where the timeline gives none, one in the outlet's manner."""
    return listing.guid or f"{outlet.past_prefix}-{outlet.host}-{listing.version.slug}"


def article_of(url: str) -> str | None:
    """The article's name (``OUTLET/SLUG``) for any address of its page; None for other addresses."""
    parts = urlsplit(url)
    steps = parts.path.strip("/").split("/")
    if len(steps) < 2 or steps[0] != "news" or not (parts.hostname or "").endswith(".localhost"):
        return None
    return f"{(parts.hostname or '').removesuffix('.localhost')}/{steps[1]}"
