"""The query language: from text to a tree, or to faults that say what to write instead.

::

    expr  = prox { ("AND" | "NOT" | "AND" "NOT") prox } | prox { "OR" prox } ;   (* never both kinds at one level *)
    prox  = unary { ("NEAR" | "ONEAR") ["/" n] unary } ;                         (* n words between, default 10 *)
    unary = "NOT" unary | "ATLEAST" "/" n unary | field ":" unary | ("case" | "stem") ":" unary | "(" expr ")" | term ;
    term  = '"' text '"' | word | "@" list ;
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from monitor.model.words import did_you_mean
from monitor.watches.foreign import operator_meant, sign_meant
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.tokens import END, FIELDS, OPERATORS, SPELLINGS, Token, Vocabulary, columns, pieces

DEFAULT_GAP = 10
WIDEST_GAP = 200
DEEPEST = 50
MOST_REPEATS = 1_000
_ENDS = (")", "end")
_NOT_TERMS = (*OPERATORS, *_ENDS)


@dataclass(frozen=True, slots=True)
class QueryFault:
    """What is wrong at ``column`` (0-based, code points), which word, and what to do."""

    message: str
    column: int
    word: str
    hint: str = ""


class QueryError(Exception):
    """Parsing could not go on."""

    def __init__(self, fault: QueryFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def parse(query: str, vocabulary: Vocabulary | None = None) -> tuple[Tree | None, list[QueryFault]]:
    """The tree of ``query`` and every fault found; the tree is None when there is one. Never raises.

    Whoever parses many queries gives all of them the same ``vocabulary``.
    """
    known = Vocabulary() if vocabulary is None else vocabulary
    written = pieces(query)
    if not written:
        return None, [QueryFault("the query is empty", 0, "", "write at least one term")]
    parser = Parser(query, [*map(known.__getitem__, written), END])
    tree = None
    try:
        if not known.odd.isdisjoint(written):
            parser.drop_odd()
        tree = parser.whole()
    except QueryError as error:
        parser.faults.append(error.fault)
    return (None if parser.faults else tree), sorted(parser.faults, key=lambda fault: fault.column)


class Parser:
    """Recursive descent over ``tokens``; faults that leave the structure clear are collected, others raised.

    What nearly every operand is, a term followed by no NEAR, is taken without asking for what else it could be.
    """

    def __init__(self, query: str, tokens: list[Token]) -> None:
        """``tokens`` are those of ``query`` and ``END``."""
        self.faults: list[QueryFault] = []
        self._query = query
        self._tokens = tokens
        self._columns: tuple[int, ...] = ()
        self._at = 0
        self._depth = 0
        self._field: str | None = None

    def drop_odd(self) -> None:
        """Report what is wrong wherever it stands, and leave out what says nothing."""
        kept: list[int] = []
        for at, token in enumerate(self._tokens):
            if token.kind == '"':
                word = self._query[self._column(at) :].split(maxsplit=1)[0]
                hint = 'add a closing " after the phrase'
                raise QueryError(QueryFault("the quote is never closed", self._column(at), word, hint))
            if token.kind == ":" or token.kind in OPERATORS:
                self._note_flaw(token, at)
            if token.kind != ":":
                kept.append(at)
        self._columns = tuple([self._column(at) for at in kept])
        self._tokens = [self._tokens[at] for at in kept]

    def whole(self) -> Tree:
        """The whole query."""
        tree = self._expression()
        if self._tokens[self._at].kind != "end":
            self._stop("a closing parenthesis without an opening one", self._at, "remove it, or open one before")
        return tree

    def _column(self, at: int) -> int:
        if not self._columns:
            self._columns = columns(self._query)
        return self._columns[at]

    def _stop(self, message: str, at: int, hint: str) -> NoReturn:
        raise QueryError(QueryFault(message, self._column(at), self._tokens[at].shown, hint))

    def _note(self, message: str, at: int, hint: str) -> None:
        self.faults.append(QueryFault(message, self._column(at), self._tokens[at].shown, hint))

    def _note_flaw(self, token: Token, at: int) -> None:
        if token.flaw is not None:
            message, offset, word, hint = token.flaw
            self.faults.append(QueryFault(message, self._column(at) + offset, word, hint))

    def _expression(self) -> Tree:
        tokens = self._tokens
        items = [self._negated()]
        kind = ""
        while (token := tokens[self._at]).kind not in _ENDS:
            at = self._at
            operator = self._connective(token)
            if kind and operator != kind:
                self._note(
                    f"{token.text} and {_other(kind, token)} at one level", at,
                    "put parentheses around what belongs together",
                )  # fmt: skip
            kind = kind or operator
            items.append(self._operand(token))
        if len(items) == 1:
            return items[0]
        return Either(tuple(items), items[0].at) if kind == "OR" else Both(tuple(items), items[0].at)

    def _connective(self, token: Token) -> str:
        """Consume what connects two operands; "AND" stands for NOT and AND NOT too."""
        if token.kind in ("AND", "OR"):
            self._at += 1
            return token.kind
        if token.kind == "NOT":
            return "AND"
        if token.lower:
            self._note(f"operators are written in capitals: '{token.text}'", self._at,
                       f'write {token.lower}, or "{token.text}" in quotes for the word')  # fmt: skip
            self._at += 1
            return "OR" if token.lower == "OR" else "AND"
        meant = operator_meant(token.text) if token.kind == "word" else None
        if meant is not None and self._tokens[self._at + 1].kind not in _NOT_TERMS:
            self._note(f"'{token.text}' is not an operator here", self._at, f"write {meant}")
            self._at += 1
            return "OR" if meant == "OR" else "AND"
        return self._no_connective(token)

    def _no_connective(self, token: Token) -> str:
        foreign = sign_meant(token.text) if token.kind == "word" else None
        if foreign is not None and token.text.startswith(foreign.sign):
            return "AND"  # the term says itself what to write
        before = self._tokens[self._at - 1]
        hint = f'write AND or OR between them, or quote the phrase: "{before.shown} {token.shown}"'
        if token.kind == "ATLEAST":
            hint = "write AND or OR before ATLEAST"
        self._note(f"no operator between '{before.shown}' and '{token.shown}'", self._at, hint)
        return "AND"

    def _operand(self, connective: Token) -> Tree:
        token = self._tokens[self._at]
        if token.plain and self._tokens[self._at + 1].kind != "NEAR":
            self._at += 1
            return Term(token.text, self._at - 1, token.name)
        if token.kind == "NOT" and connective.kind == "OR":
            self._note("OR NOT would match nearly every article", self._at, "write a AND NOT b, or leave it out")
        return self._negated()

    def _negated(self) -> Tree:
        """``NOT a NEAR b`` denies the whole NEAR."""
        at, token = self._at, self._tokens[self._at]
        if token.plain and self._tokens[at + 1].kind != "NEAR":
            self._at += 1
            return Term(token.text, at, token.name)
        if token.kind != "NOT":
            return self._proximity()
        self._at += 1
        self._enter(at)
        try:
            return Absent(self._negated(), at)
        finally:
            self._depth -= 1

    def _proximity(self) -> Tree:
        first = self._unary()
        if self._tokens[self._at].kind != "NEAR":
            return first
        items, gaps = [first], []
        while (token := self._tokens[self._at]).kind == "NEAR":
            gaps.append((self._number(token, DEFAULT_GAP, 0, WIDEST_GAP), token.text == "ONEAR"))
            self._at += 1
            if self._tokens[self._at].kind == "NOT":
                self._note("NOT inside NEAR", self._at, "write a AND NOT (a NEAR b)")
            items.append(self._unary())
        for item in items:
            self._refuse_inside(item, "NEAR")
        return Close(tuple(items), tuple(gaps), first.at)

    def _refuse_inside(self, item: Tree, operator: str) -> None:
        """Only what has mentions may stand in NEAR and ATLEAST: terms, OR, NEAR."""
        match item:
            case Term():
                pass
            case Both():
                self._refuse(f"AND inside {operator}", item, self._excerpt(item.at),
                             "only terms, OR and NEAR have a place in the text; take the AND outside")  # fmt: skip
            case Repeated():
                self._refuse(f"ATLEAST inside {operator}", item, "ATLEAST", "take it outside")
            case Absent() if operator != "NEAR":
                self._refuse(f"NOT inside {operator}", item, "NOT", "take the NOT outside")
            case Either():
                for each in item.items:
                    self._refuse_inside(each, operator)
            case Within(prefix="lang" | "tag"):
                word = f"{item.prefix}:"
                self._refuse(f"{word} inside {operator}", item, word, "it has no place in the text")
            case Within():
                self._refuse_inside(item.item, operator)
            case _:
                pass

    def _refuse(self, message: str, item: Tree, word: str, hint: str) -> None:
        self.faults.append(QueryFault(message, self._column(item.at), word, hint))

    def _excerpt(self, at: int) -> str:
        words = self._query[self._column(at) :].split(maxsplit=1)
        return words[0].strip("()") if words else ""

    def _number(self, token: Token, default: int | None, low: int, high: int) -> int:
        """What follows the slash of ``token``, at which the parser stands."""
        if token.number is None and default is not None:
            return default
        if token.number and token.number.isdecimal() and low <= int(token.number[:9]) <= high:
            return int(token.number)
        example = default or 3
        self._note(f"{token.text} needs a number from {low} to {high}", self._at, f"write {token.text}/{example}")
        return example

    def _unary(self) -> Tree:
        at, token = self._at, self._tokens[self._at]
        if token.plain:
            self._at += 1
            return Term(token.text, at, token.name)
        if token.kind == "end":
            self._end_too_soon()
        self._enter(at)
        try:
            return self._unary_from(token, at)
        finally:
            self._depth -= 1

    def _enter(self, at: int) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._stop(f"nested deeper than {DEEPEST}", at, "use a term list ([terms.NAME]) for the inner part")

    def _unary_from(self, token: Token, at: int) -> Tree:
        if token.kind == "ATLEAST":
            return self._at_least(token, at)
        self._at += 1
        if token.kind == "(":
            return self._group(at)
        if token.kind == "prefix":
            return self._prefixed(token, at)
        if token.kind == "NOT":
            return Absent(self._unary(), at)
        if token.kind == ")":
            self._stop("nothing before this parenthesis", at, "write a term, or remove the parentheses")
        if token.kind in OPERATORS:
            self._stop(f"{token.text} has nothing before it", at, "an operator stands between two terms")
        return self._term(token, at)

    def _at_least(self, token: Token, at: int) -> Tree:
        count = self._number(token, None, 1, MOST_REPEATS)
        self._at += 1
        item = self._unary()
        self._refuse_inside(item, "ATLEAST")
        return Repeated(count, item, at)

    def _end_too_soon(self) -> NoReturn:
        last = max(self._at - 1, 0)
        shown = self._tokens[last].shown
        if self._tokens[last].kind == "(":
            self._stop("the parenthesis is never closed", last, "close it with )")
        self._stop(f"the query ends after {shown}", last, "write a term after it, or remove it")

    def _group(self, opening: int) -> Tree:
        tree = self._expression()
        if self._tokens[self._at].kind == "end":
            self._stop("the parenthesis is never closed", opening, "close it with )")
        self._at += 1
        return tree

    def _prefixed(self, token: Token, at: int) -> Tree:
        prefix = token.text
        if prefix not in FIELDS and prefix not in SPELLINGS:
            hint = did_you_mean(prefix, FIELDS + SPELLINGS, otherwise=f"fields are {', '.join(FIELDS)}")
            self._note(f"unknown field '{prefix}'", at, hint)
            return self._unary()
        outer = self._field
        if prefix in FIELDS:
            if outer is not None:
                self._note(f"field '{prefix}' inside field '{outer}'", at, "a term stands in one field: use AND")
            self._field = prefix
        try:
            return Within(prefix, self._unary(), at)
        finally:
            self._field = outer

    def _term(self, token: Token, at: int) -> Tree:
        """A term that may have a flaw. What is compared with knowledge about the article need not be a word."""
        if token.lower and self._tokens[self._at].kind not in _NOT_TERMS:
            self._note(f"operators are written in capitals: '{token.text}'", at, f"write {token.lower}")
            return self._unary()
        if token.name is not None or self._field not in ("lang", "tag"):
            self._note_flaw(token, at)
        return Term(token.text, at, token.name)


def _other(kind: str, token: Token) -> str:
    if kind == "AND":
        return "AND"
    return "OR" if token.text != "OR" else "AND"
