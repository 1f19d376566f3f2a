"""Text from the outside made harmless for a screen: no controls, no bidi tricks, no pings, bounded length."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from monitor.model.characters import INVISIBLE

_UNWANTED = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls; white space among them is folded below
    f"{INVISIBLE}\ud800-\udfff\ufffe\uffff"
    "\U000e0000-\U000e007f"  # tags: invisible text
    "]"
)
"""ZWNJ and ZWJ (U+200C, U+200D) stay: Persian and Indic scripts are written with them."""

_TOO_MANY_MARKS = re.compile(
    r"((?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]){4})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def one_line(text: str, longest: int = 500) -> str:
    """``text`` on one line of at most ``longest`` code points, without controls, bidi controls and stacked marks."""
    return clip(" ".join(_scrubbed(text).split()), longest)


def many_lines(text: str, longest: int = 20_000) -> str:
    """As :func:`one_line`, but line breaks and indents stay."""
    lines = (_indent(line) + " ".join(line.split()) for line in _scrubbed(text.replace("\r\n", "\n")).split("\n"))
    return clip("\n".join(lines).strip("\n"), longest)


def _indent(line: str) -> str:
    return "  " if line.startswith("  ") and line.strip() else ""


def _scrubbed(text: str) -> str:
    spaced = text.replace("\u2028", "\n").replace("\u2029", "\n").replace("\x85", "\n").replace("\r", "\n")
    return _TOO_MANY_MARKS.sub(r"\1", _UNWANTED.sub("", spaced))


NO_PING = "\u200b"
"""A zero-width space; text from outside has none, see :func:`one_line`."""

_PING = re.compile("([@＠](?!\u200b)|<(?=[!#@＠|]|users/|https?:))")


def without_pings(text: str) -> str:
    """A zero-width space after ``@``, and after the ``<`` of ``<!channel>`` or ``<https://…|…>``.

    No service reads these as a mention or a link then; a reader sees no difference.
    """
    return _PING.sub(rf"\1{NO_PING}", text)


def clip(text: str, longest: int) -> str:
    """At most ``longest`` code points, the last an ellipsis where something was cut; never amid a grapheme's marks."""
    if len(text) <= longest:
        return text
    end = max(0, longest - 1)
    while end and (unicodedata.combining(text[end]) or text[end] in "\u200c\u200d\ufe0f" or text[end - 1] == "\u200d"):
        end -= 1
    return text[:end].rstrip() + "…"


def clip_bytes(text: str, longest: int) -> str:
    """At most ``longest`` bytes of UTF-8."""
    if len(text.encode()) <= longest:
        return text
    cut = text.encode()[: max(0, longest - len("…".encode()))].decode(errors="ignore")
    return cut.rstrip() + "…"


def safe_url(url: str) -> str:
    """An http(s) address with everything unusual in it escaped, fit for every markup; empty for anything else."""
    scrubbed = _UNWANTED.sub("", "".join(url.split()))
    try:
        parts = urlsplit(scrubbed)
        hostname = parts.hostname
    except ValueError:
        return ""
    if parts.scheme.lower() not in {"http", "https"} or not hostname or "@" in parts.netloc or "\\" in scrubbed:
        return ""
    # An @ in the path is written %40, so that no service takes a piece of the address for a mention.
    return quote(scrubbed, safe="%/:=&?~#+!$,;-._[]" if "[" in parts.netloc else "%/:=&?~#+!$,;-._")


def is_right_to_left(language: str | None, text: str) -> bool:
    """Whether text runs from right to left: by its first strong letters, or by language where it has none."""
    for character in text[:200]:
        match unicodedata.bidirectional(character):
            case "R" | "AL":
                return True
            case "L":
                return False
    return (language or "") in _RIGHT_TO_LEFT
