"""What can hold of an article: the compiled form of a watch, shared between watches where equal.

``holds`` answers with set operations as long as it can; ``mentions`` gives positions and is asked only where distance,
number or proof matters.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from typing import Protocol, TypeGuard

from monitor.model.articles import Article
from monitor.watches.document import Document, Mention
from monitor.watches.zones import Zone


class Node(Protocol):
    """A condition on an article."""

    def holds(self, document: Document) -> bool:
        """Whether the article satisfies it."""
        ...

    def mentions(self, document: Document) -> list[Mention]:
        """The mentions that satisfy it, in order; empty where it holds without any."""
        ...

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """The mentions that show it, each with its leaf; nothing where it does not hold."""
        ...


class Leaf:
    """A term or a whole term list in one zone: single words as atoms, the rest as phrases.

    ``excluded`` are the ``except`` phrases: a mention inside one of theirs does not count.
    """

    __slots__ = ("atoms", "excluded", "label", "phrases", "zone")

    def __init__(
        self,
        label: str,
        zone: Zone,
        atoms: tuple[int, ...],
        phrases: tuple[tuple[int, ...], ...] = (),
        excluded: Leaf | None = None,
    ) -> None:
        self.label = label
        self.zone = zone
        self.atoms = atoms
        self.phrases = phrases
        self.excluded = excluded

    def holds(self, document: Document) -> bool:
        """Whether it is mentioned at least once."""
        present = document.sets[self.zone]
        if self.excluded is not None and self.excluded.holds(document):
            return bool(self.mentions(document))
        if not present.isdisjoint(self.atoms):
            return True
        return any(present.issuperset(phrase) and self._within(document, phrase) for phrase in self.phrases)

    def _within(self, document: Document, phrase: tuple[int, ...]) -> list[Mention]:
        return document.within(self.zone, document.phrase(phrase))

    def mentions(self, document: Document) -> list[Mention]:
        """All mentions, the longest of those that start together only once."""
        known = document.answers.get(self)
        if known is None:
            known = document.answers[self] = self._find(document)
        return known

    def _find(self, document: Document) -> list[Mention]:
        present = document.sets[self.zone]
        found = [mention for atom in self.atoms if atom in present for mention in document.mentions(atom)]
        for phrase in self.phrases:
            if present.issuperset(phrase):
                found += document.phrase(phrase)
        found = document.within(self.zone, sorted(set(found)))
        if self.excluded is None or not found:
            return found
        return _outside(found, self.excluded.mentions(document))

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """Its mentions."""
        return ((self, mention) for mention in self.mentions(document))


def first_of_each(proof: Iterator[tuple[Leaf, Mention]], most: int) -> Iterator[tuple[Leaf, Mention]]:
    """At most ``most`` mentions of each leaf: one repeated word can have tens of thousands."""
    given: dict[Leaf, int] = {}
    for leaf, mention in proof:
        count = given[leaf] = given.get(leaf, 0) + 1
        if count <= most:
            yield leaf, mention


def _outside(mentions: list[Mention], excluded: list[Mention]) -> list[Mention]:
    """``mentions`` that lie inside none of ``excluded`` (both in order)."""
    starts = [start for start, _ in excluded]
    furthest: list[int] = []
    for _, end in excluded:
        furthest.append(max(end, furthest[-1] if furthest else end))
    kept = []
    for start, end in mentions:
        before = bisect_right(starts, start)
        if not before or furthest[before - 1] < end:
            kept.append((start, end))
    return kept


class AllOf:
    """Every child holds. ``order`` has them cheapest first; ``children`` as written."""

    __slots__ = ("children", "order")

    def __init__(self, children: tuple[Node, ...], order: tuple[Node, ...]) -> None:
        self.children = children
        self.order = order

    def holds(self, document: Document) -> bool:
        """Whether every child does."""
        for child in self.order:  # noqa: SIM110 - all() of a generator takes twice as long here
            if not child.holds(document):
                return False
        return True

    def mentions(self, document: Document) -> list[Mention]:
        """Those of all children, when all hold."""
        return _merged(self.children, document) if self.holds(document) else []

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """The proofs of the children."""
        for child in self.children:
            yield from child.proof(document)


class AnyOf:
    """At least one child holds. ``atoms`` of ``zone`` are those of the plain children; ``rest`` need asking."""

    __slots__ = ("atoms", "children", "rest", "zone")

    def __init__(self, children: tuple[Node, ...]) -> None:
        self.children = children
        self.zone = zone = next((each.zone for each in children if _is_plain(each)), Zone.TEXT)
        atoms: list[int] = []
        rest: list[Node] = []
        for child in children:
            if isinstance(child, Leaf) and child.zone is zone and child.excluded is None:
                atoms += child.atoms
                if not child.phrases:
                    continue
            rest.append(child)
        self.atoms = tuple(dict.fromkeys(atoms))
        self.rest = tuple(rest)

    @property
    def is_plain(self) -> bool:
        """Whether it is nothing but words of one zone of the text, of which one suffices."""
        return not self.rest and self.zone <= Zone.TEXT

    def holds(self, document: Document) -> bool:
        """Whether any child does."""
        if not document.sets[self.zone].isdisjoint(self.atoms):
            return True
        for child in self.rest:  # noqa: SIM110 - any() of a generator takes twice as long here
            if child.holds(document):
                return True
        return False

    def mentions(self, document: Document) -> list[Mention]:
        """Those of all children."""
        return _merged(self.children, document)

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """The proofs of the children that hold."""
        for child in self.children:
            if child.holds(document):
                yield from child.proof(document)


def _is_plain(node: Node) -> TypeGuard[Leaf]:
    return isinstance(node, Leaf) and node.excluded is None


def _merged(children: tuple[Node, ...], document: Document) -> list[Mention]:
    known = document.answers.get(children)
    if known is None:
        found = {mention for child in children for mention in child.mentions(document)}
        known = document.answers[children] = sorted(found)
    return known


class Not:
    """The child does not hold."""

    __slots__ = ("child",)

    def __init__(self, child: Node) -> None:
        self.child = child

    def holds(self, document: Document) -> bool:
        """Whether the child does not."""
        return not self.child.holds(document)

    def mentions(self, document: Document) -> list[Mention]:
        """None: absence has no place."""
        return []

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """Of a double negation, that of what is denied to be absent."""
        if isinstance(self.child, Not):
            yield from self.child.child.proof(document)


class Gap:
    """How far two neighbours of a NEAR may be apart: at most ``most`` words between, in this order if ``ordered``."""

    __slots__ = ("most", "ordered")

    def __init__(self, most: int, *, ordered: bool) -> None:
        self.most = most
        self.ordered = ordered


class Near:
    """A chain of operands, each near the next; the same mention of a middle one serves both of its neighbours."""

    __slots__ = ("gaps", "operands")

    def __init__(self, operands: tuple[Node, ...], gaps: tuple[Gap, ...]) -> None:
        self.operands = operands
        self.gaps = gaps

    def holds(self, document: Document) -> bool:
        """Whether a chain of mentions exists."""
        for operand in self.operands:
            if not operand.holds(document):
                return False
        return bool(self._forward(document)[-1])

    def _forward(self, document: Document) -> list[list[Mention]]:
        """Per operand the mentions that a chain from the first one reaches."""
        forward = document.chains.get(self)
        if forward is None:
            forward = document.chains[self] = [self.operands[0].mentions(document)]
            for gap, operand in zip(self.gaps, self.operands[1:], strict=True):
                those, ordered = forward[-1], gap.ordered
                reached = near(operand.mentions(document), those, gap.most, after=True, before=not ordered)
                forward.append(reached if those else [])
        return forward

    def chains(self, document: Document) -> list[list[Mention]]:
        """Per operand the mentions that are part of a whole chain; all empty where there is none."""
        known = document.chains.get((self.operands, self.gaps))
        if known is None:
            known = document.chains[self.operands, self.gaps] = self._chains(document)
        return known

    def _chains(self, document: Document) -> list[list[Mention]]:
        forward = self._forward(document)
        backward = [forward[-1]]
        for gap, kept in zip(reversed(self.gaps), reversed(forward[:-1]), strict=True):
            backward.append(near(kept, backward[-1], gap.most, after=not gap.ordered, before=True))
        return backward[::-1]

    def mentions(self, document: Document) -> list[Mention]:
        """Every mention that is part of a whole chain."""
        return sorted({mention for link in self.chains(document) for mention in link})

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """The mentions of the chains."""
        if not self.holds(document):
            return
        for operand, link in zip(self.operands, self.chains(document), strict=True):
            allowed = set(link)
            yield from ((leaf, mention) for leaf, mention in operand.proof(document) if mention in allowed)


def near(these: list[Mention], those: list[Mention], most: int, *, after: bool, before: bool) -> list[Mention]:
    """``these`` that have one of ``those`` within ``most`` words and not overlapping.

    ``after``: one of these may follow one of those; ``before``: it may precede it. Nearest neighbours only, so
    repeated words cost no more than a sort.
    """
    starts = sorted(start for start, _ in those)
    ends = sorted(end for _, end in those)
    kept = []
    for start, end in these:
        if after:
            at = bisect_right(ends, start)
            if at and start - ends[at - 1] <= most:
                kept.append((start, end))
                continue
        if before:
            at = bisect_left(starts, end)
            if at < len(starts) and starts[at] - end <= most:
                kept.append((start, end))
    return kept


class AtLeast:
    """The child has at least ``count`` mentions that do not overlap."""

    __slots__ = ("child", "count")

    def __init__(self, count: int, child: Node) -> None:
        self.count = count
        self.child = child

    def holds(self, document: Document) -> bool:
        """Whether it has that many."""
        return self.child.holds(document) and disjoint(self.child.mentions(document)) >= self.count

    def mentions(self, document: Document) -> list[Mention]:
        """The child's, when there are enough."""
        return self.child.mentions(document) if self.holds(document) else []

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """The child's, when there are enough."""
        if self.holds(document):
            yield from self.child.proof(document)


def disjoint(mentions: list[Mention]) -> int:
    """The largest number of ``mentions`` of which no two overlap."""
    count = reached = 0
    for start, end in sorted(mentions, key=lambda mention: mention[1]):
        if start >= reached:
            count += 1
            reached = end
    return count


class Known:
    """A condition on what is known about the article: language, feed, tag. ``label`` says it in words."""

    __slots__ = ("label", "predicate")

    def __init__(self, label: str, predicate: Callable[[Article], bool]) -> None:
        self.label = label
        self.predicate = predicate

    def holds(self, document: Document) -> bool:
        """Whether it is so."""
        return self.predicate(document.article)

    def mentions(self, document: Document) -> list[Mention]:
        """None: it is not in the text."""
        return []

    def proof(self, document: Document) -> Iterator[tuple[Leaf, Mention]]:
        """None: it is not in the text."""
        return iter(())
