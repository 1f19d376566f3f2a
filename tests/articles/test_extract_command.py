"""``monitor extract``: a line for every argument, in order, whatever the arguments are."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.extract import command

PAGE = (
    "<html><head><title>New pier</title></head><body><article><h1>New pier</h1>"
    + "<p>The harbour authority of Norport said on Monday that the new pier would open in the spring.</p>"
    + "<p>A spokesman for the fishermen said that the price of a berth had not been settled by the council yet.</p>"
    + "<p>Three companies have built it since the storm of two years ago took the old one away from the town.</p>"
    "</article></body></html>"
)
KEYS = {
    "path", "title", "lead", "text", "author", "published", "language", "canonical_url", "site", "dateline", "method",
    "partial",
}  # fmt: skip


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_results_come_in_the_order_of_the_arguments(tmp_path: Path) -> None:
    paths = []
    for number in range(12):
        path = tmp_path / f"{number}.html.gz"
        path.write_bytes(gzip.compress(PAGE.replace("New pier", f"Pier {number}").encode()))
        paths.append(str(path))
    code, output = run("--json", *paths)
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 0
    assert [line["path"] for line in lines] == paths
    assert [line["title"] for line in lines] == [f"Pier {number}" for number in range(12)]
    assert all(set(line) >= KEYS for line in lines)


def test_what_cannot_be_read_has_a_line_of_its_own_and_exit_code_1(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.html", tmp_path / "bad.html"
    good.write_text(PAGE)
    bad.write_bytes(b"%PDF-1.7")
    code, output = run("--json", str(tmp_path / "absent.html"), str(bad), str(good), str(tmp_path))
    lines = [json.loads(line) for line in output.splitlines()]
    assert code == 1
    assert [line["partial"] for line in lines] == ["unreachable", "non-html", None, "unreachable"]
    assert all(set(line) >= KEYS for line in lines)
    assert lines[1]["error"]["kind"] == "non-html"


def test_people_see_the_article_and_what_was_dropped(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE)
    code, output = run(str(path), "--url", "https://norport.example/pier")
    assert code == 0
    assert "New pier" in output
    assert "norport.example" in output
    assert "dropped (1 lines)" in output


@pytest.mark.parametrize("arguments", [()])
def test_no_argument_is_a_mistake_of_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2
