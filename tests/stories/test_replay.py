"""``monitor replay``: one line an item, resumable after a kill at any moment."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stories.texts import BLAST, BLAST_TITLE, RAIN, RAIN_TITLE

TREES = ("alder", "birch", "cedar", "elder", "fir", "hazel", "juniper", "larch", "maple", "oak", "pine", "rowan")


def items(n: int) -> list[dict]:
    """Reports of two events, copies, re-polls and one changed toll, then unrelated reports."""
    choice = random.Random(7)
    rows = [
        {"guid": "1", "url": "https://one.example/a", "feed": "one", "title": BLAST_TITLE, "text": BLAST},
        {"guid": "1", "url": "https://one.example/a", "feed": "one", "title": BLAST_TITLE, "text": BLAST},
        {"guid": "x", "url": "https://two.example/b", "feed": "two", "title": BLAST_TITLE, "text": BLAST[:500]},
        {"guid": "9", "url": "https://one.example/a?ref=rss", "feed": "one", "title": BLAST_TITLE, "text": BLAST},
        {"guid": "2", "url": "https://one.example/r", "feed": "one", "title": RAIN_TITLE, "text": RAIN},
        {"guid": "1", "url": "https://one.example/a", "feed": "one", "title": BLAST_TITLE,
         "text": BLAST.replace("one person", "three people")},
    ]  # fmt: skip
    for number in range(n - len(rows)):
        words = [choice.choice(TREES) + str(choice.randrange(40)) for _ in range(60)]
        rows.append(
            {"guid": f"g{number}", "url": f"https://three.example/{number}", "feed": "three",
             "title": " ".join(words[:6]), "text": f"{' '.join(words)}."}
        )  # fmt: skip
    return [{"at": f"2024-04-02T{10 + k // 60:02}:{k % 60:02}:00Z", **row} for k, row in enumerate(rows)]


@pytest.fixture
def replay(tmp_path: Path):
    """Run the command in an empty directory; give its lines, its standard error and its exit code."""

    def run(rows: list[dict] | list[str], *arguments: str) -> tuple[list[dict], str, int]:
        path = tmp_path / "items.jsonl"
        path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n", "utf-8")
        done = subprocess.run(
            _command(path, *arguments), capture_output=True, text=True, check=False, cwd=tmp_path, env=_bare(tmp_path)
        )
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr, done.returncode

    return run


def _command(path: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-c", "from monitor.cli import main; main()", "replay", str(path), *arguments]


def _bare(home: Path) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {"HOME": str(home), "XDG_CONFIG_HOME": str(home), "PYTHONPATH": root, "PATH": "/usr/bin:/bin"}


def test_each_item_gets_one_line_with_its_verdict(replay):
    lines, errors, code = replay(items(6))
    assert (code, errors) == (0, "")
    assert [line["n"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line["rung"] for line in lines] == ["new", "item", "copy", "article", "new", "article"]
    assert [[alert["kind"] for alert in line["alerts"]] for line in lines] == [["new"], [], [], [], ["new"], ["update"]]
    assert lines[0]["alerts"][0]["watch"] == "everything"
    assert lines[2]["suppressed"][0]["reason"] == "copy"
    assert lines[2]["target"] == lines[0]["article"]
    assert lines[5]["changes"] == ["killed 1 → 3"]


def test_what_was_replayed_is_skipped_the_next_time(replay, tmp_path):
    database = str(tmp_path / "state.db")
    replay(items(6)[:4], "--db", database)
    lines, errors, code = replay(items(6), "--db", database)
    assert code == 0
    assert "4 items were replayed before and are skipped" in errors
    assert [line["n"] for line in lines] == [5, 6]


def test_broken_lines_are_named_and_the_others_replayed(replay):
    rows = [json.dumps(items(1)[0]), "{broken", "[1, 2]", "", json.dumps({"title": "Only a title"})]
    lines, errors, code = replay(rows)
    assert code == 1
    assert [line["n"] for line in lines] == [1, 5]
    assert "items.jsonl:2" in errors
    assert "items.jsonl:3" in errors
    assert "Traceback" not in errors


def test_odd_values_are_survived(replay):
    rows = [
        {"at": "0001-01-01T00:00:00Z", "feed": "f", "guid": None, "url": None, "title": None, "text": None},
        {"at": 1712080800, "feed": 7, "guid": 3.5, "url": "not a url", "title": "A\x00B \ud800", "text": "x" * 100_000},
        {
            "at": "whenever",
            "published": "2099-01-01",
            "feed": "f",
            "guid": "g",
            "url": "https://e.example/x",
            "title": "t",
        },
        {"at": "1999-01-01", "feed": "f", "guid": "g", "url": "https://e.example/x", "title": "t"},
    ]
    lines, errors, code = replay(rows)
    assert (len(lines), code) == (4, 0)
    assert "Traceback" not in errors


def outbox(database: Path) -> list[tuple]:
    with sqlite3.connect(database) as connection:
        return connection.execute(
            "SELECT a.kind, a.watch, r.url, a.created, d.channel FROM alerts a JOIN articles r ON r.id = a.article_id "
            "JOIN deliveries d ON d.alert_id = a.id ORDER BY a.id, d.channel"
        ).fetchall()


def killed_replays(tmp_path: Path, *, kills: int, n: int) -> tuple[Path, list[int]]:
    """Replay with ``kills`` kills at random lines; the database, and the numbers of all lines printed."""
    path, database = tmp_path / "items.jsonl", tmp_path / "killed.db"
    path.write_text("\n".join(json.dumps(row) for row in items(n)) + "\n", "utf-8")
    choice = random.Random(kills)
    numbers: list[int] = []
    for attempt in range(kills + 1):
        process = subprocess.Popen(
            _command(path, "--db", str(database)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=tmp_path,
            env=_bare(tmp_path),
        )  # fmt: skip
        survive = choice.randrange(1, max(2, n // (kills + 1)))
        # What was printed between the line that we waited for and the kill counts too; the last may be cut short.
        for count, line in enumerate(process.stdout, start=1):
            if line.endswith(b"\n"):
                numbers.append(json.loads(line)["n"])
            if attempt < kills and count == survive:
                process.send_signal(signal.SIGKILL)
        process.stdout.close()
        process.wait()
    return database, numbers


def check_kills(tmp_path: Path, *, kills: int, n: int) -> None:
    killed, numbers = killed_replays(tmp_path, kills=kills, n=n)
    whole = tmp_path / "whole.db"
    subprocess.run(
        _command(tmp_path / "items.jsonl", "--db", str(whole)), check=True, cwd=tmp_path, env=_bare(tmp_path),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert outbox(killed) == outbox(whole)
    assert len(outbox(whole)) > n // 5
    assert len(numbers) == len(set(numbers))
    # A line may be lost between its commit and its printing, one for each kill.
    assert n - kills <= len(numbers) <= n


def test_five_kills_leave_the_same_outbox(tmp_path):
    check_kills(tmp_path, kills=5, n=40)


@pytest.mark.slow
def test_fifty_kills_leave_the_same_outbox(tmp_path):
    check_kills(tmp_path, kills=50, n=400)


def test_an_item_of_a_configured_feed_has_that_feeds_tags_and_language(replay, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        """[[feed]]
name = "one"
url = "https://one.example/feed"
tags = ["afghanistan"]
language = "en"

[[watch]]
name = "tagged"
any = ["explosion"]
feeds = ["afghanistan"]
lang = ["en"]

[channels.log]
url = "stdout://"
""",
        "utf-8",
    )
    rows = items(6)
    printed, _, code = replay([rows[0], {**rows[0], "feed": "elsewhere", "guid": "e", "url": "https://four.example/e"}])
    assert code == 0
    assert [alert["watch"] for alert in printed[0]["alerts"]] == ["tagged"]
    assert printed[1]["alerts"] == printed[1]["suppressed"] == []
