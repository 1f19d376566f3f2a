"""A whole watchlist to a matcher, or to every fault in it at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from monitor.model.faults import Fault, KeyPath
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.model.words import did_you_mean
from monitor.watches.build import Builder, Scope
from monitor.watches.grammar import parse
from monitor.watches.matcher import Matcher
from monitor.watches.metadata import from_feeds, in_languages, primary_language
from monitor.watches.nodes import AllOf, Known, Node, Not
from monitor.watches.syntax import Tree, holds_of_nothing, unbound_alternative
from monitor.watches.terms import TermError, check_term
from monitor.watches.tokens import Vocabulary, column_of
from monitor.watches.zones import WHERE, Zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The matcher, None where any fault is an error; all faults, errors first; each watch's query, where it has one."""

    matcher: Matcher | None
    faults: tuple[Fault, ...]
    trees: tuple[Tree | None, ...] = ()

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that forbid the use of the watchlist."""
        return tuple(fault for fault in self.faults if fault.level == "error")


def compile_watchlist(spec: WatchlistSpec) -> Compiled:
    """Compile ``spec``. Never raises on what a user can write; every fault is reported at once."""
    with collector_paused():
        compiler = _Compiler(spec)
        return compiler.run()


@contextmanager
def collector_paused() -> Iterator[None]:
    """For building, which makes millions of small objects that all stay; collecting in between doubles the time.

    Afterwards they count as old, where otherwise the collector would look through all of them at once to find that out.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if not gc.get_freeze_count():  # the service has frozen what it made before, and will freeze this
            gc.freeze()
            gc.unfreeze()
        if was_enabled:
            gc.enable()


class _Compiler:
    def __init__(self, spec: WatchlistSpec) -> None:
        self.spec = spec
        self.faults: list[Fault] = []
        self.trees: list[Tree | None] = []
        self.builder = Builder(spec.terms)
        self._vocabulary = Vocabulary()

    def run(self) -> Compiled:
        for listed in self.spec.terms.values():
            self._check_list(listed)
        self._check_names()
        roots = [self._watch(watch) for watch in self.spec.watches]
        faults = tuple(sorted(self.faults, key=lambda fault: fault.level))
        if any(fault.level == "error" for fault in faults):
            return Compiled(matcher=None, faults=faults, trees=tuple(self.trees))
        matcher = Matcher(self.spec.watches, roots, self.builder.lexicon, metadata=self.builder.metadata)
        return Compiled(matcher=matcher, faults=faults, trees=tuple(self.trees))

    def _check_list(self, listed: TermList) -> None:
        if not listed.any and not listed.case:
            self._fault(f"term list '{listed.name}' is empty", listed, (), "add terms to its key any or case")
        for key, terms in (("any", listed.any), ("case", listed.case), ("except", listed.exclude)):
            for index, term in enumerate(terms):
                if term.startswith("@"):
                    self._fault("a term list inside a term list", listed, (key, index),
                                f"name both in the watch: @{listed.name} and {term}", column=0, word=term)  # fmt: skip
                else:
                    self._check_term(term, listed, (key, index))

    def _check_names(self) -> None:
        seen: dict[str, WatchSpec] = {}
        for watch in self.spec.watches:
            if watch.name in seen:
                first = seen[watch.name]
                where = f" in {first.file}" if first.file and first.file != watch.file else ""
                self._fault(f"a second watch named '{watch.name}'", watch, ("name",),
                            f"the first is watch {_number(first)}{where}: give this one another name")  # fmt: skip
            seen.setdefault(watch.name, watch)

    def _check_term(self, term: str, owner: TermList | WatchSpec, key: KeyPath) -> bool:
        try:
            check_term(term)
        except TermError as error:
            self._fault(str(error), owner, key, error.hint, column=error.column, word=error.word)
            return False
        return True

    def _fault(
        self, message: str, owner: TermList | WatchSpec, key: KeyPath, hint: str = "", *, column: int | None = None,
        word: str = "",
    ) -> None:  # fmt: skip
        self.faults.append(Fault(
            message=message, hint=hint, file=owner.file, path=(*owner.path, *key), column=column, word=word,
        ))  # fmt: skip

    def _watch(self, watch: WatchSpec) -> Node:
        self.trees.append(None)
        scope = self._scope(watch)
        needed: list[Node] = []
        if watch.all:
            needed += self._terms(watch, "all", watch.all, scope)
        if watch.any:
            needed.append(self.builder.disjunction(self._terms(watch, "any", watch.any, scope)))
        if watch.query is not None:
            needed += self._query(watch, watch.query, scope)
        if not needed and watch.query is None:
            self._no_condition(watch)
            return Not(AllOf((), ()))
        needed += [self.builder.negation(each) for each in self._terms(watch, "none", watch.none, scope)]
        return self.builder.conjunction([*needed, *self._known(watch)])

    def _no_condition(self, watch: WatchSpec) -> None:
        if watch.none:
            self._fault("the watch has only exclusions", watch, ("none",), "add all, any or query: what it looks for")
        else:
            self._fault("the watch has no condition", watch, (), "add all, any or query")

    def _scope(self, watch: WatchSpec) -> Scope:
        where = watch.where
        if where not in WHERE:
            hint = did_you_mean(where, WHERE, otherwise=f"where is one of {', '.join(WHERE)}")
            self._fault(f"unknown zone '{where}'", watch, ("where",), hint, column=0, word=where)
            where = "text"
        if not 0 <= watch.min_score <= 1:
            self._fault(f"min_score is {watch.min_score}", watch, ("min_score",), "a score lies between 0 and 1")
        languages = tuple(map(primary_language, watch.lang)) if watch.lang else ()
        return self.builder.scope(Zone[where.upper()], languages=languages)

    def _terms(self, watch: WatchSpec, key: str, terms: tuple[str, ...], scope: Scope) -> list[Node]:
        nodes: list[Node] = []
        for index, term in enumerate(terms):
            path = (key, index)
            if term.startswith("@"):
                name = term[1:].strip()
                nodes.append(self.builder.list_leaf(name, scope))
            elif self._check_term(term, watch, path):
                nodes.append(self.builder.term_leaf(term, scope))
            self._report(watch, path)
        return nodes

    def _report(self, watch: WatchSpec, path: KeyPath, query: str = "") -> None:
        """Give the problems of the builder their place in the file; only a query has several tokens."""
        for problem in self.builder.problems:
            column = column_of(query, problem.at) if query else 0
            self._fault(problem.message, watch, path, problem.hint, column=column, word=problem.word)
        self.builder.problems.clear()

    def _query(self, watch: WatchSpec, query: str, scope: Scope) -> list[Node]:
        tree, faults = parse(query, self._vocabulary)
        self.trees[-1] = tree
        for fault in faults:
            self._fault(fault.message, watch, ("query",), fault.hint, column=fault.column, word=fault.word)
        if tree is None:
            return []
        if "NOT" in query and not self._is_positive(tree, watch, query):
            return []
        node = self.builder.build(tree, scope)
        if self.builder.problems:
            self._report(watch, ("query",), query)
        return [node]

    def _is_positive(self, tree: Tree, watch: WatchSpec, query: str) -> bool:
        """Whether ``tree`` requires something, as far as the other keys do not; reports where it does not."""
        unbound = unbound_alternative(tree)
        if unbound is not None:
            self._fault("an alternative that only excludes would match nearly every article", watch, ("query",),
                        "write a AND NOT b", column=column_of(query, unbound.at), word="NOT")  # fmt: skip
            return False
        if holds_of_nothing(tree) and not (watch.all or watch.any):
            self._fault("the query has only exclusions", watch, ("query",), "add what it looks for before NOT",
                        column=column_of(query, tree.at), word="NOT")  # fmt: skip
            return False
        return True

    def _known(self, watch: WatchSpec) -> list[Node]:
        nodes: list[Node] = []
        if watch.lang:
            label = f"language is {' or '.join(watch.lang)}"
            nodes.append(Known(label, in_languages(watch.lang, unknown=True)))
        if watch.feeds:
            nodes.append(Known(f"feed is {' or '.join(watch.feeds)}", from_feeds(watch.feeds)))
        return nodes


def _number(watch: WatchSpec) -> str:
    numbers = [str(each + 1) for each in watch.path if isinstance(each, int)]
    return numbers[0] if numbers else "earlier"
