"""``monitor check`` as a user meets it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli.check import command
from monitor.model.articles import Article
from monitor.model.settings import Settings, Storage
from monitor.store import articles, stories
from monitor.store.database import Store

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)

GOOD = """
[channels.log]
url = "stdout://"
[terms.balkh]
any = ["Balkh", "بلخ"]
[[watch]]
name = "balkh"
all = ["@balkh"]
[[watch.test]]
text = "Snow in Balkh."
expect = "match"
"""


def check(tmp_path: Path, text: str, *options: str) -> Result:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return CliRunner().invoke(command, ["--config", str(path), *options])


def test_a_good_configuration_gives_one_line_and_exit_0(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD)
    assert result.exit_code == 0
    assert result.output.endswith("config.toml is fine: 0 feeds, 1 watch with 1 test passed, 1 channel\n")


def test_of_the_same_fault_by_the_thousand_in_one_query_ten_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    query = " && ".join(["balkh"] * 5_001)
    text = f'{GOOD}[[watch]]\nname = "q"\nquery = "{query}"\n[[watch]]\nname = "r"\nquery = "a && b"\n'
    said = check(tmp_path, text).stderr
    assert said.count("'&&' is not an operator here") == 11
    assert "    and 4,990 more errors in this value: --json has all\n" in said
    assert said.endswith("monitor: 5,001 errors, 0 warnings\n")
    assert len(json.loads(check(tmp_path, text, "--json").stdout)["faults"]) == 5_001


def test_so_it_is_with_a_list_of_terms(tmp_path: Path) -> None:
    terms = ", ".join(f'"@nolist{n}"' for n in range(30))
    said = check(tmp_path, GOOD.replace('all = ["@balkh"]', f"all = [{terms}]")).stderr
    assert "    and 20 more errors in this value: --json has all\n" in said


def test_faults_of_tables_queries_and_channels_come_together_and_exit_2(tmp_path: Path) -> None:
    text = (
        GOOD + '[channels.bad]\nurl = "nosuch://a/b"\n[polling]\nbudget = 1\n[[watch]]\nname = "q"\nquery = "a and b"\n'
    )
    result = check(tmp_path, text)
    assert result.exit_code == 2
    assert "config.toml:13: channel 'bad'" in result.stderr
    assert "config.toml:15: unknown key 'budget' in [polling]" in result.stderr
    assert "config.toml:18: operators are written in capitals" in result.stderr
    assert result.stderr.endswith("monitor: 3 errors, 0 warnings\n")


def test_a_test_that_fails_is_a_fault_at_its_line(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD.replace("Snow in Balkh", "Snow in Herat"))
    assert result.exit_code == 2
    assert "config.toml:9: test of watch 'balkh' expects match" in result.stderr


def test_a_test_of_a_mistyped_watch_is_no_failure_of_the_watch_above_it(tmp_path: Path) -> None:
    text = '[[watch]]\nname = "flood"\nany = ["flood"]\n[[wacth]]\nname = "blast"\nany = ["blast"]\n'
    result = check(tmp_path, text + '[[watch.test]]\ntext = "A blast"\nexpect = "match"\n')
    assert result.exit_code == 2
    assert "config.toml:4: unknown table [[wacth]]" in result.stderr
    assert "did you mean [[watch]]?" in result.stderr
    assert "expects match" not in result.stderr


def test_a_term_list_that_could_not_be_read_is_not_also_unknown(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD.replace("any = [", "any = [5, "))
    assert result.stderr.count("config.toml:") == 1


def test_json_has_every_fault_with_its_place(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD.replace('"Balkh"', '"*x"'), "--json")
    document = json.loads(result.stdout)
    assert (result.exit_code, document["ok"]) == (2, False)
    fault = document["faults"][0]
    assert (fault["line"], fault["column"], fault["word"]) == (5, 9, "*x")
    assert fault["key"] == ["terms", "balkh", "any", 0]


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"[[", b"watch = 5", b"[watch]\n", b"channels = [1]", b"\0"])
def test_no_file_makes_a_traceback(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(raw)
    result = CliRunner().invoke(command, ["--config", str(path)])
    assert result.exit_code == 2
    assert isinstance(result.exception, SystemExit)
    assert "config.toml:1" in result.stderr


def test_a_lint_is_a_warning_and_no_error(tmp_path: Path) -> None:
    result = check(tmp_path, GOOD + '[[watch]]\nname = "wide"\nquery = "blast NEAR/90 bomb"\n')
    assert result.exit_code == 0
    assert "config.toml:14: warning: NEAR/90 reaches over several sentences" in result.output
    assert result.output.endswith("1 warning\n")


def test_a_watch_with_an_unknown_key_is_checked_further(tmp_path: Path) -> None:
    text = GOOD + '[[watch]]\nname = "balkh"\nwher = "top"\nquery = "@balk AND (snow"\n'
    said = check(tmp_path, text).stderr
    assert "unknown key 'wher'" in said
    assert "the parenthesis is never closed" in said
    assert "already defined" in said


def test_a_mistyped_condition_is_not_also_a_missing_one(tmp_path: Path) -> None:
    said = check(tmp_path, GOOD + '[[watch]]\nname = "q"\nqurey = "snow"\n').stderr
    assert said.count("config.toml:") == 1
    assert "did you mean 'query'?" in said


def stored(tmp_path: Path, texts: list[str]) -> Path:
    """A database of articles, where the configuration of these tests has its own."""
    database = Settings(storage=Storage(path=tmp_path / "var" / "monitor")).storage.database
    database.parent.mkdir(parents=True)
    store = Store(database)
    facts = {"seen": NOW, "happened": NOW, "content_hash": 1, "shingles": b"", "sketch": b"", "copy_of": None}
    with store.transaction() as db:
        story = stories.create(db, title="News", seen=NOW, happened=NOW)
        for number, text in enumerate(texts):
            article = Article(url=f"https://n.example/{number}", title="News", text=text)
            articles.insert(db, article, url_key=article.url, story_id=story, **facts)
    store.close()
    return database


COMMON = GOOD.replace('all = ["@balkh"]', 'all = ["@balkh", "snow"]')


def test_a_term_that_is_common_in_the_stored_articles_is_warned_of(tmp_path: Path) -> None:
    stored(tmp_path, ["Snow in Balkh."] * 50 + ["Rain."] * 50)
    result = check(tmp_path, COMMON)
    assert result.exit_code == 0
    assert "'snow' stands in 50% of the articles stored last" in result.output


def test_a_database_that_is_in_use_or_broken_is_left_out(tmp_path: Path) -> None:
    database = stored(tmp_path, ["Snow in Balkh."] * 100)
    with closing(sqlite3.connect(database)) as busy:
        busy.execute("PRAGMA journal_mode = DELETE")
        busy.execute("BEGIN EXCLUSIVE")
        result = check(tmp_path, COMMON)
    assert (result.exit_code, "stands in" in result.output) == (0, False)
    database.write_bytes(b"no database")
    result = check(tmp_path, COMMON)
    assert (result.exit_code, "stands in" in result.output) == (0, False)
