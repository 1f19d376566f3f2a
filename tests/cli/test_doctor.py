"""``monitor doctor``: each ailment gets its name and its remedy."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from click.testing import CliRunner

from monitor.cli import main
from monitor.cli.doctor import command
from monitor.config.load import load_config
from monitor.feeds.websub import after_accepted
from monitor.model.feeds import FeedSpec
from monitor.model.polling import FeedHealth
from monitor.model.websub import Announced
from monitor.pipeline.notices import DISK_FULL
from monitor.store import alerts, channels, feeds, service, websub
from monitor.store.database import Store
from monitor.store.lock import lock

CONFIG = """
[net]
allow_private = ["127.0.0.0/8"]
[[feed]]
name = "one"
url = "{url}"
[channels.log]
url = "stdout://"
[[watch]]
name = "w"
any = ["blast"]
"""


def write(tmp_path: Path, url: str = "https://one.invalid/feed") -> Path:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.format(url=url), "utf-8")
    return path


def examine(path: Path, *options: str) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """The exit code, and the findings by part."""
    result = CliRunner().invoke(command, ["--config", str(path), "--json", *(options or ["--offline"])])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    found: dict[str, list[dict[str, Any]]] = {}
    for each in json.loads(result.stdout):
        found.setdefault(each["part"], []).append(each)
    return result.exit_code, found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "var/monitor").mkdir(parents=True)
    return Store(tmp_path / "var/monitor/monitor.db")


def test_a_faulty_configuration_is_the_first_thing_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[polling]\nbudget = 1\n", "utf-8")
    code, found = examine(path)
    assert code == 1
    assert found["configuration"][0]["said"].endswith("config.toml has 1 error: unknown key 'budget' in [polling]")
    assert list(found) == ["configuration"]


def test_a_configuration_without_feeds_or_watches_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.touch()
    code, found = examine(path)
    assert code == 0
    assert [each["said"] for each in found["configuration"][1:]] == ["no feed is configured", "no watch is configured"]


def test_before_the_first_start_only_the_database_is_missing(tmp_path: Path) -> None:
    code, found = examine(write(tmp_path))
    assert code == 0
    assert "there is none" in found["database"][0]["said"]
    assert not (tmp_path / "var").exists()


def test_a_corrupt_database_is_an_error_with_the_way_back(tmp_path: Path) -> None:
    (tmp_path / "var/monitor").mkdir(parents=True)
    (tmp_path / "var/monitor/monitor.db").write_bytes(b"not a database, certainly" * 100)
    code, found = examine(write(tmp_path))
    assert code == 1
    assert "is not sound" in found["database"][0]["said"]
    assert "begins anew, since there is no backup" in found["database"][0]["todo"]
    (tmp_path / "var/monitor/backups").mkdir()
    (tmp_path / "var/monitor/backups/monitor-1.db").touch()
    assert "`monitor db check " in examine(write(tmp_path))[1]["database"][0]["todo"]


def test_a_daemon_that_was_killed_one_that_runs_and_one_that_hangs(tmp_path: Path, store: Store) -> None:
    path, now = write(tmp_path), datetime.now(UTC)
    with store.transaction() as db:
        service.tell(db, "heartbeat", "alive", now)
    assert "was killed" in examine(path)[1]["daemon"][0]["said"]
    with lock(tmp_path / "var/monitor"):
        assert examine(path)[1]["daemon"][0]["said"].startswith("running")
        with store.transaction() as db:
            service.tell(db, "heartbeat", "alive", now - timedelta(minutes=10))
        code, found = examine(path)
    assert (code, found["daemon"][0]["level"]) == (1, "error")


def test_a_clock_that_was_set_back_is_noticed(tmp_path: Path, store: Store) -> None:
    with store.transaction() as db:
        service.tell(db, "heartbeat", "alive", datetime.now(UTC) + timedelta(hours=3))
    assert "lies ahead of the clock" in examine(write(tmp_path))[1]["daemon"][0]["said"]


def test_a_broken_channel_says_how_to_try_it(tmp_path: Path, store: Store) -> None:
    now = datetime.now(UTC)
    with store.transaction() as db:
        channels.break_(db, "log", now, probe_at=now, detail="401: invalid token")
    code, found = examine(write(tmp_path))
    assert code == 1
    assert "401: invalid token" in found["channels"][0]["said"]
    assert "monitor notify test log" in found["channels"][0]["todo"]


def test_feeds_that_were_polled_well_are_fine(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path)
    with store.transaction() as db:
        feeds.sync(db, load_config(path).settings.feeds, datetime.now(UTC))
    assert examine(path)[1]["feeds"][0]["said"] == "1 known, none failing"


def test_a_feed_that_was_read_with_a_doubt_is_told_with_what_to_do(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path)
    with store.transaction() as db:
        feeds.sync(db, load_config(path).settings.feeds, datetime.now(UTC))
        state = feeds.find(db, "one")
        assert state is not None
        suspect = replace(state, health=FeedHealth.SUSPECT, problem="hijacked or parked?")
        feeds.record_state(db, suspect, appetite=1.0, alarm_at=None)
    known, doubtful = examine(path)[1]["feeds"]
    assert known["said"] == "1 known, none failing"
    assert (doubtful["level"], doubtful["said"]) == ("warning", "one: hijacked or parked?")
    assert "monitor feeds accept one" in doubtful["todo"]


def test_names_that_cannot_be_resolved_are_an_error_of_the_network(tmp_path: Path) -> None:
    code, found = examine(write(tmp_path, "http://one.invalid/feed"), "--json")
    assert (code, found["network"][0]["level"]) == (1, "error")
    assert "the name one.invalid cannot be resolved" in found["network"][0]["said"]


def test_a_server_that_refuses_is_not_the_networks_fault(tmp_path: Path) -> None:
    port = unused_port()
    code, found = examine(write(tmp_path, f"http://127.0.0.1:{port}/"), "--json")
    assert (code, found["network"][0]["level"]) == (0, "warning")
    assert found["network"][0]["said"] == f"127.0.0.1 refuses connections on port {port}"


def test_a_full_disk_that_stopped_the_line_is_said_first_of_all(tmp_path: Path, store: Store) -> None:
    with store.transaction() as db:
        service.tell(db, DISK_FULL, "full", datetime.now(UTC))
    code, found = examine(write(tmp_path))
    assert (code, found["line"][0]["todo"]) == (1, "free some space")


def test_messages_given_up_come_with_the_command_that_sends_them(tmp_path: Path, store: Store) -> None:
    now = datetime.now(UTC)
    with store.transaction() as db:
        alerts.notice(db, "gone", channels=["log"], now=now, once_key="k")
        db.execute("UPDATE deliveries SET state = 'dead'")
    _, found = examine(write(tmp_path))
    assert found["channels"][0]["said"] == "log: 1 message given up"
    assert "`monitor deliveries replay --channel log --state dead`" in found["channels"][0]["todo"]


def test_nothing_is_examined_where_there_is_no_configuration(tmp_path: Path) -> None:
    for name in ("status", "health"):
        result = CliRunner().invoke(main, [name, "--config", str(tmp_path / "none.toml")])
        assert (result.exit_code, result.stdout) == (2, "")
        assert "none.toml does not exist" in result.stderr
        assert "monitor init" in result.stderr


async def test_a_server_that_answers_is_reached(tmp_path: Path) -> None:
    from monitor.cli.doctor_findings import _network

    async with TestServer(web.Application()) as server:
        settings = load_config(write(tmp_path, str(server.make_url("/")))).settings
        (found,) = await _network(settings)
    assert found.said == "1 of 1 server tried can be reached"


def test_a_hub_that_cannot_reach_us_is_named_with_what_to_look_at(tmp_path: Path, store: Store) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text() + '[websub]\ncallback = "https://monitor.example/websub"\n')
    now = datetime.now(UTC)
    with store.transaction() as db:
        feeds.sync(db, [FeedSpec(name="one", url="https://one.invalid/feed")], now)
        hub = Announced(hub="https://hub.example/", topic="https://one.invalid/feed")
        websub.want(db, 1, hub, path="p", secret="s", now=now)
        asked = after_accepted(websub.wanted(db)[0], now)
        websub.record(db, asked)
    store.close()
    _, found = examine(path)
    assert [each["said"] for each in found["hubs"]] == [
        "0 pushed of 1 feed naming a hub",
        "not pushed: 1 feed; https://hub.example/: the hub took the request and has not verified it yet",
    ]
    assert "https://monitor.example/websub" in found["hubs"][1]["todo"]
