"""What is said of faults, as prose in a golden file, and where carets stand."""

from __future__ import annotations

import shutil
from pathlib import Path

from monitor.config.load import examine
from monitor.config.report import render_faults
from monitor.model.faults import Fault

HERE = Path(__file__).parent / "faults"


def test_every_fault_is_said_at_once_in_the_words_of_the_file(tmp_path: Path) -> None:
    for name in ("config.toml", "watches.toml"):
        shutil.copy(HERE / name, tmp_path / name)
    (tmp_path / "config.toml").chmod(0o644)
    examined = examine(tmp_path / "config.toml", {})
    said = render_faults(examined.faults, examined.sources).replace(str(tmp_path), ".") + "\n"
    actual = tmp_path / "faults.txt"
    actual.write_text(said, "utf-8")
    assert said == (HERE / "faults.txt").read_text("utf-8"), f"read {actual}; if it is right, copy it to {HERE}"


def test_a_caret_stands_under_the_word_though_wide_and_combining_characters_precede_it() -> None:
    text = '[[watch]]\nquery = "日本 e\u0301 \\"x\\" AND"\n'
    fault = Fault(message="ends with AND", file="a.toml", path=("watch", 0, "query"), column=10, word="AND")
    lines = render_faults([fault], {"a.toml": text}).splitlines()
    assert lines[1] == '    query = "日本 e\u0301 \\"x\\" AND"'
    assert lines[2] == f"    {' ' * 22}^^^ column 22: 'AND'"


def test_a_long_line_is_cut_around_the_place() -> None:
    text = 'query = "' + "x " * 500 + "AND AND " + "y " * 500 + '"\n'
    fault = Fault(message="AND twice", file="a.toml", path=("query",), column=1004, word="AND")
    lines = render_faults([fault], {"a.toml": text}).splitlines()
    assert len(lines[1]) < 200
    assert lines[1][lines[2].index("^") :].startswith("AND y")


def test_ten_thousand_faults_are_placed_in_one_scan() -> None:
    text = "".join(f'[[watch]]\nname = "{number}"\n' for number in range(10_000))
    faults = [Fault(message="no", file="a.toml", path=("watch", number, "name")) for number in range(10_000)]
    assert render_faults(faults, {"a.toml": text}).count("a.toml:") == 10_000
