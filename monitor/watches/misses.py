"""How near a condition came to holding, in words."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import pairwise

from monitor.watches.document import Document, Mention
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Known, Leaf, Near, Node, Not, disjoint
from monitor.watches.zones import TEXT_ZONES, Zone


def nearest_miss(node: Node, document: Document) -> str:  # noqa: PLR0911 - one return for each kind of node
    """Why ``node`` does not hold, naming what came nearest; call it only where it does not."""
    match node:
        case Leaf():
            return _leaf(node, document)
        case Near():
            return _near(node, document)
        case AtLeast():
            count = disjoint(node.child.mentions(document))
            return f"{name_of(node.child)} is mentioned {_times(count)}, ATLEAST/{node.count}"
        case Not():
            return _present(node.child, document)
        case AllOf():
            missing = [child for child in node.children if not child.holds(document)]
            return " and ".join(nearest_miss(child, document) for child in missing)
        case AnyOf():
            return _none_of(node, document)
        case Known():
            return _known(node, document)
        case _:
            raise AssertionError(node)


def name_of(node: Node) -> str:
    """What ``node`` is about, for a sentence."""
    match node:
        case Leaf():
            return node.label
        case AnyOf():
            return _listing([name_of(child) for child in node.children], "or")
        case AllOf():
            return _listing([name_of(child) for child in node.children], "and")
        case Near():
            return " near ".join(name_of(operand) for operand in node.operands)
        case Not() | AtLeast():
            return name_of(node.child)
        case Known():
            return node.label
        case _:
            raise AssertionError(node)


def _listing(names: list[str], word: str) -> str:
    if len(names) > 4:
        names = [*names[:3], f"{len(names) - 3} more"]
    return f" {word} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def _leaf(leaf: Leaf, document: Document) -> str:
    if leaf.excluded is not None:
        bare = Leaf(leaf.label, leaf.zone, leaf.atoms, leaf.phrases)
        mentions = bare.mentions(document)
        if mentions:
            return f"{leaf.label} is mentioned only inside its 'except' phrases ('{_words(document, mentions[0])}')"
    if leaf.zone in TEXT_ZONES and leaf.zone is not Zone.TEXT:
        elsewhere = Leaf(leaf.label, Zone.TEXT, leaf.atoms, leaf.phrases, leaf.excluded).mentions(document)
        if elsewhere:
            segment = document.segment_at(elsewhere[0][0])
            word = elsewhere[0][0] - segment.base + 1
            return f"{leaf.label} is not in the {_zone(leaf.zone)}, but at word {word} of the {segment.field}"
    return f"{leaf.label} is not in the {_zone(leaf.zone)}"


def _zone(zone: Zone) -> str:
    return {Zone.TOP: "title or lead", Zone.TEXT: "article"}.get(zone, zone.word)


def _present(node: Node, document: Document) -> str:
    mentions = node.mentions(document)
    if not mentions:
        return f"{name_of(node)} holds and must not"
    segment = document.segment_at(mentions[0][0])
    word = mentions[0][0] - segment.base + 1
    return f"'{_words(document, mentions[0])}' excludes it, at word {word} of the {segment.field}"


def _none_of(node: AnyOf, document: Document) -> str:
    if all(isinstance(child, Leaf) and child.zone is Zone.TEXT for child in node.children):
        return f"none of {_listing([name_of(child) for child in node.children], 'and')} is in the article"
    return ", ".join(nearest_miss(child, document) for child in node.children)


def _known(node: Known, document: Document) -> str:
    article = document.article
    if node.label.startswith(("lang", "language")):
        return f"{node.label}, but the article's is {article.language or 'unknown'}"
    if node.label.startswith("tag"):
        return f"{node.label}, but the feed's tags are {', '.join(article.feed_tags) or 'none'}"
    return f"{node.label}, but the article came by {article.feed or article.url or 'no known feed'}"


def _near(node: Near, document: Document) -> str:
    absent = [operand for operand in node.operands if not operand.holds(document)]
    if absent:
        return " and ".join(nearest_miss(operand, document) for operand in absent)
    for (left, right), gap in zip(pairwise(node.operands), node.gaps, strict=True):
        pair = nearest_pair(left.mentions(document), right.mentions(document), ordered=gap.ordered)
        how = f"{'ONEAR' if gap.ordered else 'NEAR'}/{gap.most}"
        if pair is None:
            return _never(left, right, how, ordered=gap.ordered)
        apart = _between(*pair)
        if apart > gap.most:
            names = [f"*{_words(document, each)}*" for each in pair]
            if document.segment_at(pair[0][0]) != document.segment_at(pair[1][0]):
                return f"{names[0]} and {names[1]} stand in different parts of the article, {how}"
            return f"{names[1]} is {apart} words from {names[0]}, {how}"
    return f"no single mention of {name_of(node.operands[1])} is near both of its neighbours"


def _never(left: Node, right: Node, how: str, *, ordered: bool) -> str:
    if ordered:
        return f"{name_of(right)} never follows {name_of(left)}, {how}"
    return f"{name_of(left)} and {name_of(right)} are only mentioned by the same words, {how}"


def closest(node: Near, document: Document) -> int | None:
    """The fewest words between neighbours, the largest of them in a chain; None where one is absent."""
    gaps = []
    for (left, right), gap in zip(pairwise(node.operands), node.gaps, strict=True):
        pair = nearest_pair(left.mentions(document), right.mentions(document), ordered=gap.ordered)
        if pair is None:
            return None
        gaps.append(_between(*pair))
    return max(gaps)


def nearest_pair(lefts: list[Mention], rights: list[Mention], *, ordered: bool) -> tuple[Mention, Mention] | None:
    """A mention of each with the fewest words between them, not overlapping; in this order if ``ordered``."""
    rights_by_end = sorted(rights, key=lambda mention: mention[1])
    starts, ends = [start for start, _ in rights], [end for _, end in rights_by_end]
    best: tuple[Mention, Mention] | None = None
    for left in lefts:
        after = bisect_left(starts, left[1])
        before = bisect_right(ends, left[0]) - 1
        options = [rights[after]] if after < len(rights) else []
        if not ordered and before >= 0:
            options.append(rights_by_end[before])
        for right in options:
            if best is None or _between(left, right) < _between(*best):
                best = (left, right)
    return best


def _between(left: Mention, right: Mention) -> int:
    return max(right[0] - left[1], left[0] - right[1])


def _words(document: Document, mention: Mention) -> str:
    segment, start, end = document.offsets(mention)
    return segment.text[start:end]


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count} times")
