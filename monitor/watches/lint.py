"""What is allowed in a watchlist and probably not meant: warnings, never errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from monitor.model.faults import Fault, KeyPath
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import Compiled
from monitor.watches.foreign import sign_meant
from monitor.watches.frequency import expected_share
from monitor.watches.grammar import FIELDS, SPELLINGS
from monitor.watches.matcher import Matcher
from monitor.watches.survey import Survey
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.text import parts

WIDE_GAP = 30
_NOT_FOLDED_TEXT = ("case", "stem", "author", "source", "url")
LEAST_READ = 100
"""Articles that an archive needs before it says what is common and what never happens."""
MOST_NAMED = 5
"""Watches without a hit that are warned of one by one; more are one warning."""
LONGEST_STOP_WORD = 16
"""Characters, with its punctuation; longer terms are no everyday words."""
STOP_SHARE = 0.3
"""Expected share beyond which a word counts as a stop word while no archive is known."""


def lint(
    compiled: Compiled, spec: WatchlistSpec, *, survey: Survey | None = None, recorded: Mapping[str, int] | None = None
) -> tuple[Fault, ...]:
    """All warnings, in the order of the file; none of a watchlist that has errors.

    ``survey`` is of stored articles, where there are any; ``recorded`` has the number of stored hits of each watch.
    """
    if compiled.matcher is None:
        return ()
    known = survey if survey is not None and survey.read >= LEAST_READ else Survey()
    trees = compiled.trees
    found = [*_lists(spec, trees, known.shares), *_alike(compiled.matcher, spec)]
    for watch, tree in zip(spec.watches, trees, strict=True):
        found += _watch(watch, tree, known.shares)
    return (*found, *_silent(spec, known, recorded or {}))


def folded_terms(compiled: Compiled, spec: WatchlistSpec) -> Iterator[str]:
    """Every term that is sought in all its spellings, as written; those of a faultless watchlist."""
    for listed in spec.terms.values():
        yield from listed.any
    for watch, tree in zip(spec.watches, compiled.trees, strict=True):
        yield from (term for term in (*watch.all, *watch.any) if not term.startswith("@"))
        yield from (term.text for term, exact in _terms(tree) if not exact and term.name is None) if tree else ()


def _silent(spec: WatchlistSpec, survey: Survey, recorded: Mapping[str, int]) -> Iterator[Fault]:
    """Watches that never matched, as far as the archive tells."""
    if not survey.read:
        return
    silent = [watch for watch in spec.watches if not recorded.get(watch.name) and not survey.hits.get(watch.name)]
    reason = f"no hit is stored, and none of the latest {survey.read} articles matches"
    if len(silent) > MOST_NAMED:
        names = ", ".join(f"'{watch.name}'" for watch in silent[:MOST_NAMED])
        yield _warning(silent[0], ("name",), f"{len(silent)} of {len(spec.watches)} watches never matched: {reason}",
                       f"{names}, …: 'monitor why ARTICLE --watch NAME' shows what one misses")  # fmt: skip
        return
    for watch in silent:
        yield _warning(watch, ("name",), f"watch '{watch.name}' never matched: {reason}",
                       f"'monitor why ARTICLE --watch {watch.name}' shows what is missing")  # fmt: skip


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
    """All terms of ``tree`` with whether they are compared exactly, by stem or with something else than the text."""
    match tree:
        case Term():
            yield tree, exact
        case Both() | Either() | Close():
            for item in tree.items:
                yield from _terms(item, exact=exact)
        case Within():
            if tree.prefix not in ("lang", "tag"):
                yield from _terms(tree.item, exact=exact or tree.prefix in _NOT_FOLDED_TEXT)
        case Absent() | Repeated():
            yield from _terms(tree.item, exact=exact)


def _watch(watch: WatchSpec, tree: Tree | None, shares: Mapping[str, float]) -> Iterator[Fault]:
    for key, terms in (("all", watch.all), ("any", watch.any), ("none", watch.none)):
        for index, term in enumerate(terms):
            yield from _written_as_query(term, watch, (key, index))
            if key != "none" and not term.startswith("@"):
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
    prefix = term.partition(":")[0].strip("(")
    if prefix in FIELDS + SPELLINGS and term.partition(":")[2].strip():
        yield _warning(watch, key, f"'{prefix}:' is an ordinary word here", "fields work in the key query only",
                       column=term.index(prefix), word=f"{prefix}:")  # fmt: skip
    foreign = sign_meant(term)
    if foreign is not None and term.startswith(foreign.sign):
        yield _warning(watch, key, f"'{foreign.sign}' excludes nothing here", "put what is not wanted under none",
                       column=0, word=term)  # fmt: skip
    for operator in (" AND ", " OR ", " NOT ", " NEAR"):
        if operator in term:
            yield _warning(watch, key, f"'{operator.strip()}' is an ordinary word here",
                           "operators work in the key query only", column=term.index(operator) + 1,
                           word=operator.strip())  # fmt: skip


def _common(
    term: str, owner: WatchSpec | TermList, key: KeyPath, shares: Mapping[str, float], *, column: int = 0
) -> Iterator[Fault]:
    if term in shares:
        yield _warning(owner, key, f"'{term}' stands in {shares[term]:.0%} of the articles stored last",
                       "add a second condition, or use case: for capitals", column=column, word=term)  # fmt: skip
        return
    if term.endswith("?") and " " not in term:
        yield _warning(owner, key, f"the ? at the end of '{term}' stands for nothing",
                       "? is one letter inside a word; * is any ending", column=column, word=term)  # fmt: skip
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
