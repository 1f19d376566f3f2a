"""Commands load only what they use: `monitor --help` and `monitor check` answer at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"
HEAVY = {"aiohttp", "apprise", "apscheduler", "feedparser", "lxml", "pycld2", "requests", "rich", "trafilatura"}
ROOMS = {"pydantic", "sqlite_utils", "structlog", "monitor.config.load", "monitor.watches.compile"}
PROGRAM = "import sys\nfrom monitor.cli import main\nmain(sys.argv[1:], standalone_mode=False)\nprint(*sys.modules)"


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_help_loads_no_room() -> None:
    assert not loaded_by("--help") & (HEAVY | ROOMS)


@pytest.mark.parametrize("command", ["check", "init", "run", "doctor", "status"])
def test_the_help_of_a_command_loads_no_heavy_library(command: str) -> None:
    assert not loaded_by(command, "--help") & HEAVY


def test_check_loads_nothing_heavy_where_only_stdout_is_configured() -> None:
    assert not loaded_by("check", "--config", str(EXAMPLE)) & HEAVY
