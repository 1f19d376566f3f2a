"""Short lines that are not the article's, and those that only look so."""

from __future__ import annotations

import pytest

from monitor.articles.furniture import without_furniture
from monitor.articles.metadata import Facts
from tests.articles.test_reading import SENTENCES, page, read

TITLE = "New pier for Norport"
FACTS = Facts(bylines=["Ann Example", "گزارشگران روزنه"], shares={"Tell a friend"})
BODY = list(SENTENCES)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (TITLE, "the title"),
        ("Ann Example, our correspondent in Norport", "byline or date of publication"),
        ("Published: 2 April 2024, 17:00", "byline or date of publication"),
        ("گزارشگران روزنه تاریخ نشر: ۱۴ حمل ۱۴۰۳، ساعت ۱۷:۰۰", "byline or date of publication"),
        ("تاریخ نشر: ۱۴ حمل ۱۴۰۳", "byline or date of publication"),
        ("نشر في: 02.04.2024 17:00", "byline or date of publication"),
        ("Опубликовано 2 апреля 2024", "byline or date of publication"),
        ("Tell a friend", "a box for sharing"),
        ("This article is for subscribers. Subscribe or sign in to continue reading.", "asks to subscribe or log in"),
    ],
)
def test_a_line_goes_for_a_reason(line: str, reason: str) -> None:
    kept, dropped = without_furniture([line, *BODY], FACTS, [TITLE])
    assert kept == BODY
    assert [each.reason for each in dropped] == [reason]


@pytest.mark.parametrize(
    "line",
    [
        "Published in 1924, the novel tells of a town without a harbour.",
        "Ann Example, who opened the works, called it a promise kept.",
        "The first summer",
        "Tell a friend what you have seen at the harbour, he said.",
    ],
)
def test_a_sentence_or_a_heading_stays(line: str) -> None:
    assert without_furniture([*BODY[:1], line, *BODY[1:]], FACTS, [TITLE])[0] == [*BODY[:1], line, *BODY[1:]]


def test_a_title_that_is_said_again_further_down_stays() -> None:
    lines = [*BODY, TITLE]
    assert without_furniture(lines, FACTS, [TITLE]) == (lines, [])


def test_on_a_page_they_are_found_by_their_markup() -> None:
    head = '<div class="info"><span class="writer">Ann Example</span> <span>Norport, 2 April</span></div>'
    body = "".join(f"<p>{each}</p>" for each in SENTENCES)
    text = read(page(f'{head}{body}<div class="entry-share">Tell a friend</div>')).text
    assert text.split("\n") == BODY
