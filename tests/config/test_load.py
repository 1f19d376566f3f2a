"""Loading: what a good file becomes, and what is said of a bad one."""

from __future__ import annotations

from datetime import time, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.config.load import LoadedConfig, examine, load_config
from monitor.config.report import render_faults
from monitor.model.faults import ConfigurationError
from monitor.model.settings import Settings
from monitor.model.watches import Merging, Severity

WHOLE = """
include = ["lists/*.toml"]

[storage]
path = "data"
keep_articles = "30d"

[polling]
polls_per_hour = 60
min_interval = "90s"
max_interval = "12h"
user_agent_contact = "https://example.org/us"

[net]
allow_private = ["127.0.0.0/8", "::1"]

[[feed]]
name = "one"
url = "https://one.example/feed"
tags = ["a", "b"]
weight = 2
alert_younger_than = "2h"

[channels.desk]
url = "${env:DESK_URL}"
in_doubt = "hold"
digest = "0 8 * * mon-fri"

[channels.hook]
url = "jsons://hook.example/${env:TOKEN}"
secret_file = "hook.secret"

[channels.log]
url = "stdout://"

[[route]]
min_severity = "high"
watches = ["b*"]
channels = ["desk", "hook"]
continue = true

[[route]]
channels = ["log"]

[alerts]
timezone = "Asia/Kabul"
quiet_hours = "22:00-6:00"
max_per_hour = 5
digest = "8:00"

[heartbeat]
url = "https://beat.example/${env:TOKEN}"

[[watch]]
name = "first"
any = ["x"]
"""

LIST = """
[terms.place]
any = ["Balkh", "بلخ"]
case = ["BLK"]
except = ["Balkh Street"]

[[watch]]
name = "second"
severity = "critical"
all = ["@place"]
where = "top"
lang = ["en"]
feeds = ["one", "*.af"]
min_score = 0.5
channels = ["desk"]
merging = "strict"
min_independent = 2
unconfirmed_after = "1h"
shadow = "7d"

[[watch.test]]
text = "Balkh"
expect = "match"

[[watch.test]]
text = "Herat"
expect = "no match"
lang = "en"
"""


def write(directory: Path, text: str, name: str = "config.toml") -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def whole(tmp_path: Path) -> LoadedConfig:
    write(tmp_path, LIST, "lists/a.toml")
    write(tmp_path, "s3cret\n", "hook.secret")
    return load_config(write(tmp_path, WHOLE), {"DESK_URL": "slack://a/b/c", "TOKEN": "t0ken"})


def rendered(tmp_path: Path, text: str, **environ: str) -> str:
    """What is said of a bad file, without its directory."""
    examined = examine(write(tmp_path, text), environ)
    assert examined.errors
    return render_faults(examined.faults, examined.sources).replace(f"{tmp_path}/", "")


def test_every_table_becomes_settings(tmp_path: Path) -> None:
    settings = whole(tmp_path).settings
    assert settings.storage.path == tmp_path / "data"
    assert settings.storage.keep_articles == timedelta(days=30)
    assert settings.polling.min_interval == timedelta(seconds=90)
    assert settings.net.allow_private == (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    assert (settings.feeds[0].weight, settings.feeds[0].tags) == (2, ("a", "b"))
    assert settings.alerts.quiet_hours == (time(22), time(6))
    assert settings.alerts.digest == "08:00"
    assert settings.heartbeat_url == "https://beat.example/t0ken"
    assert settings.routes[0].min_severity is Severity.HIGH
    assert settings.routes[0].continue_
    assert settings.routes[1].channels == ("log",)


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    desk, hook, log = whole(tmp_path).settings.channels
    assert (desk.url, desk.in_doubt, desk.digest) == ("slack://a/b/c", "hold", "0 8 * * mon-fri")
    assert (hook.url, hook.secret) == ("jsons://hook.example/t0ken", "s3cret")
    assert log.url == "stdout://"
    assert "t0ken" not in repr(hook)


def test_watches_and_terms_come_from_all_files_with_their_places(tmp_path: Path) -> None:
    watchlist = whole(tmp_path).settings.watchlist
    place = watchlist.terms["place"]
    assert (place.any, place.case, place.exclude) == (("Balkh", "بلخ"), ("BLK",), ("Balkh Street",))
    first, second = watchlist.watches
    assert (first.name, first.file, first.path) == ("first", str(tmp_path / "config.toml"), ("watch", 0))
    assert (second.file, second.severity) == (str(tmp_path / "lists/a.toml"), Severity.CRITICAL)
    assert (second.merging, second.shadow) == (Merging.STRICT, timedelta(days=7))
    assert [(each.expect, each.path) for each in second.tests] == [
        (True, ("watch", 0, "test", 0)),
        (False, ("watch", 0, "test", 1)),
    ]


def test_an_empty_file_is_a_configuration_with_all_defaults(tmp_path: Path) -> None:
    settings = load_config(write(tmp_path, "")).settings
    assert settings.channels == Settings().channels
    assert settings.storage.path == tmp_path / "var/monitor"


def test_a_watchlist_alone_can_be_loaded_though_it_names_channels(tmp_path: Path) -> None:
    loaded = load_config(write(tmp_path, LIST))
    assert loaded.settings.watchlist.watches[0].channels == ()
    assert [fault.level for fault in loaded.warnings] == ["warning"]


def test_without_a_file_it_says_where_it_looked_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigurationError, match="monitor init"):
        load_config(None, {"XDG_CONFIG_HOME": str(tmp_path)})
    with pytest.raises(ConfigurationError, match=r"none at config\.toml\n"):
        load_config(None, {})
    write(tmp_path, "", "newsmonitor/config.toml")
    assert load_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}).path == tmp_path / "newsmonitor/config.toml"
    write(tmp_path, "")
    assert load_config(None, {"XDG_CONFIG_HOME": str(tmp_path)}).path == Path("config.toml")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[storage", "config.toml:1: this is not TOML"),
        (b"a = 1\na = 2\n", "config.toml:2: this is not TOML"),
        (b'x = "\xff"', "config.toml:1: the file is not UTF-8"),
        ("[storage]\n".encode("utf-16"), "config.toml:1: the file is not UTF-8"),
        (b"x = " + b"[" * 5000, "nested"),
    ],
)
def test_a_broken_file_gives_one_clear_place(tmp_path: Path, raw: bytes, said: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigurationError) as caught:
        load_config(path)
    assert said in str(caught.value)


def test_a_byte_order_mark_and_windows_line_ends_are_no_faults(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf[polling]\r\npolls_per_hour = 7\r\n")
    assert load_config(path).settings.polling.polls_per_hour == 7


def test_a_missing_file_and_a_directory_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="does not exist"):
        load_config(tmp_path / "no.toml")
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        load_config(tmp_path)


def test_a_missing_variable_is_a_fault_at_its_line(tmp_path: Path) -> None:
    said = rendered(tmp_path, '[channels.desk]\nurl = "slack://${env:TOKEN_A}/b/c"\n')
    assert said == (
        "config.toml:2: the environment variable TOKEN_A is not set\n"
        '    url = "…${env:TOKEN_A}…"\n'
        "            ^^^^^^^^^^^^^^ column 16: '${env:TOKEN_A}'\n"
        "    set it, or remove this table"
    )


def test_a_missing_variable_of_a_channel_that_no_route_uses_is_a_warning(tmp_path: Path) -> None:
    text = '[channels.desk]\nurl = "${env:NOPE}"\n[channels.log]\nurl = "stdout://"\n[[route]]\nchannels = ["log"]\n'
    loaded = load_config(write(tmp_path, text), {})
    assert [channel.name for channel in loaded.settings.channels] == ["log"]
    assert "left out" in loaded.warnings[0].message


@pytest.mark.parametrize("reference", ["${env:A", "${A}", "${file:x}", "${env:1A}"])
def test_a_reference_that_is_none_is_a_fault(tmp_path: Path, reference: str) -> None:
    assert "is not a reference" in rendered(tmp_path, f'[channels.x]\nurl = "json://{reference}"\n')


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_secret_in_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = write(tmp_path, '[channels.desk]\nurl = "slack://tokenA/tokenB/tokenC"\n')
    path.chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600") as caught:
        load_config(path)
    assert "tokenB" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("stdout://", False),
        ("slack://${env:A}/${env:B}/${env:C}", False),
        ("json://localhost:8080/hook", False),
        ("mailto://localhost:2525?from=a@x.example&to=b@x.example", False),
        ("mailto://me:word@mail.example", True),
        ("json://host/?token=abc", True),
        ("tgram://123/456", True),
        ("slak://tokenA/tokenB", True),
        ("htps://example.org/hook", False),
        ("jsn://localhost/hook", False),
        ("https://hooks.slack.com/services/T1234567/B1234567/a1b2c3d4e5f6a7b8", True),
        ("discord://1/2", True),
    ],
)
def test_which_urls_hold_a_secret(tmp_path: Path, url: str, secret: bool) -> None:
    path = write(tmp_path, f'[channels.x]\nurl = "{url}"\n')
    path.chmod(0o644)
    faults = examine(path, {"A": "1", "B": "2", "C": "3"}).errors
    assert bool(faults) == secret


def test_a_secret_never_appears_in_what_is_said(tmp_path: Path) -> None:
    text = '[channels.x]\nurl = "token-in-here"\nsecret = "also-secret"\nsecret_file = "x"\n[heartbeat]\nurl = "hush"\n'
    said = rendered(tmp_path, text)
    assert said.count("config.toml:") == 3
    assert not any(word in said for word in ("token-in-here", "also-secret", "hush"))
    assert "token" not in rendered(tmp_path, '[channels.x]\nurl = "slack://token')


def test_a_secret_file_must_be_there_and_have_something_in_it(tmp_path: Path) -> None:
    write(tmp_path, "\n", "empty")
    said = rendered(tmp_path, '[channels.a]\nurl_file = "gone"\n[channels.b]\nurl_file = "empty"\n')
    assert "cannot be read: No such file" in said
    assert "is empty" in said


def test_an_include_that_matches_nothing_is_a_fault_when_it_is_a_name_and_a_warning_when_a_pattern(
    tmp_path: Path,
) -> None:
    faults = examine(write(tmp_path, 'include = ["no.toml", "no/*.toml"]')).faults
    assert [fault.level for fault in faults] == ["error", "warning"]


def test_a_fault_in_an_included_file_names_that_file(tmp_path: Path) -> None:
    write(tmp_path, '[[watch]]\nname = "a"\nany = ["x"]\nwher = "top"\n[polling]\n', "lists/a.toml")
    said = rendered(tmp_path, 'include = ["lists/*.toml"]')
    assert "lists/a.toml:4: unknown key 'wher' in [[watch]]" in said
    assert "did you mean 'where'?" in said
    assert "lists/a.toml:5: 'polling' does not belong in an included file" in said


def test_the_same_name_twice_says_where_the_first_is(tmp_path: Path) -> None:
    write(tmp_path, '\n\n[[watch]]\nname = "w"\nany = ["x"]\n', "lists/a.toml")
    text = 'include = ["lists/*.toml"]\n[[watch]]\nname = "w"\nany = ["y"]\n'
    feed = '[[feed]]\nname = "f"\nurl = "https://a.example/"\n[[feed]]\nname = "f"\nurl = "https://b.example/"\n'
    said = rendered(tmp_path, text + feed)
    assert "lists/a.toml:4: the watch 'w' is already defined at config.toml:2" in said
    assert "config.toml:9: the feed 'f' is already defined at config.toml:5" in said


def test_a_route_that_takes_everything_hides_those_below_it(tmp_path: Path) -> None:
    text = '[channels.log]\nurl = "stdout://"\n[[route]]\nchannels = ["log"]\n[[route]]\nchannels = ["log"]\n'
    loaded = load_config(write(tmp_path, text))
    assert "takes every alert" in loaded.warnings[0].message


def test_a_watch_whose_alerts_find_no_route_is_noticed(tmp_path: Path) -> None:
    text = (
        '[channels.log]\nurl = "stdout://"\n[[route]]\nmin_severity = "high"\nchannels = ["log"]\n'
        '[[watch]]\nname = "heard"\nseverity = "high"\nany = ["x"]\n[[watch]]\nname = "unheard"\nany = ["x"]\n'
    )
    loaded = load_config(write(tmp_path, text))
    assert "1 of 2 watches ('unheard'): some go nowhere" in loaded.warnings[0].message
    assert load_config(write(tmp_path, text + '[[route]]\nchannels = ["log"]\n')).warnings == ()


def _headers(tmp_path: Path, text: str, **environ: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """The headers of one feed, and what is said of the file."""
    path = tmp_path / "config.toml"
    path.write_text(f'[[feed]]\nname = "f"\nurl = "https://f.example/"\nheaders = {text}\n', "utf-8")
    path.chmod(0o644)
    examined = examine(path, environ=environ)
    found = examined.settings.feeds[0].headers if examined.settings.feeds else ()
    return found, render_faults(examined.faults, examined.sources)


def test_headers_of_a_feed_may_come_from_the_environment(tmp_path: Path) -> None:
    given, said = _headers(tmp_path, '{authorization = "Bearer ${env:T}", "x-api-key" = "${env:T}"}', T="s3cret")
    assert given == (("Authorization", "Bearer s3cret"), ("X-Api-Key", "s3cret"))
    assert said == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"Authorization: x"', "must be a table"),
        ('{"a b" = "x"}', "is not the name of a header"),
        ('{If-None-Match = "x"}', "is set by newsmonitor itself"),
        ('{X = "a\\nb"}', "a line of printable characters"),
        ("{X = 5}", "a line of printable characters"),
        ('{X = "${env:NONE}"}', "the environment variable NONE is not set"),
        ('{X-Token = "literal"}', "holds a secret and is readable by other users"),
    ],
)
def test_what_is_wrong_with_headers_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in _headers(tmp_path, text)[1]
