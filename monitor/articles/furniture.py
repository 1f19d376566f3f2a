"""Short lines that are not the article's for a reason that can be said, where the learnt filter is in doubt.

1. The title among the first three lines: it is kept apart.
2. A byline or a line of publication among the first four: it begins with a name that the markup gives as the byline, or
   says when the article was published, and is no sentence.
3. What stands in a box for sharing, and is no sentence.
4. What asks to subscribe or log in to go on: the article is marked for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.articles.fallbacks import PAYWALL, PAYWALL_CUES
from monitor.articles.lines import SENTENCE_END
from monitor.articles.metadata import Facts
from monitor.articles.titles import likeness
from monitor.model.articles import DroppedLine

TITLE_WITHIN, BYLINE_WITHIN = 3, 4
LONGEST_BYLINE, LONGEST_SHARE, LONGEST_NOTICE = 160, 60, 300
PUBLICATION = re.compile(
    r"^\W*(?:(?:first |last )?(?:published|posted|updated|publi[ée]e?|mis à jour|publicado|actualizado|veröffentlicht"
    r"|aktualisiert|stand|опубликовано|обновлено|опубліковано|yayın(?:lanma)?|güncelleme)\b"
    r"|تاریخ (?:نشر|انتشار|اشاعت)|منتشر شده|نشر في|تاريخ النشر|د خپرېدو نېټه|发布时间|更新时间|प्रकाशित)[^.!?]*\d",
    re.IGNORECASE,
)


def without_furniture(lines: list[str], facts: Facts, titles: Sequence[str]) -> tuple[list[str], list[DroppedLine]]:
    """The lines of the body without these, and these with the reason; a body of one line stays."""
    if len(lines) < 2:
        return lines, []
    kept: list[str] = []
    dropped: list[DroppedLine] = []
    for number, line in enumerate(lines):
        if reason := _reason(line, number, facts, titles):
            dropped.append(DroppedLine(text=line, reason=reason))
        else:
            kept.append(line)
    return (kept, dropped) if kept else (lines, [])


def _reason(line: str, number: int, facts: Facts, titles: Sequence[str]) -> str:
    """Why the line is not the article's; "" where it may be."""
    if len(line) > LONGEST_NOTICE:
        return ""
    if number < TITLE_WITHIN and is_title(line, titles):
        return "the title"
    if any(map(line.lower().__contains__, PAYWALL_CUES)) and PAYWALL.search(line):
        return "asks to subscribe or log in"
    if SENTENCE_END.search(line[-6:]):
        return ""
    if number < BYLINE_WITHIN and len(line) <= LONGEST_BYLINE and _is_byline(line, facts.bylines):
        return "byline or date of publication"
    return "a box for sharing" if len(line) <= LONGEST_SHARE and line in facts.shares else ""


def is_title(line: str, titles: Sequence[str]) -> bool:
    """Whether the line is one of the titles, word for word nearly."""
    size = len(line)
    return size <= LONGEST_NOTICE and any(
        likeness(line, title) >= 0.95 for title in dict.fromkeys(titles) if size < 2 * len(title) < 4 * size
    )


def _is_byline(line: str, bylines: Sequence[str]) -> bool:
    return PUBLICATION.match(line) is not None or any(len(name) > 3 and line.startswith(name) for name in bylines)
