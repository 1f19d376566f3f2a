"""Lines that stand on many pages of a host: its own notices, not the article's sentences.

1. A line is known by a hash of its folded text, digits aside: "5 comments" and "7 comments" are one line.
2. Only lines of middling length count: shorter ones repeat rightly (headings), longer ones are prose.
3. The first sentence of a body stays, whatever is known of it: it is the lead, and a slogan does no harm there.
4. A body that would lose more than a third is left whole: it is more likely told again than made of notices.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b
from urllib.parse import urlsplit

from monitor.model.articles import DroppedLine

SHORTEST, LONGEST = 40, 400
"""Code points of a line that may be the host's."""

MOST_COUNTED = 300
"""Lines of one article that are counted."""

REASON = "stands in articles of three stories of this host"
DIGITS = re.compile(r"\d+")
NO_WORD = re.compile(r"[\W_]+")


def line_hash(line: str) -> int:
    """64 bits, signed as SQLite has it."""
    folded = NO_WORD.sub(" ", DIGITS.sub("0", line.casefold())).strip()
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest(), "big", signed=True)


def counted(lines: Sequence[str]) -> tuple[int, ...]:
    """The hashes of those lines that may be the host's, each once."""
    return tuple({line_hash(line): None for line in lines[:MOST_COUNTED] if _may_be_furniture(line)})


def without_host_lines(lines: list[str], known: AbstractSet[int]) -> tuple[list[str], list[DroppedLine]]:
    """The lines of an article that are not known as the host's, and those that are."""
    if not known:
        return lines, []
    first = next((number for number, line in enumerate(lines[:3]) if len(line) >= 40), 0)
    known_here = [
        number != first and _may_be_furniture(line) and line_hash(line) in known for number, line in enumerate(lines)
    ]
    dropped = [line for line, is_known in zip(lines, known_here, strict=True) if is_known]
    if 3 * sum(map(len, dropped)) > sum(map(len, lines)):
        return lines, []
    kept = [line for line, is_known in zip(lines, known_here, strict=True) if not is_known]
    return kept, [DroppedLine(text=line, reason=REASON) for line in dropped]


def host_of(url: str) -> str:
    """The host whose pages have the same furniture: without ``www.``; "" for an address without one."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _may_be_furniture(line: str) -> bool:
    return SHORTEST <= len(line) <= LONGEST
