"""Which charset a feed is in, where header and declaration cannot both be right. Pure.

Order: UTF-16 where its mark stands first; UTF-8 where the bytes can be nothing else; a windows charset that somebody
states, where the letters are those of its alphabet; an alphabet that the letters show, where header and document only
have what servers and templates state unless told not to, or a windows charset that does not fit; what the document
declares, where the header has a default or a windows charset whose letters these are not. Any other label is left to
feedparser: a feed in Latin letters is in what its labels say.
"""

from __future__ import annotations

import re
from contextlib import suppress

from monitor.feeds.text import is_surely_utf8
from monitor.model.alphabets import COMMON, HIGH_RUN, alphabet_of, reads_well

AS_UTF8 = "application/xml; charset=utf-8"
LOOKED_AT = 300_000
"""Bytes by which a document is judged."""
SOUND_FOR_ONE_DAMAGED = 20
NOT_ASCII = bytes(range(0x80, 0x100))
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.ASCII)
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.:-]{1,40})[\"']", re.IGNORECASE)
_DECLARATION = re.compile(rb"^[\xef\xbb\xbf\s]*<\?xml[^>]{0,1000}>")
_UTF8 = {"utf-8", "utf8"}
_DEFAULTS = {"iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "latin-1", "us-ascii", "ascii", *_UTF8}
_WINDOWS = re.compile(r"(?:windows-|x-cp|cp-?)(125[0-8])", re.ASCII)
_OF_ONE_BYTE = re.compile(r"iso[-_]?8859-(?:[2-9]|1[0-6])|koi8-[ru]|cp866|ibm866", re.ASCII)
_MEANT = {"gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949"}
"""What is written under a narrower name, as browsers read it (https://encoding.spec.whatwg.org/#names-and-labels)."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_OF_TWO_BYTES = re.compile(r"utf-?(?:16|32)|ucs-?[24]|iso-10646", re.ASCII)
_NO_TEXT = re.compile("[\x80-\x9f\ufffd]")
"""Controls that nobody writes, and bytes that a charset does not have."""


def believed(body: bytes, content_type: str | None, *, whole: bytes) -> tuple[bytes, str | None]:
    """The bytes and the content type by which feedparser reads them rightly.

    ``body`` is ``whole`` or part of it; the whole is what is judged by, so that both are read in the same way.
    """
    if body.startswith(_UTF16_MARKS) and b"\0\0" not in body[:4]:
        return body.decode("utf-16", "replace").encode(), AS_UTF8
    in_header, declared = _label_in_header(content_type), _label_in(whole)
    codec = _codec(whole, [label for label in (in_header, declared) if label and label not in _DEFAULTS])
    if codec is not None:
        return body.decode(codec, "replace").encode(), AS_UTF8
    if declared in {"", *_DEFAULTS}:
        return body, content_type
    yields = in_header in _DEFAULTS - _UTF8 or _is_likelier(in_header, declared, whole)
    return body, "application/xml" if yields else content_type


def in_utf8(body: bytes, content_type: str | None) -> bytes:
    """``body`` without its declaration, for a parser that knows no header; as it is where that one finds out by itself.

    As with feedparser, a label that the bytes contradict gives way to the next one, and what nobody labels is taken for
    Western; what calls itself UTF-8 and is damaged is the parser's to mend.
    """
    if body.isascii() or b"\0" in body[:4]:
        return body
    given, kind = believed(body, content_type, whole=body)
    stated = (_label_in_header(kind), _label_in(body))
    labels = [label for label in stated if label and not _OF_TWO_BYTES.match(label)]  # there would be NULs
    text = next((text for label in labels if (text := _decoded(given, label, "strict")) is not None), None)
    if text is None:
        falls_to = "" if _label_in(body) in _UTF8 else "windows-1252"
        text = _decoded(given, next((label for label in labels if label not in _UTF8), falls_to), "replace")
    return body if text is None else _DECLARATION.sub(b"", text.encode(), count=1)


def _decoded(body: bytes, label: str, errors: str) -> str | None:
    """None where Python knows no such charset or, in ``strict``, the bytes are not in it."""
    with suppress(LookupError, ValueError):
        return body.decode("windows-1252" if label in _DEFAULTS - _UTF8 else _MEANT.get(label, label), errors)
    return None


def _label_in_header(content_type: str | None) -> str:
    found = _HEADER.search((content_type or "").lower())
    return found[1] if found else ""


def _label_in(body: bytes) -> str:
    found = _DECLARED.match(body)
    return found[1].decode("ascii").lower() if found else ""


def _is_likelier(in_header: str, declared: str, body: bytes) -> bool:
    """Whether ``declared`` can be right where ``in_header`` is the Western windows charset, or another that is not."""
    windows = _WINDOWS.fullmatch(in_header)
    if not windows or not _OF_ONE_BYTE.fullmatch(declared) or _NO_TEXT.search(_head_as(declared, body)):
        return False
    stated = f"cp{windows[1]}"
    visible = b" ".join(HIGH_RUN.findall(body[:LOOKED_AT]))
    if declared.startswith("koi8") and alphabet_of(visible) == "koi8_u":
        return True  # read as windows-1251, its small letters would be capitals
    return stated == "cp1252" or (stated in COMMON and not reads_well(visible, stated))


def _head_as(label: str, body: bytes) -> str:
    """As much of ``body`` as a document is judged by; what no text has where Python knows no such charset."""
    text = _decoded(body[:LOOKED_AT], label, "replace")
    return "\ufffd" if text is None else text


def _codec(body: bytes, chosen: list[str]) -> str | None:
    """What outweighs the labels, of which those that somebody ``chosen`` are given; None where they stand."""
    if body.isascii() or b"\0" in body[:4]:
        return None
    if is_surely_utf8(body) or _is_damaged_utf8(body):
        return "utf-8"
    windows = [found for label in chosen if (found := _WINDOWS.fullmatch(label))]
    if len(windows) < len(chosen):
        return None
    visible = b" ".join(HIGH_RUN.findall(body[:LOOKED_AT]))
    stated = [codec for found in windows if reads_well(visible, codec := f"cp{found[1]}")]
    return stated[0] if stated else alphabet_of(visible)


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether bytes are missing here and there in what is UTF-8 otherwise: texts cut in the middle of a letter."""
    head = body[:LOOKED_AT]
    text = head.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    sound = len(text) - damaged - len(head.translate(None, NOT_ASCII))
    return sound >= SOUND_FOR_ONE_DAMAGED * max(1, damaged)
