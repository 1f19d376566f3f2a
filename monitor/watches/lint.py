"""What is allowed in a watchlist and probably not meant: warnings, never errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from monitor.model.faults import Fault, KeyPath
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import Compiled
from monitor.watches.foreign import sign_meant
from monitor.watches.frequency import expected_share
from monitor.watches.matcher import Matcher
from monitor.watches.survey import Survey
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.terms import plain_key
from monitor.watches.text import parts
from monitor.watches.tokens import FIELDS, SPELLINGS, column_of

WIDE_GAP = 30
_NOT_FOLDED_TEXT = ("case", "stem", "author", "source", "url")
LEAST_READ = 100
"""Articles that an archive needs before it says what is common and what never happens."""
MOST_NAMED = 5
"""Watches without a hit that are warned of one by one; more are one warning."""
Terms = list[tuple[Term, bool]]
"""Those of a query, each with whether it is compared exactly, by stem or with something else than the text."""
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
    written = [_terms_of(tree) for tree in compiled.trees]
    found = [*_lists(spec, written, known.shares), *_alike(compiled.matcher, spec)]
    for watch, terms in zip(spec.watches, written, strict=True):
        found += _listed(watch, known.shares)
        found += _queried(watch, terms, known.shares)
    for watch, tree in zip(spec.watches, compiled.trees, strict=True):
        if tree is not None and watch.query is not None and "NEAR" in watch.query:
            found += _wide(tree, watch)
    return (*found, *_silent(spec, known, recorded or {}))


def folded_terms(compiled: Compiled, spec: WatchlistSpec) -> Iterator[str]:
    """Every term that is sought in all its spellings, as written; those of a faultless watchlist."""
    for listed in spec.terms.values():
        yield from listed.any
    for watch, tree in zip(spec.watches, compiled.trees, strict=True):
        yield from (term for term in (*watch.all, *watch.any) if not term.startswith("@"))
        yield from (term.text for term, exact in _terms_of(tree) if not exact and term.name is None)


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


def _lists(spec: WatchlistSpec, written: list[Terms], shares: Mapping[str, float]) -> Iterator[Fault]:
    used = {term.name for terms in written for term, _ in terms if term.name is not None}
    for watch in spec.watches:
        used |= {term[1:].strip() for term in (*watch.all, *watch.any, *watch.none) if term.startswith("@")}
    for name, listed in spec.terms.items():
        if name not in used:
            yield _warning(listed, (), f"no watch uses the term list '{name}'", f"use it as @{name}, or remove it")
        for index, term in enumerate(listed.any):
            yield from _common(term, listed, ("any", index), shares)


def _terms_of(tree: Tree | None) -> Terms:
    found: Terms = []
    if tree is not None:
        _collect(tree, found, exact=False)
    return found


def _collect(tree: Tree, found: Terms, *, exact: bool) -> None:
    match tree:
        case Term():
            found.append((tree, exact))
        case Both() | Either() | Close():
            for item in tree.items:
                _collect(item, found, exact=exact)
        case Within():
            if tree.prefix not in ("lang", "tag"):
                _collect(tree.item, found, exact=exact or tree.prefix in _NOT_FOLDED_TEXT)
        case Absent() | Repeated():
            _collect(tree.item, found, exact=exact)


def _listed(watch: WatchSpec, shares: Mapping[str, float]) -> Iterator[Fault]:
    for key, terms in (("all", watch.all), ("any", watch.any), ("none", watch.none)):
        for index, term in enumerate(terms):
            yield from _written_as_query(term, watch, (key, index))
            if key != "none" and not term.startswith("@"):
                yield from _common(term, watch, (key, index), shares)
    both = set(watch.none) & {*watch.all, *watch.any} if watch.none else ()
    for twice in sorted(both):
        yield _warning(watch, ("none",), f"'{twice}' is asked for and excluded", "remove it from one of the two")


def _queried(watch: WatchSpec, terms: Terms, shares: Mapping[str, float]) -> Iterator[Fault]:
    for term, exact in terms:
        if not exact and term.name is None and (term.text in shares or _remarks(term.text)):
            column = column_of(watch.query or "", term.at)
            yield from _common(term.text, watch, ("query",), shares, column=column)


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
    remarks = _remarks(term)
    if term in shares:
        message = f"'{term}' stands in {shares[term]:.0%} of the articles stored last"
        remarks = ((message, "add a second condition, or use case: for capitals"),)
    for message, hint in remarks:
        yield _warning(owner, key, message, hint, column=column, word=term)


@lru_cache(maxsize=100_000)
def _remarks(term: str) -> tuple[tuple[str, str], ...]:
    """What can be said of a term by itself, each with its hint; of nearly all of them nothing."""
    remarks = []
    if term.endswith("?") and " " not in term:
        hint = "? is one letter inside a word; * is any ending"
        remarks.append((f"the ? at the end of '{term}' stands for nothing", hint))
    if len(term) <= LONGEST_STOP_WORD and _is_everyday(term):
        hint = f"put it under case (in a query: case:{term}) if only these letters are meant"
        remarks.append((f"'{term}' is also an everyday word", hint))
    return tuple(remarks)


def _is_everyday(term: str) -> bool:
    """Whether it is a word of nearly every text, or two that make one ("to day")."""
    if "*" in term:
        return False
    if key := plain_key(term):
        return expected_share(key) >= STOP_SHARE
    words = parts(term)
    return 0 < len(words) <= 2 and expected_share("".join(each.folded for each in words)) >= STOP_SHARE


def _wide(tree: Tree, watch: WatchSpec) -> Iterator[Fault]:
    match tree:
        case Close():
            for most, ordered in tree.gaps:
                if most > WIDE_GAP:
                    name = "ONEAR" if ordered else "NEAR"
                    yield _warning(watch, ("query",), f"{name}/{most} reaches over several sentences",
                                   f"most pairs that belong together are within {WIDE_GAP} words; AND is cheaper",
                                   column=column_of(watch.query or "", tree.at), word=f"{name}/{most}")  # fmt: skip
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
