"""An article in several containers is read to its end; what only stands beside it is not taken for its end."""

from __future__ import annotations

from tests.articles.test_reading import SENTENCES, page, read

LONG = [f"{each} Nobody in the town had expected it so soon, {n} of them said." for n, each in enumerate(SENTENCES)]


def chunk(sentences: list[str]) -> str:
    return f'<div class="row"><div class="article-body">{"".join(f"<p>{each}</p>" for each in sentences)}</div></div>'


def chunked(between: str, after: str = "") -> bytes:
    return page(f'<div class="chunks">{chunk(LONG[:3])}{between}{chunk(LONG[3:])}</div>{after}')


def test_an_article_that_is_broken_into_containers_is_read_to_its_end() -> None:
    text = read(chunked('<div class="ad-slot"><span>Advertisement</span></div>')).text
    assert text.split("\n") == LONG


def test_a_break_inside_a_paragraph_is_a_break_of_the_line() -> None:
    broken = "The ferry leaves at nine in the morning, the company said on Monday.<br>It returns in the evening at six."
    text = read(page(f'<div class="chunks">{chunk(LONG[:3])}{chunk([*LONG[3:], broken])}</div>')).text
    assert "on Monday.\nIt returns" in text


def test_teasers_of_the_same_make_are_not_taken() -> None:
    teaser = "A teaser of another story that is as long as a paragraph of this one, and stands in the same boxes."
    linked = f'<a href="/2">{chunk([teaser])}</a>'
    text = read(chunked("", after=linked)).text
    assert LONG[-1] in text
    assert "A teaser" not in text


def test_comments_of_the_same_make_are_not_taken() -> None:
    comment = "I have lived in this town for sixty years and I have never seen a pier that was worth the money of it."
    text = read(chunked("", after=f'<div id="comments">{chunk([comment])}</div>')).text
    assert LONG[-1] in text
    assert "sixty years" not in text
