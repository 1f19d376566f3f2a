"""Bytes of a page to text. The parser's own guess is not used: it knows nothing of the HTTP header.

Order: byte order mark; UTF-8 where the bytes can be nothing else; the charset of the HTTP header; that of the page's
``<meta>``; a guess by statistics. A label is taken for what the WHATWG Encoding Standard says browsers take it for, and
only from a closed list: ``punycode`` or ``unicode_escape`` are codecs, not charsets of pages.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from monitor.articles.charsets import codec_of
from monitor.model.alphabets import alphabet_of

SNIFFED_BYTES = 65_536
"""How much of a page is searched for its ``<meta charset>`` (browsers: 1,024; real pages put scripts before it)."""

COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)

GUESSED_BYTES = 30_000
"""How much text is shown to the guess."""

SOME_DAMAGE = 0.002
"""Share of undecodable bytes up to which a declared charset is still believed."""

META_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^<>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
TAGS = re.compile(rb"<[^<>]*>|[\x00-\x20]+")
_REST = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""Bytes 80 to BF, as Latin-1 or as windows-1252 read them."""

DOUBLED = re.compile(f"[\xc2-\xdf][{_REST}]|[\xe0-\xef][{_REST}]{{2}}|[\xf0-\xf4][{_REST}]{{3}}")
ASCII = bytes(range(0x80))
LEAST_DOUBLED = 3
SEVEN_BIT = frozenset({"iso2022_jp", "iso2022_kr", "hz"})
"""Charsets whose pages look like ASCII."""

DEFAULTED = frozenset({"cp1252", "utf-8"})
"""What servers and templates state without having looked: other evidence is heard first."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text and the codec that read it."""

    text: str
    codec: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """The page's text, without BOM and NULs. Never raises; what cannot be read becomes U+FFFD."""
    decoded = _decode(body, content_type)
    text = decoded.text.replace("\x00", "").removeprefix("\ufeff")
    return Decoded(_undoubled(text, body) if decoded.codec == "utf-8" else text, decoded.codec)


def inflate(body: bytes, *, limit: int, layers: int = 3) -> bytes | None:
    """Undo gzip that a server or a file has around the page, at most ``layers`` times; None above ``limit`` bytes."""
    for _ in range(layers):
        if not body.startswith(b"\x1f\x8b"):
            break
        try:
            inflated = zlib.decompressobj(wbits=31).decompress(body, limit + 1)
        except zlib.error:
            return body
        if len(inflated) > limit:
            return None
        body = inflated
    return body


def _undoubled(text: str, body: bytes) -> str:
    """Undo a second encoding to UTF-8 (``â€™`` for an apostrophe), where most of what is not ASCII looks like one."""
    odd = body.translate(None, ASCII).decode("utf-8", "ignore")  # to search the whole text takes 6 ms a page
    doubled = [len(found) for found in DOUBLED.findall(odd)]
    if len(doubled) < LEAST_DOUBLED or 3 * sum(doubled) < 2 * len(odd):
        return text
    return DOUBLED.sub(_once, text)


def _once(found: re.Match[str]) -> str:
    raw = bytes(ord(each) if ord(each) < 0x100 else each.encode("cp1252")[0] for each in found[0])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _without_comments(head: bytes) -> bytes:
    """Up to the last end of a comment: to look for the end of each of many that have none would take seconds."""
    end = head.rfind(b"-->") + 3
    return COMMENT.sub(b"", head[:end]) + head[end:]


def _decode(body: bytes, content_type: str) -> Decoded:
    for mark, codec in BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(codec, "replace"), codec)
    header = HEADER_CHARSET.search(content_type)
    meta = META_CHARSET.search(_without_comments(body[:SNIFFED_BYTES]))
    stated = [codec_of(header[1]) if header else None, _codec_in_page(meta[1]) if meta else None]
    if _wide(body):
        return _decode_wide(body)
    if (strict := _strict_utf8(body)) is not None and not (body.isascii() and SEVEN_BIT.intersection(stated)):
        return Decoded(strict, "utf-8")
    return _by_statement(body, [codec for codec in stated if codec is not None]) or _by_statistics(body)


def _strict_utf8(body: bytes) -> str | None:
    """The text if it is UTF-8, a character that was cut off at the end apart."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(body) - 3 and error.reason == "unexpected end of data":
            return body[: error.start].decode("utf-8")
        return None


def _wide(body: bytes) -> bool:
    """Whether many of every other byte at the start are zero: UTF-16 without a mark."""
    head = body[:200]
    return len(head) >= 20 and max(head[::2].count(0), head[1::2].count(0)) > len(head) * 0.1


def _decode_wide(body: bytes) -> Decoded:
    codec = "utf-16-be" if body[:200:2].count(0) > body[1:200:2].count(0) else "utf-16-le"
    return Decoded(body.decode(codec, "replace"), codec)


def _codec_in_page(label: bytes) -> str | None:
    """As :func:`codec_of`; a page that could be searched for its label is not in UTF-16, whatever it says."""
    codec = codec_of(label.decode("ascii", "ignore"))
    return "utf-8" if codec is not None and codec.startswith("utf-16") else codec


def _by_statement(body: bytes, stated: list[str]) -> Decoded | None:
    """By the first stated charset that fits; a default that nobody chose is heard after the others."""
    for codec in sorted(dict.fromkeys(stated), key=lambda codec: codec in DEFAULTED):
        if codec == "cp1252" and (alphabet := alphabet_of(TAGS.sub(b" ", body[: 10 * GUESSED_BYTES]))):
            return Decoded(body.decode(alphabet, "replace"), alphabet)
        text = body.decode(codec, "replace")
        if text.count("\ufffd") <= SOME_DAMAGE * len(text) + 1:
            return Decoded(text, codec)
    return None


def _by_statistics(body: bytes) -> Decoded:
    """The best guess on the visible text; UTF-8 with holes where the bytes are mostly that, else Western."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - one page in a hundred needs it

    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= 0.02 * len(text):
        return Decoded(text, "utf-8")
    visible = TAGS.sub(b" ", body[: 10 * GUESSED_BYTES])
    if alphabet := alphabet_of(visible):
        return Decoded(body.decode(alphabet, "replace"), alphabet)
    best = from_bytes(visible[:GUESSED_BYTES]).best()
    codec = codec_of(best.encoding) if best is not None else None
    return Decoded(body.decode(codec or "cp1252", "replace"), codec or "cp1252")
