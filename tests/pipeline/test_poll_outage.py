"""Our own network is down: no feed is blamed, and those who ask are told since when."""

from __future__ import annotations

import json
import socket
from datetime import timedelta
from pathlib import Path

from click.testing import CliRunner

from monitor.cli.main import main
from monitor.pipeline.poll import poll
from monitor.store import outages
from monitor.store.outages import NetworkOutage
from tests.pipeline.newsstand import START, Stand, stand

MINUTE = timedelta(minutes=1)
NAMES = ("herald", "courier", "post", "times")
CONFIG = """
[storage]
path = "{path}"
""" + "".join(f'[[feed]]\nname = "{name}"\nurl = "http://{name}.example:{{port}}/feed"\n' for name in NAMES)


class Resolver:
    """Knows every name while it works."""

    works = True

    async def __call__(self, host: str, port: int) -> list[str]:
        if not self.works:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return ["127.0.0.1"]


def noticed(opened: Stand) -> NetworkOutage | None:
    with opened.line.store.read() as db:
        return outages.current(db)


async def poll_all(opened: Stand) -> list[str]:
    return [(await poll(opened.line, opened.state(name).id)).outcome for name in NAMES]


async def test_an_outage_is_known_from_its_first_notice_until_a_server_is_heard(tmp_path: Path) -> None:
    resolver = Resolver()
    specs = [{"name": name, "url": f"http://{name}.example:{{port}}/feed"} for name in NAMES]
    async with stand(tmp_path, specs=specs, lookup=resolver) as herald:
        herald.publisher.lists(("1", "Bridge closed"))
        resolver.works = False
        assert (await poll_all(herald))[-2:] == ["offline", "offline"]  # two silent hosts may be their own affair
        assert noticed(herald) == NetworkOutage(since=START, noticed=START)
        herald.clock.advance(5 * MINUTE)
        await poll_all(herald)
        assert noticed(herald) == NetworkOutage(since=START, noticed=START + 5 * MINUTE)
        assert herald.state("times").failures == 0
        _commands_tell(tmp_path, herald)
        herald.clock.advance(5 * MINUTE)
        resolver.works = True
        herald.publisher.says(500)
        assert await poll_all(herald) == ["http-status"] * 4
        assert noticed(herald) is None


def _commands_tell(directory: Path, opened: Stand) -> None:
    config = directory / "config.toml"
    port = opened.publisher.base.rpartition(":")[2]
    config.write_text(CONFIG.format(path=directory, port=port), "utf-8")
    run = CliRunner()
    status = run.invoke(main, ["status", "--config", str(config), "--json"])
    assert json.loads(status.stdout)["feeds"]["network_down_since"] == "2024-04-02T12:00:00Z"
    said = run.invoke(main, ["status", "--config", str(config)]).stdout
    assert "2 failing (courier, herald)" in said
    assert "that counts against no feed, those that fail failed before it was noticed" in said
    listed = run.invoke(main, ["feeds", "list", "--config", str(config)])
    assert "our own network has been down since" in listed.stderr
    assert "that counts against no feed" in listed.stderr
    doctor = run.invoke(main, ["doctor", "--config", str(config), "--offline", "--json"])
    said = [each["said"] for each in json.loads(doctor.stdout) if each["part"] == "feeds"]
    assert said[0].startswith("our own network has been down since")
    assert doctor.exit_code == 1


async def test_an_outage_after_an_hour_of_silence_is_another_one(tmp_path: Path) -> None:
    async with stand(tmp_path) as herald:
        with herald.line.store.transaction() as db:
            outages.begun(db, START)
            outages.begun(db, START + 30 * MINUTE)
            outages.begun(db, START + 120 * MINUTE)
        assert noticed(herald) == NetworkOutage(since=START + 120 * MINUTE, noticed=START + 120 * MINUTE)
