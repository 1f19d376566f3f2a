"""The client's manners: conditions, redirects, credentials, cookies, pace."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model.clock import SystemClock
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, NotModified, Validators
from monitor.net.client import PAGE_ACCEPT, Client, user_agent
from tests.net.raw import client, net, serving

MINUTE = timedelta(minutes=1)
"""A limit that no load of the machine reaches."""
NOW = datetime(2024, 4, 2, tzinfo=UTC)
BODY = b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nETag: W/"x\'y"\r\n\r\nhi'


def moved(status: int, to: str, extra: str = "") -> bytes:
    return f"HTTP/1.1 {status} Moved\r\nLocation: {to}\r\nContent-Length: 0\r\n{extra}\r\n".encode()


async def test_validators_are_sent_as_they_were_received() -> None:
    async with serving(b'HTTP/1.1 304 Not Modified\r\nETag: W/"x\'y"\r\n\r\n') as server, client() as asking:
        validators = Validators(
            url=server.url(), etag='W/"x\'y"', last_modified="Tue, 02 Apr 2024 00:00:00 +0000", received=NOW
        )
        outcome = await asking.get(server.url(), validators=validators)
        assert isinstance(outcome, NotModified)
        assert outcome.headers["etag"] == 'W/"x\'y"'
        assert server.header("If-None-Match") == 'W/"x\'y"'
        assert server.header("If-Modified-Since") == "Tue, 02 Apr 2024 00:00:00 +0000"
        assert server.header("A-IM") == "feed"


@pytest.mark.parametrize(
    ("tag", "sent_back"),
    [
        (b'w/"a"', b'w/"a"'), (b'W\\"a"', b'W\\"a"'), (b"unquoted", b"unquoted"), (b'"a,b c"', b'"a,b c"'),
        ('"کابل"'.encode(), '"کابل"'.encode()), (b'"Z\xfcrich"', None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", [b"HTTP/1.1 200 OK", b"HTTP/1.1 200 OK\r\nContent-Length: x"])
async def test_an_entity_tag_goes_back_byte_for_byte_or_not_at_all(
    status: bytes, tag: bytes, sent_back: bytes | None
) -> None:
    answer = status + b"\r\nETag: " + tag + b"\r\nConnection: close\r\n\r\n<rss/>"
    async with serving(answer) as server, client() as asking:
        outcome = await asking.get(server.url())
        assert isinstance(outcome, Fetched)
        etag = outcome.headers.get("etag")
        await asking.get(server.url(), validators=Validators(url=server.url(), etag=etag, received=NOW))
        lines = server.requests[-1].split(b"\r\n")
        assert [line[15:] for line in lines if line.startswith(b"If-None-Match: ")] == (
            [sent_back] if sent_back else []
        )


async def test_only_a_feed_may_come_as_a_delta() -> None:
    async with serving(b"HTTP/1.1 304 Not Modified\r\n\r\n") as server, client() as asking:
        validators = Validators(url=server.url(), etag='"a"', received=NOW)
        await asking.get(server.url(), validators=validators, accept=PAGE_ACCEPT)
        assert server.header("If-None-Match") == '"a"'
        assert server.header("A-IM") is None


async def test_validators_go_to_no_other_url_than_that_which_gave_them() -> None:
    async with serving([moved(302, "/other"), BODY]) as server, client() as asking:
        validators = Validators(url=server.url(), etag='"a"', received=NOW)
        outcome = await asking.get(server.url(), validators=validators)
        assert isinstance(outcome, Fetched)
        assert server.header("If-None-Match", 0) == '"a"'
        assert server.header("If-None-Match", 1) is None


async def test_a_request_tells_who_asks_and_nothing_else() -> None:
    async with serving(BODY) as server, client() as asking:
        await asking.get(server.url("/feed?a=b"))
        assert server.paths == ["/feed?a=b"]
        assert server.header("User-Agent") == "newsmonitor/test"
        assert server.header("Accept-Encoding") == "gzip, deflate, br"
        for name in ("Cookie", "Referer", "Cache-Control", "Pragma", "Authorization", "If-None-Match"):
            assert server.header(name) is None


def test_the_user_agent_has_a_version_and_a_contact() -> None:
    assert user_agent("https://example.org/about").endswith(" (+https://example.org/about)")
    assert user_agent("").startswith("newsmonitor/")


@pytest.mark.parametrize(("statuses", "permanent"), [((301, 308), True), ((301, 302), False), ((307,), False)])
async def test_only_a_chain_of_permanent_redirects_moves_a_feed(statuses: tuple[int, ...], permanent: bool) -> None:
    hops = [moved(status, f"/{number}") for number, status in enumerate(statuses)]
    async with serving([*hops, BODY]) as server, client() as asking:
        outcome = await asking.get(server.url())
        assert isinstance(outcome, Fetched)
        assert outcome.url == server.url(f"/{len(statuses) - 1}")
        assert outcome.moved_permanently_to == (outcome.url if permanent else None)


async def test_more_than_ten_redirects_are_an_error() -> None:
    async with serving([moved(302, f"/{n}") for n in range(20)]) as server, client() as asking:
        outcome = await asking.get(server.url())
        assert isinstance(outcome, FetchFailed)
        assert outcome.kind is FetchFailureKind.BAD_REDIRECT
        assert len(server.requests) == 11


async def test_a_cookie_lives_for_one_chain_only() -> None:
    wall = moved(302, "/feed", "Set-Cookie: seen=1; Path=/\r\n")
    async with serving([wall, BODY, BODY]) as server, client() as asking:
        assert isinstance(await asking.get(server.url()), Fetched)
        assert server.header("Cookie", 1) == "seen=1"
        await asking.get(server.url())
        assert server.header("Cookie", 2) is None


async def test_credentials_never_cross_to_another_origin() -> None:
    async with serving(BODY) as other, serving(moved(302, other.url())) as server, client() as asking:
        url = server.url().replace("http://", "http://reader:p%40ss@")
        outcome = await asking.get(url, headers={"X-Key": "secret"})
        assert server.header("Authorization") == "Basic cmVhZGVyOnBAc3M="
        assert server.header("X-Key") == "secret"
        assert other.header("Authorization") is None
        assert other.header("X-Key") is None
        assert isinstance(outcome, Fetched)
        assert "p%40ss" not in outcome.url


async def test_an_address_with_odd_characters_is_asked_as_it_should_be() -> None:
    async with serving([moved(302, "/خبر ها?q=a b"), BODY]) as server, client() as asking:
        assert isinstance(await asking.get(server.url()), Fetched)
        assert server.paths[1] == "/%D8%AE%D8%A8%D8%B1%20%D9%87%D8%A7?q=a%20b"


async def test_one_request_at_a_time_and_a_pause_between_two_to_one_host() -> None:
    arrivals: list[float] = []
    busy = 0

    async def answer(request: bytes, writer: asyncio.StreamWriter) -> None:
        nonlocal busy
        busy += 1
        assert busy == 1
        arrivals.append(time.monotonic())
        await asyncio.sleep(0.02)
        writer.write(BODY)
        busy -= 1

    async with serving(answer) as server, client(host_pace=timedelta(seconds=0.25), timeout=MINUTE) as asking:
        began = time.monotonic()
        await asyncio.gather(*(asking.get(server.url(f"/{n}")) for n in range(4)))
    assert len(arrivals) == 4
    # A busy machine notes any arrival late, which says nothing of the gap to the next; test_manners.py has the gaps.
    assert all(arrival - began >= number * 0.25 - 0.001 for number, arrival in enumerate(arrivals))


async def test_a_slow_host_delays_no_other() -> None:
    async def never(request: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    limits = net(in_flight=2, timeout=MINUTE)

    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with (
        serving(never) as slow,
        serving(BODY) as quick,
        Client(limits, user_agent="t", clock=SystemClock(), lookup=lookup) as asking,
    ):
        waiting = [asyncio.create_task(asking.get(f"http://slow.example:{slow.port}/{n}")) for n in range(20)]
        await asyncio.sleep(0)
        outcome = await asking.get(f"http://quick.example:{quick.port}/")
        assert isinstance(outcome, Fetched)
        assert not any(task.done() for task in waiting)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("error", ["EAI_AGAIN", "EAI_NONAME"])
async def test_a_first_round_in_which_no_name_is_found_is_our_own_outage(error: str) -> None:
    import socket

    async def dead(host: str, port: int) -> list[str]:
        raise socket.gaierror(getattr(socket, error), "not found")

    async with Client(net(), user_agent="t", clock=SystemClock(), lookup=dead) as asking:
        outcomes = await asyncio.gather(*(asking.get(f"http://{name}.example/") for name in "abcde"))
    assert {outcome.kind for outcome in outcomes if isinstance(outcome, FetchFailed)} == {FetchFailureKind.OFFLINE}


async def test_dead_names_among_living_ones_are_no_outage() -> None:
    import socket

    async def lookup(host: str, port: int) -> list[str]:
        if host == "alive.example":
            return ["127.0.0.1"]
        raise socket.gaierror(socket.EAI_NONAME, "not found")

    async with serving(BODY) as server, Client(net(), user_agent="t", clock=SystemClock(), lookup=lookup) as asking:
        names = ["a", "b", "alive"]
        outcomes = [await asking.get(f"http://{name}.example:{server.port}/") for name in names]
        together = await asyncio.gather(*(asking.get(f"http://{name}.example:{server.port}/") for name in names))
    kinds = [outcome.kind for outcome in (*outcomes, *together) if isinstance(outcome, FetchFailed)]
    assert kinds == [FetchFailureKind.DNS] * 4


async def test_three_hosts_without_a_word_are_our_own_outage() -> None:
    import socket

    async def dead(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    async with Client(net(), user_agent="t", clock=SystemClock(), lookup=dead) as asking:
        outcomes = [await asking.get(f"http://{name}.example/") for name in ("a", "b", "c", "a")]
    kinds = [outcome.kind for outcome in outcomes if isinstance(outcome, FetchFailed)]
    assert kinds == [FetchFailureKind.DNS, FetchFailureKind.DNS, FetchFailureKind.OFFLINE, FetchFailureKind.OFFLINE]


async def test_a_post_reports_the_status_of_its_one_request() -> None:
    async with serving(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n") as server, client() as asking:
        outcome = await asking.post(server.url(), b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert isinstance(outcome, Fetched)
        assert outcome.status == 202
        assert server.requests[0].startswith(b"POST ")
