"""The example configuration, as it is shipped."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from click.testing import CliRunner

from monitor.cli.check import check
from monitor.cli.init import command as init
from monitor.config.load import load_config

EXAMPLE = Path(__file__).parents[2] / "config.example.toml"


def test_it_has_no_fault_and_no_warning_and_its_tests_pass() -> None:
    checked = check(EXAMPLE)
    assert [fault.message for fault in checked.faults] == []
    assert checked.tests == checked.passed >= 5


def test_it_starts_as_it_is_and_prints() -> None:
    settings = load_config(EXAMPLE, {}).settings
    assert [channel.url for channel in settings.channels] == ["stdout://"]
    assert "https://kabulnow.com/feed/" in [feed.url for feed in settings.feeds]


def test_it_is_valid_with_every_commented_line_in_force_too(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=(\[|\w+ = ))", "", EXAMPLE.read_text("utf-8"), flags=re.MULTILINE)
    assert {"desk-slack", "duty-mail", "our-system"} < set(tomllib.loads(text)["channels"])
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    (tmp_path / "watchlists").mkdir()
    (tmp_path / "watchlists/a.toml").touch()
    (tmp_path / "webhook.secret").write_text("x", "utf-8")
    (tmp_path / "webhook.secret").chmod(0o600)
    environ = {"SLACK_URL": "slack://a/b/c", "MAIL_URL": "mailtos://a:b@c", "HEARTBEAT_URL": "https://d.example/"}
    assert load_config(path, environ).warnings == ()


def test_init_writes_it_for_its_owner_only_and_overwrites_nothing(tmp_path: Path) -> None:
    target = tmp_path / "new" / "config.toml"
    assert CliRunner().invoke(init, [str(target)]).exit_code == 0
    assert target.read_text("utf-8") == EXAMPLE.read_text("utf-8")
    assert target.stat().st_mode & 0o777 == 0o600
    target.write_text("mine", "utf-8")
    result = CliRunner().invoke(init, [str(tmp_path / "new")])
    assert (result.exit_code, target.read_text("utf-8")) == (1, "mine")
    assert "exists already" in result.output
