"""A JSON Feed that was cut off, or is damaged from some point on, gives the items before it, and says so."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.cut_json import read_members
from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument, NotAFeed

FEED = {
    "version": "https://jsonfeed.org/version/1.1", "title": "کابل", "language": "fa", "hubs": [],
    "items": [{"id": str(n), "title": f"Item {n}", "content_text": 'A "quoted" [text], {in} braces'} for n in range(4)],
    "next_url": "https://herald.example/2",
}  # fmt: skip
WHOLE = json.dumps(FEED, ensure_ascii=False)


def read(body: bytes | str) -> FeedDocument | NotAFeed:
    return parse_document(body if isinstance(body, bytes) else body.encode(), content_type=None, url="")


def ids(document: FeedDocument | NotAFeed) -> list[str | None]:
    assert isinstance(document, FeedDocument), document
    return [entry.guid for entry in document.entries]


def test_what_was_cut_off_gives_its_whole_items_and_a_note() -> None:
    document = read(WHOLE[: WHOLE.index("Item 2")])
    assert ids(document) == ["0", "1"]
    assert isinstance(document, FeedDocument)
    assert (document.title, document.language) == ("کابل", "fa")
    (note,) = document.problems
    assert note.startswith("not well-formed, read as well as possible: Unterminated string")


def test_a_letter_cut_in_the_middle_costs_its_item_only() -> None:
    body = json.dumps({"title": "T", "items": [{"id": "1"}, {"id": "2", "title": "کابل"}]}, ensure_ascii=False).encode()
    assert ids(read(body[:-5])) == ["1"]


@pytest.mark.parametrize("broken", ['{"id": oops}', '{"id" "x"}', '{"id": "\\x"}', "NaNa", "", "["])
def test_damage_in_the_middle_gives_the_items_before_it(broken: str) -> None:
    assert ids(read(f'{{"title": "T", "items": [{{"id": "1"}}, {{"id": "2"}}, {broken}, {{"id": "3"}}]}}')) == [
        "1",
        "2",
    ]


def test_line_breaks_inside_texts_and_what_follows_the_document_cost_nothing() -> None:
    assert ids(read('{"title": "T", "items": [{"id": "1", "content_text": "a\nb"}, {"id": "2"}]}')) == ["1", "2"]
    assert ids(read(f"{WHOLE}\n<!-- cached -->")) == ["0", "1", "2", "3"]


def test_a_cut_before_the_first_whole_item_is_no_feed() -> None:
    for end in (1, 30, WHOLE.index("Item 0")):
        verdict = read(WHOLE[:end])
        assert isinstance(verdict, NotAFeed)
        assert "cannot be read" in verdict.reason


def test_items_that_stand_before_title_and_version_are_found_in_a_cut_feed_too() -> None:
    items = [{"id": str(n), "url": f"https://herald.example/{n}", "title": "کابل"} for n in range(3)]
    body = json.dumps({"items": items, "version": FEED["version"], "title": "T"}, ensure_ascii=False)
    assert ids(read(body[: body.index('"2"')])) == ["0", "1"]
    assert ids(read(body[: body.index('"version"')])) == ["0", "1", "2"]
    assert isinstance(read(json.dumps({"items": items})), NotAFeed)


def test_json_that_is_no_feed_stays_none_when_it_is_cut() -> None:
    assert isinstance(read('{"items": [{"a": 1}, {"b":'), NotAFeed)
    found = '{"total": 2, "items": [{"id": 1, "url": "https://herald.example/1", "name": "n"}, {"id": 2'
    assert isinstance(read(found), NotAFeed)


def test_json_that_is_no_feed_stays_none_when_something_follows_it() -> None:
    whole = json.dumps({"total": 1, "items": [{"id": 1, "url": "https://herald.example/1", "title": "T"}]})
    assert isinstance(read(whole), NotAFeed)
    assert isinstance(read(f"{whole}\n<!-- cached -->"), NotAFeed)


@given(st.integers(0, len(WHOLE)))
def test_any_cut_gives_a_part_of_the_whole(end: int) -> None:
    found = read_members(WHOLE[:end], list_key="items")
    items = found.pop("items", [])
    assert items == FEED["items"][: len(items)]
    assert all(FEED[key] == value for key, value in found.items())


@given(st.dictionaries(st.text(max_size=4), st.recursive(st.integers() | st.text(max_size=4), st.lists, max_leaves=5)))
def test_what_is_whole_is_read_as_json_reads_it(document: dict[str, object]) -> None:
    assert read_members(json.dumps(document), list_key="items") == document


@given(st.text(alphabet='{}[],:"\\ a1items', max_size=40))
def test_any_text_has_some_members_or_none(text: str) -> None:
    assert isinstance(read_members(text, list_key="items"), dict)


def test_a_long_cut_document_and_a_deep_one_take_no_time() -> None:
    items = ",".join(json.dumps({"id": str(n), "content_text": "x" * 500}) for n in range(20_000))
    began = time.process_time()
    assert len(ids(read('{"title": "T", "items": [' + items + ', {"id": "'))) == 20_000
    assert ids(read('{"title": "T", "items": [{"id": "1"}, ' + "[" * 100_000)) == ["1"]
    assert time.process_time() - began < 5
