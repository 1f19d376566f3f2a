"""The scanner of places against the parser: the same paths, and values that stand where it says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import tomli
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.places import decoded, offset_in_literal, places

Writer = Callable[[dict[str, Any]], str]
KEYS = st.text(st.sampled_from("ab.c \"'é\\#]="), min_size=1, max_size=4)
TEXTS = st.text(st.sampled_from("ab \"'\\\n#[]{}=,.é\u200fبل𝔘\t"), max_size=8)
SCALARS = TEXTS | st.integers(-99, 10**9) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, max_size=4)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    own = {path} if path else set()
    return own.union(*(_paths(each, (*path, key)) for key, each in children))


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


@given(content=DOCUMENTS)
def test_it_finds_every_path_that_the_parser_finds(as_toml: Writer, content: dict[str, Any]) -> None:
    text = as_toml(content)
    assert set(places(text)) == _paths(tomli.loads(text))


@given(content=DOCUMENTS)
def test_a_string_stands_where_it_says(as_toml: Writer, content: dict[str, Any]) -> None:
    text = as_toml(content)
    parsed = tomli.loads(text)
    for path, place in places(text).items():
        if isinstance(value := _at(parsed, path), str):
            assert decoded(text[place.start : place.end]) == value


@given(TEXTS, st.integers(0, 8))
def test_a_column_of_a_value_is_found_in_its_literal(value: str, column: int) -> None:
    escaped = '"' + "".join(f"\\U{ord(character):08X}" for character in value) + '"'
    for literal in (json.dumps(value, ensure_ascii=False), escaped):
        offset = offset_in_literal(literal, column)
        assert 0 <= offset < len(literal)
        if column < len(value):
            assert decoded('"' + literal[offset:-1] + '"')[:1] == value[column]


@given(st.text(st.sampled_from('ab"é𝔘'), max_size=8), st.integers(0, 8))
def test_a_column_of_a_value_without_escapes_is_found_in_its_literal(value: str, column: int) -> None:
    for literal in (f"'''{value}'''", f"'''\n{value}'''", f"'{value}'"):
        offset = offset_in_literal(literal, column)
        assert 0 <= offset < len(literal)
        if column < len(value):
            assert literal[offset] == value[column]


@given(st.text(st.sampled_from("ab\"'\\\n#[]{}=,. 0-"), max_size=60))
def test_it_is_total_on_any_text(text: str) -> None:
    places(text)


def test_the_forms_of_toml_that_people_write() -> None:
    text = (
        'a.b = 1\nwhen = 1979-05-27 07:32:00\n[terms."a b"]\nany = [\n  "x", # y\n]\n'
        "[[watch]]\nquery = \"\"\"\nA \\\n  AND B\"\"\"\n[[watch.test]]\n[[watch.test]]\ntext = '''it's'''\n[[watch]]\n"
    )
    found = {path: text[place.start : place.end] for path, place in places(text).items()}
    assert found["a", "b"] == "1"
    assert found["when",] == "1979-05-27 07:32:00"
    assert found["terms", "a b", "any", 0] == '"x"'
    assert decoded(found["watch", 0, "query"]) == "A AND B"
    assert decoded(found["watch", 0, "test", 1, "text"]) == "it's"
    assert found["watch", 1] == "[[watch]]"
    assert set(found) == _paths(tomli.loads(text))
