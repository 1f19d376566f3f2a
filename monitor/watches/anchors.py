"""Which watches to look at: each is anchored on the rarest thing that it requires (after Lucene Monitor's presearcher).

A watch can only match an article that has one of its anchor's atoms. Watches that require nothing of the text (only
knowledge about the article) have no anchor and are always looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from math import inf

from monitor.watches.document import Document
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Leaf, Near, Node
from monitor.watches.zones import TEXT_ZONES, Zone

_ZONE_FACTOR = {Zone.TITLE: 0.04, Zone.LEAD: 0.15, Zone.TOP: 0.18, Zone.BODY: 1.0, Zone.TEXT: 1.0}
"""How much rarer a word is in that zone than in the whole text."""
Anchor = list[tuple[Zone, int]]
"""Atoms in their zones, of which a matching article has at least one."""


def anchor_of(node: Node, shares: Sequence[float]) -> Anchor | None:  # noqa: PLR0911 - one for each kind of node
    """The rarest requirement of ``node``; None where it can hold without any of its words."""
    match node:
        case AllOf():
            return _rarest(node.children, shares)
        case AnyOf() if node.is_plain:
            return [(node.zone, atom) for atom in node.atoms]
        case AnyOf():
            parts = [anchor_of(child, shares) for child in node.children]
            return None if None in parts else [each for part in parts if part is not None for each in part]
        case Leaf():
            zone = node.zone
            return [(zone, atom) for atom in _atoms_of(node, shares)] if zone in TEXT_ZONES else None
        case Near():
            return _rarest(node.operands, shares)
        case AtLeast():
            return anchor_of(node.child, shares)
        case _:
            return None


def _rarest(nodes: Sequence[Node], shares: Sequence[float]) -> Anchor | None:
    known = [_share_of(node, shares) for node in nodes]
    least = min(known, default=inf)
    return None if least == inf else anchor_of(nodes[known.index(least)], shares)


def _share_of(node: Node, shares: Sequence[float]) -> float:  # noqa: PLR0911 - one for each kind of node
    """The share of articles that have something of the anchor of ``node``; ``inf`` where it has none."""
    match node:
        case Leaf():
            if node.zone not in TEXT_ZONES:
                return inf
            return sum([shares[atom] for atom in _atoms_of(node, shares)]) * _ZONE_FACTOR[node.zone]
        case AnyOf() if node.is_plain:
            return sum([shares[atom] for atom in node.atoms]) * _ZONE_FACTOR[node.zone]
        case AnyOf():
            return sum([_share_of(child, shares) for child in node.children])
        case AllOf():
            return min([_share_of(child, shares) for child in node.children], default=inf)
        case Near():
            return min([_share_of(operand, shares) for operand in node.operands])
        case AtLeast():
            return _share_of(node.child, shares)
        case _:
            return inf


def _atoms_of(leaf: Leaf, shares: Sequence[float]) -> Iterable[int]:
    """One for each way to mention it: of a phrase the rarest word."""
    if not leaf.phrases:
        return leaf.atoms
    return {*leaf.atoms, *[min(phrase, key=shares.__getitem__) for phrase in leaf.phrases]}


class Anchors:
    """The anchors of all watches, turned round: from an atom in a zone to the watches that it calls up."""

    def __init__(self, roots: Sequence[Node], shares: Sequence[float]) -> None:
        self._unanchored: list[int] = []
        called: dict[tuple[Zone, int], list[int]] = {}
        for index, root in enumerate(roots):
            anchor = anchor_of(root, shares)
            if anchor is None:
                self._unanchored.append(index)
            else:
                for each in dict.fromkeys(anchor):
                    called.setdefault(each, []).append(index)
        self._called: dict[Zone, dict[int, tuple[int, ...]]] = {}
        for (zone, atom), indexes in called.items():
            self._called.setdefault(zone, {})[atom] = tuple(indexes)

    def candidates(self, document: Document) -> set[int]:
        """The watches that may match."""
        found = set(self._unanchored)
        for zone, by_atom in self._called.items():
            present = document.sets[zone]
            common = by_atom.keys() & present if len(by_atom) < len(present) else present & by_atom.keys()
            found.update(chain.from_iterable(map(by_atom.__getitem__, common)))
        return found
