from __future__ import annotations

import pytest

from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument
from monitor.newsroom.addresses import guid_of, link_url, origin
from monitor.newsroom.documents import Issue, content_type, document, outline
from monitor.newsroom.scenario import load

SCENARIO = load()
NOW = SCENARIO.steps[-1].at
PORT = 8420
FORMATS = {"rss": "rss20", "atom": "atom10", "rdf": "rss10", "json": "json11", "sitemap": "news-sitemap"}


@pytest.mark.parametrize("host", sorted(SCENARIO.outlets))
def test_a_feed_reads_as_what_it_lists(host: str) -> None:
    outlet = SCENARIO.outlets[host]
    issue = _issue(host)
    read = parse_document(document(issue), content_type=content_type(outlet), url=origin(host, PORT) + outlet.feed_path)
    assert isinstance(read, FeedDocument)
    assert read.format == FORMATS[outlet.feed]
    assert [entry.url for entry in read.entries] == [link_url(line, outlet, PORT) for line in issue.lines]
    assert [entry.title for entry in read.entries] == [line.version.title for line in issue.lines]
    assert [entry.published or entry.updated for entry in read.entries] == [line.published for line in issue.lines]


def test_guids_reach_the_reader() -> None:
    outlet = SCENARIO.outlets["northern-post"]
    issue = _issue("northern-post")
    read = parse_document(document(issue), content_type=content_type(outlet), url="")
    assert isinstance(read, FeedDocument)
    assert [entry.guid for entry in read.entries] == [guid_of(line, outlet) for line in issue.lines]


def test_only_the_wire_carries_its_texts() -> None:
    for host, outlet in SCENARIO.outlets.items():
        read = parse_document(document(_issue(host)), content_type=content_type(outlet), url="")
        assert isinstance(read, FeedDocument)
        assert all(bool(entry.content) is outlet.full_content for entry in read.entries), host


def test_the_russian_feed_is_not_in_the_charset_that_its_header_claims() -> None:
    outlet = SCENARIO.outlets["vestnik-amu"]
    body = document(_issue("vestnik-amu"))
    assert "utf-8" in content_type(outlet)
    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert "Взрыв" in body.decode("windows-1251")


def test_the_outline_lists_every_feed() -> None:
    text = outline(SCENARIO.outlets.values(), PORT)
    assert text.count("xmlUrl=") == len(SCENARIO.outlets)


def _issue(host: str) -> Issue:
    return Issue(outlet=SCENARIO.outlets[host], lines=SCENARIO.edition(host, NOW), port=PORT, now=NOW)
