"""No connection to an address that is not public, however it is spelled, and on every way there."""

from __future__ import annotations

import asyncio
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model.clock import SystemClock
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind
from monitor.model.settings import Net
from monitor.net.client import PAGE_ACCEPT, Client
from monitor.net.guard import SPECIAL, refusal
from tests.net.raw import net, serving

FORBIDDEN = {FetchFailureKind.BLOCKED_ADDRESS, FetchFailureKind.BAD_URL, FetchFailureKind.DNS, FetchFailureKind.REFUSED}

URL_FORMS = [
    "http://127.0.0.1:{port}/", "http://127.1:{port}/", "http://127.0.1:{port}/", "http://127.255.255.254:{port}/",
    "http://0177.0.0.1:{port}/", "http://0177.1:{port}/", "http://017700000001:{port}/", "http://0x7f.0.0.1:{port}/",
    "http://0x7f.1:{port}/", "http://0x7f000001:{port}/", "http://0X7F000001:{port}/", "http://2130706433:{port}/",
    "http://0:{port}/", "http://0.0.0.0:{port}/", "http://0x0:{port}/", "http://00:{port}/",
    "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/", "http://a.localhost:{port}/",
    "http://a.b.localhost.:{port}/", "http://127.0.0.1.:{port}/", "http://user@127.0.0.1:{port}/",
    "http://host.invalid@127.0.0.1:{port}/", "http://host.invalid:80@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@host.invalid/", "http://127.0.0.1:{port}?@host.invalid/",
    "http://host.invalid\\@127.0.0.1:{port}/", "http://127.0.0.1:{port}\\@host.invalid/",
    "http://[::1]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/", "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/", "http://[0:0:0:0:0:ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/", "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/", "http://[fe80::1%lo]:{port}/", "http://１２７.０.０.１:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/", "http://127。0。0。1:{port}/", "http://%31%32%37.0.0.1:{port}/",
    "http://ｌocalhost:{port}/", "HTTP://127.0.0.1:{port}/", " http://127.0.0.1:{port}/ ",
    "http:127.0.0.1:{port}/", "http:///127.0.0.1:{port}/", "//127.0.0.1:{port}/", "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/", "ftp://127.0.0.1:{port}/", "http://169.254.169.254/latest/meta-data/",
]  # fmt: skip

SPECIAL_ADDRESSES = [
    "0.0.0.1", "10.0.0.1", "100.64.0.1", "127.0.0.2", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
    "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1",
    "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:10.0.0.1",
    "::ffff:0:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::1",
    "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "4000::1",
]  # fmt: skip

PUBLIC_ADDRESSES = ["1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "192.167.0.1", "2606:4700::1111", "2a00:1450::1"]


def strict() -> Net:
    return net(allow_private=())


@pytest.mark.parametrize("form", URL_FORMS)
@pytest.mark.parametrize("way", ["feed", "article", "redirect", "hub"])
async def test_no_spelling_of_a_private_address_is_connected_to(form: str, way: str) -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret") as server:
        url = form.format(port=server.port)
        async with Client(strict(), user_agent="t", clock=SystemClock()) as asking:
            if way == "redirect":
                await _through_the_door(url)
            elif way == "hub":
                outcome = await asking.post(url, b"hub.mode=subscribe")
                assert isinstance(outcome, FetchFailed)
            else:
                accept = {"accept": PAGE_ACCEPT} if way == "article" else {}
                outcome = await asking.get(url, **accept)
                assert isinstance(outcome, FetchFailed)
                assert outcome.kind in FORBIDDEN, outcome
        assert server.connections == 0


async def _through_the_door(url: str) -> None:
    """A redirect from an admitted address: 127.0.0.77 alone is allowed, everything else is not."""

    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.77"] if host == "door.example" else ["127.0.0.1"]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % url.encode())
        writer.close()

    only_the_door = net(allow_private=(ip_network("127.0.0.77/32"),))
    listening = await asyncio.start_server(answer, "127.0.0.77", 0)
    port = listening.sockets[0].getsockname()[1]
    async with Client(only_the_door, user_agent="t", clock=SystemClock(), lookup=lookup) as asking:
        outcome = await asking.get(f"http://door.example:{port}/")
    listening.close()
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind in FORBIDDEN | {FetchFailureKind.BAD_REDIRECT}, outcome


@pytest.mark.parametrize("address", SPECIAL_ADDRESSES)
def test_a_special_address_is_refused_with_its_reason(address: str) -> None:
    assert refusal(address, ()) is not None


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_a_public_address_is_admitted(address: str) -> None:
    assert refusal(address, ()) is None


@pytest.mark.parametrize("network", [str(net) for net in SPECIAL])
def test_every_special_range_is_refused_from_its_first_address_to_its_last(network: str) -> None:
    special = ip_network(network)
    assert refusal(str(special[0]), ())
    assert refusal(str(special[-1]), ())


def test_there_is_a_reason_for_each_of_at_least_thirty_ranges() -> None:
    assert len(SPECIAL) >= 31
    assert all(SPECIAL.values())


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1"])
def test_the_allow_list_admits_on_purpose_and_nothing_else(address: str) -> None:
    assert refusal(address, (ip_network("127.0.0.0/8"),)) is None
    assert refusal("10.0.0.1", (ip_network("127.0.0.0/8"),)) is not None


@given(st.ip_addresses())
def test_the_guard_never_admits_what_the_standard_library_calls_private(address: object) -> None:
    parsed = ip_address(str(address))
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed  # the kernel connects to the IPv4 address
    if parsed.is_private or parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_reserved:
        assert refusal(str(parsed), ()) is not None


async def test_a_rebinding_resolver_gains_nothing() -> None:
    """The first look-up gives a public address, each later one loopback: the guard sees what is connected to."""
    answers = iter(["192.0.2.7", "127.0.0.1", "127.0.0.1", "127.0.0.1"])

    async def lookup(host: str, port: int) -> list[str]:
        return [next(answers)]

    async with (
        serving(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret") as server,
        Client(strict(), user_agent="t", clock=SystemClock(), lookup=lookup) as asking,
    ):
        for _ in range(3):
            outcome = await asking.get(f"http://rebind{_}.example:{server.port}/")
            assert isinstance(outcome, FetchFailed)
            assert outcome.kind is FetchFailureKind.BLOCKED_ADDRESS
        assert server.connections == 0


async def test_the_tolerant_reader_passes_the_same_guard() -> None:
    """A host known to be odd is asked by the tolerant reader alone; its new address is private."""
    answers = ["127.0.0.77", "127.0.0.77", "127.0.0.1"]

    async def lookup(host: str, port: int) -> list[str]:
        return [answers.pop(0)]

    async def odd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"ICY 200 OK\r\n\r\n<rss/>")
        writer.close()

    only_the_door = net(allow_private=(ip_network("127.0.0.77/32"),))
    listening = await asyncio.start_server(odd, "127.0.0.77", 0)
    port = listening.sockets[0].getsockname()[1]
    async with Client(only_the_door, user_agent="t", clock=SystemClock(), lookup=lookup) as asking:
        assert isinstance(await asking.get(f"http://odd.example:{port}/"), Fetched)
        outcome = await asking.get(f"http://odd.example:{port}/")
    listening.close()
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FetchFailureKind.BLOCKED_ADDRESS


async def test_a_localhost_name_is_loopback_without_asking_dns_and_needs_the_allow_list() -> None:
    async with serving(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as server:
        async with Client(net(), user_agent="t", clock=SystemClock()) as asking:
            assert isinstance(await asking.get(f"http://herald.localhost:{server.port}/"), Fetched)
        async with Client(strict(), user_agent="t", clock=SystemClock()) as asking:
            refused = await asking.get(f"http://herald.localhost:{server.port}/")
    assert isinstance(refused, FetchFailed)
    assert refused.kind is FetchFailureKind.BLOCKED_ADDRESS
