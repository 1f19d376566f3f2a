"""The item delta equals the full parse, restricted to the unseen."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.delta import unseen_part
from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument

BASE = "https://herald.example/feed/"
PADDING = "<!--" + "x" * 2048 + "-->"


def rss(items: list[str], head: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>T</title>{PADDING}<language>en</language>{head}{''.join(items)}<ttl>20</ttl></channel></rss>"
    ).encode()


def atom(items: list[str], head: str = "") -> bytes:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fa"><title>T</title>{PADDING}{head}'
        f"{''.join(items)}</feed>"
    ).encode()


def read(body: bytes, seen: frozenset[bytes] | None = None) -> FeedDocument:
    document = parse_document(body, content_type="text/xml", url=BASE, seen=seen)
    assert isinstance(document, FeedDocument)
    return document


WORDS = st.text(alphabet="abc پل <&>'\"]\n", max_size=20)
MARKUP = st.sampled_from(["<p>Text</p>", '<a href="/rel">x</a>', "a<br>b", "&nbsp;", "<item>in HTML</item>", "]]&gt;"])


@st.composite
def rss_items(draw: st.DrawFn) -> list[str]:
    number = draw(st.integers(1, 6))
    return [
        f"<item><guid isPermaLink='false'>g{n}</guid><title>{escape(draw(WORDS))}</title><link>/{n}</link>"
        f"<description>{escape(draw(MARKUP))}</description>"
        f"<content:encoded><![CDATA[{draw(MARKUP)}]]></content:encoded></item>\n"
        for n in range(number)
    ]


@st.composite
def atom_items(draw: st.DrawFn) -> list[str]:
    number = draw(st.integers(1, 6))
    bases = st.sampled_from(["", ' xml:base="http://other.example/"', ' xml:lang="ps"'])
    return [
        f"<entry{draw(bases)}><id>tag:{n}</id><title type='html'>{escape(escape(draw(WORDS)))}</title>"
        f"<link href='{n}'/><author><name>{escape(draw(WORDS))}</name></author>"
        f"<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><b>x</b></div></content></entry>"
        for n in range(number)
    ]


@settings(max_examples=60)
@given(st.one_of(rss_items().map(lambda items: (rss, items)), atom_items().map(lambda items: (atom, items))), st.data())
def test_the_delta_is_the_full_parse_restricted_to_the_unseen(made: object, data: st.DataObject) -> None:
    make, items = made  # type: ignore[misc]
    whole = make(items)
    full = read(whole)
    digests = read(whole, frozenset()).item_hashes
    assert len(digests) == len(items)
    kept = data.draw(st.sets(st.integers(0, len(items) - 1)))
    seen = frozenset(digest for place, digest in enumerate(digests) if place not in kept)
    delta = read(whole, seen)
    expected = [entry for entry, digest in zip(full.entries, digests, strict=True) if digest not in seen]
    assert list(delta.entries) == expected
    assert delta.unseen_only == any(digest in seen for digest in digests)
    assert (delta.title, delta.language, delta.ttl, delta.format) == (full.title, full.language, full.ttl, full.format)


def item(guid: str) -> str:
    return f"<item><guid>{guid}</guid><title>{guid}</title></item>"


def test_a_changed_item_is_unseen() -> None:
    first = read(rss([item("a"), item("b")]), frozenset())
    second = read(rss([item("a"), item("b").replace("<title>b", "<title>B")]), frozenset(first.item_hashes))
    assert [entry.title for entry in second.entries] == ["B"]


def test_what_is_unusual_is_parsed_whole() -> None:
    usual = rss([item("a"), item("b")])
    assert unseen_part(usual, frozenset())
    for unusual in (
        usual.replace(b"<rss", b"<!DOCTYPE rss><rss"),
        usual.replace(b"UTF-8", b"ISO-8859-1"),
        usual.replace(b"</title></item>", b"</titel></item>"),
        usual.replace(b"<title>a", b"<title>\xff"),
        usual.decode().encode("utf-16"),
        rss([item("a"), item("a")]),
        rss([item("a"), "<item><title>no id</title></item>"]),
        rss([item("a"), "<item/>"]),
        rss([]),
        b"<rss/>",
    ):
        assert unseen_part(unusual, frozenset()) is None


@given(st.binary(max_size=200).map(lambda noise: rss([item("a")]) + noise), st.binary(max_size=100))
def test_any_bytes_are_cut_or_left_alone(body: bytes, noise: bytes) -> None:
    for each in (body, noise * 30):
        found = unseen_part(each, frozenset())
        assert found is None or found.document == each
