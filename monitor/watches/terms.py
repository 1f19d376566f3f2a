"""What a term asks for: its spelling variants as atoms and phrases of atoms.

``IS-KP`` asks for "is kp" side by side or for "iskp"; in Arabic script a space joins like a hyphen does, because ZWNJ,
space and nothing are three ways to write the same compound. ``*`` ends a word of at least two letters, ``?`` stands for
one letter inside; quoted phrases may contain both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from monitor.watches.folding import ARABIC_SCRIPT, exact, fold
from monitor.watches.lexicon import Lexicon, Table
from monitor.watches.text import (
    ANY_LETTER,
    JOINT,
    LONGEST_PART,
    STAR,
    WIDEST_JOINT,
    is_plain,
    parts,
    run_parts,
    term_run,
)

MOST_JOINTS = 4
"""A term with more joints is sought split, joined at one place, or joined throughout, not in every combination."""
LONGEST_TERM = 500
"""Characters."""


class Spelling(StrEnum):
    """How a term's letters are compared."""

    FOLDED = "folded"
    EXACT = "case"
    STEM = "stem"


class TermError(ValueError):
    """The term cannot be used. ``column`` is where, ``word`` what, ``hint`` what to do."""

    def __init__(self, message: str, *, column: int, word: str, hint: str) -> None:
        super().__init__(message)
        self.column = column
        self.word = word
        self.hint = hint


class Sought(NamedTuple):
    """The atoms of which one suffices, and the sequences of atoms of which one suffices."""

    atoms: tuple[int, ...]
    phrases: tuple[tuple[int, ...], ...]


_STAR_AT_START = re.compile(r"(?<![\w?])[*?]+(?=[.'’-]?\w)")
_STAR_INSIDE = re.compile(r"(?<=\w)\*+(?=\w)")
_STAR_AT_END = re.compile(r"(?<=[^\s*])\*(?!\w)")
_LETTERS_INSIDE = re.compile(r"(?<=[^\W_])\?+(?=[^\W_]|\*(?!\w))")


def check_term(text: str) -> None:
    """Raise TermError where ``text`` cannot be a term; columns count from its start."""
    if plain_key(text) or _plain_keys(text):
        return
    if len(text) > LONGEST_TERM:
        raise TermError(
            f"the term has {len(text)} characters", column=0, word=text[:20] + "…",
            hint=f"a term has at most {LONGEST_TERM} characters: split it into several",
        )  # fmt: skip
    for pattern, message, hint in (
        (_STAR_AT_START, "a term cannot begin with a wildcard", "write the first letters and put the * at the end"),
        (_STAR_INSIDE, "* stands inside a word", "* only ends a word; use ? for one letter inside"),
    ):
        found = pattern.search(text)
        if found:
            raise TermError(message, column=found.start(), word=_word_at(text, found.start()), hint=hint)
    runs = list(term_run().finditer(_with_wildcards(text)))
    if not parts(text.replace("*", "").replace("?", "")):
        raise TermError(
            "the term has no letter or digit", column=0, word=text, hint="punctuation alone cannot be found"
        )
    for run in runs:
        letters = run.group().replace(ANY_LETTER, "")
        if (
            letters.endswith(STAR)
            and sum(len(part.folded) for part in parts(letters[:-1])) < 2
            and letters[0].isalnum()
        ):
            if len(letters) == 2 and not _is_spaced(letters[0]):
                continue
            raise TermError(
                "* after a single letter would match almost everything", column=run.start(),
                word=text[run.start() : run.end()], hint="write at least two letters before the *",
            )  # fmt: skip


def _is_spaced(character: str) -> bool:
    """False for scripts in which every character is a word, where a final * changes nothing."""
    return len(term_run().findall(character * 2)) == 1


def _word_at(text: str, column: int) -> str:
    start = max((text.rfind(space, 0, column) for space in " \t\n"), default=-1) + 1
    words = text[start:].split(maxsplit=1)
    return words[0] if words else text[column : column + 1]


def _with_wildcards(text: str) -> str:
    return _STAR_AT_END.sub(STAR, _LETTERS_INSIDE.sub(lambda found: ANY_LETTER * len(found[0]), text))


def plain_key(text: str) -> str:
    """The key of a single word or of a prefix of at least two letters, in which nothing can be wrong; empty for
    anything less simple."""
    if text.isascii() and text.isalnum() and len(text) <= LONGEST_PART:
        return text.lower()
    return _plain_key(text)


@lru_cache(maxsize=4096)
def _plain_key(text: str) -> str:
    prefix = text.endswith("*")
    word = text[:-1] if prefix else text
    key = fold(word) if is_plain(word) else ""
    return "" if prefix and len(key) < 2 else key + STAR * prefix if key else ""


def _plain_keys(text: str) -> list[str]:
    """The keys of a phrase of such words; empty where a word is less simple, or may be joined with the next."""
    if len(text) > LONGEST_TERM or not text.isascii():
        return []
    keys = [*map(plain_key, text.split())]
    return keys if len(keys) > 1 and all(keys) else []


class _Piece:
    """One part of a term and whether it may be written together with the next."""

    __slots__ = ("joins", "key")

    def __init__(self, key: str, *, joins: bool) -> None:
        self.key = key
        self.joins = joins


def seek(text: str, spelling: Spelling, lexicon: Lexicon, table: Table | None = None) -> Sought:
    """Enter the variants of a checked term into ``lexicon``; ``table`` is the stems' where ``spelling`` is STEM."""
    if spelling is Spelling.EXACT:
        variants = [_exact_keys(text)]
        table = lexicon.exact
    elif spelling is Spelling.STEM and table is not None:
        variants = [_stem_keys(text, lexicon, table)]
    elif key := plain_key(text):
        return Sought((lexicon.atom(lexicon.folded, key),), ())
    elif keys := _plain_keys(text):
        return Sought((), (tuple(lexicon.atom(lexicon.folded, key) for key in keys),))
    else:
        table = lexicon.folded
        variants = list(_variants(_pieces(text)))
    found = [tuple(lexicon.atom(table, key) for key in variant) for variant in variants if variant]
    return Sought(
        tuple(dict.fromkeys(each[0] for each in found if len(each) == 1)),
        tuple(dict.fromkeys(each for each in found if len(each) > 1)),
    )


def _exact_keys(text: str) -> tuple[str, ...]:
    keys: list[str] = []
    for run in term_run().finditer(_with_wildcards(text)):
        pieces = [exact(piece.exact) for piece in run_parts(run.string, *run.span())]
        keys += [JOINT.join(pieces[at : at + WIDEST_JOINT]) for at in range(0, len(pieces), WIDEST_JOINT)]
    return tuple(keys)


def _stem_keys(text: str, lexicon: Lexicon, table: Table) -> tuple[str, ...]:
    stem = next(stem for known, stem in lexicon.stems.values() if known is table)
    return tuple(stem(part.exact) for part in parts(text))


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    last_end = 0
    written = _with_wildcards(text)
    for run in term_run().finditer(written):
        if pieces and _joined_by_space(written, last_end, run.start()):
            pieces[-1].joins = not pieces[-1].key.endswith(STAR)
        last_end = run.end()
        folded = [part.folded for part in run_parts(written, *run.span())]
        if len(folded) == 1 and folded[0].endswith(STAR) and not _is_spaced(folded[0][0]):
            folded = [folded[0][:-1]]
        pieces += [_Piece(key, joins=not key.endswith(STAR)) for key in folded]
        if folded:
            pieces[-1].joins = False
    return [piece for piece in pieces if piece.key not in ("", STAR)]


def _joined_by_space(text: str, left: int, right: int) -> bool:
    between = text[left:right]
    return (
        left > 0
        and between.isspace()
        and bool(ARABIC_SCRIPT.match(text[left - 1]))
        and bool(ARABIC_SCRIPT.match(text[right]))
    )


def _variants(pieces: list[_Piece]) -> Iterator[tuple[str, ...]]:
    """The term with every choice of joints closed; with many joints only none, each one, and all."""
    joints = [index for index, piece in enumerate(pieces[:-1]) if piece.joins]
    if len(joints) <= MOST_JOINTS:
        choices = [{joint for bit, joint in enumerate(joints) if mask >> bit & 1} for mask in range(1 << len(joints))]
    else:
        choices = [set(), *({joint} for joint in joints), set(joints)]
    for closed in choices:
        keys = [""]
        for index, piece in enumerate(pieces):
            keys[-1] += piece.key
            if index not in closed:
                keys.append("")
        yield tuple(keys[:-1])
