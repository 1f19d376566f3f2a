"""The commands over the outbox, silences and digests, on a real database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import main
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.delivery import Held, HoldReason
from monitor.model.feeds import FeedSpec
from monitor.model.watches import Severity
from monitor.store import alerts, deliveries, feeds, together
from monitor.store.database import Store
from tests.delivery.receivers import Receiver, say


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A configuration whose database holds one alert with a held and a new row."""
    path = tmp_path / "config.toml"
    path.write_text(
        f"[storage]\npath = '{tmp_path}/var'\n[channels.log]\nurl = 'stdout://'\n"
        "[[watch]]\nname = 'balkh'\nany = ['blast']\n"
    )
    (tmp_path / "var").mkdir()
    store = Store(tmp_path / "var" / "monitor.db")
    now = datetime.now(UTC)
    message = AlertMessage(
        alert_id=0, kind=AlertKind.NEW, watch="balkh", severity=Severity.HIGH, score=0.5, reasons=("why not",),
        article={"title": "Blast", "url": "https://n.example/a", "excerpt": "", "highlights": []},
    )  # fmt: skip
    with store.transaction() as db:
        alert_id = alerts.insert(db, message, channels=["log", "gone"], now=now)
        row = next(each for each in deliveries.listed(db, alert_id=alert_id) if each["channel"] == "gone")
        deliveries.hold(db, row["id"], Held(reason=HoldReason.NO_CHANNEL, detail="no channel is named 'gone'"), now)
    store.close()
    return path


def run(config: Path, *words: str, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [*words, "-c", str(config)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def states(config: Path) -> dict[str, str]:
    rows = json.loads(run(config, "deliveries", "list", "--json").output)
    return {row["channel"]: row["state"] for row in rows}


def test_alerts_are_listed_shown_and_acknowledged(config: Path) -> None:
    (row,) = json.loads(run(config, "alerts", "list", "--json").output)
    assert (row["title"], row["kind"]) == ("Blast", "new")
    shown = run(config, "alerts", "show", str(row["alert"])).output
    assert "why not" in shown
    assert "gone: held" in shown
    body = json.loads(run(config, "alerts", "show", str(row["alert"]), "--json").output)
    assert body["version"] == 1
    assert len(body["deliveries"]) == 2
    run(config, "alerts", "ack", str(row["alert"]), "--noise", "--by", "desk")
    assert json.loads(run(config, "alerts", "list", "--open", "--json").output) == []
    assert "no alert 99" in run(config, "alerts", "ack", "99", code=1).output
    assert "no alert 99" in run(config, "alerts", "show", "99", code=1).output


def test_rows_are_replayed_and_dropped_and_a_wrong_row_is_refused(config: Path) -> None:
    assert states(config) == {"log": "new", "gone": "held"}
    run(config, "deliveries", "replay", "--channel", "gone")
    assert states(config)["gone"] == "new"
    run(config, "deliveries", "drop", "--channel", "gone", "--reason", "wrong room")
    assert states(config)["gone"] == "dropped"
    assert "no delivery 99" in run(config, "deliveries", "drop", "99", code=1).output
    run(config, "deliveries", "drop", code=2)
    assert "channel" in run(config, "deliveries", "replay", "--channel", "gnoe", code=2).output
    (row,) = json.loads(run(config, "deliveries", "replay", "--state", "dropped", "--json").output)
    assert (row["channel"], row["was"], row["state"]) == ("gone", "dropped", "new")
    (row,) = json.loads(run(config, "deliveries", "drop", str(row["id"]), "--json").output)
    assert (row["was"], row["state"]) == ("new", "dropped")
    refused = run(config, "deliveries", "drop", str(row["id"]), code=1).output
    assert "is dropped: only what is dead, held, new, retry can be dropped" in refused
    assert "no such delivery" in run(config, "deliveries", "replay", "--channel", "log").output


def test_a_long_summary_is_shown_whole_as_the_message_that_was_cut_says(config: Path) -> None:
    store = Store(config.parent / "var" / "monitor.db")
    text = "\n".join(["90 alerts", "", *(f"[HIGH] balkh: Blast {number} of the night @desk" for number in range(90))])
    with store.transaction() as db:
        digest = alerts.insert(db, alerts.digest_message(text, Severity.HIGH), channels=["log"], now=datetime.now(UTC))
    store.close()
    shown = run(config, "alerts", "show", str(digest)).output
    assert text in shown, "whole, and without the marks that keep chat services from pinging"


def test_an_alert_that_another_one_tells_is_shown_so_and_goes_with_it(config: Path) -> None:
    now = datetime.now(UTC)
    store = Store(config.parent / "var" / "monitor.db")
    with store.transaction() as db:
        message = alerts.message_of(db, 1)
        assert message is not None
        other = alerts.insert(db, replace(message, watch="blasts"), channels=["log"], now=now)
        together.tell_with(db, [other], "log", teller=1, now=now)
    store.close()
    assert "tells as well: alert 2 blasts" in run(config, "alerts", "show", "1").output
    assert json.loads(run(config, "alerts", "show", "1", "--json").output)["deliveries"][-1]["tells"] == [2]
    assert "to be told with alert 1 (new)" in run(config, "alerts", "show", "2").output
    assert "with what they told as well: alert 2 blasts" in run(config, "deliveries", "drop", "--channel", "log").output
    (row,) = json.loads(run(config, "deliveries", "list", "--alert", "2", "--json").output)
    assert (row["state"], row["told_by"]) == ("dropped", 1)
    again = json.loads(run(config, "deliveries", "replay", "--state", "dropped", "--json").output)
    assert [each["alert"] for each in again] == [1], "the other goes with it, not once more by itself"
    (row,) = json.loads(run(config, "deliveries", "list", "--alert", "2", "--json").output)
    assert (row["state"], row["detail"]) == ("digested", "to be told with alert 1 (new)")


def test_silences_are_added_listed_and_ended(config: Path) -> None:
    run(config, "silence", "add", "--watch", "balkh", "--for", "6h", "--reason", "drill", "--author", "desk")
    (row,) = json.loads(run(config, "silence", "list", "--json").output)
    assert (row["watch"], row["author"], row["reason"]) == ("balkh", "desk", "drill")
    until = datetime.fromisoformat(row["until"])
    assert abs(until - datetime.now(UTC) - timedelta(hours=6)) < timedelta(minutes=1)
    run(config, "silence", "expire", str(row["id"]))
    assert json.loads(run(config, "silence", "list", "--json").output) == []
    assert "name what to silence" in run(config, "silence", "add", "--reason", "x", code=2).output
    assert "no story 7" in run(config, "silence", "add", "--story", "7", "--reason", "x", code=1).output
    run(config, "silence", "add", "--watch", "w", "--for", "soon", "--reason", "x", code=2)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("deliveries list --channel lgo", "no channel is named 'lgo'; did you mean 'log'?"),
        ("deliveries drop 1 --channel gnoe", "no channel is named 'gnoe'; did you mean 'gone'?"),
        ("alerts list --watch blakh", "no watch is named 'blakh'; did you mean 'balkh'?"),
        ("alerts list --watch b*", "no watch is named 'b*'; there are: balkh, fires"),
        ("silence add --reason x --watch blakh", "no watch is named 'blakh'; did you mean 'balkh'?"),
        ("silence add --reason x --watch c*", "no watch is named 'c*'; there are: balkh, fires"),
        ("silence add --reason x --feed nroth", "no feed or tag is named 'nroth'; did you mean 'north'?"),
        ("silence add --reason x --term @blst", "no term list is named 'blst'; did you mean 'blast'?"),
        ("why 1 --watch blakh", "no watch is named 'blakh'; did you mean 'balkh'?"),
    ],
)
def test_a_name_that_nothing_has_or_had_is_an_error(config: Path, command: str, said: str) -> None:
    configure(config, watch="fires", feed="north")
    assert said in run(config, *command.split(), code=2).stderr


@pytest.mark.parametrize(
    "command",
    [
        "deliveries list --channel gone", "deliveries drop --channel gone", "alerts list --watch balkh",
        "silence add --reason x --watch balkh", "silence add --reason x --watch BAL*",
        "silence add --reason x --feed kabulnow", "silence add --reason x --feed Kabul",
        "silence add --reason x --feed *.example.org", "silence add --reason x --feed herald.example",
        "silence add --reason x --term flood", "silence add --reason x --term @blast",
    ],
)  # fmt: skip
def test_a_name_that_is_configured_no_more_stands_in_the_database(config: Path, command: str) -> None:
    store = Store(config.parent / "var" / "monitor.db")
    with store.transaction() as db:
        feeds.sync(db, [FeedSpec(name="kabulnow", url="https://k.example/", tags=("kabul",))], datetime.now(UTC))
        feeds.sync(db, [], datetime.now(UTC))
    store.close()
    configure(config, watch="fires", feed="north")
    run(config, *command.split())


def test_notices_of_the_service_are_listed_like_a_watch_and_never_silenced_like_one(config: Path) -> None:
    store = Store(config.parent / "var" / "monitor.db")
    with store.transaction() as db:
        alerts.notice(db, "the disk is full", channels=["log"], now=datetime.now(UTC), once_key="disk")
    store.close()
    assert "newsmonitor" in run(config, "alerts", "list", "--watch", "newsmonitor").output
    said = run(config, "silence", "add", "--reason", "x", "--watch", "newsmonitor", code=2).stderr
    assert "no watch is named 'newsmonitor'; there are: balkh" in said


def test_deliveries_of_an_alert_that_does_not_exist_are_no_empty_list(config: Path) -> None:
    assert "there is no alert 99" in run(config, "deliveries", "list", "--alert", "99", code=1).stderr


def configure(config: Path, *, watch: str, feed: str) -> None:
    """Another configuration over the same database."""
    config.write_text(
        f"[storage]\npath = '{config.parent}/var'\n[channels.log]\nurl = 'stdout://'\n[terms.blast]\nany = ['blast']\n"
        f"[[watch]]\nname = '{watch}'\nany = ['@blast']\n[[feed]]\nname = '{feed}'\nurl = 'https://n.example/'\n"
    )


def test_a_test_message_says_whether_the_channel_took_it(config: Path) -> None:
    with Receiver(say(200), say(404)) as hook:
        config.write_text(config.read_text() + f"[channels.hook]\nurl = 'json://127.0.0.1:{hook.port}/'\n")
        config.chmod(0o600)
        assert "HTTP 200" in run(config, "notify", "test", "hook").output
        assert "404" in run(config, "notify", "test", "hook", code=1).output
    assert json.loads(hook.heard[0].body)["watch"] == "newsmonitor-test"
    assert "no channel is named 'nothere'" in run(config, "notify", "test", "nothere", code=2).output


def test_a_digest_is_previewed_and_sent(config: Path) -> None:
    (row,) = json.loads(run(config, "digest", "preview", "--json").output)
    assert row.pop("since")
    assert row == {"channel": "log", "next": None, "text": None}
    assert "nothing was passed over" in run(config, "digest", "send", "log").output
    assert "no channel is named" in run(config, "digest", "send", "nothere", code=2).output
