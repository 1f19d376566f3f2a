"""Whatever is wrong, one clear line says so, nothing else stops, and nobody sees a traceback."""

import asyncio
import json
import sqlite3
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from aiohttp import web

from monitor.store.lock import lock
from tests.acceptance.score import Outlet, serve

CONFIG = """
[storage]
path = "data"
[net]
allow_private = ["127.0.0.0/8"]
host_pace = "0s"
timeout = "3s"
[[watch]]
name = "blast"
any = ["explosion*"]
"""

EXPLOSION = """An explosion shook the river quarter before dawn and broke the windows of forty houses, the mayor said.
Firemen brought two families out of a cellar, and the power station switched off the lines of the quarter until noon.
The school will serve as a shelter for three nights, and the bakery gives bread to those who lost their kitchens."""


async def monitor(directory: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the command in ``directory``: exit code, standard output, standard error."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "monitor", *arguments, cwd=directory, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await asyncio.wait_for(process.communicate(), 120)
    assert b"Traceback" not in errors, errors.decode()
    return process.returncode or 0, output.decode(), errors.decode()


def names_in(directory: Path) -> list[str]:
    """The files of a directory."""
    return sorted(path.name for path in directory.iterdir())


async def test_a_missing_configuration_is_named_with_what_to_do(tmp_path: Path) -> None:
    code, _, errors = await monitor(tmp_path, "once", "-c", "nowhere.toml")
    assert code == 2
    assert "nowhere.toml" in errors
    assert "monitor init" in errors


async def test_broken_toml_is_named_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[storage]\npath = "data\n')
    code, _, errors = await monitor(tmp_path, "run")
    assert code == 2
    assert "config.toml:2" in errors


async def test_an_unknown_key_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG + 'severty = "high"\n')
    code, _, errors = await monitor(tmp_path, "once")
    assert code == 2
    assert "did you mean 'severity'" in errors


async def test_a_database_that_is_none_is_kept_aside_aloud(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "monitor.db").write_text("garbage " * 1000)
    code, _, errors = await monitor(tmp_path, "status")
    assert (code, errors.count("\n")) == (1, 1)
    assert "file is not a database" in errors

    code, output, errors = await monitor(tmp_path, "once")
    assert code == 0
    assert "the database was damaged and has been replaced" in errors
    assert "The database was damaged and has been replaced" in output
    (kept,) = [name for name in names_in(tmp_path / "data") if "broken" in name]
    assert kept in errors


async def test_another_programs_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data" / "monitor.db") as other:
        other.execute("CREATE TABLE recipes (name)")
    code, _, errors = await monitor(tmp_path, "once")
    assert code == 1
    assert "belongs to another program" in errors
    assert errors.count("\n") == 1
    assert names_in(tmp_path / "data") == ["monitor.db", "monitor.lock"]


async def test_an_occupied_data_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    with lock(tmp_path / "data"):
        code, _, errors = await monitor(tmp_path, "run")
    assert code == 1
    assert "another monitor" in errors


class Troublemaker:
    """A server whose feed is a web page, one that never answers, and an article of 50 MB."""

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/page", self._page)
        app.router.add_get("/hung", self._hung)
        app.router.add_get("/huge.html", self._huge)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(
            text="<html><head><title>Home</title></head><body>Hello</body></html>", content_type="text/html"
        )

    async def _hung(self, request: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def _huge(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        try:
            for _ in range(50):
                await response.write(b"<p>explosion</p>" * 65536)
        except ConnectionError:
            pass  # the reader has had enough
        return response


async def test_one_bad_feed_page_or_server_stops_nothing_else(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        good, trouble = Outlet("good"), Troublemaker()
        good.base = f"http://good.localhost:{await serve(stack, good.app())}"
        base = f"http://trouble.localhost:{await serve(stack, trouble.app())}"
        feeds = {"page": f"{base}/page", "hung": f"{base}/hung", "good": f"{good.base}/feed.xml"}
        tables = "".join(f'[[feed]]\nname = "{name}"\nurl = "{url}"\n' for name, url in feeds.items())
        (tmp_path / "config.toml").write_text(CONFIG + tables)
        good.says("old", "An ordinary day", "Nothing of note was reported from the river towns today.")
        await monitor(tmp_path, "once")

        good.says("blast", "Explosion in the river quarter", EXPLOSION)
        good.says("huge", "Explosion of pages", "An explosion, said at great length.")
        good.items[0]["link"] = f"{base}/huge.html"
        code, output, _ = await monitor(tmp_path, "once", "--all", "--json")
        summary: dict[str, Any] = json.loads(output[output.index("{\n") :])

        assert code == 1
        assert (summary["polled"], summary["failed_polls"]) == (3, 2)
        assert (summary["alerts"], summary["delivered"]) == (2, 2)
        assert {problem.split(":")[0] for problem in summary["problems"]} == {"page", "hung"}
        assert "oversize" in (await monitor(tmp_path, "why", f"{base}/huge.html"))[1]
        assert "Explosion in the river quarter" in (await monitor(tmp_path, "alerts", "list"))[1]


async def test_a_configuration_broken_while_the_daemon_runs_does_not_make_it_ill(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    assert (await monitor(tmp_path, "once"))[0] == 0
    (tmp_path / "config.toml").write_text(CONFIG + 'severty = "high"\n')
    code, output, errors = await monitor(tmp_path, "status")
    assert code == 0
    assert "daemon" in output
    assert "has faults: see 'monitor check'" in errors


async def test_names_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG)
    await monitor(tmp_path, "once")
    assert (await monitor(tmp_path, "silence", "add", "--watch", "blst", "--reason", "typo"))[0] == 2
    assert (await monitor(tmp_path, "why", "9" * 20))[0] == 1
    code, _, errors = await monitor(tmp_path, "why", "nofile.html")
    assert code == 2
    assert "no file here" in errors
