"""Text as it is stored: NFC, without control characters, with the joiners that scripts need.

Zero-width joiner and non-joiner stay: Persian, Urdu and Indic words are spelt with them. Soft hyphens, bidi marks and
overrides, zero-width spaces and the byte order mark go: they are layout, and they would hide a word from a watch.
"""

from __future__ import annotations

import html
import re
import unicodedata

from monitor.model import characters

ZWNJ, ZWJ = "\u200c", "\u200d"

INVISIBLE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{characters.INVISIBLE}\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
SPACES = re.compile(r"[^\S\n]+")
STRAY_JOINERS = re.compile(f"(?<![^\\s]){ZWNJ}+|{ZWNJ}+(?![^\\s])|(?<={ZWNJ}){ZWNJ}+")
"""Non-joiners that join nothing: at the edge of a word, or repeated."""

BLOCKS = re.compile(
    r"<(?:/?(?:p|div|br|li|ul|ol|tr|table|blockquote|h[1-6]|section|article|figure|figcaption|hr|pre|dd|dt)\b[^<>]*)>",
    re.IGNORECASE,
)
SILENT = re.compile(r"<(script|style|svg|iframe|template|noscript)\b", re.IGNORECASE)
TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>")


def clean(text: str) -> str:
    """One line or many, as stored: NFC, single spaces, no control or layout characters."""
    if text.isascii() and text.isprintable():
        return SPACES.sub(" ", text).strip()
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return SPACES.sub(" ", STRAY_JOINERS.sub("", text)).strip()


def one_line(text: str) -> str:
    """Like :func:`clean`, with line breaks turned into spaces."""
    return clean(" ".join(text.split()))


def lines_of(text: str) -> list[str]:
    """The lines that have something on them, each clean."""
    return [line for each in text.split("\n") if (line := clean(each))]


def text_of_html(fragment: str) -> str:
    """The text of a fragment of HTML (or of plain text), one line for each block; linear in its length."""
    if "<" not in fragment:
        return "\n".join(lines_of(html.unescape(fragment)))
    fragment = _without_silent(fragment)
    fragment = BLOCKS.sub("\n", " ".join(fragment.split()))
    return "\n".join(lines_of(html.unescape(TAG.sub("", fragment))))


def _without_silent(fragment: str) -> str:
    """Without comments and the elements that show no text. An element that is never closed loses its tag only."""
    fragment = _without_comments(fragment)
    lowered = fragment.lower()
    if len(lowered) != len(fragment):  # some letter's lower case is longer: places would not agree
        lowered = fragment
    kept, position = [], 0
    unclosed: set[str] = set()
    for found in SILENT.finditer(fragment):
        name = found[1].lower()
        if found.start() < position or name in unclosed:
            continue
        end = lowered.find(f"</{name}", found.end())
        if end < 0:
            unclosed.add(name)
            continue
        kept.append(fragment[position : found.start()])
        position = end
    return "".join((*kept, fragment[position:]))


def _without_comments(fragment: str) -> str:
    kept, position = [], 0
    while (start := fragment.find("<!--", position)) >= 0:
        kept.append(fragment[position:start])
        end = fragment.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        position = end + 3
    return "".join((*kept, fragment[position:]))
