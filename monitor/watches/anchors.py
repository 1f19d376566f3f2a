"""Which watches to look at: each is anchored on the rarest thing that it requires (after Lucene Monitor's presearcher).

A watch can only match an article that has one of its anchor's atoms. Watches that require nothing of the text (only
knowledge about the article) have no anchor and are always looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

from monitor.watches.document import Document
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Leaf, Near, Node
from monitor.watches.zones import TEXT_ZONES, Zone

_ZONE_FACTOR = {Zone.TITLE: 0.04, Zone.LEAD: 0.15, Zone.TOP: 0.18, Zone.BODY: 1.0, Zone.TEXT: 1.0}
"""How much rarer a word is in that zone than in the whole text."""


class Anchor(NamedTuple):
    """Atoms of one zone of which a matching article has at least one, with the share of articles that do."""

    share: float
    atoms: tuple[tuple[Zone, int], ...]


def anchor_of(node: Node, shares: Sequence[float]) -> Anchor | None:
    """The rarest requirement of ``node``; None where it can hold without any of its words."""
    match node:
        case Leaf():
            return _leaf_anchor(node, shares)
        case AnyOf():
            return _union([anchor_of(child, shares) for child in node.children])
        case AllOf():
            return _rarest([anchor_of(child, shares) for child in node.children])
        case Near():
            return _rarest([anchor_of(operand, shares) for operand in node.operands])
        case AtLeast():
            return anchor_of(node.child, shares)
        case _:
            return None


def _leaf_anchor(leaf: Leaf, shares: Sequence[float]) -> Anchor | None:
    if leaf.zone not in TEXT_ZONES:
        return None
    if len(leaf.atoms) == 1 and not leaf.phrases:
        return Anchor(shares[leaf.atoms[0]] * _ZONE_FACTOR[leaf.zone], ((leaf.zone, leaf.atoms[0]),))
    atoms = {*leaf.atoms, *(min(phrase, key=shares.__getitem__) for phrase in leaf.phrases)}
    factor = _ZONE_FACTOR[leaf.zone]
    return Anchor(sum(shares[atom] for atom in atoms) * factor, tuple((leaf.zone, atom) for atom in atoms))


def _union(anchors: list[Anchor | None]) -> Anchor | None:
    known = [anchor for anchor in anchors if anchor is not None]
    if len(known) < len(anchors):
        return None
    return Anchor(sum(each.share for each in known), tuple(dict.fromkeys(chain(*(each.atoms for each in known)))))


def _rarest(anchors: list[Anchor | None]) -> Anchor | None:
    return min((anchor for anchor in anchors if anchor is not None), key=lambda anchor: anchor.share, default=None)


class Anchors:
    """The anchors of all watches, turned round: from an atom in a zone to the watches that it calls up."""

    def __init__(self, roots: Sequence[Node], shares: Sequence[float]) -> None:
        self._unanchored: list[int] = []
        lists: dict[Zone, dict[int, list[int]]] = {}
        for index, root in enumerate(roots):
            anchor = anchor_of(root, shares)
            if anchor is None:
                self._unanchored.append(index)
                continue
            for zone, atom in anchor.atoms:
                lists.setdefault(zone, {}).setdefault(atom, []).append(index)
        self._called = {
            zone: {atom: tuple(indexes) for atom, indexes in by_atom.items()} for zone, by_atom in lists.items()
        }

    def candidates(self, document: Document) -> set[int]:
        """The watches that may match."""
        found = set(self._unanchored)
        for zone, by_atom in self._called.items():
            present = document.sets[zone]
            common = by_atom.keys() & present if len(by_atom) < len(present) else present & by_atom.keys()
            found.update(chain.from_iterable(map(by_atom.__getitem__, common)))
        return found
