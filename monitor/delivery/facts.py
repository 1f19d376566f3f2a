"""What a message says, in the order of triage, before any markup: the one source for all renderers.

Everything from outside is cleaned here; escaping for a markup is the renderer's task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import accumulate
from typing import Any
from urllib.parse import urlsplit

from monitor.delivery.clean import clip, is_right_to_left, many_lines, one_line, safe_url
from monitor.model.alerts import AlertKind, AlertMessage, Companion
from monitor.model.watches import Severity
from monitor.model.words import counted

LANGUAGES = {
    "ar": "Arabic", "de": "German", "en": "English", "es": "Spanish", "fa": "Persian", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "it": "Italian", "ja": "Japanese", "ku": "Kurdish", "ps": "Pashto", "pt": "Portuguese",
    "ru": "Russian", "tg": "Tajik", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "zh": "Chinese",
}  # fmt: skip

KIND_LABELS = {
    AlertKind.NEW: "",
    AlertKind.UPDATE: "Update",
    AlertKind.CORROBORATED: "Corroborated",
    AlertKind.DIGEST: "Digest",
    AlertKind.NOTICE: "Notice",
}


LONGEST_OTHERS = 220
"""Code points for the other watches that hit the article; beyond them their number is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Clean text for one message; empty strings and tuples stand for what is not known."""

    alert_id: int
    kind: AlertKind
    severity: Severity
    watch: str
    headline: str
    url: str
    """An http(s) address, or empty."""
    excerpt: tuple[tuple[str, bool], ...]
    """The passage in pieces; True marks a match. Their concatenation is the passage."""
    also: tuple[str, ...]
    """What else this message tells: ``balkh-explosion [HIGH] (alert 13)``."""
    why: str
    changes: tuple[str, ...]
    source: str
    """Publisher, author, language."""
    published: str
    seen: str
    outlets: str
    body: str
    """The text of a notice or digest; the other parts are empty then."""
    right_to_left: bool
    language: str
    """Tag for ``lang=``, or empty."""

    @property
    def title(self) -> str:
        """``[HIGH] balkh-explosion``, ``[HIGH] Update: balkh-explosion`` or ``[HIGH] balkh-explosion +1 watch``."""
        label = KIND_LABELS[self.kind]
        more = f" +{counted(len(self.also), 'watch', 'watches')}" if self.also else ""
        return f"[{self.severity.upper()}] {label + ': ' if label else ''}{self.watch}{more}"

    @property
    def pointer(self) -> str:
        """How to ask why."""
        return f"monitor why {self.alert_id}" if self.alert_id and not self.body else ""

    @property
    def body_lines(self) -> tuple[tuple[str, str], ...]:
        """The lines of a notice or digest; with each the address that it is, or empty."""
        return tuple(
            (line, safe_url(line) if line.strip().startswith("http") else "") for line in self.body.split("\n")
        )

    @property
    def passage(self) -> str:
        """The excerpt without its highlights."""
        return "".join(piece for piece, _ in self.excerpt)

    @property
    def others(self) -> str:
        """What else this message tells, in one line."""
        ends = accumulate(len(each) + 2 for each in self.also)
        shown = [each for each, end in zip(self.also, ends, strict=True) if end <= LONGEST_OTHERS]
        left = len(self.also) - len(shown)
        return ", ".join([*shown, f"and {left} more"] if left else shown)

    @property
    def plain_lines(self) -> tuple[str, ...]:
        """What stands under the passage, in plain words, line by line."""
        lines = (
            f"Also: {self.others}" if self.also else "",
            *(f"Changed: {change}" for change in self.changes),
            f"Why: {self.why}" if self.why else "",
            self.source,
            self.published,
            self.seen,
            self.outlets,
            f"Ask: {self.pointer}" if self.pointer else "",
        )
        return tuple(line for line in lines if line)


def facts_of(message: AlertMessage, zone: tzinfo = UTC) -> Facts:
    """Clean and word what the message carries; times in ``zone`` and in UTC."""
    article, story = message.article, message.story
    headline = one_line(_text(article, "title"), 300)
    url = safe_url(_text(article, "url"))
    language = one_line(_text(article, "language"), 12)
    has_article = bool(article)
    return Facts(
        alert_id=message.alert_id,
        kind=message.kind,
        severity=message.severity,
        watch=one_line(message.watch, 100),
        headline=headline or ("(no title)" if has_article else one_line(message.text.partition("\n")[0], 300)),
        url=url,
        excerpt=_pieces(article),
        also=tuple(_other(each) for each in message.also),
        why=_why(message),
        changes=tuple(one_line(change, 200) for change in message.changes[:8]),
        source=_source(article, language, url),
        published=_moment("Published", article.get("published"), zone),
        seen=_moment("Seen", article.get("seen"), zone),
        outlets=_outlets(story),
        body="" if has_article else many_lines(message.text),
        right_to_left=is_right_to_left(language, headline or _text(article, "excerpt")),
        language=language if language.isalpha() else "",
    )


def _text(values: Mapping[str, Any], key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""


def _other(companion: Companion) -> str:
    return f"{one_line(companion.watch, 60)} [{companion.severity.upper()}] (alert {companion.alert_id})"


def _why(message: AlertMessage) -> str:
    words = [one_line(reason, 160) for reason in message.reasons[:6]]
    score = f"score {message.score:.2f}" if message.article else ""
    return "; ".join(word for word in (*words, score) if word)


def _pieces(article: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    """The excerpt cut at its highlights, each piece clean; a highlight outside the text is ignored."""
    text = _text(article, "excerpt")
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end, _term in article.get("highlights") or ():
        if at <= start < end <= len(text):
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    pieces.append((text[at:], False))
    return tuple((clean, marked) for piece, marked in pieces if (clean := _piece(piece)))


def _piece(text: str) -> str:
    """Clean, keeping one space at either end where there was white space."""
    if not text:
        return ""
    inner = one_line(text, 2000)
    return (" " if text[0].isspace() else "") + inner + (" " if inner and text[-1].isspace() else "")


def _source(article: Mapping[str, Any], language: str, url: str) -> str:
    names = LANGUAGES.get(language, language)
    partial = _text(article, "partial")
    parts = (
        _publisher(one_line(_text(article, "site"), 80), url),
        one_line(_text(article, "author"), 80),
        names,
        f"incomplete text: {one_line(partial, 40)}" if partial else "",
    )
    return " · ".join(part for part in parts if part)


def _publisher(site: str, url: str) -> str:
    """The publisher as the page names it, and the host that the link really leads to."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return f"{site} ({host})" if site and host and host not in site else site or host


def _moment(label: str, value: Any, zone: tzinfo) -> str:
    if not isinstance(value, str):
        return ""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return ""
    utc = instant.astimezone(UTC)
    local = instant.astimezone(zone)
    if local.utcoffset() == utc.utcoffset():
        return f"{label} {utc:%a %d %b %Y %H:%M} UTC"
    return f"{label} {local:%a %d %b %Y %H:%M} {_zone_name(local)} ({utc:%H:%M} UTC)"


def _zone_name(local: datetime) -> str:
    """``CEST``, or ``UTC+04:30`` where the zone has no letters."""
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local:%z}"[:6] + ":" + f"{local:%z}"[3:5]


def _outlets(story: Mapping[str, Any]) -> str:
    sources, independent = story.get("sources"), story.get("independent")
    if not isinstance(sources, int) or not isinstance(independent, int):
        return ""
    return f"Story {story.get('id')}: {counted(sources, 'outlet')}, {independent} independent"


def short_passage(facts: Facts, longest: int) -> str:
    """The passage without highlights, within ``longest`` code points."""
    return clip(facts.passage, longest)
