"""From trees to nodes: fields and spellings resolved, term lists entered, equal parts made one.

Faults are collected, never raised. A part with a fault becomes a condition that never holds, so that the rest can
still be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, assert_never

from monitor.model.watches import TermList
from monitor.model.words import did_you_mean
from monitor.watches.lexicon import Lexicon, Table
from monitor.watches.metadata import in_languages, with_tag
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Gap, Known, Leaf, Near, Node, Not
from monitor.watches.stemming import stemmer_for
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.terms import Sought, Spelling, TermError, check_term, seek
from monitor.watches.zones import TEXT_ZONES, Zone

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_]\w+)*")


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for the terms below: where they stand, how they are compared, in which languages they are stemmed."""

    zone: Zone = Zone.TEXT
    spelling: Spelling = Spelling.FOLDED
    languages: tuple[str, ...] = ()
    special: str = ""
    """``lang`` or ``tag`` below such a field."""


class Problem(NamedTuple):
    """A fault in a query, before it is known which file it stands in."""

    message: str
    column: int
    word: str
    hint: str


Report = Callable[[Problem], None]


class Builder:
    """Builds the nodes of all watches over one lexicon and one set of term lists."""

    def __init__(self, lists: Mapping[str, TermList]) -> None:
        self.lexicon = Lexicon()
        self.metadata = False
        """Whether any watch looks at author, source or URL."""
        self.lists = lists
        self.used_lists: set[str] = set()
        self._sought: dict[tuple[str, Spelling, str], Sought] = {}
        self._nodes: dict[tuple[object, ...], Node] = {}

    def build(self, tree: Tree, scope: Scope, report: Report) -> Node:  # noqa: PLR0911 - one for each kind of tree
        """The node of ``tree``; what is wrong in it goes to ``report``."""
        match tree:
            case Term():
                return self._term(tree, scope, report)
            case Within():
                return self.build(tree.item, self._scope_within(tree, scope), report)
            case Absent():
                return self.negation(self.build(tree.item, scope, report))
            case Both():
                return self.conjunction([self.build(item, scope, report) for item in tree.items])
            case Either():
                return self.disjunction([self.build(item, scope, report) for item in tree.items])
            case Close():
                operands = tuple(self.build(item, scope, report) for item in tree.items)
                key = ("near", tree.gaps, *map(id, operands))
                gaps = tuple(Gap(most, ordered=ordered) for most, ordered in tree.gaps)
                return self._shared(key, lambda: Near(operands, gaps))
            case Repeated():
                child = self.build(tree.item, scope, report)
                return self._shared(("atleast", tree.count, id(child)), lambda: AtLeast(tree.count, child))
            case _:
                assert_never(tree)

    def negation(self, child: Node) -> Node:
        """``child`` does not hold."""
        return self._shared(("not", id(child)), lambda: Not(child))

    def conjunction(self, children: list[Node]) -> Node:
        """All of ``children``; nested conjunctions become one."""
        flat = [each for child in children for each in (child.children if isinstance(child, AllOf) else (child,))]
        flat = list(dict.fromkeys(flat))
        if len(flat) == 1:
            return flat[0]
        order = tuple(sorted(flat, key=self._price))
        return self._shared(("and", *map(id, flat)), lambda: AllOf(tuple(flat), order))

    def disjunction(self, children: list[Node]) -> Node:
        """At least one of ``children``; nested disjunctions become one."""
        flat = [each for child in children for each in (child.children if isinstance(child, AnyOf) else (child,))]
        flat = list(dict.fromkeys(flat))
        if len(flat) == 1:
            return flat[0]
        return self._shared(("or", *map(id, flat)), lambda: AnyOf(tuple(flat)))

    def _price(self, node: Node) -> float:
        """Rank for evaluation: knowledge and rare words first, then exclusions, then what needs positions."""
        shares = self.lexicon.shares
        match node:
            case Known():
                return 0.5
            case Leaf() if not node.phrases and node.excluded is None:
                return min(1.0, sum(shares[atom] for atom in node.atoms))
            case AnyOf() if not node.rest:
                return min(1.0, sum(shares[atom] for atom in node.atoms)) + 0.1
            case Not(child=Leaf() | AnyOf()):
                return 2.0
            case Near() | AtLeast():
                return 4.0
            case _:
                return 3.0

    def _shared(self, key: tuple[object, ...], make: Callable[[], Node]) -> Node:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = make()
        return node

    def _scope_within(self, tree: Within, scope: Scope) -> Scope:
        match tree.prefix:
            case "case" | "stem":
                return Scope(scope.zone, Spelling(tree.prefix), scope.languages, scope.special)
            case "lang" | "tag":
                return Scope(scope.zone, scope.spelling, scope.languages, tree.prefix)
            case field:
                zone = Zone[field.upper()]
                self.metadata = self.metadata or zone not in TEXT_ZONES
                return Scope(zone, scope.spelling, scope.languages, "")

    def _term(self, term: Term, scope: Scope, report: Report) -> Node:
        if scope.special:
            if scope.special == "lang" and not _LANGUAGE.fullmatch(term.text):
                hint = "write its ISO 639 code: lang:en, lang:fa, lang:ps"
                report(Problem(f"'{term.text}' is not a language", term.column, term.text, hint))
            return self._known(term, scope.special)
        if term.name is not None:
            return self.list_leaf(term.name, scope, report, column=term.column)
        return self.term_leaf(term.text, scope, report, column=term.column)

    def _known(self, term: Term, field: str) -> Node:
        predicate = in_languages((term.text,), unknown=False) if field == "lang" else with_tag(term.text)
        return self._shared((field, term.text), lambda: Known(f"{field}:{term.text}", predicate))

    def term_leaf(self, text: str, scope: Scope, report: Report, *, column: int = 0) -> Node:
        """The leaf of a single checked term."""
        key = ("term", text, scope.zone, scope.spelling, scope.languages if scope.spelling is Spelling.STEM else ())

        def make() -> Node:
            sought = self._seek(text, scope, report, column)
            return Leaf(text, scope.zone, sought.atoms, sought.phrases)

        return self._shared(key, make)

    def _seek(self, text: str, scope: Scope, report: Report, column: int) -> Sought:
        if scope.spelling is not Spelling.STEM:
            return self._seek_in(text, scope.spelling, "", None)
        tables = self._stem_tables(scope, report, column, text)
        found = [self._seek_in(text, Spelling.STEM, language, table) for language, table in tables]
        return Sought(
            tuple(dict.fromkeys(atom for each in found for atom in each.atoms)),
            tuple(dict.fromkeys(phrase for each in found for phrase in each.phrases)),
        )

    def _seek_in(self, text: str, spelling: Spelling, language: str, table: Table | None) -> Sought:
        key = (text, spelling, language)
        sought = self._sought.get(key)
        if sought is None:
            sought = self._sought[key] = seek(text, spelling, self.lexicon, table)
        return sought

    def _stem_tables(self, scope: Scope, report: Report, column: int, word: str) -> list[tuple[str, Table]]:
        tables = []
        for language in scope.languages or ("en",):
            if language not in self.lexicon.stems:
                stem = stemmer_for(language)
                if isinstance(stem, str):
                    report(Problem(stem, column, word, "use * at the end of the word instead"))
                    continue
                self.lexicon.stems[language] = (Table(), stem)
            tables.append((language, self.lexicon.stems[language][0]))
        return tables

    def list_leaf(self, name: str, scope: Scope, report: Report, *, column: int = 0) -> Node:
        """The leaf of a whole term list."""
        if name not in self.lists:
            hint = did_you_mean(name, self.lists, otherwise=f"add a [terms.{name}] table" if name else "")
            if name:
                report(Problem(f"unknown term list '@{name}'", column, f"@{name}", hint))
            return Leaf(f"@{name}", scope.zone, ())
        self.used_lists.add(name)
        key = ("list", name, scope.zone, scope.spelling, scope.languages if scope.spelling is Spelling.STEM else ())
        return self._shared(key, lambda: self._make_list(self.lists[name], scope, report, column))

    def _make_list(self, listed: TermList, scope: Scope, report: Report, column: int) -> Leaf:
        exact = Scope(scope.zone, Spelling.EXACT, scope.languages)
        folded = Scope(scope.zone, Spelling.FOLDED, scope.languages)
        found = [self._seek(term, scope, report, column) for term in self._usable(listed.any)]
        found += [self._seek(term, exact, report, column) for term in self._usable(listed.case)]
        excluded = [self._seek(term, folded, report, column) for term in self._usable(listed.exclude)]
        return Leaf(
            f"@{listed.name}", scope.zone, *_united(found),
            Leaf("except", scope.zone, *_united(excluded)) if excluded else None,
        )  # fmt: skip

    def _usable(self, terms: tuple[str, ...]) -> list[str]:
        return [term for term in terms if is_term(term)]


def is_term(text: str) -> bool:
    """Whether :func:`check_term` would pass."""
    try:
        check_term(text)
    except TermError:
        return False
    return True


def _united(found: list[Sought]) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]:
    return (
        tuple(dict.fromkeys(atom for each in found for atom in each.atoms)),
        tuple(dict.fromkeys(phrase for each in found for phrase in each.phrases)),
    )
