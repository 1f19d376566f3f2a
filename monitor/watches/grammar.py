"""The query language: from text to a tree, or to faults that say what to write instead.

::

    expr  = prox { ("AND" | "NOT" | "AND" "NOT") prox } | prox { "OR" prox } ;   (* never both kinds at one level *)
    prox  = unary { ("NEAR" | "ONEAR") ["/" n] unary } ;                         (* n words between, default 10 *)
    unary = "NOT" unary | "ATLEAST" "/" n unary | field ":" unary | ("case" | "stem") ":" unary | "(" expr ")" | term ;
    term  = '"' text '"' | word | "@" list ;
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from monitor.model.words import did_you_mean
from monitor.watches.foreign import operator_meant, sign_meant
from monitor.watches.syntax import Absent, Both, Close, Either, Repeated, Term, Tree, Within
from monitor.watches.terms import TermError, check_term

DEFAULT_GAP = 10
WIDEST_GAP = 200
DEEPEST = 50
MOST_REPEATS = 1_000
FIELDS = ("title", "lead", "top", "body", "text", "author", "source", "url", "lang", "tag")
SPELLINGS = ("case", "stem")
OPERATORS = ("AND", "OR", "NOT", "NEAR", "ONEAR", "ATLEAST")
_TOKEN = re.compile(
    r"""(?:(?P<open>\()|(?P<close>\))
    |(?P<phrase>"[^"]*"|[“”‟][^”"]*[”"]|„[^“”‟"]*[“”‟"]|«[^»"]*[»"]|»[^«»"]*[«»"])|(?P<unclosed>["“”„‟«»])
    |(?P<symbol>&&|\|\||[&|!+](?=[\s(]|$))
    |(?P<operator>(?:AND|OR|NOT|O?NEAR|ATLEAST)(?![^\s()/"“„«]))(?P<slash>/(?P<number>[^\s()"]*))?
    |(?P<prefix>[^\W\d_]+):(?=[^\s/])
    |(?P<list>@[^\s()"“”„«»:]*)
    |(?P<word>[^\s()"“”„‟«»:]+(?::(?=[^\s])[^\s()"“”„‟«»]*)?:?)
    |(?P<space>\s+)|(?P<colon>:))\s*""",
    re.VERBOSE,
)
"""Any text is a row of these: nothing lies between two."""
_SYMBOL_WORDS = {"&&": "AND", "&": "AND", "+": "AND", "||": "OR", "|": "OR", "!": "NOT"}
_SYMBOL_INSIDE = re.compile(r"&&|\|\|?")
_TERMS = ("word", "phrase", "list")
_LOWER = {"and": "AND", "or": "OR", "not": "NOT", "near": "NEAR"}


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


class Token(NamedTuple):
    """A piece of the query. ``number`` is what follows the slash of NEAR and ATLEAST."""

    kind: str
    text: str
    column: int
    number: str | None = None


def parse(query: str) -> tuple[Tree | None, list[QueryFault]]:
    """The tree of ``query`` and every fault found; the tree is None when there is one. Never raises."""
    faults: list[QueryFault] = []
    if not query.strip():
        return None, [QueryFault("the query is empty", 0, "", "write at least one term")]
    try:
        tokens = _tokens(query, faults)
        tree = Parser(query, tokens, faults).whole()
    except QueryError as error:
        faults.append(error.fault)
        tree = None
    return (None if faults else tree), sorted(faults, key=lambda fault: fault.column)


def _tokens(query: str, faults: list[QueryFault]) -> list[Token]:
    tokens: list[Token] = []
    for found in _TOKEN.finditer(query):
        kind = found.lastgroup
        if kind == "colon":
            faults.append(QueryFault("a colon with nothing before it", found.start(), ":", "quote the text"))
        elif kind != "space":
            tokens.append(_token(found, faults))
    return tokens


def _token(found: re.Match[str], faults: list[QueryFault]) -> Token:
    column, kind = found.start(), found.lastgroup or ""
    match kind:
        case "word" | "open" | "close" | "list" | "prefix":
            return Token(kind, found[kind], column)
        case "operator" | "slash":
            return Token("operator", found["operator"], column, found["number"])
        case "phrase":
            return Token(kind, found[kind][1:-1], column + 1)
        case "symbol":
            word = _SYMBOL_WORDS[found[kind]]
            faults.append(QueryFault(f"'{found[kind]}' is not an operator here", column, found[kind], f"write {word}"))
            return Token("operator", word, column)
    word = found.string[column:].split(maxsplit=1)[0]
    raise QueryError(QueryFault("the quote is never closed", column, word, 'add a closing " after the phrase'))


class Parser:
    """Recursive descent over ``tokens``; faults that leave the structure clear are collected, others raised."""

    def __init__(self, query: str, tokens: list[Token], faults: list[QueryFault]) -> None:
        self._query = query
        self._tokens = [*tokens, Token("end", "", len(query))]
        self._faults = faults
        self._at = 0
        self._depth = 0
        self._field: str | None = None

    def whole(self) -> Tree:
        """The whole query."""
        tree = self._expression()
        left = self._peek()
        if left.kind != "end":
            self._stop("a closing parenthesis without an opening one", left, "remove it, or open one before")
        return tree

    def _peek(self) -> Token:
        return self._tokens[self._at]

    def _peek_operator(self, *names: str) -> Token | None:
        token = self._tokens[self._at]
        return token if token.kind == "operator" and token.text in names else None

    def _stop(self, message: str, token: Token, hint: str) -> NoReturn:
        raise QueryError(QueryFault(message, token.column, _shown(token), hint))

    def _note(self, message: str, token: Token, hint: str) -> None:
        self._faults.append(QueryFault(message, token.column, _shown(token), hint))

    def _expression(self) -> Tree:
        items = [self._negated()]
        column = self._column_of(items[0])
        kind = ""
        while (token := self._peek()).kind not in ("close", "end"):
            operator = self._connective(token)
            if kind and operator != kind:
                self._note(
                    f"{token.text} and {_other(kind, token)} at one level", token,
                    "put parentheses around what belongs together",
                )  # fmt: skip
            kind = kind or operator
            items.append(self._operand(token))
        if len(items) == 1:
            return items[0]
        return Either(tuple(items), column) if kind == "OR" else Both(tuple(items), column)

    def _connective(self, token: Token) -> str:
        """Consume what connects two operands; "AND" stands for NOT and AND NOT too."""
        if token.kind == "operator" and token.text in ("AND", "OR"):
            self._at += 1
            return token.text
        if token.kind == "operator" and token.text == "NOT":
            return "AND"
        if token.kind == "word" and token.text.casefold() in _LOWER:
            operator = _LOWER[token.text.casefold()]
            self._note(f"operators are written in capitals: '{token.text}'", token,
                       f'write {operator}, or "{token.text}" in quotes for the word')  # fmt: skip
            self._at += 1
            return "OR" if operator == "OR" else "AND"
        meant = operator_meant(token.text) if token.kind == "word" else None
        if meant is not None and _starts_operand(self._tokens[self._at + 1]):
            self._note(f"'{token.text}' is not an operator here", token, f"write {meant}")
            self._at += 1
            return "OR" if meant == "OR" else "AND"
        return self._no_connective(token)

    def _no_connective(self, token: Token) -> str:
        foreign = sign_meant(token.text) if token.kind == "word" else None
        if foreign is not None and token.text.startswith(foreign.sign):
            return "AND"  # the term says itself what to write
        before = self._tokens[self._at - 1]
        hint = f'write AND or OR between them, or quote the phrase: "{_shown(before)} {_shown(token)}"'
        if token.kind == "operator" and token.text == "ATLEAST":
            hint = "write AND or OR before ATLEAST"
        self._note(f"no operator between '{_shown(before)}' and '{_shown(token)}'", token, hint)
        return "AND"

    def _operand(self, connective: Token) -> Tree:
        token = self._peek_operator("NOT")
        if token is not None and connective.text == "OR":
            self._note("OR NOT would match nearly every article", token, "write a AND NOT b, or leave it out")
        return self._negated()

    def _negated(self) -> Tree:
        """``NOT a NEAR b`` denies the whole NEAR."""
        token = self._peek()
        if token.kind in _TERMS and self._tokens[self._at + 1].text not in ("NEAR", "ONEAR"):
            self._at += 1
            return self._term(token)  # what nearly every operand is, without asking for what else it could be
        if token.kind != "operator" or token.text != "NOT":
            return self._proximity()
        self._at += 1
        self._enter(token)
        try:
            return Absent(self._negated(), token.column)
        finally:
            self._depth -= 1

    def _proximity(self) -> Tree:
        first = self._unary()
        items, gaps = [first], []
        while (token := self._peek_operator("NEAR", "ONEAR")) is not None:
            self._at += 1
            gaps.append((self._number(token, DEFAULT_GAP, 0, WIDEST_GAP), token.text == "ONEAR"))
            after = self._peek_operator("NOT", "AND", "OR")
            if after is not None and after.text == "NOT":
                self._note("NOT inside NEAR", after, "write a AND NOT (a NEAR b)")
            items.append(self._unary())
        if not gaps:
            return first
        for item in items:
            self._refuse_inside(item, "NEAR")
        return Close(tuple(items), tuple(gaps), self._column_of(first))

    def _refuse_inside(self, item: Tree, operator: str) -> None:
        """Only what has mentions may stand in NEAR and ATLEAST: terms, OR, NEAR."""
        match item:
            case Both():
                self._faults.append(QueryFault(
                    f"AND inside {operator}", item.column, self._excerpt(item.column),
                    "only terms, OR and NEAR have a place in the text; take the AND outside",
                ))  # fmt: skip
            case Repeated():
                self._faults.append(QueryFault(f"ATLEAST inside {operator}", item.column, "ATLEAST", "take it outside"))
            case Absent() if operator != "NEAR":
                self._faults.append(QueryFault(f"NOT inside {operator}", item.column, "NOT", "take the NOT outside"))
            case Either():
                for each in item.items:
                    self._refuse_inside(each, operator)
            case Within(prefix="lang" | "tag"):
                self._faults.append(QueryFault(
                    f"{item.prefix}: inside {operator}", item.column, f"{item.prefix}:", "it has no place in the text",
                ))  # fmt: skip
            case Within():
                self._refuse_inside(item.item, operator)
            case _:
                pass

    def _excerpt(self, column: int) -> str:
        words = self._query[column:].split(maxsplit=1)
        return words[0].strip("()") if words else ""

    def _number(self, token: Token, default: int | None, low: int, high: int) -> int:
        if token.number is None and default is not None:
            return default
        if token.number and token.number.isdecimal() and low <= int(token.number[:9]) <= high:
            return int(token.number)
        example = default or 3
        self._note(f"{token.text} needs a number from {low} to {high}", token, f"write {token.text}/{example}")
        return example

    def _unary(self) -> Tree:
        token = self._peek()
        if token.kind == "end":
            self._end_too_soon()
        self._at += 1
        self._enter(token)
        try:
            return self._unary_from(token)
        finally:
            self._depth -= 1

    def _enter(self, token: Token) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            self._stop(f"nested deeper than {DEEPEST}", token, "use a term list ([terms.NAME]) for the inner part")

    def _unary_from(self, token: Token) -> Tree:
        match token.kind:
            case "operator":
                return self._operator_first(token)
            case "prefix":
                return self._prefixed(token)
            case "open":
                return self._group(token)
            case "close":
                self._stop("nothing before this parenthesis", token, "write a term, or remove the parentheses")
        return self._term(token)

    def _operator_first(self, token: Token) -> Tree:
        if token.text not in ("NOT", "ATLEAST"):
            self._stop(f"{token.text} has nothing before it", token, "an operator stands between two terms")
        if token.text == "NOT":
            return Absent(self._unary(), token.column)
        count = self._number(token, None, 1, MOST_REPEATS)
        item = self._unary()
        self._refuse_inside(item, "ATLEAST")
        return Repeated(count, item, token.column)

    def _end_too_soon(self) -> NoReturn:
        last = self._tokens[-2] if self._at else Token("word", "", 0)
        opening = last.kind == "open"
        self._stop(
            "the parenthesis is never closed" if opening else f"the query ends after {_shown(last)}", last,
            "close it with )" if opening else "write a term after it, or remove it",
        )  # fmt: skip

    def _group(self, opening: Token) -> Tree:
        tree = self._expression()
        if self._peek().kind == "end":
            self._stop("the parenthesis is never closed", opening, "close it with )")
        self._at += 1
        return tree

    def _prefixed(self, token: Token) -> Tree:
        prefix = token.text
        if prefix not in FIELDS and prefix not in SPELLINGS:
            hint = did_you_mean(prefix, FIELDS + SPELLINGS, otherwise=f"fields are {', '.join(FIELDS)}")
            self._note(f"unknown field '{prefix}'", token, hint)
            return self._unary()
        outer = self._field
        if prefix in FIELDS:
            if outer is not None:
                self._note(f"field '{prefix}' inside field '{outer}'", token, "a term stands in one field: use AND")
            self._field = prefix
        try:
            return Within(prefix, self._unary(), token.column)
        finally:
            self._field = outer

    def _term(self, token: Token) -> Tree:
        if token.kind == "list":
            if len(token.text) < 2:
                self._note("@ without a list's name", token, "write @NAME of a [terms.NAME] table")
            return Term(token.text, token.column, name=token.text[1:])
        following = self._peek()
        if token.kind == "word" and token.text.casefold() in _LOWER and _starts_operand(following):
            self._note(f"operators are written in capitals: '{token.text}'", token,
                       f"write {_LOWER[token.text.casefold()]}")  # fmt: skip
            return self._unary()
        if self._field not in ("lang", "tag"):
            self._check(token)
        return Term(token.text, token.column)

    def _check(self, token: Token) -> None:
        if token.kind == "word":
            name = token.text.rstrip(":")
            if ":" in name:
                self._note("a colon inside a term", token, f'quote it: "{token.text}"')
                return
            if name != token.text and name.casefold() in FIELDS + SPELLINGS:
                self._note(f"'{token.text}' with nothing after it", token, f"write {token.text}term, without a space")
                return
            if foreign := sign_meant(token.text):
                self._note(f"'{foreign.sign}' is not an operator here", token, foreign.hint)
                return
            if symbol := _SYMBOL_INSIDE.search(token.text):
                self._note(f"'{symbol[0]}' is not an operator here", token, f"write {_SYMBOL_WORDS[symbol[0]]}")
                return
        try:
            check_term(token.text)
        except TermError as error:
            self._faults.append(QueryFault(str(error), token.column + error.column, error.word, error.hint))

    def _column_of(self, tree: Tree) -> int:
        return tree.column


def _starts_operand(token: Token) -> bool:
    return token.kind not in ("operator", "close", "end")


def _shown(token: Token) -> str:
    if token.kind == "phrase":
        return f'"{token.text}"'
    return token.text + (":" if token.kind == "prefix" else "") + (f"/{token.number}" if token.number else "")


def _other(kind: str, token: Token) -> str:
    if kind == "AND":
        return "AND"
    return "OR" if token.text != "OR" else "AND"
