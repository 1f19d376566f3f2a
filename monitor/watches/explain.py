"""Why a watch matches an article or does not: each clause with its sentence, and what was missing by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from monitor.model.articles import Article
from monitor.model.watches import Hit
from monitor.watches.document import Document, Mention
from monitor.watches.matcher import Matcher
from monitor.watches.misses import closest, nearest_miss
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Known, Leaf, Near, Node, Not
from monitor.watches.sentences import Quote, quote
from monitor.watches.zones import Zone

MOST_QUOTES = 3
"""Mentions quoted per clause; the first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One condition: as written, whether it holds, where it was found, and otherwise what was missing."""

    text: str
    holds: bool
    found: int = 0
    """Mentions altogether."""
    quotes: tuple[Quote, ...] = ()
    """The first of them."""
    miss: str = ""
    """Why it does not hold, with the nearest miss: a clause without a full stop."""
    distance: int | None = None
    """Of a NEAR: the fewest words between its operands."""
    children: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The verdict of one watch on one article. ``hit`` has spans, score and reasons where it matches."""

    watch: str
    matched: bool
    root: Clause
    hit: Hit | None = None
    min_score: float = 0.0

    def lines(self) -> tuple[str, ...]:
        """The ladder for a terminal, see :func:`lines`."""
        return tuple(lines(self))

    def as_json(self) -> dict[str, Any]:
        """The ladder as plain values, see :func:`to_json`."""
        return to_json(self)


def explain(matcher: Matcher, watch_name: str, article: Article) -> Explanation:
    """The ladder of clauses of ``watch_name``. Raises KeyError where there is no such watch."""
    root = matcher.roots[watch_name]
    document = matcher.document(article)
    matched = root.holds(document)
    return Explanation(
        watch=watch_name,
        matched=matched,
        root=_clause(root, document),
        hit=matcher.hit_of(watch_name, document),
        min_score=matcher.watches[watch_name].min_score,
    )


def _clause(node: Node, document: Document) -> Clause:
    holds = node.holds(document)
    match node:
        case Leaf():
            return _with_quotes(node, document, holds, node.mentions(document))
        case Near():
            children = tuple(_clause(operand, document) for operand in node.operands)
            near = _with_quotes(node, document, holds, node.mentions(document))
            return _extended(near, children, closest(node, document))
        case AtLeast():
            inner = _with_quotes(node, document, holds, node.child.mentions(document))
            return _extended(inner, (), None)
        case Not():
            denied = _with_quotes(node, document, holds, [] if holds else node.child.mentions(document))
            return _extended(denied, () if isinstance(node.child, Leaf) else (_clause(node.child, document),), None)
        case AllOf() | AnyOf():
            children = tuple(_clause(child, document) for child in node.children)
            miss = "" if holds else nearest_miss(node, document)
            return Clause(text=text_of(node), holds=holds, miss=miss, children=children)
        case _:
            return Clause(text=text_of(node), holds=holds, miss="" if holds else nearest_miss(node, document))


def _with_quotes(node: Node, document: Document, holds: bool, mentions: list[Mention]) -> Clause:
    quotes = tuple(quote(document, mention) for mention in mentions[:MOST_QUOTES])
    miss = "" if holds else nearest_miss(node, document)
    return Clause(text=text_of(node), holds=holds, found=len(mentions), quotes=quotes, miss=miss)


def _extended(clause: Clause, children: tuple[Clause, ...], distance: int | None) -> Clause:
    return Clause(
        text=clause.text, holds=clause.holds, found=clause.found, quotes=clause.quotes, miss=clause.miss,
        distance=distance, children=children,
    )  # fmt: skip


def text_of(node: Node) -> str:  # noqa: PLR0911 - one return for each kind of node
    """``node`` in the words of the query language."""
    match node:
        case Leaf():
            term = node.label if node.label.startswith("@") or " " not in node.label else f'"{node.label}"'
            return term if node.zone is Zone.TEXT else f"{node.zone.word}:{term}"
        case AllOf():
            return " AND ".join(_inner(child) for child in node.children).replace(" AND NOT ", " NOT ")
        case AnyOf():
            return " OR ".join(_inner(child) for child in node.children)
        case Not():
            return f"NOT {_inner(node.child)}"
        case Near():
            text = _inner(node.operands[0])
            for gap, operand in zip(node.gaps, node.operands[1:], strict=True):
                text += f" {'ONEAR' if gap.ordered else 'NEAR'}/{gap.most} {_inner(operand)}"
            return text
        case AtLeast():
            return f"ATLEAST/{node.count} {_inner(node.child)}"
        case Known():
            return node.label
        case _:
            raise AssertionError(node)


def _inner(node: Node) -> str:
    text = text_of(node)
    return f"({text})" if isinstance(node, AllOf | AnyOf | Near) else text


def one_line(explanation: Explanation) -> str:
    """The most telling reason in one line: what proves the match, or the nearest miss."""
    if explanation.matched:
        hit = explanation.hit
        return f"it matches: {'; '.join(hit.reasons) if hit else ''}".rstrip(": ")
    return f"it does not match: {explanation.root.miss}"


def lines(explanation: Explanation) -> Iterator[str]:
    """The ladder for a terminal, one line a clause, quotes below it."""
    verdict = "matches" if explanation.matched else "does not match"
    yield f"{_mark(explanation.matched)} watch {explanation.watch} {verdict}"
    if explanation.hit is not None:
        low = " (background: goes to the digest)" if explanation.hit.background else ""
        yield f"  score {explanation.hit.score:.2f}, asked for {explanation.min_score:.2f}{low}"
        yield from (f"    {reason}" for reason in explanation.hit.reasons)
    elif explanation.root.miss:
        yield f"  nearest miss: {explanation.root.miss}"
    tops = explanation.root.children or (explanation.root,)
    for clause in tops:
        yield from _clause_lines(clause, "  ")


def _clause_lines(clause: Clause, indent: str) -> Iterator[str]:
    miss = f" — {clause.miss}" if clause.miss and not clause.children else ""
    count = f" ({clause.found} mentions)" if clause.found > len(clause.quotes) else ""
    yield f"{indent}{_mark(clause.holds)} {clause.text}{count}{miss}"
    for each in clause.quotes if not clause.children else ():
        yield f"{indent}    {each.place}: {each.marked}"
    for child in clause.children:
        yield from _clause_lines(child, indent + "  ")
    if clause.miss and clause.children:
        yield f"{indent}    {clause.miss}"


def _mark(holds: bool) -> str:
    return "✓" if holds else "✗"


def to_json(explanation: Explanation) -> dict[str, Any]:
    """The same ladder as plain values."""
    hit = explanation.hit
    return {
        "watch": explanation.watch,
        "matched": explanation.matched,
        "score": hit.score if hit else None,
        "min_score": explanation.min_score,
        "background": hit.background if hit else False,
        "reasons": list(hit.reasons) if hit else [],
        "nearest_miss": explanation.root.miss,
        "clause": _clause_json(explanation.root),
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "text": clause.text,
        "holds": clause.holds,
        "mentions": clause.found,
        "quotes": [
            {"field": each.field, "word": each.word, "sentence": each.sentence, "start": each.start, "end": each.end}
            for each in clause.quotes
        ],
        "miss": clause.miss,
        "distance": clause.distance,
        "children": [_clause_json(child) for child in clause.children],
    }
