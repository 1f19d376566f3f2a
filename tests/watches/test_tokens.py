"""The pieces of a query: all of it, each with its place, and the same however many queries were read before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.watches.grammar import parse
from monitor.watches.tokens import Vocabulary, column_of, columns, pieces, without_directions

WRITTEN = [
    "a", "b*", "AND", "OR", "NOT", "NEAR/3", "ONEAR", "NEAR/x", "ATLEAST/2", "(", ")", '"', "title:", "titel:", "case:",
    "lang:", "@l", "@", "*", "and", "&&", "+", "!", ":", "Note:", "10:30", "http://a.b/c", "-c", "e!", "“x y”", "„q“",
    "«z»", "a&b", "Балх", "داعش", "爆*", "w/5", "И", "'", "»", "?", "ab?c", "\n", "\t", "NOT:", "OR:",
]  # fmt: skip
queries = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(WRITTEN), max_size=10).flatmap(
        lambda each: st.sampled_from(["".join(each), " ".join(each)])
    ),
)


@given(queries)
def test_the_pieces_are_the_whole_query_but_for_white_space(query: str) -> None:
    assert "".join("".join(pieces(query)).split()) == "".join(without_directions(query).split())


@given(queries)
def test_every_token_stands_where_its_column_says(query: str) -> None:
    known = Vocabulary()
    places = columns(query)
    tokens = [known[piece] for piece in pieces(query)]
    assert len(places) == len(tokens) + 1
    assert places[-1] == len(query)
    for token, column in zip(tokens, places, strict=False):
        written = token.text if token.kind not in ("AND", "OR", "NOT") else ""  # && is AND
        assert without_directions(query).startswith(written, column)


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u202b", "\u2067", "\u2069\u200f"])
@pytest.mark.parametrize(
    "query", ["انفجار AND# بلخ", "انفجار #AND بلخ", "#title:بلخ", "(انفجار#) OR بلخ", "#انفجار NEAR/3# بلخ#"]
)
def test_a_mark_of_direction_beside_a_word_is_a_blank(query: str, mark: str) -> None:
    assert parse(query.replace("#", mark)) == parse(query.replace("#", "  "))
    assert parse(query.replace("#", mark))[1] == []


@given(st.lists(queries, max_size=4), queries)
def test_what_was_read_before_changes_nothing(before: list[str], query: str) -> None:
    shared = Vocabulary()
    for each in before:
        parse(each, shared)
    assert parse(query, shared) == parse(query)


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("title:a", ["prefix", "word"]),
        ("title: a", ["word", "word"]),
        ("title:", ["word"]),
        ("http://a.b/c", ["word"]),
        ("a AND(b)", ["word", "AND", "(", "word", ")"]),
        ('a ONEAR/3"b c"', ["word", "NEAR", "phrase"]),
        ("ANDREW @list*", ["word", "list"]),
        ("a && !", ["word", "AND", "NOT"]),
        ("«a b» “c” „d“", ["phrase", "phrase", "phrase"]),
        ('a "b c', ["word", '"']),
    ],
)
def test_a_piece_is_told_by_how_it_is_written(query: str, kinds: list[str]) -> None:
    known = Vocabulary()
    assert [known[piece].kind for piece in pieces(query)] == kinds


def test_a_fault_of_a_phrase_points_behind_its_quote() -> None:
    query = "balkh AND “ *x”"
    assert column_of(query, 2) == 11
    (fault,) = parse(query)[1]
    assert query[fault.column :].startswith("*x")
