"""Live blogs: their entries are updates of one article, however the page marks them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.articles.extract import extract_article
from monitor.model.articles import Article, PageHints

TOLD = (
    "The first ship of the morning has left the harbour of Norport with two hundred passengers on board.",
    "The coast guard says that the storm will reach the outer islands before noon and the town by evening.",
    "All schools of the town stay closed tomorrow, and the ferry to the islands goes once more at three.",
    "The mayor asks those who live below the old wall to go to the hall of the upper town for the night.",
)
HOURS = tuple(range(8, 12))


def times(hour: int) -> str:
    return f'<time datetime="2024-04-02T{hour:02}:30:00+02:00">{hour}:30</time>'


def entry(opening: str, number: int, closing: str) -> str:
    opening = opening.replace("#", f"{number:024x}")
    share = '<div class="share-tools">Share this update on all networks</div>'
    return f"{opening}{times(HOURS[number])}<h3>Report {number}</h3><p>{TOLD[number]}</p>{share}{closing}"


def page(entries: str, around: str = "main", attributes: str = "") -> bytes:
    head = "<title>Storm over Norport: live</title>"
    intro = "<p>A storm comes to Norport. We tell here what happens, with the newest report first.</p>"
    return (
        f"<html><head>{head}</head><body><{around} {attributes}><h1>Storm over Norport: live</h1>{intro}{entries}"
        f"</{around}></body></html>"
    ).encode()


def read(body: bytes) -> Article:
    article = extract_article(body, PageHints(url="https://news.norport.example/storm"))
    assert isinstance(article, Article)
    return article


FORMS = {
    "microdata": ('<div itemprop="liveBlogUpdate" itemscope itemtype="https://schema.org/BlogPosting">', "</div>"),
    "block ids": ('<div id="block-#" class="block">', "</div>"),
    "data of blocks": ('<article data-block-id="#">', "</article>"),
    "live-blog-entry": ('<li class="live-blog-entry">', "</li>"),
    "liveblog__post": ('<article class="card liveblog__post liveblog__post--key">', "</article>"),
    "live-entry": ('<section class="live-entry">', "</section>"),
}


@pytest.mark.parametrize("form", FORMS)
def test_entries_in_the_markup_are_updates_of_one_article(form: str) -> None:
    opening, closing = FORMS[form]
    article = read(page("".join(entry(opening, number, closing) for number in (2, 0, 3, 1))))
    assert [update.title for update in article.live_updates] == ["Report 3", "Report 2", "Report 1", "Report 0"]
    assert [update.text for update in article.live_updates] == [*reversed(TOLD)]
    assert article.live_updates[0].at == datetime(2024, 4, 2, 9, 30, tzinfo=UTC)
    assert article.text.startswith(f"Report 3\n{TOLD[3]}\nReport 2\n")
    assert article.partial is None


def test_postings_inside_a_live_blog_are_its_updates() -> None:
    opening = '<article itemscope itemtype="http://schema.org/BlogPosting">'
    entries = "".join(entry(opening, number, "</article>") for number in range(4))
    article = read(page(entries, "main", 'itemscope itemtype="http://schema.org/LiveBlogPosting"'))
    assert [update.text for update in article.live_updates] == [*reversed(TOLD)]


def test_entries_inside_an_entry_are_told_once() -> None:
    inner = entry('<div data-block-id="#">', 0, "</div>")
    entries = "".join(entry('<article data-block-id="#">', number, "</article>") for number in (1, 2, 3))
    article = read(page(entries.replace("</article>", f"{inner}</article>", 1)))
    assert len(article.live_updates) == 3
    assert article.text.count(TOLD[0]) == 1


def test_markup_that_tells_more_than_json_ld_wins() -> None:
    node = {"@type": "LiveBlogPosting", "headline": "Storm", "liveBlogUpdate": [{"headline": "Report 3"}]}
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>'
    entries = "".join(entry('<div data-block-id="#">', number, "</div>") for number in range(3))
    assert len(read(page(script + entries)).live_updates) == 3


@pytest.mark.parametrize(
    "opening",
    ['<div class="live-blog-entry">', '<div data-block-id="#">'],
)
def test_two_entries_make_no_live_blog_of_a_page_that_does_not_call_itself_one(opening: str) -> None:
    entries = "".join(entry(opening, number, "</div>") for number in range(2))
    assert read(page(entries + f"<p>{TOLD[2]}</p><p>{TOLD[3]}</p>")).live_updates == ()


@pytest.mark.parametrize(
    "opening", ['<div class="teaser">', '<div id="block-views-#">', '<article class="live-card">', '<li class="post">']
)
def test_lists_of_teasers_are_no_live_blogs(opening: str) -> None:
    entries = "".join(entry(opening, number, "</div>") for number in range(4))
    body = "".join(f"<p>{sentence} {sentence}</p>" for sentence in TOLD)
    assert read(page(f'<a href="/live-blog">Our live-blog</a>{body}{entries}')).live_updates == ()


def test_entries_without_times_are_no_live_blog() -> None:
    entries = "".join(f'<div data-block-id="{number}"><p>{told}</p></div>' for number, told in enumerate(TOLD))
    assert read(page(entries)).live_updates == ()
