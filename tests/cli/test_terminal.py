"""What a person sees on a terminal, and what a pipe gets."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from monitor.cli.bidi import FSI, PDI, in_place, run_in_place

DARI = "انفجار در یک کارگاه فلزکاری IS-KP در شهر مزار شریف دو کشته و پنج زخمی بر جا گذاشت"
TABLE = f"""
from monitor.cli.output import print_table
rows = [{{"id": 1, "title": {DARI!r}, "verdict": None, "channel": "desk"}},
        {{"id": 2, "title": "Explosion in a metal workshop in Mazar-e-Sharif", "verdict": None, "channel": "log"}}]
print_table(rows, ["id", "title", "verdict", "channel"], empty="none")
"""


def on_terminal(program: str, *, width: int, **environment: str) -> list[str]:
    """The lines that a program prints on a terminal of so many columns."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environ = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LANG": "C.UTF-8", **environment}
    with subprocess.Popen([sys.executable, "-c", program], stdout=theirs, stderr=theirs, env=environ) as process:
        os.close(theirs)
        printed = b""
        try:
            while piece := os.read(ours, 65536):
                printed += piece
        except OSError:
            pass  # the other end is closed
        os.close(ours)
    assert process.returncode == 0, printed.decode()
    return printed.decode().splitlines()


MESSAGE = """
from datetime import timedelta
from monitor.delivery.render import render_for
from monitor.delivery.sender import StdoutSender
from tests.delivery.test_golden import DIGEST, UPDATE
for message in (UPDATE, DIGEST):
    StdoutSender().send(render_for("text", message), idempotency_key="42:log", deadline=timedelta(seconds=1))
"""


def test_a_message_on_a_terminal_breaks_at_words_and_leaves_addresses_whole() -> None:
    lines = on_terminal(MESSAGE, width=60)
    assert all(cell_len(line) < 60 or line.strip().startswith("http") for line in lines)
    assert "https://north.example/2024/04/explosion-near-mazar" in lines
    start = next(number for number, line in enumerate(lines) if line.startswith("Officials"))
    assert " ".join(lines[start : start + 4]) == (
        "Officials closed the road on Tuesday evening. A »blast« tore through a residential house in Hamdard village,"
        " Dehdadi district, »Balkh« province, killing at least one person. Three people with minor injuries got away."
    )
    assert "  +1 article; killed 1 → 3" in lines


def test_a_terminal_of_80_columns_keeps_columns_in_place_beside_right_to_left_text() -> None:
    lines = on_terminal(TABLE, width=60, NO_COLOR="1")
    assert all(cell_len(line) <= 60 for line in lines)
    assert lines[0].split() == ["id", "title", "channel"]
    for line in lines[1:]:
        assert line.count(FSI) == line.count(PDI) == int("ا" in line or "ر" in line)
    column = cell_len(lines[0].partition("channel")[0])
    (first, second) = (line for line in lines if line.rstrip().endswith(("desk", "log")))
    assert cell_len(first.partition("desk")[0]) == cell_len(second.partition("log")[0]) == column


def test_only_a_terminal_gets_colour_and_marks() -> None:
    assert "\x1b[" in "".join(on_terminal(TABLE, width=80))
    assert "\x1b" not in "".join(on_terminal(TABLE, width=80, NO_COLOR="1"))
    piped = subprocess.run([sys.executable, "-c", TABLE], capture_output=True, text=True, check=True).stdout
    assert len(piped.splitlines()) == 3
    assert DARI in piped
    assert not set(piped) & {"\x1b", FSI, PDI}


COUNTED = """
from monitor.cli import progress
progress.PATIENCE_S = progress.STEP_S = 0.0
print(sum(progress.counting(range(1, 4), "article")))
"""


def test_a_person_who_waits_is_told_how_far_it_is_and_a_pipe_is_not() -> None:
    shown = "\n".join(on_terminal(COUNTED, width=80))
    assert "1 article …\n2 articles …\n3 articles …" in shown.replace("\r", "\n").replace("\n\n", "\n")
    assert shown.endswith("\x1b[K6")
    piped = subprocess.run([sys.executable, "-c", COUNTED], capture_output=True, text=True, check=True)
    assert (piped.stdout, piped.stderr) == ("6\n", "")


def test_without_a_locale_files_and_pipes_get_utf_8(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[watch]]\nname = "w"\nany = ["انفجار"]\n', "utf-8")
    environ = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    for options in ([], ["--json"]):
        done = subprocess.run(
            [sys.executable, "-m", "monitor", "why", "-", "-c", str(tmp_path / "config.toml"), *options],
            input=DARI.encode(), capture_output=True, env=environ, check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert "انفجار" in done.stdout.decode("utf-8")
    assert json.loads(done.stdout)["found"]


def test_control_c_is_one_line_and_the_code_of_shells(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[[watch]]\nname = "w"\nany = ["blast"]\n', "utf-8")
    command = [sys.executable, "-m", "monitor", "match", "-", "-c", str(tmp_path / "config.toml")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write('{"id": 1, "title": "t", "text": "A blast."}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == "monitor: interrupted\n"


@given(st.text(alphabet="abc 12.«»“”: بلخمزارشریف‌"))
def test_marking_adds_marks_and_nothing_else(text: str) -> None:
    for marked in (in_place(text), run_in_place(text)):
        assert "".join(character for character in marked if character not in "\u200e\u2068\u2069") == text
        assert cell_len(marked) == cell_len(text)


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("story 5 “x”: 3 articles", "story 5 “x”: 3 articles"),
        ("story 5 “بلخ IS-KP بلخ”: 3", f"story 5 “{in_place('بلخ IS-KP بلخ')}”: 3"),
    ],
)
def test_what_a_line_quotes_is_marked_from_its_first_letter_to_its_last(line: str, marked: str) -> None:
    assert run_in_place(line) == marked
