"""Acknowledging, silencing, digests and care of the database from the command line, in words and as JSON."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from monitor.cli.alerts import command as alerts
from monitor.cli.db import command as db
from monitor.cli.digest import command as digest
from monitor.cli.label import command as label
from monitor.cli.silence import command as silence
from tests.acceptance.score import perform
from tests.acceptance.test_floods import BLAST, flood, settle
from tests.acceptance.test_main_job import FESTIVAL, MARKET

CONFIG = """
[storage]
path = "data"
[channels.desk]
url = "stdout://"
[channels.hook]
url = "stdout://"
digest = "08:00"
[[watch]]
name = "balkh-explosion"
all = ["explo*", "Balkh"]
"""


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    """A configuration over a store in which one alert was told, and one notice."""
    async with perform(tmp_path / "data", "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("market", "Car explosion at Balkh livestock market wounds nine", MARKET)
        await score.pass_time(timedelta(hours=1))
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, "utf-8")
    return path


def run(command: Any, *arguments: str, config: Path, code: int = 0) -> Result:
    result = CliRunner().invoke(command, (*arguments, "--config", str(config)))
    assert result.exit_code == code, result.output
    return result


def told(command: Any, *arguments: str, config: Path, code: int = 0) -> Any:
    """What the command prints with ``--json``."""
    return json.loads(run(command, *arguments, "--json", config=config, code=code).stdout)


def test_a_watch_that_never_was_is_refused_and_one_that_is_gone_is_listed(config: Path) -> None:
    assert [row["watch"] for row in told(alerts, "list", "--watch", "balkh-explosion", config=config)]
    refused = run(alerts, "list", "--watch", "balk-explosion", config=config, code=2)
    assert "balkh-explosion" in refused.stderr
    config.write_text(CONFIG.replace("balkh-explosion", "another"), "utf-8")
    assert [row["watch"] for row in told(alerts, "list", "--watch", "balkh-explosion", config=config)]


async def test_what_came_in_a_flood_is_listed_with_all_else_that_was_suppressed(tmp_path: Path) -> None:
    async with perform(tmp_path / "data", "north", watches=(BLAST,)) as score:
        await settle(score)
        await flood(score, "north", *["explosion"] * 7)
    path = tmp_path / "config.toml"
    path.write_text(CONFIG.replace("balkh-explosion", "blast"), "utf-8")
    rows = told(alerts, "suppressed", "--reason", "flood", config=path)
    assert len(rows) == 7
    assert rows[0]["title"].startswith("Explosion at ")
    assert rows[0]["url"].endswith(".html")
    assert len(told(alerts, "suppressed", "--watch", "blast", "--limit", "3", config=path)) == 3
    assert "more than these 6: see --limit" in run(alerts, "suppressed", "--limit", "6", config=path).stderr
    assert run(alerts, "suppressed", "--limit", "7", config=path).stderr == ""
    assert told(alerts, "suppressed", "--reason", "silenced", config=path) == []
    assert "told in one message" in rows[0]["detail"]
    assert "Explosion at Balkh gate" in run(alerts, "suppressed", config=path).stdout
    assert run(alerts, "suppressed", "--since", "1m", config=path).stdout == "no hit was suppressed\n"


def test_an_acknowledgement_is_listed_shown_and_counted_as_a_label(config: Path) -> None:
    (row,) = told(alerts, "list", config=config)
    number = str(row["alert"])
    assert row["verdict"] is None
    done = told(alerts, "ack", number, "--noise", "--by", "Sara", "--note", "old news", config=config)
    assert (done["acknowledged"], done["verdict"], done["missing"]) == ([row["alert"]], "noise", [])
    (row,) = told(alerts, "list", config=config)
    assert (row["verdict"], row["acknowledged_by"], row["note"]) == ("noise", "Sara", "old news")
    assert told(alerts, "list", "--open", config=config) == []
    assert "noise, says Sara at " in run(alerts, "show", number, config=config).stdout
    assert told(alerts, "show", number, config=config)["verdict"]["note"] == "old news"
    counts = told(label, "balkh-explosion", "--since", "36500d", config=config)
    assert (counts["hits"], counts["labelled"], counts["precision"]) == (1, 1, 0.0)


def test_of_several_alerts_those_that_exist_are_acknowledged_and_the_others_named(config: Path) -> None:
    (row,) = told(alerts, "list", config=config)
    result = run(alerts, "ack", str(row["alert"]), "99", config=config, code=1)
    assert "1 alert acknowledged as useful" in result.stdout
    assert "there is no alert 99" in result.stderr


def test_a_silence_is_added_listed_and_ended(config: Path) -> None:
    added = told(
        silence, "add", "--watch", "balkh-*", "--for", "6h", "--reason", "exercise", "--author", "Omid", config=config
    )
    assert (added["watch"], added["author"], added["reason"]) == ("balkh-*", "Omid", "exercise")
    assert [each["id"] for each in told(silence, "list", config=config)] == [added["id"]]
    assert told(silence, "expire", str(added["id"]), config=config)["id"] == added["id"]
    assert told(silence, "list", config=config) == []
    assert [each["id"] for each in told(silence, "list", "--all", config=config)] == [added["id"]]
    assert "no silence" in run(silence, "expire", str(added["id"]), config=config, code=1).stderr
    shown = run(silence, "add", "--term", "mine", "--reason", "drill", config=config).stdout
    assert "covers term mine until" in shown
    assert "monitor silence expire 2" in shown


def test_a_digest_is_previewed_and_sent(config: Path) -> None:
    shown = run(digest, "preview", config=config).stdout
    assert "desk: no digest: give [channels.desk] or [alerts] one" in shown
    assert "hook: next digest " in shown
    assert "nothing was passed over since" in shown
    sent = told(digest, "send", "desk", config=config)
    assert (sent["channel"], sent["alert"]) == ("desk", None)
    assert "nothing was passed over since" in run(digest, "send", "desk", config=config).stdout
    run(digest, "send", "dsk", config=config, code=2)


def test_the_database_is_copied_checked_pruned_and_restored(config: Path) -> None:
    made = told(db, "backup", config=config)
    assert made["size_bytes"] == Path(made["file"]).stat().st_size
    assert told(db, "check", made["file"], config=config) == {"file": made["file"], "sound": True, "faults": []}
    assert told(db, "prune", config=config)["articles"] == 2, "they are of 2024"
    assert (
        "0 articles and 0 stories older than [storage] keep_articles dropped" in run(db, "prune", config=config).stdout
    )
    restored = told(db, "restore", made["file"], config=config)
    assert Path(restored["kept"]).exists()
    broken = config.with_name("broken.db")
    broken.write_bytes(b"garbage " * 1000)
    verdict = told(db, "check", str(broken), config=config, code=1)
    assert not verdict["sound"]
    assert verdict["faults"]


def test_no_command_makes_a_sound_database_of_an_empty_file(config: Path) -> None:
    database = config.parent / "data" / "monitor.db"
    database.write_bytes(b"")
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    assert "is not sound: the file is empty" in run(db, "check", config=config, code=1).output
    for command, words in ((db, ["backup"]), (db, ["prune"]), (alerts, ["list"]), (silence, ["list"])):
        said = run(command, *words, config=config, code=1).output
        assert "is empty: the next start of 'monitor run' or 'monitor once' restores the newest backup" in said
    assert database.stat().st_size == 0
