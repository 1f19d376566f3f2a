"""One article, ready for questions: which atoms stand where.

All text lies on one line of positions: title, other headlines, lead (where it is not the start of the body), body,
then author, source and URL, with gaps that no phrase and no NEAR can bridge. Sets of atoms are made at once; positions
only when a clause asks for them; offsets into the original text only for hits.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate, chain
from typing import NamedTuple
from urllib.parse import urlsplit

from monitor.model.articles import Article
from monitor.watches.lexicon import Event, Spellings
from monitor.watches.text import parts, run_pattern
from monitor.watches.zones import Zone

LONGEST_TEXT = 500_000
"""Characters of body that are matched; longer texts are data dumps."""
GAP = 1_000
"""Positions between two segments: more than any NEAR spans."""
LEAD_WORDS = 60
SHORTEST_LEAD_WORDS = 20
_OPENING = re.compile(rf"\s*(?:\S+\s+){{0,{LEAD_WORDS - 1}}}\S+")
_WORDS = re.compile(r"\S+")

Mention = tuple[int, int]
"""Positions ``[start, end)`` of one mention."""


class Segment(NamedTuple):
    """A stretch of text with the position of its first word. ``field`` is the article's, or a kind of headline."""

    field: str
    text: str
    runs: list[str]
    base: int
    end: int


class Document:
    """An article in the eyes of one lexicon. Not for sharing between threads: it fills itself while it is asked."""

    def __init__(self, article: Article, spellings: Spellings) -> None:
        self.article = article
        self._spellings = spellings
        self.segments: list[Segment] = []
        self._next = 0
        self._mentions: dict[int, list[Mention]] = {}
        self._ends_by_start: dict[int, dict[int, list[int]]] = {}
        title, lead, body = self._read_text()
        top = title | lead
        self.sets: list[set[int]] = [title, lead, top, body, top | body]

    def _read_text(self) -> tuple[set[int], set[int], set[int]]:
        article = self.article
        title = self._add("title", article.title)
        for source, text in sorted(article.titles.items()):
            if text and text not in [segment.text for segment in self.segments]:
                title |= self._add(f"titles.{source}", text)
        self.title_end = self._next
        text = article.text[:LONGEST_TEXT]
        cut = end_of_lead(article.lead, text)
        self.lead_start = self._next
        lead = self._add("lead", article.lead) if cut == 0 else set()
        self.lead_end = self._next
        head = self._add("text", text, 0, cut) if cut else set()
        if cut:
            self.lead_start, self.lead_end = self.body_start, self._next = self.segments[-1].base, self.segments[-1].end
            rest = self._extend(text, cut)
        else:
            rest = self._add("text", text)
            self.body_start = self.segments[-1].base
        self.body_end = self._next
        return title, lead | head, head | rest

    def _add(self, field: str, text: str, start: int = 0, end: int | None = None) -> set[int]:
        runs = run_pattern(text).findall(text, start, len(text) if end is None else end)
        atoms = self._atoms(runs)
        width = len(runs) + self._surplus(runs)
        self.segments.append(Segment(field, text, runs, self._next, self._next + width))
        self._next += width + GAP
        return atoms

    def _extend(self, text: str, start: int) -> set[int]:
        last = self.segments.pop()
        runs = run_pattern(text).findall(text, start)
        atoms = self._atoms(runs)
        end = last.end + len(runs) + self._surplus(runs)
        self.segments.append(Segment(last.field, text, last.runs + runs, last.base, end))
        self._next = end + GAP
        return atoms

    def _atoms(self, runs: list[str]) -> set[int]:
        return set(chain.from_iterable(map(self._spellings.__getitem__, set(runs))))

    def _surplus(self, runs: list[str]) -> int:
        widths = self._spellings.widths
        return sum(widths[run] - 1 for run in runs if run in widths)

    def need_metadata(self) -> None:
        """Read author, source and URL too; called once, before any clause is asked, where a watch looks there."""
        article = self.article
        host = urlsplit_host(article.url)
        sources = [each for each in (article.feed, article.site, host, article.publisher) if each]
        for field, texts in (("author", [article.author or ""]), ("source", sources), ("url", [article.url])):
            start = self._next
            atoms: set[int] = set()
            for text in texts:
                atoms |= self._add(field, text)
            self.sets.append(atoms)
            self._metadata[Zone[field.upper()]] = (start, self._next)

    @cached_property
    def _metadata(self) -> dict[Zone, tuple[int, int]]:
        return {}

    def within(self, zone: Zone, mentions: list[Mention]) -> list[Mention]:
        """Those of ``mentions`` that lie in ``zone``."""
        match zone:
            case Zone.TEXT:
                return [each for each in mentions if each[0] < self.body_end]
            case Zone.TITLE:
                low, high = 0, self.title_end
            case Zone.LEAD:
                low, high = self.lead_start, self.lead_end
            case Zone.BODY:
                low, high = self.body_start, self.body_end
            case Zone.TOP:
                return self.within(Zone.TITLE, mentions) + self.within(Zone.LEAD, mentions)
            case _:
                low, high = self._metadata[zone]
        return [each for each in mentions if low <= each[0] and each[1] <= high]

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        """Positions at which each run that has atoms begins."""
        events, width_of = self._spellings.events, self._spellings.widths
        starts: dict[str, list[int]] = {run: [] for segment in self.segments for run in segment.runs if run in events}
        for segment in self.segments:
            positions = accumulate((width_of.get(run, 1) for run in segment.runs), initial=segment.base)
            for run, position in zip(segment.runs, positions, strict=False):
                if run in starts:
                    starts[run].append(position)
        return starts

    @cached_property
    def _sources(self) -> dict[int, list[tuple[str, Event]]]:
        """The runs of this article in which each atom is found."""
        sources: dict[int, list[tuple[str, Event]]] = {}
        events = self._spellings.events
        for run in self._starts:
            for event in events[run]:
                sources.setdefault(event.atom, []).append((run, event))
        return sources

    def mentions(self, atom: int) -> list[Mention]:
        """All mentions of ``atom``, in order."""
        known = self._mentions.get(atom)
        if known is None:
            known = [
                (start + event.offset, start + event.offset + event.width)
                for run, event in self._sources.get(atom, ())
                for start in self._starts[run]
            ]
            known.sort()
            self._mentions[atom] = known
        return known

    def phrase(self, atoms: tuple[int, ...]) -> list[Mention]:
        """All places where ``atoms`` stand one right after the other, in order."""
        found = self.mentions(atoms[0])
        for atom in atoms[1:]:
            following = self._following(atom)
            found = [(start, further) for start, end in found if end in following for further in following[end]]
        return found

    def _following(self, atom: int) -> dict[int, list[int]]:
        known = self._ends_by_start.get(atom)
        if known is None:
            known = self._ends_by_start[atom] = {}
            for start, end in self.mentions(atom):
                known.setdefault(start, []).append(end)
        return known

    def segment_at(self, position: int) -> Segment:
        """The segment in which ``position`` lies."""
        return self.segments[bisect_right([segment.base for segment in self.segments], position) - 1]

    def offsets(self, mention: Mention) -> tuple[Segment, int, int]:
        """The segment of ``mention`` and its code point offsets there."""
        segment = self.segment_at(mention[0])
        table = self._offsets(segment)
        return segment, table[mention[0] - segment.base][0], table[mention[1] - 1 - segment.base][1]

    @cached_property
    def _offset_tables(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    def _offsets(self, segment: Segment) -> list[tuple[int, int]]:
        table = self._offset_tables.get(segment.base)
        if table is None:
            widths = self._spellings.widths
            table = []
            for run in runs_of(segment.text, len(segment.runs)):
                if run.group() in widths:
                    table += [(run.start() + part.start, run.start() + part.end) for part in parts(run.group())]
                else:
                    table.append(run.span())
            self._offset_tables[segment.base] = table
        return table


def runs_of(text: str, count: int) -> list[re.Match[str]]:
    """The first ``count`` runs of ``text`` with their places."""
    return [run for _, run in zip(range(count), run_pattern(text).finditer(text), strict=False)]


def end_of_lead(lead: str, text: str) -> int:
    """Where the lead ends that ``text`` itself begins with; 0 when ``lead`` is a text of its own.

    Without a lead it is the opening paragraphs: at least ``SHORTEST_LEAD_WORDS`` words, at most ``LEAD_WORDS``.
    """
    if not lead:
        return _end_of_opening(text)
    words = lead.removesuffix("…").removesuffix("...").split()
    end = 0
    for word, found in zip(words, _WORDS.finditer(text), strict=False):
        if found.group() != word:
            return 0
        end = found.end()
    return end if words and len(_WORDS.findall(text, 0, end)) == len(words) else 0


def _end_of_opening(text: str) -> int:
    opening = _OPENING.match(text)
    limit = opening.end() if opening else len(text)
    words = 0
    start = 0
    while start < limit:
        line_end = text.find("\n", start, limit)
        if line_end < 0:
            return limit
        words += len(text[start:line_end].split())
        if words >= SHORTEST_LEAD_WORDS:
            return line_end
        start = line_end + 1
    return limit


def urlsplit_host(url: str) -> str:
    """The host of ``url`` in lower case, or nothing."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
