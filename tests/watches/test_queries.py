"""The rule language case by case: distances, counts, exceptions, fields, negation."""

from __future__ import annotations

import pytest

from monitor.model.articles import Article
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.matcher import Matcher

TERMS = {
    "isk": TermList(name="isk", any=("IS-KP",), case=("ISK",), exclude=("ISK Istanbul", "Bank ISK")),
    "is": TermList(name="is", any=("Islamic State", "Islamic State Khorasan", "Daesh")),
    "blast": TermList(name="blast", any=("blast*", "explo*")),
}


def matcher_of(**fields: object) -> Matcher:
    compiled = compile_watchlist(WatchlistSpec(terms=TERMS, watches=(WatchSpec(name="w", **fields),)))
    assert compiled.matcher is not None, compiled.faults
    return compiled.matcher


def finds(query: str, text: str, **fields: object) -> bool:
    article = Article(url="", title=str(fields.pop("title", "")), text=text, **fields)
    return bool(matcher_of(query=query).match(article))


NEAR_CASES = [
    ("a1 NEAR/0 b1", "a1 b1", True),
    ("a1 NEAR/0 b1", "a1 x b1", False),
    ("a1 NEAR/1 b1", "a1 x b1", True),
    ("a1 NEAR/1 b1", "a1 x y b1", False),
    ("a1 NEAR/2 b1", "b1 x y a1", True),
    ("a1 ONEAR/2 b1", "b1 x y a1", False),
    ("a1 ONEAR/2 b1", "a1, x! y? b1", True),
    ("a1 NEAR b1", "a1 1 2 3 4 5 6 7 8 9 10 b1", True),
    ("a1 NEAR b1", "a1 1 2 3 4 5 6 7 8 9 10 11 b1", False),
    ("bomb* NEAR/3 bombing", "a bombing took place", False),
    ("bomb* NEAR/3 bombing", "a bombing after bombs", True),
    ('"Islamic State" NEAR/5 "State Khorasan"', "the Islamic State Khorasan said", False),
    ('"Islamic State" NEAR/5 "State Khorasan"', "Islamic State or State Khorasan", True),
    ("(a1 OR c1) NEAR/1 (b1 OR d1)", "c1 x d1", True),
    ("a1 NEAR/1 b1 NEAR/1 c1", "a1 b1 c1", True),
    ("a1 NEAR/1 b1 NEAR/1 c1", "a1 b1 x x x b1 c1", False),
    ("a1 NEAR/1 b1 NEAR/1 c1", "c1 b1 a1", True),
    ("(a1 NEAR/1 b1) NEAR/1 c1", "b1 a1 c1", True),
    ("a1 NEAR/200 b1", "a1 " + "x " * 200 + "b1", True),
    ("a1 NEAR/200 b1", "a1 " + "x " * 201 + "b1", False),
    ("Mazar-i-Sharif NEAR/1 blast", "Mazar-i-Sharif: a blast", True),
]


@pytest.mark.parametrize(("query", "text", "wanted"), NEAR_CASES)
def test_near_counts_the_words_between(query: str, text: str, wanted: bool) -> None:
    assert finds(query, text) is wanted


LONG = "see /world/one-two-three-four-five-six-seven-eight-nine-ten-eleven-twelve today"
JOINED_CASES = [
    ("case:seven-eight", LONG, True),
    ("case:nine-ten-eleven", LONG, True),
    ("case:four-five-six-seven-eight", LONG, True),
    ("case:three-four-five-six-seven-eight-nine-ten-eleven", LONG, True),
    ("case:two-three-four-five-six-seven-eight-nine-ten-eleven-twelve", LONG, True),
    ("case:Four-five-six-seven-eight", LONG, False),
    ("case:four-five-six-seven-nine", LONG, False),
    ("case:four-five-six-seven-eight", "four-five-six seven-eight", False),
    ("case:two-three-four-five-six", "one_two-three.four-five-six's", True),
    ("fourfivesixseveneight", LONG, True),
    ("nineten", LONG, True),
    ("eight-nine-ten", LONG, True),
    ("ATLEAST/2 case:a1-b1-c1-d1-e1", "x1-a1-b1-c1-d1-e1-y1 and x1-a1-b1-c1-d1-e1", True),
]


@pytest.mark.parametrize(("query", "text", "wanted"), JOINED_CASES)
def test_a_joined_term_is_found_inside_a_longer_one(query: str, text: str, wanted: bool) -> None:
    assert finds(query, text) is wanted


def test_near_does_not_reach_from_the_title_into_the_text() -> None:
    assert not finds("a1 NEAR/5 b1", "b1", title="a1")


COUNT_CASES = [
    ("ATLEAST/2 bomb*", "one bomb", False),
    ("ATLEAST/2 bomb*", "a bomb and bombs", True),
    ("ATLEAST/2 bomb*", "bomb-making", False),
    ("ATLEAST/2 @is", "Islamic State Khorasan", False),
    ("ATLEAST/2 @is", "Islamic State Khorasan, or Daesh", True),
    ("ATLEAST/3 (a1 OR b1)", "a1 b1 a1", True),
    ("ATLEAST/3 (a1 OR b1)", "a1 b1", False),
    ("title:ATLEAST/2 a1", "a1 a1", False),
]


@pytest.mark.parametrize(("query", "text", "wanted"), COUNT_CASES)
def test_atleast_counts_mentions_that_do_not_overlap(query: str, text: str, wanted: bool) -> None:
    assert finds(query, text) is wanted


EXCEPT_CASES = [
    ("@isk", "ISK Istanbul opened", False),
    ("@isk", "ISK Istanbul opened, and ISK fighters attacked", True),
    ("@isk", "the Bank ISK Istanbul", False),
    ("@isk", "isk", False),
    ("@isk", "is-kp", True),
    ("title:@isk", "ISK", False),
    ("@isk NEAR/3 attacked", "ISK Istanbul attacked", False),
    ("@isk NOT Istanbul", "ISK in Istanbul", False),
]


@pytest.mark.parametrize(("query", "text", "wanted"), EXCEPT_CASES)
def test_except_kills_the_mention_and_not_the_article(query: str, text: str, wanted: bool) -> None:
    assert finds(query, text) is wanted


NOT_CASES = [
    ("a1 NOT b1", "a1", True),
    ("a1 NOT b1", "a1 b1", False),
    ("a1 AND NOT b1", "a1 b1", False),
    ("a1 NOT b1 NOT c1", "a1 c1", False),
    ("NOT b1 AND a1", "a1", True),
    ("a1 NOT (b1 AND c1)", "a1 b1", True),
    ("a1 NOT (b1 AND c1)", "a1 b1 c1", False),
    ("a1 NOT (b1 NOT c1)", "a1 b1 c1", True),
    ("a1 NOT (b1 NOT c1)", "a1 b1", False),
    ("a1 NOT (NOT b1)", "a1", False),
    ("a1 NOT (NOT b1)", "a1 b1", True),
    ("a1 NOT b1 NEAR/1 c1", "a1 b1 x x x c1", True),
    ("a1 NOT b1 NEAR/1 c1", "a1 b1 c1", False),
    ("a1 NOT title:b1", "a1 b1", True),
]


@pytest.mark.parametrize(("query", "text", "wanted"), NOT_CASES)
def test_not_denies_what_follows_it(query: str, text: str, wanted: bool) -> None:
    assert finds(query, text) is wanted


LONG = "First words stand here. " + "More of it follows now. " * 30 + "Late words end it."


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("title:head", True), ("title:first", False), ("lead:first", True), ("lead:late", False), ("top:first", True),
        ("top:head", True), ("top:late", False), ("body:late", True), ("body:head", False), ("text:head", True),
        ("body:first", True), ("title:(head OR late) AND late", True), ("author:smith", True), ("author:late", False),
        ("source:kabulnow", True), ("source:kabulnow.com", True), ("source:other", False), ("url:politics", True),
        ("smith", False), ("lang:en AND head", True), ("lang:fa AND head", False), ("tag:asia AND head", True),
        ("tag:as* AND head", True), ("head NOT tag:asia", False), ("head NOT lang:ru", True),
        ("author:smith AND source:kabulnow", True),
    ],
)  # fmt: skip
def test_fields_limit_where_a_term_may_stand(query: str, wanted: bool) -> None:
    given = {"author": "Jane Smith", "language": "en", "feed": "kabulnow", "feed_tags": ("Asia",)}
    article = Article(url="https://www.kabulnow.com/politics/1", title="Head line", text=LONG, **given)
    assert bool(matcher_of(query=query).match(article)) is wanted


def test_a_lead_that_repeats_the_start_of_the_text_is_counted_once() -> None:
    text = "A bomb went off in town.\n\nNothing else is known."
    article = Article(url="", title="", lead="A bomb went off in town.", text=text)
    assert not matcher_of(query="ATLEAST/2 bomb").match(article)
    assert matcher_of(query="lead:town").match(article)
    assert not matcher_of(query="lead:known").match(article)
    (hit,) = matcher_of(query="bomb").match(article)
    assert [(span.field, span.start, span.end) for span in hit.spans] == [("text", 2, 6)]


@pytest.mark.parametrize("before", range(193, 203))
def test_the_end_of_an_opening_without_spaces_cuts_no_name_in_two(before: int) -> None:
    article = Article(url="", title="", text="爆" * before + "ISIS-K" + "炸" * 2000)
    assert matcher_of(query="ISIS-K").match(article)
    assert not matcher_of(query="ISIS-K AND (IS-KP OR case:IS OR case:SIS)").match(article)
    assert matcher_of(query="lead:爆").match(article)
    assert not matcher_of(query="title:爆").match(article)


def test_a_lead_of_its_own_is_a_field_of_its_own() -> None:
    article = Article(url="", title="", lead="A bomb.", text="Something else.")
    (hit,) = matcher_of(query="lead:bomb").match(article)
    assert [(span.field, span.start, span.end) for span in hit.spans] == [("lead", 2, 6)]
    assert not matcher_of(query="body:bomb").match(article)


def test_another_headline_counts_as_title() -> None:
    article = Article(url="", title="Page headline", titles={"feed": "Feed headline on Balkh"}, text="Text.")
    assert matcher_of(query="title:Balkh").match(article)


def test_the_simple_keys_are_anded() -> None:
    watch = {"all": ("a1", "b1"), "any": ("c1", "d1"), "none": ("e1",), "query": "f1"}
    full = "a1 b1 d1 f1"
    assert matcher_of(**watch).match(Article(url="", title="", text=full))
    for missing in full.split():
        assert not matcher_of(**watch).match(Article(url="", title="", text=full.replace(missing, "")))
    assert not matcher_of(**watch).match(Article(url="", title="", text=full + " e1"))


@pytest.mark.parametrize(
    ("feeds", "wanted"),
    [
        (("kabulnow",), True), (("Asia",), True), (("*.com",), True), (("kabulnow.com",), True), (("kabul*",), True),
        (("*.kabulnow.com",), True), (("www.kabulnow.com",), True), (("*.now.com",), False),
        (("other", "asia"), True), (("other",), False), (("*.af",), False), (("now.com",), False),
    ],
)  # fmt: skip
def test_feeds_are_names_tags_or_host_patterns(feeds: tuple[str, ...], wanted: bool) -> None:
    article = Article(url="https://www.kabulnow.com/x", title="", text="a1", feed="kabulnow", feed_tags=("asia",))
    assert bool(matcher_of(all=("a1",), feeds=feeds).match(article)) is wanted


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", True), ("fa", True), ("fa-AF", True), ("prs", True), ("ru", False), (None, True)]
)
def test_an_unknown_language_is_not_excluded(language: str | None, wanted: bool) -> None:
    article = Article(url="", title="", text="a1", language=language)
    assert bool(matcher_of(all=("a1",), lang=("en", "fa")).match(article)) is wanted


def test_spans_point_at_the_words_and_carry_the_term_as_written() -> None:
    title, text = "  A  blast", "In\u00a0Balkh,\n\n  the «Islamic  State»\tand IS–KP’s men."
    matcher = matcher_of(all=("@blast", "Balkh"), any=("@is", "@isk"))
    (hit,) = matcher.match(Article(url="", title=title, text=text))
    texts = {"title": title, "text": text}
    found = [(span.term, texts[span.field][span.start : span.end]) for span in hit.spans]
    assert found == [("@blast", "blast"), ("Balkh", "Balkh"), ("@is", "Islamic  State"), ("@isk", "IS–KP")]


def test_a_hit_below_min_score_is_marked_background() -> None:
    text = "Grain prices. " * 100 + "Blast."
    (hit,) = matcher_of(all=("blast",), min_score=0.3).match(Article(url="", title="Grain", text=text))
    assert hit.background
    assert hit.score < 0.3


def test_stem_finds_inflected_forms_of_the_language() -> None:
    pytest.importorskip("simplemma")
    assert finds("stem:explosion", "two explosions were heard")
    assert not finds("explosion", "two explosions were heard")
    assert finds("stem:go", "he went home")
