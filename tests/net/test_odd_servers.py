"""Servers as they really are: odd answers are read for what they mean, hopeless ones refused in one clean value."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from datetime import timedelta

import brotli
import pytest

from monitor.model.clock import SystemClock
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, NotModified, Validators
from tests.net.raw import client, serving

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel><title>The Herald of Nowhere</title></channel></rss>'
LENGTH = b"Content-Length: %d\r\n" % len(FEED)
OK = b"HTTP/1.1 200 OK\r\n"
ZIPPED = gzip.compress(FEED)
RAW_DEFLATE = zlib.compressobj(wbits=-15)
DEFLATED = RAW_DEFLATE.compress(FEED) + RAW_DEFLATE.flush()


def chunked(body: bytes, size: int = 20, *, extension: bytes = b"", end: bytes = b"0\r\n\r\n") -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x%s\r\n%s\r\n" % (len(part), extension, part) for part in parts) + end


def coded(coding: bytes, body: bytes, *, extra: bytes = b"") -> bytes:
    return OK + b"Content-Encoding: %s\r\nContent-Length: %d\r\n%s\r\n" % (coding, len(body), extra) + body


READ_WHOLE = {
    "plain": OK + LENGTH + b"\r\n" + FEED,
    "HTTP/1.0 without a length": b"HTTP/1.0 200 OK\r\n\r\n" + FEED,
    "no length and no close header": OK + b"\r\n" + FEED,
    "bare LF line ends": b"HTTP/1.1 200 OK\nContent-Type: text/xml\n" + LENGTH.replace(b"\r\n", b"\n") + b"\n" + FEED,
    "mixed line ends": b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\n" + LENGTH + b"\r\n" + FEED,
    "no reason phrase": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n" + FEED,
    "no reason phrase, with its blank": b"HTTP/1.1 200 \r\n" + LENGTH + b"\r\n" + FEED,
    "a reason in another script": "HTTP/1.1 200 Всё хорошо\r\n".encode() + LENGTH + b"\r\n" + FEED,
    "a reason in Latin-1": "HTTP/1.1 200 Tout est très bien\r\n".encode("latin-1") + LENGTH + b"\r\n" + FEED,
    "lower-case protocol": b"http/1.1 200 ok\r\n" + LENGTH + b"\r\n" + FEED,
    "shoutcast": b"ICY 200 OK\r\nContent-Type: text/xml\r\n\r\n" + FEED,
    "protocol without version": b"HTTP 200 OK\r\n" + LENGTH + b"\r\n" + FEED,
    "protocol of the future": b"HTTP/1.9 200 OK\r\n" + LENGTH + b"\r\n" + FEED,
    "HTTP/2.0 in plain text": b"HTTP/2.0 200 OK\r\n" + LENGTH + b"\r\n" + FEED,
    "HTTP/0.9": FEED,
    "blank lines first": b"\r\n\r\n" + OK + LENGTH + b"\r\n" + FEED,
    "two blanks in the status line": b"HTTP/1.1  200  OK\r\n" + LENGTH + b"\r\n" + FEED,
    "a header without a colon": OK + b"this is no header\r\n" + LENGTH + b"\r\n" + FEED,
    "a blank before the colon": OK + b"Content-Type : text/xml\r\n" + LENGTH + b"\r\n" + FEED,
    "a header without a name": OK + b": nameless\r\n" + LENGTH + b"\r\n" + FEED,
    "a blank in a header name": OK + b"X Powered By: magic\r\n" + LENGTH + b"\r\n" + FEED,
    "a folded header": OK + b"X-Long: one\r\n  two\r\n" + LENGTH + b"\r\n" + FEED,
    "control characters in a header": OK + b"X-Odd: a\x01b\x02c\r\n" + LENGTH + b"\r\n" + FEED,
    "NUL in a header": OK + b"X-Odd: a\0b\r\n" + LENGTH + b"\r\n" + FEED,
    "UTF-8 in a header": OK + "X-City: کابل\r\n".encode() + LENGTH + b"\r\n" + FEED,
    "Latin-1 in a header": OK + b"X-City: Z\xfcrich\r\n" + LENGTH + b"\r\n" + FEED,
    "an empty header": OK + b"X-Empty:\r\n" + LENGTH + b"\r\n" + FEED,
    "a header of 40 KB": OK + b"Content-Security-Policy: " + b"a" * 40_000 + b"\r\n" + LENGTH + b"\r\n" + FEED,
    "500 headers": OK + b"".join(b"X-%d: y\r\n" % n for n in range(500)) + LENGTH + b"\r\n" + FEED,
    "60 cookies": OK + b"Set-Cookie: a=b; path=/\r\n" * 60 + LENGTH + b"\r\n" + FEED,
    "a malformed cookie": OK + b"Set-Cookie: =;;=\xff;,\r\n" + LENGTH + b"\r\n" + FEED,
    "a length given twice": OK + LENGTH + LENGTH + b"\r\n" + FEED,
    "a length listed twice": OK + LENGTH[:-2] + b", %d\r\n\r\n" % len(FEED) + FEED,
    "a length with a sign": OK + b"Content-Length: +%d\r\n\r\n" % len(FEED) + FEED,
    "a length that is no number": OK + b"Content-Length: unknown\r\n\r\n" + FEED,
    "a negative length": OK + b"Content-Length: -1\r\nConnection: close\r\n\r\n" + FEED,
    "length and chunks": OK + LENGTH + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED),
    "chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED),
    "chunks of one byte": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED, 1),
    "chunks with extensions": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED, extension=b";x=y"),
    "chunk sizes with blanks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED, extension=b"  "),
    "chunks with a trailer": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED, end=b"0\r\nX-Sum: 1\r\n\r\n"),
    "chunks in capital letters": OK + b"Transfer-Encoding: Chunked\r\n\r\n" + chunked(FEED),
    "chunk sizes with zeros": OK + b"Transfer-Encoding: chunked\r\n\r\n000%x\r\n%s\r\n0\r\n\r\n" % (len(FEED), FEED),
    "said to be chunked, but plain": OK + b"Transfer-Encoding: chunked\r\n\r\n" + FEED,
    "identity as transfer coding": OK + b"Transfer-Encoding: identity\r\n" + LENGTH + b"\r\n" + FEED,
    "gzip": coded(b"gzip", ZIPPED),
    "x-gzip": coded(b"x-gzip", ZIPPED),
    "gzip in capitals": coded(b"GZIP", ZIPPED),
    "gzip twice": coded(b"gzip", gzip.compress(ZIPPED)),
    "gzip twice and said so": coded(b"gzip, gzip", gzip.compress(ZIPPED)),
    "gzip without saying so": OK + b"Content-Length: %d\r\n\r\n" % len(ZIPPED) + ZIPPED,
    "said to be gzip, but plain": coded(b"gzip", FEED),
    "gzip of two members": coded(b"gzip", gzip.compress(FEED[:30]) + gzip.compress(FEED[30:])),
    "gzip with garbage behind it": coded(b"gzip", ZIPPED + b"\n<!-- served in 3 ms -->"),
    "gzip in chunks": OK + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(ZIPPED, 7),
    "deflate": coded(b"deflate", zlib.compress(FEED)),
    "raw deflate": coded(b"deflate", DEFLATED),
    "said to be deflate, but plain": coded(b"deflate", FEED),
    "brotli": coded(b"br", brotli.compress(FEED)),
    "said to be brotli, but plain": coded(b"br", FEED),
    "an unknown coding": coded(b"utf-8", FEED),
    "an empty coding": coded(b"", FEED),
    "coding none": coded(b"none", FEED),
    "early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n" + OK + LENGTH + b"\r\n" + FEED,
    "continue, unasked": b"HTTP/1.1 100 Continue\r\n\r\n" + OK + LENGTH + b"\r\n" + FEED,
    "203": b"HTTP/1.1 203 Non-Authoritative Information\r\n" + LENGTH + b"\r\n" + FEED,
    "226": b"HTTP/1.1 226 IM Used\r\nIM: feed\r\n" + LENGTH + b"\r\n" + FEED,
    "bytes behind the body": OK + LENGTH + b"Connection: close\r\n\r\n" + FEED + b"and more",
    "keep-alive, then closed": OK + LENGTH + b"Connection: keep-alive\r\nKeep-Alive: timeout=99\r\n\r\n" + FEED,
}  # fmt: skip

READ_IN_PART = {
    "a body cut short": OK + b"Content-Length: 9000\r\n\r\n" + FEED,
    "chunks cut short": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(FEED, end=b""),
    "a chunk cut short": OK + b"Transfer-Encoding: chunked\r\n\r\nfff\r\n" + FEED,
    "206 without a range": b"HTTP/1.1 206 Partial Content\r\n" + LENGTH + b"\r\n" + FEED,
    "truncated gzip": coded(b"gzip", ZIPPED[:-8]),
    "a wrong checksum in gzip": coded(b"gzip", ZIPPED[:-8] + b"\0" * 8),
}

REFUSED = {
    "nothing at all": (b"", {FetchFailureKind.RESET}),
    "half a status line": (b"HTTP/1.", {FetchFailureKind.MALFORMED, FetchFailureKind.RESET}),
    "an SSH server": (b"SSH-2.0-OpenSSH_9.6\r\n", {FetchFailureKind.MALFORMED}),
    "an SMTP server": (b"220 mail.example ESMTP\r\n", {FetchFailureKind.MALFORMED}),
    "noise": (bytes(range(128, 256)) * 8, {FetchFailureKind.MALFORMED}),
    "an endless header line": (OK + b"X: " + b"a" * 2_000_000, {FetchFailureKind.TOO_LARGE}),
    "a body that is too large": (OK + b"\r\n" + b"x" * 400_000, {FetchFailureKind.TOO_LARGE}),
    "a gzip bomb": (coded(b"gzip", gzip.compress(b"\0" * 50_000_000)), {FetchFailureKind.TOO_LARGE}),
    "a brotli bomb": (coded(b"br", brotli.compress(b"\0" * 50_000_000)), {FetchFailureKind.TOO_LARGE}),
    "a nested gzip bomb": (
        coded(b"gzip", gzip.compress(gzip.compress(gzip.compress(b"\0" * 50_000_000)))), {FetchFailureKind.TOO_LARGE},
    ),
    "damaged gzip": (coded(b"gzip", b"\x1f\x8b\x08\x00" + b"\xff" * 60), {FetchFailureKind.MALFORMED}),
    "204": (b"HTTP/1.1 204 No Content\r\n\r\n", {FetchFailureKind.HTTP_STATUS}),
    "304, unasked": (b"HTTP/1.1 304 Not Modified\r\n\r\n", {FetchFailureKind.HTTP_STATUS}),
    "a status of four digits": (b"HTTP/1.1 2000 OK\r\n" + LENGTH + b"\r\n" + FEED, {FetchFailureKind.MALFORMED}),
    "a status out of range": (b"HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n", {FetchFailureKind.HTTP_STATUS}),
    "a redirect to nowhere": (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", {FetchFailureKind.BAD_REDIRECT}),
    "a redirect to a file": (
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n", {FetchFailureKind.BAD_REDIRECT},
    ),
    "a redirect to a script": (
        b"HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\n\r\n", {FetchFailureKind.BAD_REDIRECT},
    ),
    "a redirect to itself": (b"HTTP/1.1 301 Moved\r\nLocation: /feed\r\n\r\n", {FetchFailureKind.BAD_REDIRECT}),
}  # fmt: skip


@pytest.mark.parametrize("answer", READ_WHOLE.values(), ids=READ_WHOLE)
async def test_an_odd_answer_is_read_whole(answer: bytes) -> None:
    async with serving(answer) as server, client() as asking:
        outcome = await asking.get(server.url())
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body.startswith(FEED)
    assert len(outcome.body) <= len(FEED) + len(b"and more")
    assert outcome.whole


@pytest.mark.parametrize("answer", READ_IN_PART.values(), ids=READ_IN_PART)
async def test_what_arrived_of_a_cut_answer_is_read_and_marked(answer: bytes) -> None:
    async with serving(answer) as server, client() as asking:
        outcome = await asking.get(server.url())
    assert isinstance(outcome, Fetched), outcome
    assert outcome.body.startswith(FEED[:40])
    assert not outcome.whole


@pytest.mark.parametrize(("answer", "kinds"), REFUSED.values(), ids=REFUSED)
async def test_a_hopeless_answer_is_a_failure_with_a_kind(answer: bytes, kinds: set[FetchFailureKind]) -> None:
    async with serving(answer) as server, client() as asking:
        outcome = await asking.get(server.url())
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.kind in kinds, outcome
    assert outcome.detail


async def test_a_304_with_a_body_is_a_304_and_spoils_no_later_answer() -> None:
    surprise = b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nsurprise!"

    async with serving([surprise, surprise, OK + LENGTH + b"\r\n" + FEED]) as server, client() as asking:
        validators = Validators(url=server.url(), etag='"a"', received=SystemClock().now())
        first = await asking.get(server.url(), validators=validators)
        second = await asking.get(server.url())
    assert isinstance(first, NotModified)
    assert isinstance(second, Fetched)
    assert second.body == FEED


async def test_a_malformed_server_is_asked_once_from_its_second_visit_on() -> None:
    async with serving(READ_WHOLE["shoutcast"]) as server, client() as asking:
        await asking.get(server.url())
        assert len(server.requests) == 2
        await asking.get(server.url())
        assert len(server.requests) == 3


def drip(start: bytes, piece: bytes) -> object:
    async def script(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)

    return script


ENDLESS = {
    "silence": drip(b"", b""),
    "a dripping status line": drip(b"HTTP/1.1 200 ", b"O"),
    "dripping headers": drip(OK, b"X-Drip: y\r\n"),
    "dripping early hints": drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a dripping body": drip(OK + b"Content-Length: 100000\r\n\r\n", b"<"),
    "dripping chunks": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n<\r\n"),
    "a dripping chunk size": drip(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"),
    "dripping gzip": drip(OK + b"Content-Encoding: gzip\r\n\r\n" + ZIPPED[:10], b"\0"),
    "blank lines for ever": drip(b"", b"\r\n"),
    "dripping after the odd": drip(b"ICY 200 OK\r\n\r\n", b"<"),
}


@pytest.mark.parametrize("script", ENDLESS.values(), ids=ENDLESS)
async def test_an_endless_stream_ends_at_the_deadline(script: object) -> None:
    async with serving(script) as server, client(timeout=timedelta(seconds=0.6)) as asking:  # type: ignore[arg-type]
        started = time.monotonic()
        outcome = await asking.get(server.url())
        assert time.monotonic() - started < 3
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.kind in {FetchFailureKind.TIMEOUT, FetchFailureKind.MALFORMED, FetchFailureKind.TOO_LARGE}


async def test_a_flood_is_cut_at_the_bound() -> None:
    async def flood(request: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"\r\n")
        while True:
            writer.write(b"<" * 65536)
            await writer.drain()

    async with serving(flood) as server, client() as asking:
        outcome = await asking.get(server.url())
    assert isinstance(outcome, FetchFailed)
    assert outcome.kind is FetchFailureKind.TOO_LARGE
