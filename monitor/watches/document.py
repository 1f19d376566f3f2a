"""One article, ready for questions: which atoms stand where.

All text lies on one line of positions: title, other headlines, lead (where it is not the start of the body), body,
then author, source and URL, far enough apart that no phrase and no NEAR bridges them. Sets of atoms are made at once;
positions only when a clause asks for them; offsets into the original text only for hits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from itertools import repeat
from urllib.parse import urlsplit

from monitor.model.articles import Article
from monitor.watches.layout import Layout
from monitor.watches.places import Places, Segment
from monitor.watches.spellings import Spellings
from monitor.watches.text import run_pattern
from monitor.watches.zones import Zone

LONGEST_TEXT = 500_000
"""Characters of body that are matched; longer texts are data dumps."""
STRIDE = 1_000_000
"""Positions from the start of one segment to that of the next: more than a text has words and a NEAR spans."""
LEAD_WORDS = 60
SHORTEST_LEAD_WORDS = 20
COMMON_SHARE = 0.3
"""Words expected in so many articles are counted before a phrase is sought: in Chinese all are single characters."""
FEW_MENTIONS = 6
UNSPACED_LEAD = 100
"""Characters, in scripts without spaces between words."""
_UNSPACED_END = re.compile(r"[。！？\n\s]")
_OPENING = re.compile(rf"\s*(?:\S+\s+){{0,{LEAD_WORDS - 1}}}\S+")
_WORDS = re.compile(r"\S+")

Mention = tuple[int, int]
"""Positions ``[start, end)`` of one mention."""


class Document:
    """An article in the eyes of one lexicon. Not for sharing between threads: it fills itself while it is asked."""

    def __init__(self, article: Article, spellings: Spellings) -> None:
        self.article = article
        self._spellings = spellings
        self._telling: set[str] = set()
        self._distinct: list[set[str]] = []
        self.segments: list[Segment] = []
        self._next = 0
        self._mentions: dict[int, list[Mention]] = {}
        self._by_position: dict[tuple[int, bool], dict[int, list[int]]] = {}
        self.answers: dict[object, list[Mention]] = {}
        """What shared conditions have answered already, by condition."""
        self.chains: dict[object, list[list[Mention]]] = {}
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
        self.body_start = self._next
        self.body_segment = len(self.segments)
        rest = self._add("text", text, cut)
        self.body_end = self._next
        if cut:
            lead = self._atoms(self.segments[-1].chunks[: self._head])
            rest |= lead
        return title, lead, rest

    @cached_property
    def lead_end(self) -> int:
        """The position after the lead: inside the body where the body begins with it."""
        return self.body_start + self._width(self.segments[self.body_segment].chunks[: self._head])

    def _add(self, field: str, text: str, cut: int = 0) -> set[int]:
        """Append a segment and give its atoms; those before ``cut`` only where they stand again after it."""
        self._head = 0
        chunks = text[cut:].split()
        atoms = self._atoms(chunks)
        if cut:
            head = text[:cut].split()
            self._head = len(head)
            chunks = head + chunks
        self.segments.append(Segment(field, text, chunks, self._next, cut))
        self._next += STRIDE
        return atoms

    def _atoms(self, chunks: list[str]) -> set[int]:
        distinct = set(chunks)
        telling = self._spellings.telling(distinct)
        self._distinct.append(distinct)
        self._telling |= telling
        return self._spellings.atoms(telling)

    def _width(self, chunks: list[str]) -> int:
        return sum(map(self._spellings.widths.get, chunks, repeat(1)))

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
    def places(self) -> Places:
        """Where everything is; making it takes as long as all the sets together."""
        return Places(self.segments, self._telling, self._distinct, self._spellings)

    def mentions(self, atom: int) -> list[Mention]:
        """All mentions of ``atom``, in order."""
        known = self._mentions.get(atom)
        if known is None:
            known = self._mentions[atom] = self._find(atom)
        return known

    def _find(self, atom: int) -> list[Mention]:
        starts, places = self.places.starts, self._spellings.places
        found = [
            (start + offset, start + offset + width)
            for chunk in self._spellings.chunks_with(atom, self._telling)
            for offset, width in places(atom, chunk)
            for start in starts(chunk)
        ]
        found.sort()
        return found

    def phrase(self, atoms: tuple[int, ...]) -> list[Mention]:
        """All places where ``atoms`` stand one right after the other, in order: the neighbours of the rarest."""
        shares = self._spellings.shares
        pivot = min(range(len(atoms)), key=lambda index: shares[atoms[index]])
        if shares[atoms[pivot]] >= COMMON_SHARE:
            pivot = min(range(len(atoms)), key=lambda index: len(self.mentions(atoms[index])))
        found = self.mentions(atoms[pivot])
        for atom in atoms[pivot + 1 :]:
            ends = self._neighbours(atom, len(found), after=True)
            found = [(start, far) for start, end in found for far in ends(end)]
        for atom in reversed(atoms[:pivot]):
            starts = self._neighbours(atom, len(found), after=False)
            found = [(far, end) for start, end in found for far in starts(start)]
        return sorted(found) if len(found) > 1 else found

    def _neighbours(self, atom: int, count: int, *, after: bool) -> Callable[[int], Sequence[int]]:
        """From a position to where the mentions of ``atom`` end that begin there, or begin that end there.

        For ``count`` positions: a few are looked up one by one, for many it pays to have all mentions by position.
        """
        if count <= FEW_MENTIONS:
            look_up = self.places.ends_from if after else self.places.starts_before
            return partial(look_up, atom)
        known = self._by_position.get((atom, after))
        if known is None:
            known = self._by_position[atom, after] = {}
            for here, there in self.mentions(atom) if after else ((end, start) for start, end in self.mentions(atom)):
                known.setdefault(here, []).append(there)
        return lambda position: known.get(position, ())

    def position_at(self, offset: int) -> int:
        """The first position at or after ``offset`` code points of the body; ``offset`` lies beside white space."""
        chunks = self.article.text[:offset].split()
        self._spellings.telling(set(chunks))  # so that their widths are known, should offset cut one in two
        return self.body_start + self._width(chunks)

    @cached_property
    def length(self) -> int:
        """Words of the body."""
        return self.places.words_of(self.body_segment)

    @cached_property
    def layout(self) -> Layout:
        """Where title, lead, opening and so on end."""
        return Layout(self)

    def segment_at(self, position: int) -> Segment:
        """The segment in which ``position`` lies."""
        return self.segments[self.places.segment_number(position)]

    def offsets(self, mention: Mention) -> tuple[Segment, int, int]:
        """The segment of ``mention`` and its code point offsets there."""
        start, end = self.places.offsets(mention[0])
        if mention[1] > mention[0] + 1:
            _, end = self.places.offsets(mention[1] - 1)
        return self.segment_at(mention[0]), start, end


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
    if limit > LEAD_WORDS * 25:
        limit = _end_of_unspaced(text)
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


def _end_of_unspaced(text: str) -> int:
    """The end of the opening in a script without spaces: the first line break or sentence end after enough of it.

    Where there is none, it is cut between two words: a name in Latin letters stays whole.
    """
    found = _UNSPACED_END.search(text, UNSPACED_LEAD)
    if found and found.end() <= 3 * UNSPACED_LEAD:
        return found.end()
    limit = min(len(text), 2 * UNSPACED_LEAD)
    beyond = next((run.start() for run in run_pattern(text).finditer(text) if run.end() > limit), limit)
    return min(beyond, limit) or limit


def urlsplit_host(url: str) -> str:
    """The host of ``url`` in lower case, or nothing."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
