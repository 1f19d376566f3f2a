"""Whatever stands in the file: settings or faults, each with a place, and no secret in what is said."""

from __future__ import annotations

import string
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.config import values
from monitor.config.load import examine
from monitor.config.report import locate_all, render_faults
from monitor.config.shape import LISTED_TABLES, NAMED_TABLES, SINGLE_TABLES, keys_of

PLAUSIBLE = st.sampled_from(
    [
        "90s",
        "6h",
        "22:00-06:00",
        "high",
        "stdout://",
        "slack://a/b",
        "https://a.example/",
        "${env:HUSH}",
        "${env:X}",
        "x*",
    ]
)
SCALARS = st.text(max_size=5) | st.integers(-5, 5) | st.booleans() | st.floats(0, 1) | PLAUSIBLE
VALUES = SCALARS | st.lists(SCALARS, max_size=2)


def tables(shape: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from([*keys_of(shape), "unknown"]), VALUES, max_size=6)


DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        **{key: tables(shape) | SCALARS for key, shape in SINGLE_TABLES.items()},
        **{key: st.lists(tables(shape), max_size=2) | SCALARS for key, shape in LISTED_TABLES.items()},
        **{key: st.dictionaries(st.sampled_from("ab"), tables(shape)) | SCALARS for key, shape in NAMED_TABLES.items()},
        "include": VALUES,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(content=DOCUMENTS)
def test_every_document_gives_settings_or_located_faults(
    tmp_path: Path, as_toml: Callable[[dict[str, Any]], str], content: dict[str, Any]
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(as_toml(content), "utf-8")
    path.chmod(0o600)
    examined = examine(path, {"HUSH": "the-secret-value"})
    for _, spot in locate_all(examined.faults, examined.sources):
        assert spot is not None
        assert 1 <= spot.line <= examined.sources[str(path)].count("\n") + 1
    assert "the-secret-value" not in render_faults(examined.faults, examined.sources)
    assert "the-secret-value" not in repr(examined.settings.channels)


@given(st.integers(1, 86_400))
def test_a_duration_reads_back(seconds: int) -> None:
    assert values.duration(f"{seconds}s") == timedelta(seconds=seconds)
    assert values.duration(f"{seconds}m") == timedelta(minutes=seconds)


@pytest.mark.parametrize(
    "reader",
    [values.duration, values.hours, values.time_of_day, values.zone, values.network, values.moment, values.web_address],
)
@given(value=SCALARS | st.text(string.printable) | st.text("0123456789:-*/, smhd", max_size=12))
def test_a_reader_gives_a_value_or_a_mistake(reader: Callable[[object], object], value: object) -> None:
    with suppress(values.MistakeError):
        reader(value)


@pytest.mark.parametrize("text", ["0 8 * * *", "*/15 0-6,22 1,15 jan-mar mon-fri", "08:00", "8:00", "5 4 * * sun"])
def test_the_moments_of_a_digest(text: str) -> None:
    assert values.moment(text)


@pytest.mark.parametrize(
    "text", ["24:00", "8", "0 8 * *", "60 8 * * *", "0 8 * * 7", "5-1 * * * *", "*/0 * * * *", "at 8"]
)
def test_what_is_no_moment_of_a_digest(text: str) -> None:
    with pytest.raises(values.MistakeError):
        values.moment(text)
