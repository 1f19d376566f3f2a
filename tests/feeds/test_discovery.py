from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.discovery import announced_in_header, announced_in_html, in_header, usual_places
from monitor.feeds.opml import OpmlError, read_opml, write_opml
from monitor.feeds.tables import EditError, appended, name_for, removed
from monitor.model.feeds import FeedSpec

URL = "https://herald.example/news/"


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/rss">', ("https://herald.example/rss",)),
        ("<LINK REL=ALTERNATE TYPE=application/atom+xml HREF=feed>", ("https://herald.example/news/feed",)),
        ('<link rel="alternate nofollow" type="application/feed+json; charset=utf-8" href="j">', (f"{URL}j",)),
        ('<base href="https://cdn.example/"><link rel=alternate type=text/xml href=x>', ("https://cdn.example/x",)),
        ('<link rel="alternate" type="application/rss+xml" href="feed:https://a.example/f">', ("https://a.example/f",)),
        (
            '<link rel="alternate" type="application/rss+xml" href=" /rss?a=b&amp;c=d ">',
            ("https://herald.example/rss?a=b&c=d",),
        ),
        ('<link rel=" Alternate " type="application/rss+xml" href="//b.example/f">', ("https://b.example/f",)),
        (
            '<link rel="feed" href="/rss"><link rel="service.feed" type="application/atom+xml" href="a">',
            (f"{URL}a", "https://herald.example/rss"),
        ),
        ('<script>"<link rel=alternate type=application/rss+xml href=no>"</script>', ()),
        ('<link rel="alternate" type="application/json+oembed" href="/oembed">', ()),
        ('<link rel="alternate" hreflang="de" href="/de">', ()),
        ('<link rel="stylesheet" type="text/css" href="/a.css">', ()),
        ('<!-- <link rel="alternate" type="application/rss+xml" href="/rss"> -->', ()),
        ('<link rel="alternate" type="application/rss+xml" href="javascript:x()">', ()),
        ('<link rel="alternate" type="application/rss+xml">', ()),
    ],
)
def test_a_page_announces_its_feeds(markup: str, found: tuple[str, ...]) -> None:
    assert announced_in_html(f"<html><head>{markup}</head></html>", url=URL) == found


def test_comment_feeds_come_last() -> None:
    page = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in ("/comments/feed/", "/feed/")
    )
    assert announced_in_html(page, url=URL)[0] == "https://herald.example/feed/"


def test_a_header_announces_feeds_and_hubs() -> None:
    field = (
        '</rss>; rel="alternate"; type="application/rss+xml", <https://hub.example/>; rel="hub", </a.css>; rel=preload'
    )
    assert announced_in_header(field, url=URL) == ("https://herald.example/rss",)
    assert in_header(field, "hub", url=URL) == "https://hub.example/"


@given(st.text(max_size=200))
def test_any_text_announces_something_or_nothing(text: str) -> None:
    for found in (announced_in_html(text, url=URL), announced_in_header(text, url=URL)):
        assert all(link.startswith("http") for link in found)


def test_the_usual_places_are_on_the_site() -> None:
    assert all(place.startswith("https://herald.example/") for place in usual_places(URL + "deep?x"))


# --- OPML --------------------------------------------------------------------------------------------------------

OPML = b"""<?xml version="1.0"?><opml version="1.1"><head/><body>
<outline text="Asia"><outline text="Kabul &amp; north"><outline type="rss" text="Herald" xmlUrl="https://a.example/f"
 category="/daily, exile" language="fa-AF"/></outline></outline>
<outline title="Again" xmlurl="https://a.example/f"/><outline text="A page" type="link" url="https://b.example/"/>
<outline text="Local" xmlUrl="feed://c.example/f"/><outline xmlUrl="ftp://d.example/f"/></body></opml>"""


def test_nested_folders_become_tags() -> None:
    herald, local = read_opml(OPML)
    assert (herald.title, herald.url, herald.language) == ("Herald", "https://a.example/f", "fa")
    assert herald.tags == ("Asia", "Kabul & north", "daily", "exile")
    assert (local.url, local.tags) == ("http://c.example/f", ())


@pytest.mark.parametrize(
    "document",
    [
        OPML.replace(b"&amp;", b"&"), b"\n " + OPML, b"\xef\xbb\xbf" + OPML, OPML.replace(b"Herald", b"Her\x08ald"),
        OPML.replace(b"north", b"n\xf6rth"), OPML.replace(b"opml", b"OPML"),
        OPML.decode().replace('"1.0"?', '"1.0" encoding="UTF-16"?').encode("utf-16"),
    ],
)  # fmt: skip
def test_what_other_programs_export_is_read(document: bytes) -> None:
    assert [each.url for each in read_opml(document)] == ["https://a.example/f", "http://c.example/f"]


def test_a_feed_in_two_folders_has_the_tags_of_both() -> None:
    outline = b'<outline text="Herald" xmlUrl="https://a.example/f"/>'
    document = b'<opml><body><outline text="A">%s</outline><outline text="B">%s</outline></body></opml>'
    (only,) = read_opml(document % (outline, outline))
    assert only.tags == ("A", "B")


@pytest.mark.parametrize("document", [b"", b"<html/>", b"<opml>", b"<!DOCTYPE o [<!ENTITY a 'b'>]><opml>&a;</opml>"])
def test_what_is_no_opml_is_refused_in_one_sentence(document: bytes) -> None:
    with pytest.raises(OpmlError):
        read_opml(document)


NAMES = st.text(st.characters(categories=["L", "N", "S"]) | st.sampled_from(",/'\"&<"), min_size=1, max_size=12)
SPECS = st.builds(
    FeedSpec,
    name=NAMES,
    url=st.integers(0, 10**6).map(lambda n: f"https://h.example/{n}?a=b&c=d"),
    tags=st.lists(NAMES, max_size=3, unique=True).map(tuple),
)


@given(st.lists(SPECS, max_size=5, unique_by=lambda spec: spec.url))
def test_what_was_exported_is_imported_the_same(specs: list[FeedSpec]) -> None:
    back = {each.url: each for each in read_opml(write_opml(specs).encode())}
    assert {spec.url: (spec.name, set(spec.tags)) for spec in specs} == {
        url: (each.title, set(each.tags)) for url, each in back.items()
    }


# --- tables in the configuration ---------------------------------------------------------------------------------


@given(st.lists(SPECS, min_size=1, max_size=4, unique_by=lambda spec: spec.name))
def test_an_appended_table_says_what_it_should_and_can_be_removed_again(specs: list[FeedSpec]) -> None:
    before = (
        '# mine\n[polling]\nmin_interval = "5m"  # often\n\n[[feed]]\nname = "zero zero"\nurl = "https://z.example/"\n'
    )
    text = appended(before, specs)
    assert text.startswith(before)
    assert [each["name"] for each in tomllib.loads(text)["feed"]] == ["zero zero", *(spec.name for spec in specs)]
    for spec in specs:
        text = removed(text, spec.name)
    assert tomllib.loads(text) == tomllib.loads(before)


def test_a_comment_before_the_next_table_stays() -> None:
    text = '[[feed]]\nname = "a"\nurl = "u"\n\n# about b\n[[feed]]\nname = "b"\nurl = "v"\n'
    assert removed(text, "a") == '# about b\n[[feed]]\nname = "b"\nurl = "v"\n'


@pytest.mark.parametrize("text", ["feed = [{name = 'a', url = 'u'}]", "[broken", "x = 1\nx = 2"])
def test_a_file_that_cannot_be_edited_safely_is_left_alone(text: str) -> None:
    with pytest.raises(EditError):
        appended(text, [FeedSpec(name="b", url="v")])
    with pytest.raises(EditError):
        removed(text, "a")


def test_a_name_is_short_and_free() -> None:
    assert name_for("The Kabul Herald – News", URL, ()) == "the-kabul-herald-news"
    assert name_for("", "https://www.herald.example/f", ()) == "herald-example"
    assert name_for("خبر", URL, ["خبر"]) == "خبر-2"
