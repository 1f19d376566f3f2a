"""The URL key against the ways in which real sites and readers write addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stories.urls import identifies, is_channel_word, url_key

PAGE = "https://example.com/2024/04/02/blast-in-balkh"

MERGED_WITH_PAGE = [
    "http://example.com/2024/04/02/blast-in-balkh",
    "https://www.example.com/2024/04/02/blast-in-balkh",
    "https://www2.example.com/2024/04/02/blast-in-balkh",
    "https://m.example.com/2024/04/02/blast-in-balkh",
    "https://mobile.example.com/2024/04/02/blast-in-balkh",
    "https://amp.example.com/2024/04/02/blast-in-balkh",
    "https://www.m.example.com/2024/04/02/blast-in-balkh",
    "https://EXAMPLE.com/2024/04/02/blast-in-balkh",
    "HTTPS://Example.COM/2024/04/02/blast-in-balkh",
    "https://example.com./2024/04/02/blast-in-balkh",
    "https://example.com:443/2024/04/02/blast-in-balkh",
    "http://example.com:80/2024/04/02/blast-in-balkh",
    "https://reader:secret@example.com/2024/04/02/blast-in-balkh",
    "//example.com/2024/04/02/blast-in-balkh",
    "example.com/2024/04/02/blast-in-balkh",
    "  https://example.com/2024/04/02/blast-in-balkh\n",
    "https://example.com/2024/04/02/\nblast-in-balkh",
    "https://example.com/2024/04/02/blast-in-balkh/",
    "https://example.com//2024/04//02/blast-in-balkh",
    "https://example.com/2024/04/02/blast-in-balkh/index.html",
    "https://example.com/2024/04/02/blast-in-balkh/index.php",
    "https://example.com/2024/04/02/blast-in-balkh/default.aspx",
    "https://example.com/2024/04/02/blast-in-balkh#comments",
    "https://example.com/2024/04/02/blast-in-balkh#:~:text=explosion",
    "https://example.com/2024/04/02/blast%2Din%2Dbalkh",
    "https://example.com/2024/04/02/blast-in-balkh;jsessionid=1A2B3C",
    "https://example.com/2024/04/02/blast-in-balkh?",
    "https://example.com/2024/04/02/blast-in-balkh?&",
    "https://example.com/2024/04/02/blast-in-balkh/amp",
    "https://example.com/2024/04/02/blast-in-balkh/amp/",
    "https://example.com/2024/04/02/blast-in-balkh?amp",
    "https://example.com/2024/04/02/blast-in-balkh?amp=1",
    "https://example.com/2024/04/02/blast-in-balkh?outputType=amp",
    "https://example.com/amp/2024/04/02/blast-in-balkh",
    "https://example.com/2024/04/02/blast-in-balkh.amp",
    "https://example-com.cdn.ampproject.org/c/s/example.com/2024/04/02/blast-in-balkh/amp",
    "https://example-com.cdn.ampproject.org/v/s/example.com/2024/04/02/blast-in-balkh?amp_js_v=0.1&usqp=mq331A",
    "https://www.google.com/amp/s/example.com/2024/04/02/blast-in-balkh/amp",
    "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2F2024%2F04%2F02%2Fblast-in-balkh&usg=AOvVaw",
    "https://www.google.de/url?q=https://example.com/2024/04/02/blast-in-balkh&sa=U",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2F2024%2F04%2F02%2Fblast-in-balkh%3Ffbclid%3DIwAR0&h=AT0",
    "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.com%2F2024%2F04%2F02%2Fblast-in-balkh&rut=9",
    "https://example.com/2024/04/02/blast-in-balkh?utm_source=rss&utm_medium=feed&utm_campaign=all",
    "https://example.com/2024/04/02/blast-in-balkh?UTM_SOURCE=Twitter",
    "https://example.com/2024/04/02/blast-in-balkh?fbclid=IwAR2x",
    "https://example.com/2024/04/02/blast-in-balkh?gclid=EAIa",
    "https://example.com/2024/04/02/blast-in-balkh?mc_cid=1f2&mc_eid=3a4",
    "https://example.com/2024/04/02/blast-in-balkh?igshid=abc",
    "https://example.com/2024/04/02/blast-in-balkh?ocid=socialflow_twitter",
    "https://example.com/2024/04/02/blast-in-balkh?at_medium=RSS&at_campaign=KARANGA",
    "https://example.com/2024/04/02/blast-in-balkh?xtor=RSS-3208",
    "https://example.com/2024/04/02/blast-in-balkh?feedType=RSS&feedName=topNews",
    "https://example.com/2024/04/02/blast-in-balkh?smid=tw-share",
    "https://example.com/2024/04/02/blast-in-balkh?CMP=share_btn_tw",
    "https://example.com/2024/04/02/blast-in-balkh?_ga=2.1.1&_gl=1*x",
    "https://example.com/2024/04/02/blast-in-balkh?traffic_source=rss",
    "https://example.com/2024/04/02/blast-in-balkh?partner=rss&emc=rss",
    "https://example.com/2024/04/02/blast-in-balkh?ref=twitter",
    "https://example.com/2024/04/02/blast-in-balkh?ref=rss-feed",
    "https://example.com/2024/04/02/blast-in-balkh?source=homepage",
    "https://example.com/2024/04/02/blast-in-balkh?from=telegram",
    "https://example.com/2024/04/02/blast-in-balkh?share=facebook",
    "https://example.com/2024/04/02/blast-in-balkh?ref=t.co",
    "https://example.com/2024/04/02/blast-in-balkh?PHPSESSID=8e2f",
    "https://example.com/2024/04/02/blast-in-balkh?wt_mc=ex.tw&piwik_campaign=a&mtm_source=b",
    "https://example.com/2024/04/02/blast-in-balkh?spm=a2c.1&guccounter=1&guce_referrer=aHR0",
]

OTHER_MERGES = [
    ("https://example.com/?p=123", "http://www.example.com/index.php?p=123"),
    ("https://example.com/a?b=1&a=2", "https://example.com/a?a=2&b=1"),
    ("https://example.com/a?b=1&amp;a=2", "https://example.com/a?a=2&b=1"),
    ("https://example.com/story.html", "https://example.com/story.amp.html"),
    ("https://example.com/بلخ", "https://example.com/%D8%A8%D9%84%D8%AE"),
    ("https://example.com/%d8%a8%d9%84%d8%ae/", "https://example.com/%D8%A8%D9%84%D8%AE"),
    ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
    ("https://news.google.com/articles/CBMiX?oc=5&hl=en-US", "https://news.google.com/articles/CBMiX?gl=US&ceid=US:en"),
    ("https://example.com/#!/story/7", "http://www.example.com/#!/story/7"),
    ("https://example.com/caf\u00e9", "https://example.com/cafe\u0301"),
]

DIFFERENT = [
    (PAGE, "https://example.com/2024/04/02/Blast-in-balkh"),
    (PAGE, "https://example.com/2024/04/03/blast-in-balkh"),
    (PAGE, "https://example.org/2024/04/02/blast-in-balkh"),
    (PAGE, "https://fa.example.com/2024/04/02/blast-in-balkh"),
    (PAGE, "https://news.example.com/2024/04/02/blast-in-balkh"),
    (PAGE, "https://example.com:8080/2024/04/02/blast-in-balkh"),
    (PAGE, "https://example.com/2024/04/02/blast-in-balkh-2"),
    (PAGE, "https://example.com/2024/04/02/blast-in-balkh?page=2"),
    (PAGE, "https://example.com/2024/04/02/blast-in-balkh?id=7"),
    (PAGE, "https://example.com/2024/04/02/blast-in-balkh#!/photo/3"),
    ("https://example.com/?p=1", "https://example.com/?p=2"),
    ("https://example.com/news?id=1", "https://example.com/news?id=2"),
    ("https://example.com/news?ref=1881", "https://example.com/news?ref=1882"),
    ("https://example.com/news?source=8812", "https://example.com/news?source=8813"),
    ("https://example.com/news?from=a81hz", "https://example.com/news?from=b92iy"),
    ("https://example.com/news?sid=14", "https://example.com/news?sid=15"),
    ("https://example.com/news?cid=9001", "https://example.com/news?cid=9002"),
    ("https://example.com/news?share=x7Ab", "https://example.com/news?share=x7Ac"),
    ("https://example.com/story.asp?src=41&n=1", "https://example.com/story.asp?src=42&n=1"),
    ("https://example.com/a.html", "https://example.com/a.htm"),
    ("https://example.com/a.html", "https://example.com/b.html"),
    ("https://example.com/index.php?story=1", "https://example.com/index.php?story=2"),
    ("https://example.com/a/b", "https://example.com/ab"),
    ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ("https://example.com/a%3Fb", "https://example.com/a?b"),
    ("https://example.com/#/story/7", "https://example.com/#/story/8"),
    ("https://example.com/#!/story/7", "https://example.com/#!/story/8"),
    ("https://one.blogspot.com/2024/x", "https://two.blogspot.com/2024/x"),
    ("https://example.co.uk/x", "https://example.co.nz/x"),
    ("https://news.google.com/articles/CBMiX", "https://news.google.com/articles/CBMiY"),
    ("https://example.com/video?v=abc", "https://example.com/video?v=abd"),
    ("https://example.com/بلخ", "https://example.com/کابل"),
    ("https://example.com/amplifier", "https://example.com/lifier"),
    ("https://example.com/champ", "https://example.com/ch"),
    ("https://www.google.com/search?q=balkh", "https://www.google.com/search?q=kabul"),
    ("https://m.tv/x", "https://tv/x"),
]


def test_there_are_cases_enough():
    assert len(MERGED_WITH_PAGE) + len(OTHER_MERGES) >= 60
    assert len(DIFFERENT) >= 30


@pytest.mark.parametrize("address", MERGED_WITH_PAGE)
def test_one_page_has_one_key(address):
    assert url_key(address) == url_key(PAGE)


@pytest.mark.parametrize(("one", "other"), OTHER_MERGES)
def test_two_writings_of_an_address_are_one(one, other):
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_stay_different(one, other):
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "address", ["https://example.com", "https://www.example.com/", "https://example.com/index.html"]
)
def test_a_front_page_identifies_nothing(address):
    assert not identifies(url_key(address))


def test_a_page_identifies():
    assert identifies(url_key(PAGE))
    assert identifies(url_key("https://example.com/?p=3"))


@pytest.mark.parametrize(
    "address", ["tag:example.com,2024:7", "urn:uuid:1", "mailto:a@example.com", "", "https://[bad/"]
)
def test_what_is_no_web_address_stays_as_it_is(address):
    assert url_key(address) == address


@pytest.mark.parametrize("value", ["rss", "RSS", "twitter", "fb_share", "rss-feed", "t.co", "facebook.com", ""])
def test_a_way_by_which_readers_come_is_a_channel_word(value):
    assert is_channel_word(value)


@pytest.mark.parametrize("value", ["17", "a8f3", "ukraine", "page", "com", "story-12"])
def test_a_thing_of_the_site_is_no_channel_word(value):
    assert not is_channel_word(value)


@given(st.text(max_size=300))
def test_any_text_has_a_key(text):
    assert isinstance(url_key(text), str)


@given(
    st.lists(st.text("abcXYZ019-_.~%é", min_size=1, max_size=8), max_size=4),
    st.lists(
        st.tuples(st.sampled_from(["id", "p", "ref", "utm_source", "a b"]), st.text("ab1%+&= ", max_size=5)), max_size=3
    ),
)
def test_a_key_is_its_own_key(segments, parameters):
    query = "&".join(f"{name}={value}" for name, value in parameters)
    key = url_key(f"https://example.com/{'/'.join(segments)}?{query}")
    assert url_key(url_key(key)) == url_key(key)
