"""The item delta: a feed document without the items that were seen before, byte for byte.

Most polls that are not a 304 bring one new item among dozens. Expat gives the byte span of each item, a digest of the
span tells whether it was seen, and feedparser is shown the channel with the unseen items only. Whatever is unusual is
parsed whole: a DOCTYPE, another encoding than UTF-8, nested or empty items, items without ids or with repeated ones
(the identity ladder must see all of those), XML that is not well-formed. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from xml.parsers import expat

DIGEST_BYTES = 8
LEAST_BYTES = 2048
_ITEM_NAMES = {"item", "entry"}
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*?\bencoding\s*=\s*[\"']([^\"']+)[\"']")
_ID = re.compile(
    rb"<(?:\w+:)?(?:guid|id)\b[^>]*>\s*(?:<!\[CDATA\[)?\s*([^<\]]+?)\s*(?:\]\]>)?\s*</|\brdf:about\s*=\s*[\"']([^\"']+)"
)


@dataclass(frozen=True, slots=True)
class Delta:
    """``document`` with its unseen items only, the digests of all its items, and how many were left out."""

    document: bytes
    digests: tuple[bytes, ...]
    left_out: int


def unseen_part(body: bytes, seen: frozenset[bytes]) -> Delta | None:
    """Cut the seen items out of a feed document; None where it must be parsed whole."""
    if len(body) < LEAST_BYTES or not _is_eligible(body):
        return None
    spans = _Spans().of(body)
    if not spans:
        return None
    items = [body[start:end] for start, end in spans]
    if not _have_distinct_ids(items):
        return None
    digests = tuple(blake2b(item, digest_size=DIGEST_BYTES).digest() for item in items)
    kept: list[bytes] = []
    at = 0
    for (start, end), digest in zip(spans, digests, strict=True):
        if digest in seen:
            kept.append(body[at:start])
            at = end
    kept.append(body[at:])
    left_out = sum(digest in seen for digest in digests)
    return Delta(document=b"".join(kept), digests=digests, left_out=left_out)


def _is_eligible(body: bytes) -> bool:
    head = body[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    declared = _ENCODING.match(head)
    if not head.startswith(b"<") or b"<!DOCTYPE" in body or (declared and declared.group(1).lower() != b"utf-8"):
        return False
    try:
        body.decode("utf-8", "strict")
    except UnicodeDecodeError:
        return False
    return True


def _have_distinct_ids(items: list[bytes]) -> bool:
    ids = [found.group(1) or found.group(2) for item in items if (found := _ID.search(item))]
    return len(ids) == len(items) == len(set(ids))


class _Spans:
    """Collects the spans of the outermost items while expat reads."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._depth = 0
        self._open: list[tuple[int, int]] = []
        self._ends: list[tuple[int, int]] = []
        self._odd = False

    def of(self, body: bytes) -> list[tuple[int, int]]:
        """Start and end of each item; empty where there is none or something is odd."""
        try:
            self._parser.Parse(body, True)
        except expat.ExpatError:
            return []
        if self._odd:
            return []
        return [(start, body.index(b">", end) + 1) for start, end in self._ends]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if name.rpartition(":")[2] in _ITEM_NAMES and self._depth <= 3:
            if self._open:
                self._odd = True
            self._open.append((self._depth, self._parser.CurrentByteIndex))

    def _end(self, name: str) -> None:
        if self._open and self._open[-1][0] == self._depth:
            _, start = self._open.pop()
            end = self._parser.CurrentByteIndex
            if end <= start:
                self._odd = True
            self._ends.append((start, end))
        self._depth -= 1
