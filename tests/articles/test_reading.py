"""From a page to an article: the body, the titles, what was left out, and why less than all could be read."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from monitor.articles.extract import article_from_feed, explain_article, extract_article, feed_has_full_text
from monitor.model.articles import Article, Method, NotExtracted, PageHints, Partial

URL = "https://news.norport.example/2024/04/pier"
SENTENCES = (
    "The harbour authority of Norport said on Monday that the new pier would open in the spring.",
    "Three companies have built it since the storm of two years ago took the old one away.",
    "The mayor, who opened the works herself, called it a promise kept to the fishermen of the town.",
    "Tickets for the first ferry will be sold from the end of the month at the harbour office.",
    "A spokesman for the fishermen said that the price of a berth had not been settled yet.",
    "The council will vote on it next week, and two of its members have said that they will abstain.",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
HINTS = PageHints(url=URL)


def page(body: str = BODY, head: str = "", title: str = "New pier for Norport") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title} | Norport News</title>'
        f'<meta property="og:site_name" content="Norport News">'
        f'<meta property="og:title" content="{title}">{head}</head>'
        f"<body><nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav><article><h1>{title}</h1>{body}</article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def read(body: bytes, hints: PageHints = HINTS) -> Article:
    article = extract_article(body, hints)
    assert isinstance(article, Article)
    return article


def test_the_body_has_every_sentence_and_neither_menu_nor_footer() -> None:
    article = read(page())
    assert all(sentence in article.text for sentence in SENTENCES)
    assert "Sport" not in article.text
    assert "rights reserved" not in article.text
    assert (article.method, article.partial) == (Method.PAGE, None)


def test_all_titles_are_kept_without_the_name_of_the_site() -> None:
    article = read(page(), PageHints(url=URL, title="Norport gets a pier"))
    assert article.title == "New pier for Norport"
    assert article.titles["feed"] == "Norport gets a pier"
    assert article.titles["title"] == "New pier for Norport"


def test_a_day_in_json_ld_is_completed_by_the_time_that_another_node_states() -> None:
    nodes = {"@graph": [
        {"@type": "WebPage", "datePublished": "2024-04-02T18:30:00+04:30"},
        {"@type": "NewsArticle", "headline": "New pier for Norport", "datePublished": "2024-04-02"},
    ]}  # fmt: skip
    article = read(page(head=f'<script type="application/ld+json">{json.dumps(nodes)}</script>'))
    assert article.published == datetime(2024, 4, 2, 14, 0, tzinfo=UTC)


def test_the_heading_of_the_article_is_not_that_of_the_next_one() -> None:
    after = "<h1>Where the fishermen of Norport go next</h1>"
    head = '<meta property="og:title" content="Where Norport gets its pier">'
    body = f"<h1>The town and its new pier: what Norport gets</h1>{BODY}{after}"
    bare = f"<html><head><title>Where Norport gets its pier</title>{head}</head><body>{body}</body></html>"
    assert read(bare.encode()).titles["h1"] == "The town and its new pier: what Norport gets"


def test_json_ld_gives_author_instant_and_site() -> None:
    node = {
        "@type": "NewsArticle", "headline": "New pier for Norport", "datePublished": "2024-04-02T18:30:00+04:30",
        "author": [{"@type": "Person", "name": "By Ann Example"}], "publisher": {"name": "Norport News"},
        "description": "The town gets its pier back, two years after the storm that took the old one.",
    }  # fmt: skip
    article = read(page(head=f'<script type="application/ld+json">{json.dumps(node)}</script>'))
    assert article.author == "Ann Example"
    assert article.published == datetime(2024, 4, 2, 14, 0, tzinfo=UTC)
    assert article.site == "Norport News"
    assert article.lead == node["description"]


def test_addresses_are_absolute_and_the_publisher_is_the_registrable_domain() -> None:
    head = '<link rel="canonical" href="/pier"><link rel="amphtml" href="/amp/pier">'
    article = read(page(head=head))
    assert article.canonical_url == "https://news.norport.example/pier"
    assert article.amp_url == "https://news.norport.example/amp/pier"
    assert article.publisher == "norport.example"


def test_the_publisher_of_a_loopback_outlet_is_its_whole_name() -> None:
    assert read(page(), PageHints(url="http://kestrel.localhost:8123/a")).publisher == "kestrel.localhost"
    assert read(page(), PageHints(url=URL, publisher="Norport group")).publisher == "Norport group"


def test_the_dateline_is_parsed_with_its_place_in_the_text() -> None:
    article = read(page("<p>NORPORT, April 2 (Coast Agency) – " + BODY.removeprefix("<p>")))
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.agency) == ("NORPORT", "Coast Agency")
    assert article.text[article.dateline.end :].startswith("The harbour")


@pytest.mark.parametrize("joiner", ["\u200c", "&zwnj;", "&#8204;"])
def test_the_non_joiner_of_persian_reaches_the_body_and_the_title(joiner: str) -> None:
    sentence = f"به گفته منابع محلی این پل تازه در بهار امسال باز می{joiner}شود و بلیت آن فروخته خواهد شد. "
    article = read(page(f"<p>{sentence * 2}</p>" * 4, title=f"پل باز می{joiner}شود"))
    assert "می\u200cشود" in article.text
    assert "می\u200cشود" in article.title
    assert article.language == "fa"


def test_a_line_that_stands_there_twice_is_told_once() -> None:
    long = "".join(f"<p>{one} {other}</p>" for one, other in zip(SENTENCES[::2], SENTENCES[1::2], strict=True))
    reading = explain_article(page(long + long), HINTS)
    assert isinstance(reading.article, Article)
    assert reading.article.text.count(SENTENCES[0]) == 1


def test_a_paywall_that_is_declared_is_named() -> None:
    node = '{"@type": "NewsArticle", "isAccessibleForFree": "False"}'
    article = read(page(f"<p>{SENTENCES[0]}</p>", head=f'<script type="application/ld+json">{node}</script>'))
    assert article.partial is Partial.PAYWALL


def test_a_paywall_that_only_says_so_is_named() -> None:
    article = read(page(f"<p>{SENTENCES[0]}</p><div>Subscribe to continue reading.</div>"))
    assert article.partial is Partial.PAYWALL


def test_a_page_without_text_but_with_scripts_is_named() -> None:
    body = b'<html><title>Pier</title><body><noscript>Please enable JavaScript</noscript><div id="root"></div>'
    hints = PageHints(url=URL, title="Pier", summary=SENTENCES[0])
    article = read(body, hints)
    assert (article.partial, article.method, article.text) == (Partial.SCRIPT_ONLY, Method.SUMMARY, SENTENCES[0])


def test_a_consent_notice_in_place_of_the_article_is_named() -> None:
    notice = "<p>Before you continue: we use cookies and your data.</p><p>Accept all</p><p>Manage options</p>"
    article = read(f"<html><head><title>Pier</title></head><body><div>{notice}</div></body></html>".encode())
    assert article.partial is Partial.CONSENT


def test_a_short_page_gives_way_to_the_text_of_the_feed() -> None:
    article = read(page("<p>Pier opens.</p>"), PageHints(url=URL, content=BODY))
    assert article.method is Method.FEED
    assert article.partial is Partial.SHORT
    assert SENTENCES[-1] in article.text


def test_a_short_page_gives_way_to_the_body_in_json_ld() -> None:
    node = json.dumps({"@type": "NewsArticle", "articleBody": " ".join(SENTENCES)})
    article = read(page("<p>Pier opens.</p>", head=f'<script type="application/ld+json">{node}</script>'))
    assert article.method is Method.JSON_LD
    assert SENTENCES[-1] in article.text


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"%PDF-1.7", "text/html"), (b"\x89PNG\r\n", ""), (b'{"a": 1}', "application/json"), (b"", ""), (b"words", "")],
)
def test_what_is_no_page_is_named(body: bytes, content_type: str) -> None:
    outcome = extract_article(body, PageHints(url=URL, content_type=content_type))
    assert isinstance(outcome, NotExtracted)
    assert outcome.reason is Partial.NON_HTML


def test_a_page_that_is_too_large_gives_way_to_the_feed() -> None:
    article = read(b"<html>" + b" " * 6_000_000, PageHints(url=URL, summary=SENTENCES[0]))
    assert (article.partial, article.text) == (Partial.OVERSIZE, SENTENCES[0])


def test_the_cheap_mode_reads_the_paragraphs() -> None:
    article = extract_article(page(), HINTS, cheap=True)
    assert isinstance(article, Article)
    assert SENTENCES[3] in article.text


def test_a_live_blog_is_one_article_of_dated_updates() -> None:
    updates = [
        {"headline": f"Update {n}", "articleBody": SENTENCES[n] * 2, "datePublished": f"2024-04-02T1{n}:00:00Z"}
        for n in range(3)
    ]
    node = json.dumps({"@type": "LiveBlogPosting", "headline": "New pier for Norport", "liveBlogUpdate": updates})
    article = read(page(head=f'<script type="application/ld+json">{node}</script>'))
    assert [update.title for update in article.live_updates] == ["Update 2", "Update 1", "Update 0"]
    assert article.text.startswith("Update 2\n" + SENTENCES[2])


def test_a_self_closed_iframe_in_noscript_swallows_nothing() -> None:
    article = read(page(f"<noscript><iframe src='x'/></noscript>{BODY}"))
    assert SENTENCES[-1] in article.text


def test_reading_a_page_four_times_gives_the_same_four_times() -> None:
    assert len({read(page()).text for _ in range(4)}) == 1


def test_a_feed_with_the_full_text_needs_no_page() -> None:
    hints = PageHints(url=URL, title="Pier", content=BODY * 2)
    assert feed_has_full_text(hints)
    article = article_from_feed(hints)
    assert (article.method, article.partial) == (Method.FEED, None)
    assert SENTENCES[0] in article.text


@pytest.mark.parametrize(
    "end", ["[…]", "...", "&hellip;", '<a href="/x">Read more</a>', "Continue reading", "ادامه مطلب"]
)
def test_a_feed_text_that_ends_as_a_teaser_is_not_the_article(end: str) -> None:
    assert not feed_has_full_text(PageHints(url=URL, content=f"{BODY * 3}<p>And so on {end}</p>"))


def test_what_wordpress_adds_to_a_feed_is_not_the_article() -> None:
    added = "<p>The post New pier for Norport appeared first on Norport News.</p>"
    assert "appeared first" not in article_from_feed(PageHints(url=URL, content=BODY * 2 + added)).text


def test_a_feed_with_a_title_only_still_gives_an_article() -> None:
    article = article_from_feed(
        PageHints(url=URL, title="Pier <b>opens</b>"), partial=Partial.UNREACHABLE, detail="dns"
    )
    assert (article.title, article.text, article.partial) == ("Pier opens", "", Partial.UNREACHABLE)
