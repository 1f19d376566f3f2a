"""robots.txt as RFC 9309 has it: whose group counts, which rule decides, and what an absent file means."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.clock import SimulatedClock
from monitor.net.client import Client
from monitor.net.robots import IN_TROUBLE, KEPT, Robots, forbidding, rules_for
from tests.net.raw import net
from tests.pipeline.newsstand import START

OURS = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /all\n\nUser-agent: NewsMonitor\nDisallow: /ours\n"


@pytest.mark.parametrize(
    ("text", "path", "rule"),
    [
        (OURS, "/ours/1", "/ours"),
        (OURS, "/all/1", ""),
        ("User-agent: a\nUser-agent: *\nDisallow: /x", "/x", "/x"),
        ("User-agent: *\nDisallow:", "/x", ""),
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", ""),
        ("User-agent: *\nAllow: /news/\nDisallow: /news/paid", "/news/paid/1", "/news/paid"),
        ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", ""),
        ("User-agent: *\nDisallow: /*?print=", "/news/1?print=1", "/*?print="),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", "/*.pdf$"),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", ""),
        ("User-agent: *\nDisallow: /a$", "/ab", ""),
        ("user-agent : *\r\ndisallow : /a # because\r\n", "/a", "/a"),
        ("\ufeffUser-agent: *\nDisallow: /%D8%A8", "/ب", "/%D8%A8"),
        ("Disallow: /", "/x", ""),
        ("<html>not found</html>", "/x", ""),
    ],
)
def test_the_longest_rule_of_the_group_that_names_us_decides(text: str, path: str, rule: str) -> None:
    assert forbidding(rules_for(text), path) == rule


@given(text=st.text(alphabet="UserAgentDisallow: /*$%ab\n#-", max_size=400), path=st.text(max_size=40))
def test_any_file_and_any_path_have_an_answer(text: str, path: str) -> None:
    assert isinstance(forbidding(rules_for(f"User-agent: *\nDisallow: {text}"), f"/{path}"), str)


@dataclass
class Host:
    """A server with a robots.txt that a test sets."""

    robots: Robots
    clock: SimulatedClock
    root: str
    text: str = "User-agent: *\nDisallow: /closed"
    status: int = 200
    asked: list[str] = field(default_factory=list)


@pytest_asyncio.fixture
async def host() -> AsyncIterator[Host]:
    async def answer(request: web.Request) -> web.Response:
        found.asked.append(request.path)
        return web.Response(text=found.text, status=found.status)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    clock = SimulatedClock(START)
    async with TestServer(app) as server, Client(net(), user_agent="test", clock=clock) as client:
        found = Host(Robots(client, clock=clock), clock, str(server.make_url("")).rstrip("/"))
        yield found


async def test_a_host_is_asked_once_a_day(host: Host) -> None:
    first, second = await host.robots.forbids(f"{host.root}/closed/1"), await host.robots.forbids(f"{host.root}/open")
    assert first is not None
    assert ("disallows /closed" in first.detail, first.for_now, second) == (True, False, None)
    assert host.asked == ["/robots.txt"]
    host.clock.advance(KEPT)
    await host.robots.forbids(f"{host.root}/open")
    assert host.asked == ["/robots.txt"] * 2


async def test_an_absent_file_forbids_nothing(host: Host) -> None:
    host.status = 404
    assert await host.robots.forbids(f"{host.root}/closed") is None


async def test_a_server_in_trouble_forbids_everything_for_a_while(host: Host) -> None:
    host.status = 503
    forbidden = await host.robots.forbids(f"{host.root}/open")
    assert forbidden is not None
    assert forbidden.for_now
    host.status = 200
    host.clock.advance(IN_TROUBLE + timedelta(seconds=1))
    assert await host.robots.forbids(f"{host.root}/open") is None
