"""Input made to hurt: bounded time, no exception, clear errors."""

# ruff: noqa: E501 - tables read best in rows, and wide characters count twice

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.explain import explain
from monitor.watches.folding import exact, fold
from monitor.watches.grammar import parse
from monitor.watches.lint import lint
from monitor.watches.matcher import MOST_SPANS, Matcher
from monitor.watches.spellings import LETTERS_REMEMBERED, Spellings
from monitor.watches.text import ascii_runs, runs


@contextmanager
def at_most(cpu_s: float) -> Iterator[None]:
    start = time.process_time()
    yield
    assert time.process_time() - start < cpu_s


def matcher_of(*queries: str) -> Matcher:
    watches = tuple(WatchSpec(name=str(number), query=query) for number, query in enumerate(queries))
    compiled = compile_watchlist(WatchlistSpec(watches=watches))
    assert compiled.matcher is not None, compiled.faults
    return compiled.matcher


QUERIES = (
    "a NEAR/5 b", "bomb NEAR/20 bomb*", "ATLEAST/1000 bomb", '"bomb bomb bomb"', "bomb ONEAR/3 bomb ONEAR/3 bomb",
    "title:x NOT bomb", "(a1 OR bomb) NEAR/200 (bomb* OR b1)",
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "bomb " * 52_000, "bomb" * 65_000, "a\u0301\u0327" * 100_000, "\u0301" * 200_000, "\u0316\u0301" * 100_000,
        "a-" * 130_000, "爆" * 260_000, "\u200c" * 200_000, "'" * 200_000, "𝐚𝐛 " * 60_000, "ﷺ" * 100_000, '"' * 100_000,
        "\ud800" * 1_000, "\x00 " * 1_000, " " * 260_000, "\n" * 260_000, "ก" + "็" * 200_000, "א\"" * 100_000,
    ],
    ids=lambda text: ascii(text[:6]),
)  # fmt: skip
def test_monotonous_text_takes_bounded_time(text: str) -> None:
    matcher = matcher_of(*QUERIES)
    article = Article(url="", title="", text=text)
    with at_most(8):
        hits = matcher.match(article)
    assert all(len(hit.spans) <= MOST_SPANS for hit in hits)
    shorter = Article(url="", title="", text=text[:20_000])
    with at_most(8):
        for name in matcher.watches:
            explain(matcher, name, shorter).lines()


@pytest.mark.parametrize(
    "query",
    ["(" * 500 + "a" + ")" * 500, "NOT " * 500 + "a", "title:" * 500 + "a", "((" * 20_000, "a OR " * 20_000 + "b", '"' * 9_999,
     "a NEAR " * 2_000 + "b", "a" * 100_000, "*" * 10_000, "-" * 10_000, "ATLEAST/" + "9" * 5_000 + " a",
     "“ " * 20_000, "« " * 20_000, "„ " * 20_000, "@x OR " * 5_000 + "a", "lang:1 OR " * 5_000 + "a"],
    ids=lambda query: query[:12],
)  # fmt: skip
def test_monstrous_queries_give_faults_or_watches_in_bounded_time(query: str) -> None:
    with at_most(8):
        compile_watchlist(WatchlistSpec(watches=(WatchSpec(name="w", query=query),)))


@pytest.mark.parametrize("query", ["the OR " * 5_000 + "a", "(a1 NEAR/100 b1) OR " * 2_500 + "a"], ids=["the", "NEAR"])
def test_thousands_of_warnings_about_one_query_take_bounded_time(query: str) -> None:
    spec = WatchlistSpec(watches=(WatchSpec(name="w", query=query),))
    with at_most(8):
        assert lint(compile_watchlist(spec), spec)


def test_five_hundred_nested_parentheses_are_named_as_such() -> None:
    _, faults = parse("(" * 500 + "a" + ")" * 500)
    assert [fault.message for fault in faults] == ["nested deeper than 50"]
    assert faults[0].column == 50


@given(st.text(max_size=200))
def test_parsing_is_total(query: str) -> None:
    tree, faults = parse(query)
    assert (tree is None) == bool(faults)
    assert all(0 <= fault.column <= len(query) for fault in faults)


QUERY_PIECES = st.sampled_from(
    [
        "a", "b*", "AND", "OR", "NOT", "NEAR/3", "ONEAR", "ATLEAST/2", "(", ")", '"', "title:", "lang:", "case:", "@l",
        "@", "*", "and", "&&", ":",
    ]
)  # fmt: skip


@given(st.lists(QUERY_PIECES, max_size=12).map(" ".join))
def test_compiling_is_total_and_a_watch_is_never_lost(query: str) -> None:
    spec = WatchlistSpec(terms={"l": TermList(name="l", any=("x",))}, watches=(WatchSpec(name="w", query=query),))
    compiled = compile_watchlist(spec)
    assert (compiled.matcher is None) == bool(compiled.errors)
    if compiled.matcher is not None:
        assert not compiled.matcher.match(Article(url="", title="", text="")) or "lang" in query or query


@given(st.text(max_size=80))
def test_any_text_can_be_a_term_or_is_refused_with_a_reason(text: str) -> None:
    compiled = compile_watchlist(WatchlistSpec(watches=(WatchSpec(name="w", any=(text,)),)))
    assert compiled.matcher is not None or all(fault.message for fault in compiled.errors)


@given(st.text(max_size=64))
def test_folding_is_idempotent(word: str) -> None:
    assert fold(fold(word)) == fold(word)
    assert exact(exact(word)) == exact(word)


@given(st.text(max_size=120), st.text(max_size=60))
def test_a_word_of_the_text_finds_the_text(text: str, title: str) -> None:
    matcher = matcher_of("zzzz")
    matcher.match(Article(url="", title=title, text=text))


def test_the_memory_of_spellings_is_bounded() -> None:
    matcher = matcher_of("zzzz")
    most = 0
    for start in range(12):
        words = " ".join(f"w{start}x{number}" for number in range(30_000))
        matcher.match(Article(url="", title="", text=words))
        most = max(most, matcher._spellings.letters)
    assert most < LETTERS_REMEMBERED + 30_000 * 20


CHUNKS = st.sets(
    st.sampled_from(["bomb", "bomb-x", "Bombs,", "—", "a-bomb-b's", "爆bomb爆", "dull", "dull-er", "co’op"])
)


@given(CHUNKS, CHUNKS, CHUNKS)
def test_a_renewed_memory_says_what_a_new_one_would(first: set[str], second: set[str], third: set[str]) -> None:
    lexicon = matcher_of("bomb OR bombx OR case:bomb-x OR 爆 OR coop")._lexicon
    old = Spellings(lexicon)
    old.telling(first)
    renewed = old.renewed()
    older = renewed.renewed()
    for memory in (renewed, older, renewed.renewed(), renewed):
        for chunks in (second, third, first):
            fresh = Spellings(lexicon)
            told = fresh.telling(chunks)
            assert memory.telling(chunks) == told
            assert memory.atoms(told) == fresh.atoms(told)
            assert {chunk: memory.widths.get(chunk) for chunk in chunks} == {
                chunk: fresh.widths.get(chunk) for chunk in chunks
            }
            for atom in fresh.atoms(told):
                assert memory.chunks_with(atom, told) == fresh.chunks_with(atom, told)
                assert all(memory.places(atom, chunk) == fresh.places(atom, chunk) for chunk in chunks)


@given(st.text(alphabet="abS-'`._,/\"(s1 A", min_size=1, max_size=64))
def test_the_short_way_through_ascii_reads_what_the_long_way_reads(chunk: str) -> None:
    assert ascii_runs(chunk) == [[part.exact for part in pieces] for pieces in runs(chunk)]


@pytest.mark.parametrize("word", ["bomb", "bomb-bomb"])
def test_a_quarter_megabyte_of_one_word_is_matched_and_explained_in_bounded_time(word: str) -> None:
    text = f"{word} " * (260_000 // (len(word) + 1))
    matcher = matcher_of(*QUERIES)
    article = Article(url="", title="", text=text)
    with at_most(6):
        assert matcher.match(article)
    with at_most(6):
        for name in matcher.watches:
            explain(matcher, name, article).lines()


def test_many_watches_on_a_paragraph_without_spaces_take_bounded_time() -> None:
    """Looking through the whole paragraph for each character took four seconds; the square of it for twice the text."""
    letters = [chr(0x4E00 + number) for number in range(300)]
    text = "".join(letters[(number * number + 7 * number // 3) % 300] for number in range(6_000))
    pairs = [text[start : start + 2] for start in range(0, 600, 3)]
    matcher = matcher_of(*(f"{left} NEAR/20 {right}" for left, right in pairwise(pairs)))
    with at_most(3):
        hits = matcher.match(Article(url="", title="", text=text))
    assert len(hits) == len(matcher.watches)


def test_a_phrase_of_one_repeated_character_takes_bounded_time() -> None:
    with at_most(6):
        (hit,) = matcher_of("爆爆爆 NEAR/3 爆爆").match(Article(url="", title="", text="爆" * 100_000))
    assert len(hit.spans) == MOST_SPANS


def test_a_title_that_looks_back_without_end_is_scored_in_bounded_time() -> None:
    words = [f"w{number}" for number in range(12)]
    matcher = matcher_of(*(f"{first} AND {then}" for first in words for then in words if first < then))
    text = f"{' '.join(words)} last week " * 5_000
    with at_most(5):
        hits = matcher.match(Article(url="", title=text, text=text))
    assert {hit.score for hit in hits} == {0.6}
