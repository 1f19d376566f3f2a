"""Planted secrets turn up nowhere: not in logs at DEBUG, not in what is stored, not in what commands print."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.delivery.channels import check_channel, open_channel
from monitor.delivery.families import family_of
from monitor.delivery.render import render_for
from monitor.delivery.secrets import secrets_of
from monitor.model.settings import Channel
from tests.delivery.receivers import Receiver, closed_port, reset, say
from tests.delivery.test_hostile import alert

PLANTED = ("pl4nted-passw0rd", "pl4ntedtoken", "pl4nted-key", "pl4ntedquery", "TIiajkdnlazkcOXrIdevi7FQ")


def planted(port: int) -> list[Channel]:
    at = f"127.0.0.1:{port}"
    return [
        Channel(
            name="hook", url=f"json://user:pl4nted-passw0rd@{at}/pl4ntedtoken?+X-Key=pl4ntedquery", secret="pl4nted-key"
        ),
        Channel(name="form", url=f"form://user:pl4nted-passw0rd@{at}/pl4ntedtoken"),
        Channel(name="ntfy", url=f"ntfy://user:pl4nted-passw0rd@{at}/topic"),
        Channel(name="gotify", url=f"gotify://{at}/pl4ntedtoken"),
        Channel(name="mmost", url=f"mmost://{at}/pl4ntedtoken"),
        Channel(name="mail", url=f"mailto://user:pl4nted-passw0rd@{at}?from=a@example.org&to=b@example.org"),
        Channel(name="matrix", url=f"matrix://user:pl4nted-passw0rd@{at}/!room:h?v=3"),
    ]


@pytest.mark.parametrize("behaviour", ["refused", "reset", "401", "echo"])
def test_no_log_and_no_outcome_shows_a_secret(
    behaviour: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str],
    slack_on_loopback: Callable[[int], str],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    for name in ("apprise", "urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    echo = say(500, b"pl4nted-passw0rd pl4ntedtoken pl4ntedquery pl4nted-key TIiajkdnlazkcOXrIdevi7FQ")
    with Receiver({"reset": reset, "401": say(401), "echo": echo}.get(behaviour, say(200))) as receiver:
        port = closed_port() if behaviour == "refused" else receiver.port
        shown = []
        for channel in [*planted(port), Channel(name="slack", url=slack_on_loopback(port))]:
            rendered = render_for(family_of(channel.url), alert("Blast"))
            outcome = open_channel(channel).send(rendered, idempotency_key="1:c", deadline=timedelta(seconds=3))
            # The receiver echoes every planted secret; each channel knows, and hides, its own.
            own = [secret for secret in PLANTED if secret in f"{channel.url} {channel.secret}"]
            assert not [secret for secret in own if secret in repr(outcome)]
            shown += [repr(channel), *check_channel(channel)]
    captured = capfd.readouterr()
    everything = "\n".join([*shown, caplog.text, captured.out, captured.err])
    for secret in PLANTED:
        assert secret not in everything


def test_the_secrets_of_an_address_are_its_credentials_and_tokens_not_its_server() -> None:
    secrets = secrets_of(planted(8025)[0])
    assert {"pl4nted-passw0rd", "pl4ntedtoken", "pl4ntedquery", "pl4nted-key"} <= set(secrets)
    assert "127.0.0.1" not in secrets
    assert "T1JJ3T3L2".lower() in {
        each.lower() for each in secrets_of(Channel(name="s", url="slack://T1JJ3T3L2/A1BRTD4JD/xyzxyz"))
    }


def test_no_command_prints_a_secret_and_no_table_holds_one(tmp_path: Path) -> None:
    port = closed_port()
    tables = "".join(
        f"[channels.{channel.name}]\nurl = {channel.url!r}\n"
        + (f"secret = {channel.secret!r}\n" if channel.secret else "")
        for channel in planted(port)
    )
    config = tmp_path / "config.toml"
    config.write_text(f"[storage]\npath = {str(tmp_path / 'var')!r}\n{tables}[[watch]]\nname = 'w'\nany = ['blast']\n")
    config.chmod(0o600)
    runner = CliRunner()
    printed = ""
    for line in ("once", "notify test", "check", "deliveries list --json", "alerts list", "status", "digest preview"):
        printed += runner.invoke(main, [*line.split(), "-c", str(config)]).output
    assert "hook" in printed
    database = sqlite3.connect(tmp_path / "var" / "monitor.db")
    dump = "\n".join(database.iterdump())
    database.close()
    for secret in PLANTED:
        assert secret not in printed
        assert secret not in dump
