"""The URL key: one text for all the addresses under which sites and readers write one page.

For matching only: the original URL is always the one that is stored and linked. Rules:

1. Redirect wrappers (google.com/url and its like) and AMP caches give way to the address inside.
2. Scheme, user, default port, fragment (but for ``#!`` and ``#/``), a leading ``www.``, ``m.``, ``mobile.`` or
   ``amp.``, doubled and final slashes, ``index.*``, session ids and AMP forms of the path are dropped.
3. Named tracking parameters are dropped. Ambiguous ones (``ref``, ``source`` ...) are dropped only when the value is
   a channel word: sites also put article numbers there.
4. The other parameters are sorted; the case of the path is kept; percent-encoding is brought to one form.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

_MAX_URL = 4000
_WRAPPERS = {
    "google.com/url": ("url", "q"),
    "facebook.com/l.php": ("u",),
    "l.facebook.com/l.php": ("u",),
    "l.instagram.com/": ("u",),
    "duckduckgo.com/l/": ("uddg",),
    "vk.com/away.php": ("to",),
    "bing.com/news/apiclick.aspx": ("url",),
    "out.reddit.com/": ("url",),
    "t.umblr.com/redirect": ("z",),
}
_AMP_CACHE = re.compile(
    r"^https?://(?:[a-z0-9-]+\.cdn\.ampproject\.org/(?:[acvir]+/)|(?:www\.)?google\.[a-z.]+/amp/)(?P<tls>s/)?(?P<rest>.+)$",
    re.IGNORECASE,
)
_GOOGLE = re.compile(r"^(?:www\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})$")
_SKIPPED_LABEL = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=[^.]+\.)")
_SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;]*", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php\d?|aspx?|jsp|shtml|cfm)$", re.IGNORECASE)
_SIMPLE = re.compile(r"https?://([a-z0-9-]+(?:\.[a-z0-9-]+)+)((?:/[A-Za-z0-9._~-]+)+)")
_SPECIAL = re.compile(r"amp|index|default", re.IGNORECASE)
"""Most addresses of articles are of the first kind; without a word of the second, nothing in them is rewritten."""
_PLAIN = re.compile(r"[!-~]*")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+-]*:(?!\d)", re.IGNORECASE)
_AMP_TAIL = re.compile(r"(?:/amp(?:\.html)?|\.amp|[._-]amp(?=\.html?$))$|[._-]amp(?=\.html?$)")
_GOOGLE_NEWS_LOCALE = frozenset(("hl", "gl", "ceid", "oc"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tables:
    """``tracking.toml``, ready to use."""

    tracking: frozenset[str]
    prefixes: tuple[str, ...]
    ambiguous: frozenset[str]
    channels: frozenset[str]
    words: frozenset[str]
    """Channel words and what may stand beside them."""


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    spec = tomllib.loads(files("monitor.stories").joinpath("tracking.toml").read_text("utf-8"))
    channels = frozenset(spec["channels"].split())
    return _Tables(
        tracking=frozenset(spec["tracking"].split()),
        prefixes=tuple(spec["tracking_prefixes"].split()),
        ambiguous=frozenset(spec["ambiguous"].split()),
        channels=channels,
        words=channels | frozenset(spec["fillers"].split()),
    )


def url_key(url: str) -> str:
    """The key under which ``url`` is compared; total on any text and idempotent on what it returns for web pages.

    Addresses that are not of the web (``tag:``, ``urn:``) come back stripped and otherwise as they are.
    """
    simple = _SIMPLE.fullmatch(url)
    if simple and len(url) <= _MAX_URL and not _SPECIAL.search(url):
        return _without_labels(simple[1]) + simple[2]
    text = _unwrapped(_clean(url))
    if _OTHER_SCHEME.match(text):
        return text
    try:
        parts = urlsplit(text if "://" in text else f"http://{text.removeprefix('//')}")
        host = _host(parts)
    except ValueError:
        return text
    if parts.scheme.lower() not in ("http", "https") or not host:
        return text
    path = _path(parts.path)
    query = _query(parts.query, host)
    fragment = f"#{parts.fragment}" if parts.fragment[:1] in ("!", "/") and len(parts.fragment) > 1 else ""
    return f"{host}{path}{'?' + query if query else ''}{fragment}"


def identifies(key: str) -> bool:
    """False for the key of a site's front page, which many feeds give as the link of every item."""
    return any(mark in key for mark in "/?#")


def _clean(url: str) -> str:
    kept = url[:_MAX_URL]
    if not _PLAIN.fullmatch(kept):
        kept = "".join(char for char in kept.strip() if char > " " and char not in "\u200b\u200e\u200f\ufeff\u007f")
    scheme = re.match(r"[a-zA-Z]{3,5}(?=:)", kept)
    return scheme[0].lower() + kept[scheme.end() :] if scheme else kept


def _unwrapped(url: str) -> str:
    for _ in range(3):
        inner = _inside(url)
        if inner is None:
            return url
        url = inner
    return url


def _inside(url: str) -> str | None:
    if "?" not in url and "amp" not in url.lower():
        return None
    cached = _AMP_CACHE.match(url)
    if cached:
        return f"{'https' if cached['tls'] else 'http'}://{cached['rest']}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.")
    except ValueError:
        return None
    if _GOOGLE.match(host):
        host = "google.com"
    for name in _WRAPPERS.get(f"{host}{parts.path or '/'}", ()):
        for key, value in _pairs(parts.query):
            if key == name and value.startswith(("http://", "https://")):
                return _clean(value)
    return None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            host = unicodedata.normalize("NFC", host)
    host = _without_labels(host)
    default = parts.port in (None, 80, 443)
    return host if default else f"{host}:{parts.port}"


def _without_labels(host: str) -> str:
    while _SKIPPED_LABEL.match(host):
        host = _SKIPPED_LABEL.sub("", host)
    return host


def _path(path: str) -> str:
    if ";" in path:
        path = _SESSION_IN_PATH.sub("", path)
    path = "/" + "/".join([_segment(each) for each in path.split("/") if each])
    previous, path = path, _without_tail(path)
    while path != previous:
        previous, path = path, _without_tail(path)
    if path.startswith("/amp/") and len(path) > 5:
        path = path[4:]
    return path


def _without_tail(path: str) -> str:
    shorter = _INDEX.sub("", path)
    return (_AMP_TAIL.sub("", shorter) if "amp" in shorter else shorter).rstrip("/")


def _segment(raw: str) -> str:
    return _recoded(raw, "/?#%;")


def _recoded(raw: str, reserved: str) -> str:
    if "%" not in raw:
        return raw if raw.isascii() else unicodedata.normalize("NFC", raw)
    try:
        plain = unquote_to_bytes(raw).decode("utf-8")
    except UnicodeDecodeError:
        return re.sub(r"%[0-9a-f]{2}", lambda match: match[0].upper(), raw, flags=re.IGNORECASE)
    plain = unicodedata.normalize("NFC", plain)
    return "".join(f"%{ord(char):02X}" if char in reserved or char <= " " else char for char in plain)


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = []
    for part in query.replace("&amp;", "&").split("&"):
        name, _, value = part.partition("=")
        if name:
            try:
                pairs.append((unquote_to_bytes(name).decode(), unquote_to_bytes(value.replace("+", " ")).decode()))
            except UnicodeDecodeError:
                pairs.append((name, value))
    return pairs


def _query(query: str, host: str) -> str:
    if not query:
        return ""
    kept = []
    for part in query.replace("&amp;", "&").split("&"):
        name, equals, value = part.partition("=")
        if name and not _is_tracking(name.lower(), value, host):
            coded = _recoded(value.replace("+", "%20"), "&=#%+")
            kept.append(_recoded(name, "&=#%+") + (f"={coded}" if equals else ""))
    return "&".join(sorted(set(kept)))


def _is_tracking(name: str, value: str, host: str) -> bool:
    tables = _tables()
    if name in tables.tracking or name.startswith(tables.prefixes):
        return True
    if host == "news.google.com" and name in _GOOGLE_NEWS_LOCALE:
        return True
    return name in tables.ambiguous and is_channel_word(value)


def is_channel_word(value: str) -> bool:
    """True where ``value`` names a way by which readers come (``rss``, ``twitter_share``), not a thing on the site."""
    tables = _tables()
    if value.lower() in tables.channels:
        return True
    parts = [part for part in re.split(r"[^a-z0-9]+", value.lower()) if part]
    if not parts:
        return True
    return not tables.channels.isdisjoint(parts) and all(part in tables.words for part in parts)
