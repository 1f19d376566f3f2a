"""The README is true: its watchlist works, its links lead somewhere, its test line is what CI runs."""

import re
from pathlib import Path

import pytest

from monitor.config.load import examine
from monitor.watches.check import run_tests
from monitor.watches.compile import compile_watchlist

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_its_watchlist_is_faultless_and_passes_its_tests(tmp_path: Path) -> None:
    (watchlist,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    config = tmp_path / "config.toml"
    config.write_text(watchlist, "utf-8")
    examined = examine(config)
    compiled = compile_watchlist(examined.settings.watchlist)
    assert [fault.message for fault in (*examined.errors, *compiled.faults)] == []
    assert compiled.matcher is not None
    results = run_tests(compiled.matcher, examined.settings.watchlist)
    assert [result.passed for result in results] == [True]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)", README))))
def test_its_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_ci_runs_exactly_its_test_line() -> None:
    (line,) = re.findall(r"^python3 .*tests/check\.py$", README, re.MULTILINE)
    assert (ROOT / ".ci" / "run").read_text("utf-8").splitlines()[-1] == line
