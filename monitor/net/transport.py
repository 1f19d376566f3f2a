"""HTTP by aiohttp: the ordinary way to exchange a request for an answer. The only door to aiohttp's client.

aiohttp answered 2,500–4,700 mixed requests per CPU second here where httpx answered 290–410. Its limits on header
sizes are raised, its decompression is off (see :mod:`monitor.net.decoding`), its cookies and redirects are unused.
"""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import ssl
from datetime import timedelta

import aiohttp
from aiohttp import abc, http_exceptions

from monitor.model.fetching import FetchFailureKind as Kind
from monitor.net import guard
from monitor.net.exchange import Answer, ExchangeError, Request, can_be_sent_back, joined
from monitor.net.resolver import Lookup, family_of

MAX_LINE_BYTES = 64 * 1024
MAX_HEADERS = 1000
CHUNK_BYTES = 64 * 1024
KEEP_ALIVE_S = 15
OUR_NETWORK_IS_DOWN = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


class Transport:
    """Exchanges requests over pooled connections whose sockets pass the guard. For one event loop."""

    def __init__(
        self,
        lookup: Lookup,
        allowed: tuple[guard.Network, ...],
        *,
        connect_timeout: timedelta,
        max_wire_bytes: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._max_wire_bytes = max_wire_bytes
        connector = aiohttp.TCPConnector(
            resolver=_Resolver(lookup),
            socket_factory=guard.socket_factory(allowed),
            limit=0,  # bounded by Manners
            use_dns_cache=False,  # polls of a host are minutes apart, and pages use the kept connection
            keepalive_timeout=KEEP_ALIVE_S,
            ssl=tls or True,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_timeout.total_seconds()),
            max_line_size=MAX_LINE_BYTES,
            max_field_size=MAX_LINE_BYTES,
            max_headers=MAX_HEADERS,
            skip_auto_headers=("Content-Type",),
        )

    async def close(self) -> None:
        """Close the pooled connections."""
        await self._session.close()

    async def exchange(self, request: Request, *, want_body: frozenset[int]) -> Answer:
        """Send and receive; the body is read only for the statuses in ``want_body``. The caller sets the deadline.

        Raises ExchangeError; of kind MALFORMED where a more tolerant reader may still succeed.
        """
        try:
            async with self._session.request(
                request.method, request.url, headers=request.headers, data=request.body or None, allow_redirects=False
            ) as response:
                fields = [
                    (name, _text(value))
                    for name, value in response.headers.items()
                    if can_be_sent_back(name, value.encode("utf-8", "surrogateescape"))
                ]
                answer = Answer(
                    status=response.status,
                    headers=joined(fields),
                    cookies=tuple(value for name, value in fields if name.lower() == "set-cookie"),
                )
                if response.status not in want_body:
                    return answer
                body, whole = await self._read(response)
                return Answer(
                    status=answer.status, headers=answer.headers, cookies=answer.cookies, body=body, whole=whole
                )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise _explained(error) from error

    async def _read(self, response: aiohttp.ClientResponse) -> tuple[bytes, bool]:
        body = bytearray()
        try:
            async for chunk in response.content.iter_chunked(CHUNK_BYTES):
                body += chunk
                if len(body) > self._max_wire_bytes:
                    raise ExchangeError(Kind.TOO_LARGE, f"the body is larger than {self._max_wire_bytes:,} bytes")
        except aiohttp.ClientPayloadError as error:
            if isinstance(error.__cause__, http_exceptions.TransferEncodingError):
                raise
            if not body:
                raise ExchangeError(Kind.CUT_SHORT, "the connection ended before the body began") from error
            return bytes(body), False
        except (OSError, aiohttp.ClientError):
            if not body:
                raise
            return bytes(body), False
        return bytes(body), True


class _Resolver(abc.AbstractResolver):
    """Our lookup in aiohttp's form."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[abc.ResolveResult]:
        addresses = [(each, family_of(each)) for each in await self._lookup(host, port)]
        return [
            abc.ResolveResult(hostname=host, host=each, port=port, family=found, proto=0, flags=socket.AI_NUMERICHOST)
            for each, found in addresses
            if family in {socket.AF_UNSPEC, found}
        ]

    async def close(self) -> None:
        pass


def _text(value: str) -> str:
    """A header value; bytes that are not UTF-8 are read as Latin-1 instead of as surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape").decode("latin-1")
    return value


def _explained(error: Exception) -> ExchangeError:  # noqa: PLR0911 - a table in the form of a match
    """The kind and sentence of an exception: the most specific classes first."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return not_found(error.host, error.os_error)
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return ExchangeError(Kind.TLS, f"TLS failed: {_first_line(error)}")
        case aiohttp.ClientConnectorError():
            return not_connected(error.os_error)
        case aiohttp.InvalidURL():
            return ExchangeError(Kind.BAD_URL, "the URL is not valid")
        case aiohttp.ClientResponseError() | aiohttp.ClientPayloadError():
            return ExchangeError(Kind.MALFORMED, f"the answer is not HTTP: {_first_line(error)}")
        case asyncio.TimeoutError():
            return ExchangeError(Kind.TIMEOUT, "no connection in time", unreached=True)
        case aiohttp.ClientConnectionError() | OSError():
            return ExchangeError(Kind.RESET, "the server closed the connection without an answer")
        case ValueError():
            return ExchangeError(Kind.BAD_URL, f"the request cannot be made: {_first_line(error)}")
        case _:
            return ExchangeError(Kind.MALFORMED, _first_line(error))


def not_found(host: str, error: OSError) -> ExchangeError:
    """The failure of a name look-up; without a network some resolvers know no name at all."""
    if error.errno in OUR_NETWORK_IS_DOWN:
        return not_connected(error)
    detail = f"the name {host} was not found ({_reason(error)})"
    return ExchangeError(Kind.DNS, detail, unreached=True)


def not_connected(error: OSError) -> ExchangeError:
    """The failure to open a connection: refused by the guard, by our own network, or by the server."""
    text = str(error)
    if guard.MARK in text:
        return ExchangeError(Kind.BLOCKED_ADDRESS, text[text.index(guard.MARK) :])
    if error.errno in OUR_NETWORK_IS_DOWN:
        return ExchangeError(Kind.OFFLINE, f"our own network is down ({_reason(error)})", unreached=True)
    unreached = error.errno in {errno.EHOSTUNREACH, errno.ETIMEDOUT}
    return ExchangeError(Kind.REFUSED, f"no connection ({_reason(error)})", unreached=unreached)


def _reason(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or _first_line(error)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
