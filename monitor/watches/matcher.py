"""All watches against one article.

1 the runs of the text are looked up by spelling → 2 sets of atoms → 3 candidates by anchor → 4 candidates decided
exactly → 5 spans, reasons and score, for hits only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from monitor.model.articles import Article
from monitor.model.watches import Hit, Span, WatchSpec
from monitor.watches.anchors import Anchors
from monitor.watches.document import Document
from monitor.watches.lexicon import Lexicon
from monitor.watches.nodes import Leaf, Node, first_of_each
from monitor.watches.scoring import score
from monitor.watches.spellings import LETTERS_REMEMBERED, Spellings
from monitor.watches.terms import Spelling, seek
from monitor.watches.zones import Zone

MOST_SPANS = 200
"""Spans listed per hit; an article of one repeated word has tens of thousands."""


class Matcher:
    """Compiled watches. Never changes what it answers once built; any number of threads may share it."""

    def __init__(
        self, specs: Sequence[WatchSpec], roots: Sequence[Node], lexicon: Lexicon, *, metadata: bool,
        shares: Sequence[float] | None = None,
    ) -> None:  # fmt: skip
        """``roots[i]`` is what ``specs[i]`` asks; ``metadata`` when some watch looks at author, source or URL;
        ``shares`` the share of articles that have each atom, where better known than by guess."""
        self.watches: Mapping[str, WatchSpec] = MappingProxyType({spec.name: spec for spec in specs})
        self.roots: Mapping[str, Node] = MappingProxyType(
            {spec.name: root for spec, root in zip(specs, roots, strict=True)}
        )
        self._specs = tuple(specs)
        self._nodes = tuple(roots)
        self._index = {spec.name: index for index, spec in enumerate(specs)}
        self._lexicon = lexicon
        self._spellings = Spellings(lexicon)
        self._metadata = metadata
        self._anchors = Anchors(self._nodes, lexicon.shares if shares is None else shares)

    def document(self, article: Article) -> Document:
        """``article`` ready for the questions of these watches."""
        if self._spellings.letters >= LETTERS_REMEMBERED:
            self._spellings = self._spellings.renewed()
        document = Document(article, self._spellings)
        if self._metadata:
            document.need_metadata()
        return document

    def match(self, article: Article) -> tuple[Hit, ...]:
        """The watches that ``article`` satisfies, in the order of the configuration."""
        document = self.document(article)
        return tuple(self.hit(index, document) for index in self._holding(document))

    def _holding(self, document: Document) -> list[int]:
        nodes = self._nodes
        return sorted(index for index in self._anchors.candidates(document) if nodes[index].holds(document))

    def names_holding(self, document: Document) -> list[str]:
        """The watches that ``document`` satisfies, without score and spans."""
        return [self._specs[index].name for index in self._holding(document)]

    def leaf(self, term: str) -> Leaf:
        """A condition of its own for ``term`` of some watch or list: in any spelling, anywhere in the text."""
        sought = seek(term, Spelling.FOLDED, self._lexicon)
        return Leaf(term, Zone.TEXT, sought.atoms, sought.phrases)

    def hit_of(self, name: str, document: Document) -> Hit | None:
        """The hit of one watch, where it holds; raises KeyError where there is no such watch."""
        index = self._index[name]
        return self.hit(index, document) if self._nodes[index].holds(document) else None

    def hit(self, index: int, document: Document) -> Hit:
        """The hit of a watch that holds: its spans, its score and the reasons."""
        spec, root = self._specs[index], self._nodes[index]
        scored = score(root, document)
        return Hit(
            watch=spec.name,
            score=scored.value,
            reasons=scored.reasons,
            spans=spans_of(root, document),
            background=scored.value < spec.min_score,
        )

    def tuned(self, sample: Iterable[Article]) -> Matcher:
        """The same watches, anchored by how often their words stand in ``sample``: faster on articles like these."""
        counts = [0.3] * len(self._lexicon.shares)
        read = 1
        for article in sample:
            read += 1
            for atom in self.document(article).sets[4]:
                counts[atom] += 1
        shares = [count / read for count in counts]
        return Matcher(self._specs, self._nodes, self._lexicon, metadata=self._metadata, shares=shares)


def spans_of(root: Node, document: Document) -> tuple[Span, ...]:
    """Where in title, lead and text the hit is proved: in reading order, longest first, at most ``MOST_SPANS``."""
    found_first = first_of_each(root.proof(document), MOST_SPANS)
    proof = sorted({(mention[0], -mention[1], leaf.label) for leaf, mention in found_first})
    found: list[Span] = []
    for start, negative_end, label in proof:
        segment, first, last = document.offsets((start, -negative_end))
        if segment.field in ("title", "lead", "text"):
            found.append(Span(field=segment.field, start=first, end=last, term=label))
        if len(found) == MOST_SPANS:
            break
    return tuple(found)
