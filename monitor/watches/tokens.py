"""The words of the query language: what each piece of a query is by itself, and what is wrong with it alone.

A large watchlist repeats its pieces ten times over, so each spelling is looked at once: a :class:`Vocabulary` gives the
same :class:`Token` wherever it is written again. That is why a token does not know where it stands; :func:`columns` is
asked when there is something to say about one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from monitor.model.characters import DIRECTION
from monitor.watches.foreign import sign_meant
from monitor.watches.terms import TermError, check_term, plain_key
from monitor.watches.text import LONGEST_PART

FIELDS = ("title", "lead", "top", "body", "text", "author", "source", "url", "lang", "tag")
SPELLINGS = ("case", "stem")
OPERATORS = ("AND", "OR", "NOT", "NEAR", "ATLEAST")
"""The kinds of operators; ONEAR is of the kind NEAR."""
_PIECE = re.compile(
    r"""(\w+\*?(?=[\s()])
    |[()]
    |"[^"]*(?:"|\Z)|[“”‟][^”"]*(?:[”"]|\Z)|„[^“”‟"]*(?:[“”‟"]|\Z)|«[^»"]*(?:[»"]|\Z)|»[^«»"]*(?:[«»"]|\Z)
    |&&|\|\||[&|!+](?=[\s(])
    |(?:AND|OR|NOT|O?NEAR|ATLEAST)(?![^\s()/"“„«])(?:/[^\s()"]*)?
    |[^\W\d_]+:(?=[^\s/])
    |@[^\s()"“”„«»:]*
    |[^\s()"“”„‟«»:]+(?::(?=\S)[^\s()"“”„‟«»]*|:\s)?
    |:)""",
    re.VERBOSE,
)
"""Nothing but white space lies between two, given that the text ends in a line break. The first kind is an ordinary
word or operator, what nearly all are. A quote that is never closed has all the rest, so that it is looked for once. A
word with its colon has the space behind it too: that tells it from a field."""
_DIRECTIONS = re.compile(rf"(?<!\w)[{DIRECTION}]+|[{DIRECTION}]+(?!\w)")
_OPERATOR = re.compile(r"(AND|OR|NOT|O?NEAR|ATLEAST)(?:/(.*))?", re.DOTALL)
_QUOTES = '"“”„‟«»'
_SYMBOLS = {"&&": "AND", "&": "AND", "+": "AND", "||": "OR", "|": "OR", "!": "NOT"}
_SYMBOL_INSIDE = re.compile(r"&&|\|\|?")
_FIELD = re.compile(r"[^\W\d_]+:")
_RESERVED = frozenset({*OPERATORS, "ONEAR"})
_LOWER = {"and": "AND", "or": "OR", "not": "NOT", "near": "NEAR"}


class Flaw(NamedTuple):
    """What is wrong with a piece: said of ``word``, which begins ``offset`` code points into its text."""

    message: str
    offset: int
    word: str
    hint: str


@dataclass(slots=True, eq=False)
class Token:
    """A piece of a query. Never changed; not frozen, because that takes three times as long to make."""

    kind: str
    """``word``, ``phrase``, ``list``, ``prefix``, ``(``, ``)``, ``:``, ``"`` (never closed), ``end`` or an operator."""
    text: str
    """As written, without quotes, without the colon of a prefix and the number of an operator."""
    number: str | None = None
    """What follows the slash of NEAR and ATLEAST."""
    flaw: Flaw | None = None
    """Of a term, as far as it is sought in the text; of a sign that is no operator."""
    name: str | None = None
    """Of a list."""
    lower: str = ""
    """The operator that is written so in capitals."""
    plain: bool = False
    """A term that can be nothing else and has no flaw."""

    @property
    def shown(self) -> str:
        """As it is quoted in a fault."""
        if self.kind == "phrase":
            return f'"{self.text}"'
        return self.text + (":" if self.kind == "prefix" else "") + (f"/{self.number}" if self.number else "")


END = Token("end", "")


class Vocabulary(dict[str, Token]):
    """All pieces met so far; ``odd`` has those that are wrong wherever they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, piece: str) -> Token:
        if piece.isascii() and piece.isalnum() and len(piece) <= LONGEST_PART and piece.upper() not in _RESERVED:
            token = self[piece] = Token("word", piece, plain=True)  # what most are
            return token
        token = self[piece] = _token(piece)
        if token.kind in ('"', ":") or piece in _SYMBOLS:
            self.odd.add(piece)
        return token


def pieces(query: str) -> list[str]:
    """The pieces of ``query`` as they are written."""
    return _PIECE.findall(without_directions(query) + "\n")


def without_directions(query: str) -> str:
    """``query`` with blanks for the marks of direction beside words, which editors of right-to-left text put there."""
    return query if query.isascii() else _DIRECTIONS.sub(lambda marks: " " * len(marks.group()), query)


@lru_cache(maxsize=4)
def columns(query: str) -> tuple[int, ...]:
    """Where the text of each token stands in ``query``, and where it ends; remembered for faults by the thousand."""
    starts = ((found.start(), found[0]) for found in _PIECE.finditer(without_directions(query) + "\n"))
    return (*(start + (piece[0] in _QUOTES and not _is_open(piece)) for start, piece in starts), len(query))


def column_of(query: str, at: int) -> int:
    """Where the ``at``-th token of ``query`` stands."""
    return columns(query)[at]


def _is_open(quote: str) -> bool:
    """Whether ``quote`` is never closed: it goes on to the line break at the end of the text."""
    return quote[-1] == "\n"


def _token(piece: str) -> Token:
    if piece in ("(", ")", ":"):
        flaw = Flaw("a colon with nothing before it", 0, ":", "quote the text") if piece == ":" else None
        return Token(piece, piece, flaw=flaw)
    if operator := _OPERATOR.fullmatch(piece):
        name, number = operator.groups()
        return Token(name.removeprefix("O") if name == "ONEAR" else name, name, number)
    if word := _SYMBOLS.get(piece):
        return Token(word, word, flaw=Flaw(f"'{piece}' is not an operator here", 0, piece, f"write {word}"))
    return _term(piece)


def _term(piece: str) -> Token:
    if piece[0] in _QUOTES:
        if _is_open(piece):
            return Token('"', piece[0])
        flaw = _flaw_of_term(piece[1:-1])
        return Token("phrase", piece[1:-1], flaw=flaw, plain=flaw is None)
    if piece[0] == "@":
        flaw = Flaw("@ without a list's name", 0, piece, "write @NAME of a [terms.NAME] table")
        return Token("list", piece, flaw=None if len(piece) > 1 else flaw, name=piece[1:], plain=len(piece) > 1)
    if _FIELD.fullmatch(piece):
        return Token("prefix", piece[:-1])
    text = piece.rstrip()
    flaw, lower = _flaw_of_word(text), _LOWER.get(text.casefold(), "")
    return Token("word", text, flaw=flaw, lower=lower, plain=flaw is None and not lower)


def _flaw_of_word(text: str) -> Flaw | None:
    if plain_key(text):
        return None
    name = text.rstrip(":")
    if ":" in name:
        return Flaw("a colon inside a term", 0, text, f'quote it: "{text}"')
    if name != text and name.casefold() in FIELDS + SPELLINGS:
        return Flaw(f"'{text}' with nothing after it", 0, text, f"write {text}term, without a space")
    if foreign := sign_meant(text):
        return Flaw(f"'{foreign.sign}' is not an operator here", 0, text, foreign.hint)
    if symbol := _SYMBOL_INSIDE.search(text):
        return Flaw(f"'{symbol[0]}' is not an operator here", 0, text, f"write {_SYMBOLS[symbol[0]]}")
    return _flaw_of_term(text)


def _flaw_of_term(text: str) -> Flaw | None:
    try:
        check_term(text)
    except TermError as error:
        return Flaw(str(error), error.column, error.word, error.hint)
    return None
