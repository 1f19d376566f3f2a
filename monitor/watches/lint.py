"""What is allowed in a watchlist and probably not meant: warnings, never errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from monitor.model.faults import Fault, KeyPath
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import Compiled
from monitor.watches.frequency import expected_share
from monitor.watches.matcher import Matcher
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.text import parts

WIDE_GAP = 30
COMMON_SHARE = 0.05
"""Share of stored articles beyond which a term says little."""
LONGEST_STOP_WORD = 16
"""Characters, with its punctuation; longer terms are no everyday words."""
STOP_SHARE = 0.3
"""Expected share beyond which a word counts as a stop word while no archive is known."""


def lint(
    compiled: Compiled, spec: WatchlistSpec, *, shares: Mapping[str, float] | None = None,
    hits: Mapping[str, int] | None = None,
) -> tuple[Fault, ...]:  # fmt: skip
    """All warnings, in the order of the file; none of a watchlist that has errors.

    ``shares`` has, per term, the share of stored articles that contain it; ``hits`` the number of stored articles that
    each watch matched; both are left out where there is no archive yet.
    """
    if compiled.matcher is None:
        return ()
    trees = compiled.trees
    found = [*_lists(spec, trees, shares or {}), *_alike(compiled.matcher, spec)]
    for watch, tree in zip(spec.watches, trees, strict=True):
        found += _watch(watch, tree, shares or {})
        if hits is not None and not hits.get(watch.name):
            found.append(_warning(watch, ("name",), f"watch '{watch.name}' matched none of the stored articles",
                                  "'monitor why ARTICLE --watch' shows what is missing"))  # fmt: skip
    return tuple(found)


def _warning(
    owner: WatchSpec | TermList, key: KeyPath, message: str, hint: str, *, column: int | None = None, word: str = "",
) -> Fault:  # fmt: skip
    return Fault(
        message=message, hint=hint, file=owner.file, path=(*owner.path, *key), column=column, word=word, level="warning"
    )


def _lists(spec: WatchlistSpec, trees: Sequence[Tree | None], shares: Mapping[str, float]) -> Iterator[Fault]:
    used = {name for watch, tree in zip(spec.watches, trees, strict=True) for name in _names(watch, tree)}
    for name, listed in spec.terms.items():
        if name not in used:
            yield _warning(listed, (), f"no watch uses the term list '{name}'", f"use it as @{name}, or remove it")
        for index, term in enumerate(listed.any):
            yield from _common(term, listed, ("any", index), shares)


def _names(watch: WatchSpec, tree: Tree | None) -> Iterator[str]:
    for term in (*watch.all, *watch.any, *watch.none):
        if term.startswith("@"):
            yield term[1:].strip()
    yield from (term.name for term, _ in _terms(tree) if term.name is not None) if tree else ()


def _terms(tree: Tree, *, exact: bool = False) -> Iterator[tuple[Term, bool]]:
    """All terms of ``tree`` with whether ``case:`` applies."""
    match tree:
        case Term():
            yield tree, exact
        case Both() | Either() | Close():
            for item in tree.items:
                yield from _terms(item, exact=exact)
        case Within():
            if tree.prefix not in ("lang", "tag"):
                yield from _terms(tree.item, exact=exact or tree.prefix == "case")
        case Absent() | Repeated():
            yield from _terms(tree.item, exact=exact)


def _watch(watch: WatchSpec, tree: Tree | None, shares: Mapping[str, float]) -> Iterator[Fault]:
    for key, terms in (("all", watch.all), ("any", watch.any)):
        for index, term in enumerate(terms):
            yield from _written_as_query(term, watch, (key, index))
            if not term.startswith("@"):
                yield from _common(term, watch, (key, index), shares)
    both = set(watch.none) & {*watch.all, *watch.any}
    for twice in sorted(both):
        yield _warning(watch, ("none",), f"'{twice}' is asked for and excluded", "remove it from one of the two")
    if tree is None:
        return
    for written, exact in _terms(tree):
        if not exact and written.name is None:
            yield from _common(written.text, watch, ("query",), shares, column=written.column)
    yield from _wide(tree, watch)


def _written_as_query(term: str, watch: WatchSpec, key: KeyPath) -> Iterator[Fault]:
    for operator in (" AND ", " OR ", " NOT ", " NEAR"):
        if operator in term:
            yield _warning(watch, key, f"'{operator.strip()}' is an ordinary word here",
                           "operators work in the key query only", column=term.index(operator) + 1,
                           word=operator.strip())  # fmt: skip


def _common(
    term: str, owner: WatchSpec | TermList, key: KeyPath, shares: Mapping[str, float], *, column: int = 0
) -> Iterator[Fault]:
    if term in shares:
        if shares[term] > COMMON_SHARE:
            yield _warning(owner, key, f"'{term}' stands in {shares[term]:.0%} of the stored articles",
                           "add a second condition, or use case: for capitals", column=column, word=term)  # fmt: skip
        return
    if len(term) <= LONGEST_STOP_WORD and _is_everyday(term):
        yield _warning(owner, key, f"'{term}' is also an everyday word",
                       f"put it under case (in a query: case:{term}) if only these letters are meant",
                       column=column, word=term)  # fmt: skip


@lru_cache(maxsize=4096)
def _is_everyday(term: str) -> bool:
    """Whether it is a word of nearly every text, or two that make one ("to day")."""
    if term.isascii() and term.isalnum():
        return expected_share(term.lower()) >= STOP_SHARE
    words = () if "*" in term else parts(term)
    return 0 < len(words) <= 2 and expected_share("".join(each.folded for each in words)) >= STOP_SHARE


def _wide(tree: Tree, watch: WatchSpec) -> Iterator[Fault]:
    match tree:
        case Close():
            for most, ordered in tree.gaps:
                if most > WIDE_GAP:
                    name = "ONEAR" if ordered else "NEAR"
                    yield _warning(watch, ("query",), f"{name}/{most} reaches over several sentences",
                                   f"most pairs that belong together are within {WIDE_GAP} words; AND is cheaper",
                                   column=tree.column, word=f"{name}/{most}")  # fmt: skip
        case Both() | Either():
            for item in tree.items:
                yield from _wide(item, watch)
        case Absent() | Within() | Repeated():
            yield from _wide(tree.item, watch)
        case Term():
            pass


def _alike(matcher: Matcher, spec: WatchlistSpec) -> Iterator[Fault]:
    """Watches that ask for the same: equal conditions are compiled to one object."""
    seen: dict[int, WatchSpec] = {}
    for watch in spec.watches:
        first = seen.setdefault(id(matcher.roots[watch.name]), watch)
        if first is not watch:
            yield _warning(watch, ("name",), f"watch '{watch.name}' asks for the same as '{first.name}'",
                           "remove one, or give one watch both channels")  # fmt: skip
