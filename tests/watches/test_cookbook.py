"""The watchlists of the documentation are complete, free of faults, and pass the tests that they carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config.load import load_config
from monitor.watches.check import run_tests
from monitor.watches.compile import compile_watchlist
from monitor.watches.lint import lint

DOCS = Path(__file__).parents[2] / "docs"
FILES = sorted((DOCS / "watchlists").glob("*.toml"))


def test_there_are_five() -> None:
    assert len(FILES) == 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_watchlist_of_the_cookbook_passes_its_own_tests(file: Path) -> None:
    spec = load_config(file, {}).settings.watchlist
    compiled = compile_watchlist(spec)
    assert compiled.matcher is not None, compiled.faults
    results = run_tests(compiled.matcher, spec)
    assert len(results) >= 2 * (len(spec.watches) - 1)
    assert {watch.name for watch in spec.watches} == {result.watch for result in results}
    assert not [(result.watch, result.explanation) for result in results if not result.passed]
    assert not lint(compiled, spec)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_cookbook_shows_every_watchlist(file: Path) -> None:
    assert f"watchlists/{file.name}" in (DOCS / "watchlists.md").read_text("utf-8")
