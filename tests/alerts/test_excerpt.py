"""The passage: the matched sentence with one before and one after, right in every script."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.excerpt import LONGEST, excerpt_of, sentences
from monitor.model.articles import Article
from monitor.model.watches import Hit, Span


def hit(*spans: tuple[str, int, int]) -> Hit:
    found = tuple(Span(field=field, start=start, end=end, term="t") for field, start, end in spans)
    return Hit(watch="w", score=1.0, reasons=(), spans=found)


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


def test_sentences_end_where_each_script_ends_them() -> None:
    assert split("Mr. A. Khan spoke to the U.S. envoy. Then he left!") == [
        "Mr. A. Khan spoke to the U.S. envoy.",
        "Then he left!",
    ]
    assert split("انفجار شد؟ بلی. تمام شد۔ پایان") == ["انفجار شد؟", "بلی.", "تمام شد۔", "پایان"]
    assert split("爆発した。死者は一人。") == ["爆発した。", "死者は一人。"]
    assert split("No stop\nnext line") == ["No stop", "next line"]


def test_the_passage_is_the_matched_sentence_with_its_neighbours() -> None:
    text = "Zero. One. A blast in Balkh. Two. Three."
    start = text.index("blast")
    excerpt = excerpt_of(Article(url="", title="T", text=text), hit(("text", start, start + 5)))
    assert excerpt.text == "One. A blast in Balkh. Two."
    assert [(excerpt.text[a:b], term) for a, b, term in excerpt.highlights] == [("blast", "t")]


def test_a_match_in_the_title_alone_shows_the_title_and_none_at_all_the_beginning() -> None:
    article = Article(url="", title="Blast in Balkh", text="One. Two. Three.")
    assert excerpt_of(article, hit(("title", 0, 5))).text == "Blast in Balkh"
    assert excerpt_of(article, hit()).text == "One. Two."


def test_a_sentence_without_end_is_cut_around_the_match() -> None:
    text = "word " * 2000 + "blast " + "word " * 2000
    start = text.index("blast")
    excerpt = excerpt_of(Article(url="", title="", text=text), hit(("text", start, start + 5)))
    assert len(excerpt.text) <= LONGEST + 4
    assert [excerpt.text[a:b] for a, b, _ in excerpt.highlights] == ["blast"]


@given(st.text(max_size=300), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), max_size=5))
def test_highlights_always_lie_in_the_passage_and_show_the_same_text(text: str, places: list[tuple[int, int]]) -> None:
    article = Article(url="", title="", text=text)
    excerpt = excerpt_of(article, hit(*(("text", a, b) for a, b in places)))
    last = 0
    for start, end, _ in excerpt.highlights:
        assert last <= start < end <= len(excerpt.text)
        last = end


@given(st.text())
def test_sentences_cover_every_visible_character_in_order(text: str) -> None:
    parts = sentences(text)
    covered = {n for a, b in parts for n in range(a, b)}
    assert all(text[n].isspace() for n in range(len(text)) if n not in covered)
    assert parts == sorted(parts)
