"""The passage that a person reads first: the matched sentence, with one before and one after."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.model.alerts import Excerpt
from monitor.model.articles import Article
from monitor.model.watches import Hit, Span

LONGEST = 900
"""Code points: three long sentences; what is longer is cut around the match, at words, with an ellipsis."""

# The class of rare characters stands first: with anything else there the search is several times as slow.
_SENTENCE_END = re.compile(r"[.!?…؟۔।。！？\n](?:(?<=\n)\s*|(?<=[。！？])|[\"'”’»)\]]*\s+)")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Maj|Capt|Sgt|Gov|Sen|Rep|St|No|vs|e\.g|i\.e|U\.S|U\.N))\.\s$"
)


def excerpt_of(article: Article, hit: Hit) -> Excerpt:
    """The passage around the sentence with most distinct terms, highlighted.

    Matches in the body are preferred, then in the lead, then in the title; without spans, the beginning of the text.
    """
    for name, text in (("text", article.text), ("lead", article.lead), ("title", article.title)):
        spans = [span for span in hit.spans if span.field == name and 0 <= span.start < span.end <= len(text)]
        if spans:
            return _around(text, spans)
    return _around(article.text or article.lead or article.title, [])


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence, without the white space between; they cover every visible character."""
    return list(_sentences(text))


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if "\n" not in end.group() and _ABBREVIATION.search(text[max(start, end.end() - 8) : end.end()]):
            continue
        yield from _trimmed(text, start, end.end())
        start = end.end()
    yield from _trimmed(text, start, len(text))


def _up_to(last: int, parts: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences that a passage can show: to the second one that starts after ``last``."""
    beyond = 0
    for part in parts:
        yield part
        beyond += part[0] > last
        if beyond == 2:
            return


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    stripped = part.strip()
    if stripped:
        first = start + len(part) - len(part.lstrip())
        yield first, first + len(stripped)


def _around(text: str, spans: Sequence[Span]) -> Excerpt:
    parts = list(_up_to(max((span.start for span in spans), default=0), _sentences(text)))
    if not parts:
        return Excerpt()
    best = max(range(len(parts)), key=lambda n: (_distinct_terms(spans, parts[n]), -n))
    start, end = parts[max(0, best - 1)][0], parts[min(len(parts) - 1, best + 1)][1]
    if end - start > LONGEST:
        start, end = _cut(text, start, end, _middle(spans, parts[best]))
    shown, shift = _with_ellipses(text, start, end, whole=(parts, best))
    inside = sorted({(s.start, s.end, s.term) for s in spans if start <= s.start and s.end <= end})
    return Excerpt(text=shown, highlights=tuple(_disjoint((a + shift, b + shift, term) for a, b, term in inside)))


def _distinct_terms(spans: Sequence[Span], sentence: tuple[int, int]) -> int:
    return len({span.term for span in spans if sentence[0] <= span.start < sentence[1]})


def _middle(spans: Sequence[Span], sentence: tuple[int, int]) -> int:
    first = [span for span in spans if sentence[0] <= span.start < sentence[1]]
    return (first[0].start + first[0].end) // 2 if first else sentence[0]


def _cut(text: str, start: int, end: int, middle: int) -> tuple[int, int]:
    """At most ``LONGEST`` code points around ``middle``, at white space where some is near."""
    first = max(start, min(middle - LONGEST // 2, end - LONGEST))
    last = min(end, first + LONGEST)
    if first > start and (space := re.compile(r"\s").search(text, first, min(middle, first + 40))):
        first = space.end()
    if last < end and (near := text.rfind(" ", max(middle, last - 40), last)) > 0:
        last = near
    return first, last


def _with_ellipses(text: str, start: int, end: int, *, whole: tuple[list[tuple[int, int]], int]) -> tuple[str, int]:
    """The passage, with an ellipsis where a sentence was cut, and what must be added to offsets into ``text``."""
    starts, ends = {a for a, _ in whole[0]}, {b for _, b in whole[0]}
    before = "" if start in starts else "… "
    after = "" if end in ends else " …"
    passage = re.sub(r"\s", " ", text[start:end])
    return before + passage + after, len(before) - start


def _disjoint(highlights: Iterator[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    last = 0
    for start, end, term in highlights:
        if start >= last:
            yield start, end, term
            last = end
