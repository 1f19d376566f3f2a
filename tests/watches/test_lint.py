"""What is allowed and probably not meant: each warning where it belongs, none where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.model.articles import Article
from monitor.model.faults import Fault
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.lint import LEAST_READ, MOST_NAMED, folded_terms, lint
from monitor.watches.survey import survey


def warnings(
    *watches: Mapping[str, Any], terms: Mapping[str, TermList] | None = None, texts: list[str] | None = None,
    recorded: Mapping[str, int] | None = None,
) -> tuple[Fault, ...]:  # fmt: skip
    """The lints of these watches; of an archive of ``texts`` where given."""
    specs = tuple(WatchSpec(**{"name": f"w{number}", **watch}) for number, watch in enumerate(watches))
    spec = WatchlistSpec(terms=terms or {}, watches=specs)
    compiled = compile_watchlist(spec)
    assert compiled.matcher is not None, compiled.faults
    articles = [Article(url="", title="", text=text) for text in texts or []]
    surveyed = survey(compiled.matcher, folded_terms(compiled, spec), articles)
    return lint(compiled, spec, survey=surveyed, recorded=recorded)


def said(*watches: Mapping[str, Any], **archive: Any) -> list[str]:
    return [fault.message for fault in warnings(*watches, **archive)]


def test_a_sensible_watch_gives_no_warning() -> None:
    assert not said({"all": ("Balkh", "explo*"), "query": "case:IS NEAR/20 attack*"})


def test_an_everyday_word_is_named_and_case_is_proposed() -> None:
    (fault,) = warnings({"query": "balkh AND IS"})
    assert (fault.message, fault.column, fault.level) == ("'IS' is also an everyday word", 10, "warning")
    assert "case:IS" in fault.hint


def test_a_minus_in_the_simple_keys_excludes_nothing() -> None:
    (fault,) = warnings({"all": ("Balkh", "-football")})
    assert (fault.message, fault.path) == ("'-' excludes nothing here", ("all", 1))
    assert fault.hint == "put what is not wanted under none"


def test_operators_and_fields_in_the_simple_keys_are_words() -> None:
    assert said({"all": ("Balkh AND blast", "title:Balkh")}) == [
        "'AND' is an ordinary word here", "'title:' is an ordinary word here",
    ]  # fmt: skip
    assert not said({"all": ("Kabul: a history",)})


def test_a_question_mark_at_the_end_of_a_word_stands_for_nothing() -> None:
    assert said({"any": ("women?", "wom?n")}) == ["the ? at the end of 'women?' stands for nothing"]


def test_what_is_asked_for_and_excluded_can_never_match() -> None:
    assert said({"all": ("Balkh",), "none": ("Balkh",)}) == ["'Balkh' is asked for and excluded"]


def test_the_second_of_two_equal_watches_is_named() -> None:
    assert said({"query": "a1 AND b1"}, {"all": ("a1", "b1")}) == ["watch 'w1' asks for the same as 'w0'"]


def test_a_near_over_several_sentences_and_an_unused_list_are_named() -> None:
    lists = {"iskp": TermList(name="iskp", any=("IS-KP",))}
    assert said({"query": "balkh NEAR/50 blast"}, terms=lists) == [
        "no watch uses the term list 'iskp'", "NEAR/50 reaches over several sentences",
    ]  # fmt: skip


ARCHIVE = ["Police said on Monday."] * 20 + ["Rain in the north of Balkh."] * 4 + ["Snow."] * (LEAST_READ - 24)


def test_a_term_of_more_than_a_twentieth_of_the_stored_articles_is_named() -> None:
    lists = {"law": TermList(name="law", any=("polic*", "gendarmes"))}
    archive = {"terms": lists, "texts": ARCHIVE}
    assert said({"query": "@law AND balkh"}, recorded={"w0": 1}, **archive) == [
        "'polic*' stands in 20% of the articles stored last"
    ]
    assert said({"query": '"police said" AND balkh'}, recorded={"w0": 1}, texts=ARCHIVE) == [
        "'police said' stands in 20% of the articles stored last"
    ]
    assert not said({"query": "case:Police AND author:police AND balkh"}, recorded={"w0": 1}, texts=ARCHIVE)


def test_a_watch_that_never_matched_is_named_unless_a_hit_is_stored() -> None:
    rare = {"all": ("avalanche",)}
    (message,) = said(rare, {"all": ("Balkh",)}, texts=ARCHIVE)
    assert (
        message == f"watch 'w0' never matched: no hit is stored, and none of the latest {LEAST_READ} articles matches"
    )
    assert not said(rare, texts=ARCHIVE, recorded={"w0": 3})


def test_many_silent_watches_are_one_warning() -> None:
    rare = [{"all": (f"avalanche{number}",)} for number in range(MOST_NAMED + 1)]
    (message,) = said(*rare, texts=ARCHIVE)
    assert message.startswith("6 of 6 watches never matched")


def test_a_small_archive_says_nothing() -> None:
    assert not said({"all": ("police",)}, {"all": ("avalanche",)}, texts=ARCHIVE[: LEAST_READ - 1])
