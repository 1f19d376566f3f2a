"""The demo as a user starts it, and the drawing of its lines."""

from __future__ import annotations

import io
import json
import shlex
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from monitor.cli import main
from monitor.cli.bidi import FSI, LRM, PDI, in_place, is_right_to_left
from monitor.cli.demo_forms import show_alerts
from monitor.cli.demo_words import cut, wrapped
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.watches import Severity

SCRIPTS = st.text(alphabet="abc xyz 123 .:- بلخ مزار شریف‌ها Балх 语言é", max_size=200)


@pytest.fixture(scope="module")
def finished(kept: Path) -> subprocess.CompletedProcess[str]:
    """One run for the tests that look at its result."""
    return _demo("--json", "--keep", str(kept))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where that run's database is kept."""
    return tmp_path_factory.mktemp("demo") / "kept"


def test_the_demo_decides_as_is_right_and_every_message_arrives_once(
    finished: subprocess.CompletedProcess[str],
) -> None:
    summary = json.loads(finished.stdout)
    assert [
        f"{v['watch']} {v['article']}: {v['fault']}, got {v['got']}" for v in summary["verdicts"] if v["fault"]
    ] == []
    assert summary["problems"] == []
    assert (summary["right"], finished.returncode) == (True, 0)


def test_its_json_is_all_that_it_prints(finished: subprocess.CompletedProcess[str]) -> None:
    assert finished.stderr == ""
    assert len(json.loads(finished.stdout)["verdicts"]) > 60


def test_what_was_kept_answers_other_commands(finished: subprocess.CompletedProcess[str], kept: Path) -> None:
    program, *question = shlex.split(json.loads(finished.stdout)["ask"])
    assert (program, question[-1]) == ("monitor", str(kept / "config.toml"))
    result = CliRunner().invoke(main, question)
    assert result.exit_code == 0, result.output
    assert "✓ decision " in result.stdout


def test_nothing_is_written_into_a_directory_in_use(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    result = CliRunner().invoke(main, ["demo", "--keep", str(tmp_path)])
    assert (result.exit_code, [each.name for each in tmp_path.iterdir()]) == (2, ["mine"])
    assert "is not empty" in result.stderr


def test_control_c_ends_it_in_one_line_and_leaves_nothing_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "monitor", "demo"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if "first report in Dari" in line:
                break
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        assert process.stderr.read() == "monitor: demo interrupted\n"
        assert process.wait(timeout=20) == 130
    assert list(tmp_path.glob("newsmonitor-demo-*")) == []


@given(text=SCRIPTS, width=st.integers(2, 60))
def test_a_cut_line_never_exceeds_its_width(text: str, width: int) -> None:
    assert cell_len(cut(text, width).replace(LRM, "")) <= width


@given(text=SCRIPTS, width=st.integers(8, 60))
def test_wrapping_keeps_every_word_and_marks_each_right_to_left_line(text: str, width: int) -> None:
    lines = [line.plain for line in wrapped([Text(text)], width)]
    bare = "".join(lines).translate(dict.fromkeys(map(ord, LRM + FSI + PDI)))
    assert "".join(bare.split()) == "".join(text.split())
    for line in lines:
        assert line.startswith(LRM) == line.endswith(LRM) == is_right_to_left(line)


def test_a_line_in_another_script_is_left_alone() -> None:
    assert in_place("Explosion in Balkh") == "Explosion in Balkh"
    assert in_place("Балх") == "Балх"


@pytest.mark.parametrize("width", [60, 132])
def test_an_alert_is_drawn_in_three_forms(width: int) -> None:
    shown = _shown([_message(1, "balkh-explosion", Severity.HIGH)], width=width)
    for name in ("Slack", "E-mail", "Terminal", "Subject:", "killed 1 → 2"):
        assert name in shown


def test_alerts_of_one_article_at_one_moment_are_drawn_once_unless_each_is_asked_for() -> None:
    messages = [_message(1, "balkh-explosion", Severity.HIGH), _message(2, "iskp-balkh", Severity.CRITICAL)]
    assert _shown(messages, width=60).count("Subject:") == 1
    assert "[CRITICAL]" in _shown(messages, width=60)
    assert _shown(messages, width=60, each=True).count("Subject:") == 2


def _demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [sys.executable, "-m", "monitor", "demo", *arguments],
            capture_output=True, text=True, timeout=120, check=False, env={"PATH": "/usr/bin:/bin", "HOME": home},
        )  # fmt: skip


def _message(alert_id: int, watch: str, severity: Severity) -> AlertMessage:
    return AlertMessage(
        alert_id=alert_id,
        kind=AlertKind.UPDATE,
        watch=watch,
        severity=severity,
        score=0.9,
        reasons=("place in the title",),
        story={"id": 1, "first_seen": "2024-04-02T16:25:00Z", "sources": 2, "independent": 2},
        article={
            "title": "Two killed in Balkh",
            "url": "http://outlet.localhost/x/",
            "site": "Outlet",
            "author": "Newsroom",
            "published": "2024-04-02T17:25:00Z",
            "seen": "2024-04-02T17:30:00Z",
            "language": "en",
            "lead": "",
            "excerpt": "Two people were killed in a blast.",
            "highlights": [[28, 33, "@explosion"]],
        },
        changes=("killed 1 → 2",),
        created=datetime(2024, 4, 2, 17, 30, tzinfo=UTC),
    )


def _shown(messages: Sequence[AlertMessage], *, width: int, each: bool = False) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show_alerts(console, messages, UTC, each=each)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()
