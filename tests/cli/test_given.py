"""Standard input has one name everywhere, and a key that nobody reads is told of once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.cli.given import EXTRACTED, MOST_KEYS

PAGE = "<html><head><title>Balkh</title></head><body><article><h1>Balkh</h1><p>" + "A blast shook the house. " * 20


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text("[[watch]]\nname = 'balkh'\nany = ['Balkh']\n", "utf-8")
    return path


def run(config: Path, *arguments: str, given: str = "") -> Result:
    return CliRunner(env={"MONITOR_CONFIG": str(config)}).invoke(main, list(arguments), input=given)


def lines(*rows: dict[str, object] | str) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.mark.parametrize("command", ["extract", "parse"])
def test_standard_input_is_named_once(config: Path, command: str) -> None:
    result = run(config, command, "-", "-", given=PAGE)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "monitor: standard input (-) can be read once only: name it once\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["match", "-"], "monitor: -:2: not JSON"),
        (["replay", "-"], "monitor: -:2: not an item"),
        (["parse", "-"], "monitor: -: "),
        (["extract", "-"], "-: nothing could be read"),
        (["feeds", "import", "-"], "monitor: -: "),
    ],
)
def test_standard_input_is_called_by_the_name_that_was_given(config: Path, arguments: list[str], said: str) -> None:
    result = run(config, *arguments, given="\n{\n")
    assert said in result.stderr
    assert "stdin" not in result.stderr


@pytest.mark.parametrize("command", ["match", "replay"])
def test_a_key_that_is_not_read_is_told_of_once_with_what_was_meant(config: Path, command: str) -> None:
    row = {"title": "Balkh", "text": "News."}
    result = run(config, command, "-", given=lines(row, {**row, "tilte": "x"}, {**row, "tilte": "y", "pet": 1}, row))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 4
    assert result.stderr.splitlines() == [
        "monitor: -:2: unknown key 'tilte'; did you mean 'title'?",
        "monitor: -:3: unknown key 'pet'; it is not read",
    ]


@pytest.mark.parametrize("command", ["match", "replay"])
def test_what_extract_prints_and_what_the_other_command_reads_are_welcome(config: Path, command: str) -> None:
    printed = json.loads(run(config, "extract", "-", "--json", given=PAGE).stdout)
    failed = json.loads(run(config, "extract", "-", "--json", given="").stdout)
    assert printed.keys() | failed.keys() <= EXTRACTED
    item = {"id": 1, "at": "2024-04-02T10:00:00Z", "guid": "g", "site": "S"}
    assert run(config, command, "-", given=lines(printed, item | printed)).stderr == ""


@pytest.mark.parametrize("command", ["match", "replay"])
def test_no_number_of_unknown_keys_fills_the_screen(config: Path, command: str) -> None:
    rows: list[dict[str, object] | str] = [{"title": "Balkh", f"key{number}" * 90: 1} for number in range(100)]
    told = run(config, command, "-", given=lines(*rows)).stderr.splitlines()
    assert len(told) == MOST_KEYS
    assert max(map(len, told)) < 120
