"""What follows from answers that no ordinary publisher gives: only the back-off changes, whatever was wrong."""

from __future__ import annotations

import asyncio
import gzip
import shutil
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web

from monitor.model.feeds import FeedSpec
from monitor.store import feeds
from monitor.store.database import Store
from tests.net.raw import serving
from tests.pipeline.newsstand import DAY, HOUR, ONE, START, THREE, TWO, Stand, known, rss, stand
from tests.pipeline.newsstand import herald as _herald

herald = _herald

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with openssl")


def moved(status: int, to: str | None) -> bytes:
    location = f"Location: {to}\r\n" if to is not None else ""
    return f"HTTP/1.1 {status} Moved\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n".encode()


async def fails_with(herald: Stand, url: str, outcome: str) -> None:
    """Poll at ``url``, which must fail so, and change nothing but the back-off."""
    await known(herald)
    with herald.line.store.transaction() as db:
        db.execute("UPDATE feeds SET url = ?", [url])
    before = herald.state()
    report = await herald.poll()
    after = herald.state()
    assert report.outcome == outcome
    kept = (
        "url",
        "validators",
        "polls",
        "hints",
        "rate",
        "face",
        "move",
        "seen_items",
        "last_full_answer",
        "last_success",
    )
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert (after.failures, after.failure) == (1, outcome)
    assert after.problem
    assert after.next_poll is not None
    assert after.next_poll - herald.clock.now() >= herald.line.settings.polling.min_interval
    assert herald.titles() == ["Bridge closed", "Bridge open again"]


@pytest.mark.parametrize(
    "answers",
    [
        [moved(302, None)], [moved(301, "")], [moved(301, "ftp://127.0.0.1/feed")], [moved(308, "http:///feed")],
        [moved(307, f"/{number}") for number in range(20)],
    ],
)  # fmt: skip
async def test_a_redirect_to_nowhere_is_an_error(herald: Stand, answers: list[bytes]) -> None:
    async with serving(answers) as server:
        await fails_with(herald, server.url(), "bad-redirect")
        assert len(server.requests) <= 11


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"SSH-2.0-OpenSSH_9.6\r\n", "malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", "cut-short"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 400_000, "too-large"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "not-a-feed"),
        (b"HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\n\r\n<rss ", "cut-short"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", "http-status"),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", "http-status"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_no_feed_is_an_error(herald: Stand, answer: bytes, outcome: str) -> None:
    async with serving(answer) as server:
        await fails_with(herald, server.url(), outcome)


async def test_a_server_that_never_answers_is_an_error_at_the_deadline(tmp_path: Path) -> None:
    async def silent(request: bytes, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    async with (
        stand(tmp_path, timeout=timedelta(seconds=0.5)) as herald,
        serving(silent) as server,
    ):
        await fails_with(herald, server.url(), "timeout")


async def test_a_name_that_is_not_found_is_an_error(herald: Stand) -> None:
    await fails_with(herald, "http://nobody.invalid/feed", "dns")


async def test_a_feed_of_which_every_answer_is_cut_short_alerts_what_is_published_from_then_on(herald: Stand) -> None:
    """It has no baseline, since that takes a whole answer; without dates nothing could be told apart."""

    def cut(*items: tuple[str, str, timedelta]) -> Callable[[web.Request], web.StreamResponse]:
        listed = "".join(
            f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title>"
            f"<pubDate>{format_datetime(START + after)}</pubDate></item>"
            for guid, title, after in items
        )
        body = gzip.compress(f"<rss version='2.0'><channel>{listed}</channel></rss>".encode())[:-6]
        return lambda _: web.Response(body=body, content_type="text/xml", headers={"Content-Encoding": "gzip"})

    old = ("1", "Bridge closed", -HOUR)
    herald.publisher.answer = cut(old)
    await herald.poll()
    herald.publisher.answer = cut(("3", "Ferry late", HOUR), ("2", "Older than what we saw", -DAY), old)
    await herald.poll(after=2 * HOUR)
    assert herald.state().polls == 0
    assert {each.listed.title: each.baseline for each in herald.queued()} == {
        "Bridge closed": True, "Older than what we saw": True, "Ferry late": False,
    }  # fmt: skip


# --- TLS ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key."""
    path = tmp_path / "server.pem"
    order = [
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "-", "-out", "-",
    ]  # fmt: skip
    path.write_bytes(subprocess.run(order, check=True, capture_output=True).stdout)
    return path


def serving_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_plain_http_behind_an_https_address_is_an_error(herald: Stand) -> None:
    await fails_with(herald, herald.publisher.base.replace("http:", "https:") + "/feed.xml", "tls")


@needs_openssl
async def test_a_certificate_that_nobody_vouches_for_is_an_error(herald: Stand, certificate: Path) -> None:
    async with serving(b"", tls=serving_with(certificate)) as server:
        await fails_with(herald, server.url().replace("http:", "https:"), "tls")
        assert server.requests == []


@needs_openssl
async def test_an_upgrade_to_https_on_the_same_host_is_stored_at_once(tmp_path: Path, certificate: Path) -> None:
    body = rss(THREE, TWO, ONE).encode()
    answer = b'HTTP/1.1 200 OK\r\nETag: "s"\r\nContent-Length: %d\r\n\r\n' % len(body) + body
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with (
        stand(tmp_path, tls=trusting) as herald,
        serving(answer, tls=serving_with(certificate)) as server,
    ):
        await known(herald)
        secure = server.url("/feed.xml").replace("http:", "https:")
        herald.publisher.says(301, {"Location": secure})
        assert (await herald.poll()).new == 1
        state = herald.state()
        assert (state.url, state.move) == (secure, None)
        assert state.validators is not None
        assert state.validators.url == secure


# --- 226 ---------------------------------------------------------------------------------------------------------


async def test_a_226_lists_the_changes_only_and_means_no_gap(herald: Stand) -> None:
    await known(herald)
    before = herald.state()

    def answer(request: web.Request) -> web.Response:
        assert request.headers["A-IM"] == "feed"
        body = rss(("4", "Four"), THREE, extra="<link rel='next' href='/older'/>")
        return web.Response(status=226, text=body, content_type="text/xml", headers={"IM": "feed", "ETag": '"v2"'})

    herald.publisher.answer = answer
    report = await herald.poll()
    after = herald.state()
    assert (report.outcome, report.new, report.notes) == ("read", 2, ())
    assert (after.last_gap, after.empty_polls, after.last_full_answer) == (None, 0, before.last_full_answer)
    assert after.validators is not None
    assert after.validators.etag == '"v2"'
    assert herald.publisher.requests[-1].path == "/feed.xml"


async def test_a_226_without_entries_is_no_empty_feed(herald: Stand) -> None:
    await known(herald)
    herald.publisher.says(226, {"IM": "feed", "ETag": '"v2"'}, text=rss(), kind="text/xml")
    for _ in range(3):
        await herald.poll()
    assert (herald.state().empty_polls, herald.state().problem) == (0, "")


# --- imports -----------------------------------------------------------------------------------------------------


def test_the_first_polls_of_an_import_are_spread_out(tmp_path: Path) -> None:
    specs = [FeedSpec(name=f"f{n}", url=f"https://h{n}.example/") for n in range(1000)]
    store = Store(tmp_path / "monitor.db")
    with store.transaction() as db:
        feeds.sync(db, specs, START)
        first = [feeds.find(db, spec.name) for spec in specs]
        feeds.sync(db, [replace(spec, tags=("t",)) for spec in specs], START + HOUR)
        again = [feeds.find(db, spec.name) for spec in specs]
    store.close()
    dates = [state.next_poll for state in first if state and state.next_poll]
    assert len(dates) == 1000
    assert sum(date == START for date in dates) < 100
    assert all(sum(date == each for date in dates) == 1 for each in dates if each > START)
    assert max(dates) - START < DAY / 4
    assert [state and state.next_poll for state in again] == dates
