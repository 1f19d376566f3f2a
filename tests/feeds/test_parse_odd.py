"""Oddities that other readers' suites test, as small documents of our own."""

from __future__ import annotations

import json

import pytest

from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument, ListedEntry

BASE = "https://herald.example/feed/"


def entry_of(document: str | bytes, *, url: str = BASE) -> ListedEntry:
    body = document if isinstance(document, bytes) else document.encode()
    parsed = parse_document(body, content_type=None, url=url)
    assert isinstance(parsed, FeedDocument), parsed
    (entry,) = parsed.entries
    return entry


def rss(item: str) -> str:
    return f'<rss version="2.0"><channel><language>en</language><item>{item}</item></channel></rss>'


@pytest.mark.parametrize("link", ["/bridge", "mailto:desk@herald.example", "ftp://herald.example/a"])
def test_a_link_that_leads_not_to_the_web_is_kept_as_listed(link: str) -> None:
    for document in (
        rss(f"<title>T</title><link>{link}</link>"),
        json.dumps({"title": "T", "items": [{"id": "1", "url": link}]}),
    ):
        entry = entry_of(document, url="")
        assert (entry.url, entry.other_link) == (None, link)


def test_a_link_to_the_web_has_no_other() -> None:
    entry = entry_of(rss("<link>/bridge</link>"))
    assert (entry.url, entry.other_link) == ("https://herald.example/bridge", "")


def test_an_empty_language_in_atom_means_unknown() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><entry xml:lang=""><title>T</title></entry></feed>'
    assert entry_of(atom).language is None
    assert entry_of(atom.replace(' xml:lang=""', "")).language == "en"


def test_a_language_after_the_items_is_theirs_in_rss() -> None:
    assert (
        entry_of("<rss><channel><item><title>T</title></item><language>ps</language></channel></rss>").language == "ps"
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_json_feed_in_another_unicode_encoding_is_read(encoding: str) -> None:
    document = json.dumps({"title": "T", "items": [{"id": "1", "title": "کابل"}]}, ensure_ascii=False)
    assert entry_of(document.encode(encoding)).title == "کابل"


def test_a_json_feed_with_nothing_but_content_is_one() -> None:
    assert entry_of('{"version": "1.0", "items": [{"content_text": "Flood"}]}').content == "Flood"


@pytest.mark.parametrize(
    "stumbling",
    [
        "<title>&#x110000;</title>", "<title>&#99999999999;</title>", "<title>&#xD800;</title>",
        '<georss:point xmlns:georss="http://www.georss.org/georss"><x/></georss:point>',
        '<gml:pos xmlns:gml="http://www.opengis.net/gml">1 2</gml:pos>', "<image><width><a/></width></image>",
        "<category><category domain='x'>", "</image></width></textinput>",
    ],
)  # fmt: skip
def test_an_element_over_which_the_parser_stumbles_costs_nothing_else(stumbling: str) -> None:
    """feedparser raised on some of these, and all entries were lost."""
    items = f"<item><link>/1</link><title>One</title>{stumbling}</item><item><link>/2</link><title>Two</title></item>"
    parsed = parse_document(f"<rss><channel>{items}".encode(), content_type=None, url=BASE)
    assert isinstance(parsed, FeedDocument), parsed
    assert [entry.url for entry in parsed.entries] == ["https://herald.example/1", "https://herald.example/2"]
    assert parsed.entries[-1].title == "Two"


@pytest.mark.parametrize("name", [b"\xff\xfe\xfa", b"utf\x008", b"no-such-encoding", b""])
def test_a_declaration_that_names_no_encoding_is_passed_over(name: bytes) -> None:
    declared = b'<?xml version="1.0" encoding="%s"?>' % name
    assert (
        entry_of(declared + "<rss><channel><item><title>کابل</title></item></channel></rss>".encode()).title == "کابل"
    )
    assert entry_of(declared + b"<rss><channel><item><title>Kabul</title></item></channel></rss>").title == "Kabul"


@pytest.mark.parametrize("kind", ["text/xml; charset=ISO-8859-1", 'application/rss+xml; charset="us-ascii"'])
@pytest.mark.parametrize(
    ("encoding", "title"), [("windows-1256", "سيل في كابل"), ("windows-1251", "Кабул"), ("big5", "新聞")]
)
def test_a_servers_default_charset_yields_to_the_documents_own(kind: str, encoding: str, title: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{rss(f"<title>{title}</title>")}'
    parsed = parse_document(text.encode(encoding), content_type=kind, url=BASE)
    assert isinstance(parsed, FeedDocument)
    assert parsed.entries[0].title == title


def test_a_charset_of_the_header_counts_otherwise() -> None:
    text = f'<?xml version="1.0" encoding="utf-8"?>{rss("<title>Zürich</title>")}'
    parsed = parse_document(text.encode("latin-1"), content_type="text/xml; charset=iso-8859-1", url=BASE)
    assert isinstance(parsed, FeedDocument)
    assert parsed.entries[0].title == "Zürich"
