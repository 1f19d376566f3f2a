"""From trees to nodes: fields and spellings resolved, term lists entered, equal parts made one.

Faults are collected, never raised. A part with a fault becomes a condition that never holds, so that the rest can
still be checked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple, assert_never

from monitor.model.watches import TermList
from monitor.model.words import did_you_mean
from monitor.watches.lexicon import Lexicon, Table
from monitor.watches.metadata import in_languages, with_tag
from monitor.watches.nodes import AllOf, AnyOf, AtLeast, Gap, Known, Leaf, Near, Node, Not
from monitor.watches.stemming import stemmer_for
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.terms import Sought, Spelling, TermError, check_term, plain_key, seek
from monitor.watches.zones import TEXT_ZONES, Zone

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_]\w+)*")


class Scope:
    """What holds for the terms below: where they stand, how they are compared, in which languages they are stemmed.

    ``special`` is ``lang`` or ``tag`` below such a field. There is one object for each, which knows the ``leaves`` made
    in it by their terms and ``lists``.
    """

    __slots__ = ("languages", "leaves", "lists", "special", "spelling", "zone")

    def __init__(self, zone: Zone, spelling: Spelling, languages: tuple[str, ...], special: str) -> None:
        self.zone = zone
        self.spelling = spelling
        self.languages = languages
        self.special = special
        self.leaves: dict[str, Leaf] = {}
        self.lists: dict[str, Leaf] = {}


class Problem(NamedTuple):
    """A fault in a query, before it is known which file it stands in. ``at`` is the number of its token."""

    message: str
    at: int
    word: str
    hint: str


class Builder:
    """Builds the nodes of all watches over one lexicon and one set of term lists.

    Equal parts become one object. What is wrong in them is added to ``problems``, which the caller empties.
    """

    def __init__(self, lists: Mapping[str, TermList]) -> None:
        self.lexicon = Lexicon()
        self.metadata = False
        """Whether any watch looks at author, source or URL."""
        self.lists = lists
        self.problems: list[Problem] = []
        self._scopes: dict[tuple[Zone, Spelling, tuple[str, ...], str], Scope] = {}
        self._sought: dict[tuple[str, Spelling, str], Sought] = {}
        self._all: dict[tuple[Node, ...], AllOf] = {}
        self._any: dict[tuple[Node, ...], AnyOf] = {}
        self._nodes: dict[tuple[object, ...], Node] = {}

    def scope(
        self, zone: Zone, spelling: Spelling = Spelling.FOLDED, languages: tuple[str, ...] = (), special: str = ""
    ) -> Scope:
        """The one scope of this kind."""
        key = (zone, spelling, languages, special)
        known = self._scopes.get(key)
        if known is None:
            known = self._scopes[key] = Scope(*key)
        return known

    def build(self, tree: Tree, scope: Scope) -> Node:  # noqa: PLR0911 - one for each kind of tree
        """The node of ``tree``; what is wrong in it goes to ``problems``."""
        match tree:
            case Term():
                return self._term(tree, scope)
            case Either():
                return self.disjunction(self._each(tree.items, scope))
            case Both():
                return self.conjunction(self._each(tree.items, scope))
            case Within():
                return self.build(tree.item, self._scope_within(tree, scope))
            case Absent():
                return self.negation(self.build(tree.item, scope))
            case Close():
                operands = tuple(self._each(tree.items, scope))
                gaps = tuple(Gap(most, ordered=ordered) for most, ordered in tree.gaps)
                return self._shared(("near", tree.gaps, operands), lambda: Near(operands, gaps))
            case Repeated():
                child = self.build(tree.item, scope)
                return self._shared(("atleast", tree.count, child), lambda: AtLeast(tree.count, child))
            case _:
                assert_never(tree)

    def _each(self, items: tuple[Tree, ...], scope: Scope) -> list[Node]:
        known = scope.leaves
        return [
            (known.get(item.text) if type(item) is Term and item.name is None else None) or self.build(item, scope)
            for item in items
        ]

    def negation(self, child: Node) -> Node:
        """``child`` does not hold."""
        return self._shared(("not", child), lambda: Not(child))

    def conjunction(self, children: list[Node]) -> Node:
        """All of ``children``; nested conjunctions become one."""
        if len(children) == 1:
            return children[0]
        if AllOf in map(type, children):
            children = [part for child in children for part in (child.children if type(child) is AllOf else (child,))]
        flat = tuple(dict.fromkeys(children))
        if len(flat) == 1:
            return flat[0]
        known = self._all.get(flat)
        if known is None:
            known = self._all[flat] = AllOf(flat, tuple(sorted(flat, key=self._price)))
        return known

    def disjunction(self, children: list[Node]) -> Node:
        """At least one of ``children``; nested disjunctions become one."""
        if len(children) == 1:
            return children[0]
        if AnyOf in map(type, children):
            children = [part for child in children for part in (child.children if type(child) is AnyOf else (child,))]
        flat = tuple(dict.fromkeys(children))
        if len(flat) == 1:
            return flat[0]
        known = self._any.get(flat)
        if known is None:
            known = self._any[flat] = AnyOf(flat)
        return known

    def _price(self, node: Node) -> float:
        """Rank for evaluation: knowledge and rare words first, then exclusions, then what needs positions."""
        shares = self.lexicon.shares
        match node:
            case Leaf() if not node.phrases and node.excluded is None:
                return min(1.0, sum([shares[atom] for atom in node.atoms]))
            case AnyOf() if not node.rest:
                return min(1.0, sum([shares[atom] for atom in node.atoms])) + 0.1
            case Not(child=Leaf() | AnyOf()):
                return 2.0
            case Near() | AtLeast():
                return 4.0
            case Known():
                return 0.5
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
                return self.scope(scope.zone, Spelling(tree.prefix), scope.languages, scope.special)
            case "lang" | "tag":
                return self.scope(scope.zone, scope.spelling, scope.languages, tree.prefix)
            case field:
                zone = Zone[field.upper()]
                self.metadata = self.metadata or zone not in TEXT_ZONES
                return self.scope(zone, scope.spelling, scope.languages)

    def _term(self, term: Term, scope: Scope) -> Node:
        if scope.special:
            if scope.special == "lang" and not _LANGUAGE.fullmatch(term.text):
                hint = "write its ISO 639 code: lang:en, lang:fa, lang:ps"
                self.problems.append(Problem(f"'{term.text}' is not a language", term.at, term.text, hint))
            return self._known(term, scope.special)
        if term.name is not None:
            return self.list_leaf(term.name, scope, at=term.at)
        return self.term_leaf(term.text, scope, at=term.at)

    def _known(self, term: Term, field: str) -> Node:
        predicate = in_languages((term.text,), unknown=False) if field == "lang" else with_tag(term.text)
        return self._shared((field, term.text), lambda: Known(f"{field}:{term.text}", predicate))

    def term_leaf(self, text: str, scope: Scope, *, at: int = 0) -> Leaf:
        """The leaf of a single checked term."""
        known = scope.leaves.get(text)
        if known is None:
            sought = self._seek(text, scope, at)
            known = scope.leaves[text] = Leaf(text, scope.zone, sought.atoms, sought.phrases)
        return known

    def _seek(self, text: str, scope: Scope, at: int) -> Sought:
        if scope.spelling is Spelling.FOLDED and (key := plain_key(text)):
            return Sought((self.lexicon.atom(self.lexicon.folded, key),), ())  # as fast as remembering it
        if scope.spelling is not Spelling.STEM:
            return self._seek_in(text, scope.spelling, "", None)
        tables = self._stem_tables(scope, at, text)
        return _united([self._seek_in(text, Spelling.STEM, language, table) for language, table in tables])

    def _seek_in(self, text: str, spelling: Spelling, language: str, table: Table | None) -> Sought:
        key = (text, spelling, language)
        sought = self._sought.get(key)
        if sought is None:
            sought = self._sought[key] = seek(text, spelling, self.lexicon, table)
        return sought

    def _stem_tables(self, scope: Scope, at: int, word: str) -> list[tuple[str, Table]]:
        tables = []
        for language in scope.languages or ("en",):
            if language not in self.lexicon.stems:
                stem = stemmer_for(language)
                if isinstance(stem, str):
                    self.problems.append(Problem(stem, at, word, "use * at the end of the word instead"))
                    continue
                self.lexicon.stems[language] = (Table(), stem)
            tables.append((language, self.lexicon.stems[language][0]))
        return tables

    def list_leaf(self, name: str, scope: Scope, *, at: int = 0) -> Leaf:
        """The leaf of a whole term list."""
        if name not in self.lists:
            hint = did_you_mean(name, self.lists, otherwise=f"add a [terms.{name}] table" if name else "")
            if name:
                self.problems.append(Problem(f"unknown term list '@{name}'", at, f"@{name}", hint))
            return Leaf(f"@{name}", scope.zone, ())
        known = scope.lists.get(name)
        if known is None:
            known = scope.lists[name] = self._make_list(self.lists[name], scope, at)
        return known

    def _make_list(self, listed: TermList, scope: Scope, at: int) -> Leaf:
        exact = self.scope(scope.zone, Spelling.EXACT, scope.languages)
        folded = self.scope(scope.zone, Spelling.FOLDED, scope.languages)
        found = [self._seek(term, scope, at) for term in self._usable(listed.any)]
        found += [self._seek(term, exact, at) for term in self._usable(listed.case)]
        excluded = [self._seek(term, folded, at) for term in self._usable(listed.exclude)]
        united, without = _united(found), _united(excluded)
        return Leaf(
            f"@{listed.name}", scope.zone, united.atoms, united.phrases,
            Leaf("except", scope.zone, without.atoms, without.phrases) if excluded else None,
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


def _united(found: list[Sought]) -> Sought:
    return Sought(
        tuple(dict.fromkeys(atom for each in found for atom in each.atoms)),
        tuple(dict.fromkeys(phrase for each in found for phrase in each.phrases)),
    )
