"""A command, an option or a name that does not exist: exit 2, and what was most likely meant."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main

CONFIG = """
[[feed]]
name = "kabulnow"
url = "https://kabulnow.example/feed/"
[terms.balkh]
any = ["Balkh"]
[[watch]]
name = "balkh"
any = ["@balkh"]
[channels.desk]
url = "stdout://"
"""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["statsu"], "No such command 'statsu'. Did you mean 'status'?"),
        (["feeds", "lst"], "No such command 'lst'. Did you mean 'list'?"),
        (["status", "--jsn"], "No such option '--jsn'. Did you mean '--json'?"),
        (["once", "--feed", "kabulnw"], "no feed is named 'kabulnw'; did you mean 'kabulnow'?"),
        (["why", "1", "--watch", "balhk"], "no watch is named 'balhk'; did you mean 'balkh'?"),
        (["backtest", "--watch", "sport"], "no watch is named 'sport'; there are: balkh"),
        (["label", "Balk"], "no watch is named 'Balk'; did you mean 'balkh'?"),
        (["terms", "suggest", "blakh"], "no term list is named 'blakh'; did you mean 'balkh'?"),
        (["backtest", "--since", "5"], "'5' is not a duration: write a number and a unit: 90s, 15m, 6h or 7d"),
        (["notify", "test", "dsek"], "no channel is named 'dsek'; did you mean 'desk'?"),
    ],
)
def test_what_was_meant_is_said(tmp_path: Path, arguments: list[str], said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, "utf-8")
    result = CliRunner(env={"MONITOR_CONFIG": str(path)}).invoke(main, arguments)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output
