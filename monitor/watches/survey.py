"""Which terms are common in stored articles, and which watches they satisfy: for the lints that need an archive."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from monitor.model.articles import Article
from monitor.watches.document import Document
from monitor.watches.matcher import Matcher
from monitor.watches.nodes import Leaf
from monitor.watches.zones import Zone

COMMON_SHARE = 0.05
"""Share of stored articles beyond which a term says little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What ``read`` articles say: the share that has each common term, and how many each watch matches."""

    read: int = 0
    shares: Mapping[str, float] = field(default_factory=dict)
    hits: Mapping[str, int] = field(default_factory=dict)


def survey(matcher: Matcher, terms: Iterable[str], articles: Iterable[Article]) -> Survey:
    """Read ``articles``; of ``terms`` only those beyond ``COMMON_SHARE`` get a share."""
    documents = [matcher.document(article) for article in articles]
    hits = Counter(name for document in documents for name in matcher.names_holding(document))
    counts = Counter(atom for document in documents for atom in document.sets[Zone.TEXT])
    least = COMMON_SHARE * len(documents)
    shares: dict[str, float] = {}
    for term in dict.fromkeys(terms):
        leaf = matcher.leaf(term)
        if _at_most(leaf, counts) > least and (found := _holding(leaf, documents)) > least:
            shares[term] = found / len(documents)
    return Survey(read=len(documents), shares=shares, hits=hits)


def _at_most(leaf: Leaf, counts: Counter[int]) -> int:
    """In how many documents ``leaf`` can stand, by its words alone."""
    return sum(counts[atom] for atom in leaf.atoms) + sum(min(map(counts.__getitem__, each)) for each in leaf.phrases)


def _holding(leaf: Leaf, documents: list[Document]) -> int:
    return sum(leaf.holds(document) for document in documents)
