"""A writer of TOML for the properties: documents as people write them, tables and all."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest


def value(each: Any) -> str:
    match each:
        case bool():
            return str(each).lower()
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {value(inner)}" for key, inner in each.items()) + "}"
        case list():
            return '[ # a comment, with ] and "\n' + ", ".join(value(inner) for inner in each) + " ]"
        case str() if "'" not in each and each.isprintable():
            return f"'{each}'"
        case str():
            return json.dumps(each, ensure_ascii=False).replace("\x7f", "\\u007f")
        case _:
            return repr(each)


def document(content: dict[str, Any]) -> str:
    """Scalars as pairs, dictionaries as tables, lists of dictionaries as arrays of tables."""
    plain = {key: each for key, each in content.items() if not isinstance(each, dict) and not _tables(each)}
    text = "".join(f"{json.dumps(key)}={value(each)} # = [x]\n" for key, each in plain.items())
    for key, each in content.items():
        if isinstance(each, dict):
            text += f"\n [ {json.dumps(key)} ]\n" + _pairs(each)
        elif _tables(each):
            text += "".join(f"[[{json.dumps(key)}]]\n{_pairs(inner)}" for inner in each)
    return text


def _pairs(table: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(key)} = {value(each)}\n" for key, each in table.items())


def _tables(each: Any) -> bool:
    return isinstance(each, list) and bool(each) and all(isinstance(inner, dict) for inner in each)


@pytest.fixture(scope="session")
def as_toml() -> Callable[[dict[str, Any]], str]:
    return document
