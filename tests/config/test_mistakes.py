"""Mistakes as people make them: what is said, the line and caret, and what to do."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from monitor.config.load import examine, load_config
from monitor.config.report import render_faults
from monitor.model.faults import ConfigurationError
from monitor.watches.compile import compile_watchlist


def said_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    examined = examine(path, {})
    return render_faults(examined.faults, examined.sources).replace(f"{tmp_path}/", "")


def test_a_mistyped_table_is_named_not_the_one_below_it(tmp_path: Path) -> None:
    text = '[[wacth]]\nname = "x"\n[[watch.test]]\ntext = "a"\nexpect = "match"\n[[watch]]\nname = "y"\nany = ["b"]\n'
    assert said_of(tmp_path, text).splitlines() == [
        "config.toml:1: unknown table [[wacth]]",
        "    [[wacth]]",
        "      ^^^^^ column 3: 'wacth'",
        "    did you mean [[watch]]?",
    ]


def test_what_was_meant_for_a_mistyped_table_is_no_fault_of_its_own(tmp_path: Path) -> None:
    test = '[[watch.test]]\ntext = "a"\nexpect = "match"\n'
    said = said_of(tmp_path, f'[[wacth]]\nname = "x"\n{test}[[wacth]]\nname = "y"\n{test}')
    assert said.splitlines()[0] == "config.toml:1: unknown table [[wacth]]"
    assert "without a" not in said


def test_a_mistyped_table_inside_another_is_named_as_it_stands(tmp_path: Path) -> None:
    said = said_of(tmp_path, '[[watch]]\nname = "x"\nany = ["a"]\n[[wacth.test]]\ntext = "a"\nexpect = "match"\n')
    assert said.splitlines() == [
        "config.toml:4: unknown table [[wacth.test]]",
        "    [[wacth.test]]",
        "      ^^^^^ column 3: 'wacth'",
        "    did you mean [[watch.test]]?",
    ]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[[feeds]]\n", "did you mean [[feed]]?"),
        ("[channel.desk]\n", "did you mean [channels.NAME]?"),
        ("[pooling]\n", "did you mean [polling]?"),
        ("[Alerts]\n", "did you mean [alerts]?"),
        ("[smtp]\n", "known: [storage], [polling]"),
        ("interval = 5\n", "'interval' belongs in [feed]"),
    ],
)
def test_a_table_that_does_not_exist_is_told_from_those_that_do(tmp_path: Path, text: str, hint: str) -> None:
    assert hint in said_of(tmp_path, text)


def test_a_test_without_its_watch_is_told_so(tmp_path: Path) -> None:
    said = said_of(tmp_path, '[[watch.test]]\ntext = "a"\nexpect = "match"\n')
    assert said.startswith("config.toml:1: [[watch.test]] without a [[watch]]\n    [[watch.test]]\n    ^^^^^^^^^^^^^^")


@pytest.mark.parametrize(
    ("line", "message", "column", "hint"),
    [
        ('name = "x', "the quotes around this text are not closed", 10, ""),
        ("name = 'x", "the quotes around this text are not closed", 10, ""),
        ("name = kabul", "there is no value here", 8, "straight quotes"),
        ("name = “x”", "there is no value here", 8, "straight quotes"),
        ("interval = 5m", "something follows the value", 13, "in quotes"),
        ('name: "x"', "there is no = after the key", 5, 'key = "value"'),
        ('tags = ["a" "b"]', "this list is not closed", 13, "a comma"),
        ('name = "a\\d"', "a backslash in the text", 10, "write it twice"),
        ("weight = 1\nweight = 2", "this key or table is written twice", 1, "another name"),
        ("[[feed]", "the brackets of this table are not closed", 7, "[[name]]"),
    ],
)
def test_a_file_that_is_not_toml_says_what_to_write(
    tmp_path: Path, line: str, message: str, column: int, hint: str
) -> None:
    said = said_of(tmp_path, f"[[feed]]\n{line}\n")
    first, _, caret, *hints = said.splitlines()
    assert first.endswith(f"this is not TOML: {message}")
    assert caret == " " * (3 + column) + f"^ column {column}"
    assert hint in "".join(hints)


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("[storage]\nkeep_articles = 2024-01-01", "2024-01-01 is not a duration", "a number and a unit, in quotes"),
        ("[alerts]\ndigest = 08:00:00", "08:00:00 is neither a time of day nor", 'write "HH:MM"'),
        ("[storage]\npath = 2024-01-01", "'path' must be a string, not a date", ""),
        ('[polling]\npolls_per_hour = "600"', "must be a whole number", "polls_per_hour = 600, without quotes"),
        ("[polling]\nmin_interval = 300", "300 is not a duration", "in quotes"),
        ('[net]\ntimeout = "-30s"', "'-30s' is not a duration", "a number and a unit"),
        ('[net]\nrespect_robots = "yes"', "must be true or false, not a string", "respect_robots = true, without"),
        ("[[feed]]\nurl = \"https://a.example\"\nname = 5", "'name' must be a string, not a number", 'name = "5"'),
        ('[alerts]\ntimezone = "Kabul"', "unknown time zone 'Kabul'", "did you mean 'Asia/Kabul'?"),
        ('[alerts]\ntimezone = "Asia/Kaboul"', "unknown time zone", "did you mean 'Asia/Kabul'?"),
        ('[alerts]\ntimezone = "Afghanistan"', "unknown time zone", "IANA"),
        ('[alerts]\nquiet_hours = "22:00-22:00"', "starts and ends at the same time", "leave the key out"),
        ('[storage]\npath = "${env:UNSET}"', "the environment variable UNSET is not set", "set it, or"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_kind_is_shown_as_it_stands_and_as_it_should(
    tmp_path: Path, line: str, message: str, hint: str
) -> None:
    said = said_of(tmp_path, line + "\n")
    where = line.count("\n") + 1
    assert said.startswith(f"config.toml:{where}: ")
    assert message in said
    assert "^" in said.splitlines()[2]
    assert hint in said.splitlines()[-1]


def test_quiet_hours_may_span_midnight_or_the_day(tmp_path: Path) -> None:
    for hours in ("22:00-06:00", "06:00-22:00"):
        assert said_of(tmp_path, f'[alerts]\nquiet_hours = "{hours}"\n') == ""


def test_a_pattern_that_matches_the_file_itself_reads_it_once(tmp_path: Path) -> None:
    assert said_of(tmp_path, 'include = ["*.toml", "config.toml"]\n[[watch]]\nname = "w"\nany = ["blast"]\n') == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('[channels.x]\nurl = "slack://hush/hush" # hooks\nbad = 1', 'url = "…" # hooks'),
        ('channels.x = {url = "slack://hush", in_doubt = "no"}', 'channels.x = {url="…"'),
        ('[channels.x]\nulr = "slack://hush"', 'ulr = "…"'),
        ('[channels.x]\nurl = """\nslack://hush"""', 'url = """'),
        ('[channels.x]\nurl = "slack://hush', 'url = "…'),
        ("[channels.x]\nurl = 'a/hush'", "url = '…'"),
        ('[heartbeat]\nurl = "hush"', 'url = "…"'),
        ('[[feed]]\nname = "x"\nurl = "ftp://me:hush@host/"', 'url = "ftp://…@host/"'),
    ],
)
def test_no_secret_is_shown_however_it_was_written(tmp_path: Path, text: str, shown: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o644)
    examined = examine(path, {})
    said = render_faults(examined.faults, examined.sources)
    assert "hush" not in said
    assert shown.replace(" = ", "=") in said.replace(" = ", "=")


def test_a_mistyped_address_that_holds_no_secret_may_be_read_by_others(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[[feed]]\nname = "x"\nurl = "htps://example.org/feed"\n', "utf-8")
    path.chmod(0o644)
    assert [fault.message for fault in examine(path, {}).errors] == ["the URL must start with http:// or https://"]


def test_a_command_that_cannot_start_shows_the_first_fault_and_how_many_there_are(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[polling]\nbudget = 1\nspeed = 2\n", "utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_config(path)
    assert "unknown key 'budget'" in str(caught.value)
    assert "speed" not in str(caught.value)
    assert str(caught.value).endswith(f"1 of 2 faults; `monitor check -c {path}` lists all")
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[watch]]\nname = 'w'\nquery = 'a1'\n" * 2_000, "is already defined at config.toml:1"),
        ("[[watch]]\nname = 'w'\nquery = '''" + "@x OR\n" * 4_000 + "a1'''\n", "unknown term list '@x'"),
    ],
    ids=["names", "lists"],
)
def test_thousands_of_mistakes_are_told_in_bounded_time(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    start = time.process_time()
    examined = examine(path, {})
    faults = [*examined.faults, *compile_watchlist(examined.settings.watchlist).faults]
    assert render_faults(faults, examined.sources).replace(f"{tmp_path}/", "").count(said) >= 1_999
    assert time.process_time() - start < 8
