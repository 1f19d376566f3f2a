"""Lines that repeat over a host are left out; sentences of articles are not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.extract import explain_article
from monitor.articles.repeats import LONGEST, REASON, counted, host_of, line_hash, without_host_lines
from monitor.model.articles import Article, PageHints
from tests.articles.test_reading import SENTENCES, URL, page

NOTICE = "Norport News is paid for by its readers, 1,204 of them by now, and it belongs to nobody else."


def test_a_known_line_is_left_out_with_the_reason() -> None:
    known = frozenset({line_hash(NOTICE)})
    body = "".join(f"<p>{line}</p>" for line in (*SENTENCES[:4], NOTICE.replace("1,204", "1,377"), *SENTENCES[4:]))
    reading = explain_article(page(body), PageHints(url=URL, host_lines=known))
    assert isinstance(reading.article, Article)
    assert "paid for by its readers" not in reading.article.text
    assert all(sentence in reading.article.text for sentence in SENTENCES)
    assert [line.reason for line in reading.dropped if "paid for" in line.text] == [REASON]


def test_a_line_that_is_left_out_goes_on_being_counted() -> None:
    body = "".join(f"<p>{line}</p>" for line in (*SENTENCES, NOTICE))
    fresh = explain_article(page(body), PageHints(url=URL))
    later = explain_article(page(body), PageHints(url=URL, host_lines=frozenset({line_hash(NOTICE)})))
    assert line_hash(NOTICE) in fresh.lines
    assert set(later.lines) == set(fresh.lines)


def test_the_first_sentence_stays_whatever_is_known_of_it() -> None:
    lines = ["By Ann Example", *SENTENCES]
    kept, dropped = without_host_lines(lines, {line_hash(SENTENCES[0]), line_hash(SENTENCES[3])})
    assert kept == ["By Ann Example", *SENTENCES[:3], *SENTENCES[4:]]
    assert [line.text for line in dropped] == [SENTENCES[3]]


def test_an_article_that_is_told_again_is_left_whole() -> None:
    lines = list(SENTENCES)
    assert without_host_lines(lines, frozenset(map(line_hash, lines))) == (lines, [])


def test_neither_words_nor_long_paragraphs_are_counted() -> None:
    assert counted(["Yes.", "Background", "x" * (LONGEST + 1), NOTICE, NOTICE]) == (line_hash(NOTICE),)


def test_a_host_has_no_www() -> None:
    assert [host_of(url) for url in ("https://www.a.example/x", "http://b.a.example:81/", "nonsense", "http://[")] == [
        "a.example", "b.a.example", "", "",
    ]  # fmt: skip


@given(lines=st.lists(st.text(max_size=60), max_size=12), picked=st.sets(st.integers(0, 11)))
def test_lines_are_kept_in_their_order_and_most_of_the_text_stays(lines: list[str], picked: set[int]) -> None:
    known = {line_hash(lines[number]) for number in picked if number < len(lines)}
    kept, dropped = without_host_lines(lines, known)
    assert sorted([*kept, *(line.text for line in dropped)]) == sorted(lines)
    assert 3 * sum(len(line.text) for line in dropped) <= sum(map(len, lines))
    assert without_host_lines(lines, frozenset()) == (lines, [])
