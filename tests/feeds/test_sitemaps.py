"""News sitemaps as publishers' programs write them, well-formed or not."""

from __future__ import annotations

import pytest

from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument, NotAFeed

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">"""


def url(number: int, title: str = "Flood") -> str:
    return (
        f"<url><loc>https://herald.example/{number}?a=b&amp;c=d</loc><news:news><news:title>{title}</news:title>"
        "<news:publication_date>2024-04-02T16:30:00+0430</news:publication_date></news:news></url>"
    )


WHOLE = f"{HEAD}{url(1)}{url(2)}</urlset>"


def read(document: str | bytes) -> FeedDocument:
    body = document if isinstance(document, bytes) else document.encode()
    parsed = parse_document(body, content_type="application/xml", url="https://herald.example/news.xml")
    assert isinstance(parsed, FeedDocument), parsed
    return parsed


@pytest.mark.parametrize(
    "document",
    [
        WHOLE,
        f"\n  {WHOLE}",
        f"\ufeff{WHOLE}",
        WHOLE.replace("Flood", "<![CDATA[Flood]]>"),
        WHOLE.replace("UTF-8", "utf-8"),
    ],
)
def test_a_sitemap_is_read_whatever_stands_before_it(document: str) -> None:
    feed = read(document)
    assert [entry.url for entry in feed.entries] == [f"https://herald.example/{n}?a=b&c=d" for n in (1, 2)]
    assert [entry.title for entry in feed.entries] == ["Flood", "Flood"]
    assert feed.problems == ()


def test_a_sitemap_in_utf_16_is_read() -> None:
    assert len(read(WHOLE.replace("UTF-8", "UTF-16").encode("utf-16")).entries) == 2


RUSSIAN = "Взрыв в жилом доме на севере страны, сообщили местные источники вечером"
POLISH = "Wybuch w budynku na północy kraju, źródła: żółta łódź"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    ("title", "charset", "declared", "header"),
    [
        (RUSSIAN, "windows-1251", "", ""),
        (RUSSIAN, "koi8-u", DECLARATION, ""),
        (RUSSIAN, "koi8-r", DECLARATION.replace("UTF-8", "koi8-r"), "; charset=windows-1252"),
        (RUSSIAN, "iso-8859-5", DECLARATION.replace("UTF-8", "iso-8859-5"), "; charset=iso-8859-1"),
        (POLISH, "iso-8859-2", "", "; charset=iso-8859-2"),
        ("Été à Nîmes", "windows-1252", "", ""),
        ("Été à Nîmes", "latin-1", "", "; charset=us-ascii"),
        (RUSSIAN, "utf-8", DECLARATION.replace("UTF-8", "windows-1251"), "; charset=windows-1251"),
        (RUSSIAN, "utf-16", "", "; charset=utf-16"),
        ("Été à Nîmes", "latin-1", DECLARATION.replace("UTF-8", "iso-8859-1"), "; charset=utf-8"),
        ("Été à Nîmes", "latin-1", "", "; charset=utf-8"),
        (RUSSIAN, "koi8-r", DECLARATION.replace("UTF-8", "koi8-r"), "; charset=utf-8"),
        ("北部一处住宅发生爆炸", "gb2312", DECLARATION.replace("UTF-8", "gb2312"), "; charset=utf-8"),
        ("朱镕基在北京", "gbk", DECLARATION.replace("UTF-8", "gb2312"), ""),
        ("Été à Nîmes", "latin-1", "", "; charset=utf-16"),
        (POLISH, "iso-8859-2", DECLARATION.replace("UTF-8", "iso-8859-2"), "; charset=x-unknown"),
    ],
)
def test_a_sitemap_in_an_old_charset_is_read_as_a_feed_is(title: str, charset: str, declared: str, header: str) -> None:
    body = (declared + HEAD.partition("\n")[2] + url(1, title) + "</urlset>").encode(charset)
    feed = parse_document(body, content_type=f"text/xml{header}", url="https://herald.example/news.xml")
    assert isinstance(feed, FeedDocument), feed
    assert ([entry.title for entry in feed.entries], feed.problems) == ([title], ())


@pytest.mark.parametrize(
    "document",
    [
        WHOLE.replace("&amp;", "&"), WHOLE.replace("Flood", "Flood&nbsp;& fire"), WHOLE.replace("Flood", "Flood\x08"),
        WHOLE.encode().replace(b"Flood", b"Fl\xf6od"),
    ],
)  # fmt: skip
def test_an_ill_formed_sitemap_is_read_and_noted(document: str | bytes) -> None:
    feed = read(document)
    assert [entry.url for entry in feed.entries] == [f"https://herald.example/{n}?a=b&c=d" for n in (1, 2)]
    assert "not well-formed" in feed.problems[0]


@pytest.mark.parametrize("encoding", ["windows-1251", "utf-8"])
def test_an_ill_formed_sitemap_is_read_in_the_encoding_that_it_declares(encoding: str) -> None:
    document = WHOLE.replace("&amp;", "&").replace("UTF-8", encoding).replace("Flood", "Взрыв в Балхе")
    assert [entry.title for entry in read(document.encode(encoding)).entries] == ["Взрыв в Балхе"] * 2


def test_an_ampersand_in_a_cdata_section_of_an_ill_formed_sitemap_stays_as_it_is() -> None:
    document = WHOLE.replace("&amp;", "&").replace("Flood", "<![CDATA[Flood & fire]]>")
    assert [entry.title for entry in read(document).entries] == ["Flood & fire"] * 2


@pytest.mark.parametrize("kept", [len(HEAD) + len(url(1)), len(HEAD) + len(url(1)) + 20, len(WHOLE) - 9])
def test_what_arrived_of_a_sitemap_that_was_cut_short_is_read(kept: int) -> None:
    assert "https://herald.example/1?a=b&c=d" in [entry.url for entry in read(WHOLE[:kept]).entries]


@pytest.mark.parametrize("document", [HEAD, "<urlset", "<urlset><url>", "<urlset>\0</urlset", HEAD + "<url/></urlset>"])
def test_a_sitemap_without_news_is_no_feed(document: str) -> None:
    assert isinstance(parse_document(document.encode(), content_type=None, url=""), NotAFeed)


def test_a_sitemap_index_that_was_cut_short_names_those_that_it_still_has() -> None:
    index = "<sitemapindex><sitemap><loc>https://herald.example/a.xml</loc></sitemap><sitemap><loc>https://her"
    assert read(index).children == ("https://herald.example/a.xml",)
