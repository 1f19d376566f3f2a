"""``monitor once`` tells what it did, what did not work and what follows."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp.test_utils import unused_port

from tests.acceptance.score import Outlet, serve
from tests.acceptance.test_bad_input import CONFIG, monitor
from tests.net.raw import serving


def feed(name: str, url: str) -> str:
    return f'[[feed]]\nname = "{name}"\nurl = "{url}"\n'


async def test_a_feed_that_fails_is_told_with_its_reason_and_its_next_poll(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        good = Outlet("good")
        good.base = f"http://good.localhost:{await serve(stack, good.app())}"
        broken = f"http://broken.localhost:{unused_port()}/feed.xml"
        (tmp_path / "config.toml").write_text(CONFIG + feed("good", f"{good.base}/feed.xml") + feed("broken", broken))
        code, output, _ = await monitor(tmp_path, "once")
        first, second, *others = output.splitlines()
        assert (code, others) == (1, [])
        assert (
            first == "2 feeds polled (1 failed), 0 articles read, 0 hits, 0 alerts, 0 suppressed, 0 messages delivered"
        )
        assert second.startswith("broken failed at ")
        assert "refused" in second
        assert "), next at " in second

        code, output, _ = await monitor(tmp_path, "once")
        assert (code, output.splitlines()[1]) == (0, second)

        code, output, _ = await monitor(tmp_path, "once", "--json")
        told = json.loads(output)
        assert [(each["feed"], each["next_poll"] > each["last_poll"]) for each in told["failing"]] == [("broken", True)]

        said = (await monitor(tmp_path, "why", broken.replace("feed.xml", "article")))[1]
        assert "the feed broken of this site has failed since" in said


async def test_where_nothing_is_due_it_says_when_something_is(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        good = Outlet("good")
        good.base = f"http://good.localhost:{await serve(stack, good.app())}"
        (tmp_path / "config.toml").write_text(CONFIG + feed("good", f"{good.base}/feed.xml"))
        await monitor(tmp_path, "once")
        code, output, _ = await monitor(tmp_path, "once")
    assert code == 0
    assert output.splitlines()[0].startswith("0 feeds polled, 0 articles read")
    assert output.splitlines()[1].startswith("no feed is due before ")


async def test_an_answer_that_was_cut_short_is_a_poll_with_a_warning(tmp_path: Path) -> None:
    body = '<rss version="2.0"><channel><item><guid>1</guid><title>One</title></item></channel></rss>'
    answer = f"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nConnection: close\r\n\r\n{body}".encode()
    async with serving(answer) as server:
        (tmp_path / "config.toml").write_text(CONFIG + feed("cut", server.url()))
        code, output, errors = await monitor(tmp_path, "once")
    assert code == 0
    assert "polled cut: 1 new; next at " in errors
    assert output.splitlines()[0].startswith("1 feed polled, ")
    assert "cut: the answer was cut short: what arrived was used" in output
