"""Text of feeds: which encoding bytes are in, and what HTML says when its markup is taken away. Pure and linear."""

from __future__ import annotations

import html
import re
from contextlib import suppress

_DROPPED = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_BLOCK = re.compile(r"</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|blockquote|section|article)\b[^<>]*>", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_CDATA_OR_AMPERSAND = re.compile(
    r"<!\[CDATA\[(?:[^\]]++|\](?!\]>))*+|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)"
)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_DECLARATION = re.compile(r"^[\ufeff\s]*<\?xml[^>]{0,1000}>")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST_MARKUP = 1_000_000


def plain_text(markup: str) -> str:
    """The words of an HTML fragment on one line; script and style are left out."""
    text = markup[:_LONGEST_MARKUP]
    if "<" in text:
        if "</s" in text.lower():
            text = _DROPPED.sub(" ", text)
        text = _TAG.sub("", _BLOCK.sub(" ", text))
    return one_line(html.unescape(text))


def storable(text: str) -> str:
    """The text without NUL and with lone surrogates replaced, which no database or terminal takes."""
    if text.isascii():
        return text.replace("\0", "")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")


def one_line(text: str) -> str:
    """White space of any kind made single blanks."""
    return _SPACE.sub(" ", text).strip()


def mended_xml(body: bytes) -> bytes:
    """XML with its bare ampersands escaped and what XML forbids left out: what most ill-formed documents need.

    It comes back in UTF-8, without the declaration that may have named another encoding.
    """
    text = _CDATA_OR_AMPERSAND.sub(lambda found: "&amp;" if found[0] == "&" else found[0], _decoded(body))
    return _FORBIDDEN.sub("", _DECLARATION.sub("", text, count=1)).encode("utf-8", "replace")


def _decoded(body: bytes) -> str:
    """In the declared encoding where all bytes fit, else in UTF-8 as well as possible."""
    declared = _DECLARED.match(body)
    if declared is not None and not is_surely_utf8(body):
        with suppress(LookupError, ValueError):
            return body.decode(declared[1].decode("ascii"))
    return body.decode("utf-8", "replace")


def is_surely_utf8(body: bytes) -> bool:
    """True when the bytes have multi-byte sequences and all of them are valid UTF-8.

    Text in another encoding hardly ever is, so this outweighs what a header or declaration says.
    """
    if body.isascii():
        return False
    try:
        body.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True
