"""E-mail: HTML of our own with every value escaped, laid out from right to left where the article is, and a text part.

No image, no script, no remote file: nothing in the message tells its sender that it was read.
"""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from urllib.parse import urlsplit

from monitor.delivery.as_text import whole
from monitor.delivery.clean import clip_bytes, is_right_to_left, without_pings
from monitor.delivery.facts import Facts
from monitor.delivery.families import Family
from monitor.model.delivery import Rendered
from monitor.model.watches import Severity

SUBJECT_BYTES = 240
"""Longer subjects were not folded by some senders and refused by some receivers (RFC 5322 §2.1.1: 998 a line)."""

COLOURS = {
    Severity.INFO: "#4b5563",
    Severity.LOW: "#1d4ed8",
    Severity.MEDIUM: "#92400e",
    Severity.HIGH: "#b91c1c",
    Severity.CRITICAL: "#7f1d9b",
}
"""Each has a contrast of at least 4.5 : 1 under white letters (WCAG 2.2 §1.4.3)."""

_STORY_LINE = re.compile(r"(\[[A-Z]+\] .*?: )(.*?)( \(\d\d:\d\d\))?")
_HOST_BEHIND = re.compile(r"(.+)( \([a-z0-9.-]+\))")

_STYLE = """
body{margin:0;padding:16px;background:#f3f4f6;color:#111827;font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Noto Sans","Noto Naskh Arabic",Arial,sans-serif}
.card{max-width:640px;margin:0 auto;background:#fff;border:1px solid #d1d5db;border-radius:8px;overflow:hidden}
.bar{padding:8px 16px;color:#fff;font-size:14px;overflow-wrap:anywhere}
.bar b{letter-spacing:.04em}
.in{padding:16px}
h1{font-size:20px;line-height:1.35;margin:0 0 12px;overflow-wrap:anywhere}
a{color:#1d4ed8}
blockquote{margin:0 0 16px;padding:2px 12px;border-inline-start:4px solid #d1d5db;overflow-wrap:anywhere}
mark{background:#fde68a;color:#111827;padding:0 2px;border-radius:2px}
.changed{margin:0 0 16px;padding:8px 12px;background:#fef3c7;color:#78350f;border-radius:6px;overflow-wrap:anywhere}
.facts{margin:0;font-size:14px;color:#4b5563;overflow-wrap:anywhere}
.facts p{margin:0 0 4px}
code{font-size:13px}
.line,.first{margin:0;overflow-wrap:anywhere}
.first{margin-top:16px}
.story{margin:16px 0 0;overflow-wrap:anywhere}
.sub{margin:0;font-size:14px;color:#4b5563;overflow-wrap:anywhere}
@media(max-width:480px){body{padding:0}.card{border-radius:0;border-left:0;border-right:0}}
@media(prefers-color-scheme:dark){
body{background:#111827;color:#e5e7eb}.card{background:#1f2937;border-color:#374151}a{color:#93c5fd}
blockquote{border-color:#4b5563}.facts,.sub{color:#9ca3af}.changed{background:#422006;color:#fde68a}}
"""


def render(facts: Facts) -> Rendered:
    """The subject has severity, watch and headline; the body is HTML; ``text`` is the text part."""
    subject = f"{facts.title}: {facts.headline}" if facts.headline else facts.title
    return Rendered(
        family=Family.EMAIL,
        title=clip_bytes(subject, SUBJECT_BYTES),
        body=_page(facts),
        format="html",
        text=whole(facts) + "\n",
    )


def _page(facts: Facts) -> str:
    inner = _lines(facts) if facts.body else _article(facts)
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">'
        f"<title>{_safe(facts.title)}</title><style>{_STYLE}</style></head><body>"
        f'<div class="card"><div class="bar" style="background:{COLOURS[facts.severity]};color:#ffffff">'
        f"{_bar(facts)}</div>"
        f'<div class="in">{inner}</div></div></body></html>\n'
    )


def _lines(facts: Facts) -> str:
    """A notice or digest: its first line is the headline; a line with an address below it is the link to it."""
    lines = facts.body_lines
    parts, before = [f"<h1{_direction(lines[0][0])}>{_safe(lines[0][0])}</h1>"], lines[0][0]
    for (line, url), (_, below) in pairwise((*lines[1:], ("", ""))):
        if url:
            parts.append(f'<p class="sub" dir="ltr">{_safe(urlsplit(url).hostname or url)}</p>')
        elif below:
            link = f'<a href="{escape(below, quote=True)}" rel="noopener">{_story_line(line)}</a>'
            parts.append(f'<p class="story" dir="ltr">{link}</p>')
        elif line.startswith("  "):
            parts.append(f'<p class="sub" dir="auto">{_safe(line.strip())}</p>')
        elif line:
            parts.append(f'<p class="{"first" if not before else "line"}" dir="auto">{_safe(line)}</p>')
        before = line
    return "".join(parts)


def _story_line(line: str) -> str:
    """``[HIGH] watch: headline (21:11)``, the headline in its own direction."""
    found = _STORY_LINE.fullmatch(line.strip())
    if found is None:
        return f"<bdi>{_safe(line.strip())}</bdi>"
    head, headline, seen = found.groups()
    return f"{_safe(head)}<bdi>{_safe(headline)}</bdi>{_safe(seen or '')}"


def _bar(facts: Facts) -> str:
    severity, _, rest = facts.title.partition("] ")
    return f"<b>{_safe(severity.lstrip('['))}</b> &nbsp;{_safe(rest)}"


def _article(facts: Facts) -> str:
    attributes = f'{_direction(facts.headline)} lang="{facts.language or "en"}"'
    headline = _safe(facts.headline)
    linked = f'<a href="{escape(facts.url, quote=True)}" rel="noopener">{headline}</a>' if facts.url else headline
    parts = [f"<h1{attributes}>{linked}</h1>"]
    if facts.passage:
        passage = "".join(f"<mark>{_safe(piece)}</mark>" if marked else _safe(piece) for piece, marked in facts.excerpt)
        parts.append(f'<blockquote{_direction(facts.passage)} lang="{facts.language or "en"}">{passage}</blockquote>')
    if facts.changes:
        changes = "<br>".join(f"<bdi>{_safe(change)}</bdi>" for change in facts.changes)
        parts.append(f'<div class="changed"><b>Changed</b><br>{changes}</div>')
    return "".join([*parts, _small_print(facts)])


def _small_print(facts: Facts) -> str:
    lines = [f"<p><b>Also</b> <bdi>{_safe(facts.others)}</bdi></p>"] if facts.also else []
    lines += [f"<p><b>Why</b> <bdi>{_safe(facts.why)}</bdi></p>"] if facts.why else []
    lines += [
        f"<p>{_isolated(line)}</p>" for line in (facts.source, facts.published, facts.seen, facts.outlets) if line
    ]
    if facts.pointer:
        lines.append(f"<p>Ask <code>{_safe(facts.pointer)}</code></p>")
    return f'<div class="facts" dir="ltr">{"".join(lines)}</div>'


def _isolated(line: str) -> str:
    """Each part of a line runs in its own direction, so that a Persian name does not reorder its neighbours, nor the
    host behind it.
    """
    parts = (_HOST_BEHIND.fullmatch(part) or (None, part, "") for part in line.split(" · "))
    return " · ".join(f"<bdi>{_safe(part[1])}</bdi>{_safe(part[2])}" for part in parts)


def _direction(text: str) -> str:
    return ' dir="rtl"' if is_right_to_left(None, text) else ' dir="ltr"'


def _safe(text: str) -> str:
    return without_pings(escape(text, quote=True))
