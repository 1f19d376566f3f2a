"""The identity ladder of entries within one feed."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.changes import changes, identity, link_key
from monitor.model.feeds import ListedEntry
from monitor.model.polling import KnownEntry


def entry(guid: str | None = None, link: str | None = None, title: str = "A title", **more: str) -> ListedEntry:
    return ListedEntry(guid=guid, url=link and f"https://herald.example/{link}", title=title, **more)


def known(*entries: ListedEntry, revision: int = 0) -> list[KnownEntry]:
    return [KnownEntry(id=n, identity=identity(each), revision=revision) for n, each in enumerate(entries, start=1)]


def test_a_guid_recognises_an_entry_whatever_else_changed() -> None:
    found = changes([entry("g", "b", "New title")], known(entry("g", "a", "Old title")))
    assert (len(found.new), len(found.revised)) == (0, 1)


def test_updated_and_published_are_no_revision() -> None:
    before = entry("g", "a")
    assert changes([replace(before, published_raw="today", author="X")], known(before)).unchanged == 1


def test_markup_alone_is_no_revision() -> None:
    before = entry("g", "a", summary='<p class="x1">Text &amp; more</p>')
    assert changes([entry("g", "a", summary='<p class="x2">Text &amp;  more</p>')], known(before)).unchanged == 1


def test_the_same_link_with_a_new_guid_and_a_new_title_is_new() -> None:
    found = changes([entry("g2", "live", "15:10 Second"), entry("g1", "live", "15:00 First")], known(
        entry("g1", "live", "15:00 First")))  # fmt: skip
    assert [each.listed.guid for each in found.new] == ["g2"]


def test_an_unknown_guid_with_a_known_link_and_title_is_the_same() -> None:
    assert changes([entry("new", "a")], known(entry("old", "a"))).new == ()


def test_the_tracking_of_a_link_is_no_part_of_it() -> None:
    assert changes([entry("new", "a?utm_source=rss&x=1")], known(entry("old", "a/?x=1"))).new == ()
    assert link_key("http://www.herald.example:80/a/") == link_key("https://herald.example/a?utm_medium=feed")


def test_a_fragment_tells_items_apart() -> None:
    assert len(changes([entry(None, "log#v2"), entry(None, "log#v1")], known(entry(None, "log#v1"))).new) == 1


def test_a_repeated_guid_needs_its_link() -> None:
    stored = known(entry("same", "a", "One"), entry("same", "b", "Two"))
    found = changes([entry("same", "c", "Three"), entry("same", "a", "One"), entry("same", "b", "Two")], stored)
    assert [each.listed.title for each in found.new] == ["Three"]
    assert found.unchanged == 2


def test_without_guid_the_link_recognises() -> None:
    found = changes([entry(None, "a", "Title, corrected")], known(entry(None, "a", "Title")))
    assert (len(found.new), len(found.revised)) == (0, 1)


def test_without_guid_and_link_the_text_recognises() -> None:
    found = changes([entry(title="Bare"), entry(title="Bare too")], known(entry(title="Bare")))
    assert [each.listed.title for each in found.new] == ["Bare too"]


def test_all_guids_changing_at_once_are_the_same_items() -> None:
    stored = known(*(entry(f"old-{n}", str(n), f"Title {n}") for n in range(10)))
    listed = [entry(f"new-{n}", str(n), f"Title {n}, retitled") for n in range(10)]
    found = changes(listed, stored)
    assert found.churned
    assert found.new == ()
    assert len(found.revised) == 10


def test_an_item_listed_twice_is_new_once() -> None:
    assert len(changes([entry("a", "a"), entry("a", "a")], []).new) == 1
    assert len(changes([entry(title="x"), entry(title="x")], []).new) == 1


def test_a_restless_entry_is_compared_by_its_title_only() -> None:
    stored = known(entry("g", "a", summary="3 comments"), revision=20)
    assert changes([entry("g", "a", summary="4 comments")], stored).unchanged == 1
    assert len(changes([entry("g", "a", title="Changed")], stored).revised) == 1


LISTED = st.lists(
    st.builds(
        ListedEntry,
        guid=st.none() | st.sampled_from("abc"),
        url=st.none() | st.sampled_from(["https://h.example/1", "http://h.example/1?utm_x=1", "https://h.example/2"]),
        title=st.sampled_from(["", "One", "Two", "one "]),
        summary=st.sampled_from(["", "Text", "<p>Text</p>"]),
    ),
    max_size=8,
)


def stored_after(listed: list[ListedEntry], before: list[KnownEntry]) -> list[KnownEntry]:
    """What the store knows once the changes are recorded."""
    found = changes(listed, before)
    revised = {change.known.id: change.identity for change in (*found.revised, *found.adopted) if change.known}
    kept = [replace(each, identity=revised.get(each.id, each.identity)) for each in before]
    start = len(kept) + 1
    return kept + [KnownEntry(id=start + n, identity=change.identity) for n, change in enumerate(found.new)]


@given(LISTED, LISTED)
def test_nothing_is_new_twice(first: list[ListedEntry], second: list[ListedEntry]) -> None:
    stored = stored_after(second, stored_after(first, []))
    again = changes(second, stored)
    assert again.new == ()


@given(LISTED)
def test_each_listed_entry_is_new_revised_or_unchanged(listed: list[ListedEntry]) -> None:
    found = changes(listed, stored_after(listed[:4], []))
    assert len(found.new) + len(found.revised) + found.unchanged <= len(listed)


@given(st.text())
def test_a_link_key_is_total_and_idempotent_without_its_scheme(url: str) -> None:
    key = link_key(url)
    assert key is None or isinstance(key, str)
