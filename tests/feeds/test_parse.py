"""Feed documents of every format, broken and hostile ones among them, read to the same values."""

from __future__ import annotations

import asyncio
import json
import pickle
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument, NotAFeed
from monitor.workers.pool import WorkerPool
from tests.feeds.hostile import DOCUMENTS

SLOW = {"30,000 attributes", "100,000 nested elements", "50,000 nested items", "100,000 empty items", "an entity bomb"}
"""These need a worker that can be killed; see the test of all through a pool."""
BASE = "https://herald.example/feed/"
RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>The Herald</title><link>https://herald.example/</link><language>en</language><ttl>30</ttl>
<skipHours><hour>1</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<atom:link rel="self" href="https://herald.example/feed/"/><atom:link rel="hub" href="https://hub.example/"/>
<atom:link rel="next" href="?page=2"/>
<item><guid isPermaLink="false">h-1</guid><link>/bridge</link>
<title>Bridge &amp;amp; ferry &lt;i&gt;closed&lt;/i&gt;</title>
<description>Short &lt;b&gt;text&lt;/b&gt;</description><content:encoded><![CDATA[<p>Long text</p>]]></content:encoded>
<dc:creator>A. Writer</dc:creator><pubDate>Tue, 02 Apr 2024 12:00:00 +0430</pubDate><category>Roads</category></item>
</channel></rss>"""


def read(text: str | bytes, **labels: str | None) -> FeedDocument:
    body = text if isinstance(text, bytes) else text.encode()
    document = parse_document(body, **{"content_type": None, "url": BASE, **labels})  # type: ignore[arg-type]
    assert isinstance(document, FeedDocument), document
    return document


def test_rss_is_read_with_all_that_polling_needs() -> None:
    feed = read(RSS)
    assert (feed.format, feed.title, feed.language) == ("rss20", "The Herald", "en")
    assert (feed.link, feed.self_url, feed.hub_url) == ("https://herald.example/", BASE, "https://hub.example/")
    assert feed.next_url == "https://herald.example/feed/?page=2"
    assert (feed.ttl, feed.update_period) == (timedelta(minutes=30), timedelta(hours=12))
    assert (feed.skip_hours, feed.skip_days) == (frozenset({0, 1}), frozenset({6}))
    (entry,) = feed.entries
    assert (entry.guid, entry.url, entry.author) == ("h-1", "https://herald.example/bridge", "A. Writer")
    assert (entry.title, entry.title_markup) == ("Bridge & ferry closed", "Bridge &amp; ferry <i>closed</i>")
    assert (entry.summary, entry.content) == ("Short <b>text</b>", "<p>Long text</p>")
    assert entry.published == datetime(2024, 4, 2, 7, 30, tzinfo=UTC)
    assert entry.published_raw == "Tue, 02 Apr 2024 12:00:00 +0430"
    assert (entry.language, entry.tags) == ("en", ("Roads",))


def test_atom_is_read() -> None:
    feed = read(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ps"><title>T</title><entry><id>tag:x,1</id>
        <link href="a"/><title type="html">&lt;b&gt;Bold&lt;/b&gt;</title><updated>2024-04-02T10:00:00Z</updated>
        <published>2024-04-01T10:00:00+02:00</published><content type="html">Body</content></entry></feed>"""
    )
    (entry,) = feed.entries
    assert (entry.guid, entry.url, entry.title) == ("tag:x,1", f"{BASE}a", "Bold")
    assert entry.published == datetime(2024, 4, 1, 8, tzinfo=UTC)
    assert entry.updated == datetime(2024, 4, 2, 10, tzinfo=UTC)
    assert entry.language == "ps"


def test_a_json_feed_is_read() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1", "title": "T", "language": "fa", "next_url": "/2",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "authors": [{"name": "Desk"}],
        "items": [
            {"id": 7, "url": "/a", "title": " One\n two", "content_text": "Text",
             "date_published": "2024-04-02T10:00:00Z"},
            {"id": "b", "external_url": "https://other.example/", "content_html": "<p>x</p>",
             "authors": [{"name": "B"}]},
        ],
    }  # fmt: skip
    feed = read(json.dumps(document))
    first, second = feed.entries
    assert (feed.format, feed.next_url, feed.hub_url) == ("json11", "https://herald.example/2", "https://hub.example/")
    assert (first.guid, first.url, first.title, first.content) == ("7", "https://herald.example/a", "One two", "Text")
    assert (first.author, first.language, first.published) == ("Desk", "fa", datetime(2024, 4, 2, 10, tzinfo=UTC))
    assert (second.url, second.author) == ("https://other.example/", "B")


def test_a_news_sitemap_is_read() -> None:
    feed = read(
        """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
        <url><loc>https://herald.example/a</loc><n:news><n:publication><n:name>H</n:name><n:language>en</n:language>
        </n:publication><n:publication_date>2024-04-02</n:publication_date><n:title>Flood</n:title>
        <n:keywords>rain, river</n:keywords></n:news></url><url><loc>https://herald.example/about</loc></url></urlset>"""
    )
    (entry,) = feed.entries
    assert (feed.format, entry.url, entry.title, entry.language) == (
        "news-sitemap", "https://herald.example/a", "Flood", "en",
    )  # fmt: skip
    assert entry.tags == ("rain", "river")


def test_a_sitemap_index_names_its_children_newest_first() -> None:
    feed = read(
        """<sitemapindex><sitemap><loc>/old</loc><lastmod>2020-01-01</lastmod></sitemap>
        <sitemap><loc>/new</loc><lastmod>2024-01-01</lastmod></sitemap></sitemapindex>"""
    )
    assert feed.children == ("https://herald.example/new", "https://herald.example/old")


def test_a_language_that_the_user_set_wins() -> None:
    assert {entry.language for entry in read(RSS, language="de").entries} == {"de"}


def test_utf8_wins_over_a_wrong_label() -> None:
    wrong = RSS.replace('encoding="utf-8"', 'encoding="iso-8859-1"').replace("Bridge", "پل بسته")
    for kind in ("text/xml; charset=iso-8859-1", "application/rss+xml; charset=windows-1252", None):
        assert read(wrong, content_type=kind).entries[0].title.startswith("پل بسته")


def test_utf8_encoded_twice_is_repaired() -> None:
    twice = "کابل".encode().decode("latin-1")
    assert read(RSS.replace("Bridge", twice)).entries[0].title.startswith("کابل")


def test_another_encoding_is_read_as_declared() -> None:
    arabic = RSS.replace("utf-8", "windows-1256").replace("Bridge", "كابل").encode("windows-1256")
    assert read(arabic).entries[0].title.startswith("كابل")


def test_broken_xml_is_read_as_far_as_it_goes_and_noted() -> None:
    feed = read(RSS.replace("</guid>", "</giud>"))
    assert len(feed.entries) == 1
    assert "not well-formed" in feed.problems[0]


def test_a_base_does_not_leak_from_one_entry_into_the_next() -> None:
    feed = read(
        """<feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="http://a.example/"><link href="x"/></entry>
        <entry><link href="y"/></entry></feed>"""
    )
    assert [entry.url for entry in feed.entries] == ["http://a.example/x", f"{BASE}y"]


@pytest.mark.parametrize("body", [b"", b"  \n", b"\xef\xbb\xbf"])
def test_an_empty_document_is_no_feed(body: bytes) -> None:
    verdict = parse_document(body, content_type=None, url=BASE)
    assert isinstance(verdict, NotAFeed)
    assert verdict.reason == "the document is empty"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert read('<rss version="2.0"><channel><title>T</title></channel></rss>').entries == ()


def test_a_page_is_no_feed_and_tells_what_it_announces() -> None:
    page = b"""<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/comments/feed/">
    <link rel='ALTERNATE home' type=application/atom+xml href=/atom.xml></head></html>"""
    verdict = parse_document(page, content_type="application/rss+xml", url=BASE)
    assert isinstance(verdict, NotAFeed)
    assert verdict.is_html
    assert verdict.links == ("https://herald.example/atom.xml", "https://herald.example/comments/feed/")


@pytest.mark.parametrize("name", sorted(DOCUMENTS.keys() - SLOW))
def test_a_hostile_document_is_a_value_within_moments(name: str) -> None:
    body = DOCUMENTS[name]()
    started = time.process_time()
    document = parse_document(body, content_type=None, url=BASE)
    assert time.process_time() - started < 5
    assert isinstance(document, FeedDocument | NotAFeed)
    pickle.dumps(document)
    text = repr(document)
    text.encode()
    assert "root:" not in text


@pytest.mark.slow
async def test_hostile_documents_cost_a_worker_at_most_and_nobody_else_anything() -> None:
    gaps: list[float] = []

    async def heartbeat() -> None:
        while True:
            started = time.monotonic()
            await asyncio.sleep(0.02)
            gaps.append(time.monotonic() - started - 0.02)

    async with WorkerPool(2, preload=("monitor.feeds.parse", "feedparser")) as pool:
        limit = timedelta(seconds=2)
        await pool.run(parse_document, RSS.encode(), content_type=None, url=BASE, deadline=limit)
        beating = asyncio.create_task(heartbeat())
        for make in DOCUMENTS.values():
            hostile = asyncio.create_task(pool.run(parse_document, make(), content_type=None, url=BASE, deadline=limit))
            started = time.monotonic()
            good = await pool.run(parse_document, RSS.encode(), content_type=None, url=BASE, deadline=limit)
            assert isinstance(good, FeedDocument)
            assert time.monotonic() - started < 1.9
            await hostile
        beating.cancel()
    assert max(gaps) < 0.5


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_none(body: bytes) -> None:
    assert isinstance(parse_document(body, content_type=None, url=""), FeedDocument | NotAFeed)


PIECES = [
    "<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "&amp;", "&x;", "<![CDATA[", "]]>", "a", "<",
    "\0",    "<guid>", "</guid>", "<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<link href='", "'/>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_pieces_of_a_feed_are_a_feed_or_none(text: str) -> None:
    assert isinstance(parse_document(text.encode(), content_type=None, url=""), FeedDocument | NotAFeed)
