"""docs/configuration.md has every key, and no other, with the defaults of the model."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.config import values
from monitor.config.shape import LISTED_TABLES, NAMED_TABLES, SINGLE_TABLES, WatchTestTable, keys_of
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Alerting, Net, Polling, Route, Storage
from monitor.model.watches import WatchSpec

TEXT = (Path(__file__).parents[2] / "docs/configuration.md").read_text("utf-8")
SHAPES = {
    **{f"[{name}]": shape for name, shape in SINGLE_TABLES.items()},
    **{f"[[{name}]]": shape for name, shape in LISTED_TABLES.items()},
    **{f"[{name}.NAME]": shape for name, shape in NAMED_TABLES.items()},
    "[[watch.test]]": WatchTestTable,
}
MODELS = {
    "[storage]": Storage, "[polling]": Polling, "[net]": Net, "[[feed]]": FeedSpec, "[[route]]": Route,
    "[alerts]": Alerting, "[[watch]]": WatchSpec,
}  # fmt: skip


def documented(header: str) -> dict[str, str]:
    """The keys of a table with what the second column says of their defaults."""
    section = TEXT.partition(f"## `{header}`\n")[2].partition("\n## ")[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", section, flags=re.MULTILINE))


@pytest.mark.parametrize("header", SHAPES)
def test_every_key_is_documented_and_no_other(header: str) -> None:
    assert list(documented(header)) == list(keys_of(SHAPES[header]))


@pytest.mark.parametrize("header", MODELS)
def test_the_defaults_are_those_of_the_model(header: str) -> None:
    defaults = {each.name.removesuffix("_"): each.default for each in fields(MODELS[header])}
    for key, said in documented(header).items():
        if said.startswith("`"):
            assert _read(said.strip("`"), defaults[key]) == defaults[key], key


def _read(said: str, default: Any) -> Any:
    if isinstance(default, timedelta):
        return values.duration(said.strip('"'))
    if isinstance(default, bool):
        return said == "true"
    if isinstance(default, int | float):
        return float(said)
    if isinstance(default, tuple):
        return () if said == "[]" else said
    return type(default)(said.strip('"'))
