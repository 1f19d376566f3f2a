"""HTTP/1 as servers really send it, read for what they meant: the second try where the ordinary reader gives up.

Bare LF, status lines without reason or version number, ``ICY 200 OK``, header lines without a colon, blanks before
the colon, folded lines, control characters, broken chunk sizes, contradictory lengths, no header at all (HTTP/0.9).
One request per connection (``Connection: close``), so a body that lies about its length ends with the connection.
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from datetime import timedelta
from urllib.parse import quote, urlsplit

from monitor.model.fetching import FetchFailureKind as Kind
from monitor.net import guard
from monitor.net.exchange import Answer, ExchangeError, Request, can_be_sent_back, joined
from monitor.net.redirects import Target, target
from monitor.net.resolver import Lookup, family_of
from monitor.net.transport import not_connected, not_found

MAX_HEADER_BYTES = 256 * 1024
_STATUS = re.compile(rb"(?:HTTP|ICY)\s*/?\s*[\d.]*\s*[, ]?\s*(\d{3})(?!\d)", re.IGNORECASE)
_HEX = re.compile(rb"\s*(?:0[xX])?([0-9a-fA-F]{1,12})")


class TolerantReader:
    """Asks once over a fresh connection and reads whatever comes."""

    def __init__(
        self,
        lookup: Lookup,
        allowed: tuple[guard.Network, ...],
        *,
        connect_timeout: timedelta,
        max_wire_bytes: int,
        tls: ssl.SSLContext | None,
    ) -> None:
        self._lookup = lookup
        self._open_socket = guard.socket_factory(allowed)
        self._connect_timeout_s = connect_timeout.total_seconds()
        self._max_wire_bytes = max_wire_bytes
        self._tls = tls

    async def exchange(self, request: Request, *, want_body: frozenset[int]) -> Answer:
        """Send and receive as the ordinary transport does; raises ExchangeError. The caller sets the deadline."""
        where = target(request.url)
        reader, writer = await self._connect(where)
        try:
            writer.write(_encoded(request, where))
            await writer.drain()
            return await self._receive(reader, want_body)
        except (OSError, asyncio.IncompleteReadError) as error:
            raise ExchangeError(Kind.RESET, "the server closed the connection without an answer") from error
        finally:
            writer.transport.abort()

    async def _connect(self, where: Target) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        tls = (self._tls or ssl.create_default_context()) if where.scheme == "https" else None
        connection = await self._connected_socket(where)
        try:
            return await asyncio.open_connection(
                sock=connection, ssl=tls, server_hostname=where.host if tls else None, limit=MAX_HEADER_BYTES
            )
        except ssl.SSLError as error:
            raise ExchangeError(Kind.TLS, f"TLS failed: {error}") from error
        except OSError as error:
            raise not_connected(error) from error

    async def _connected_socket(self, where: Target) -> socket.socket:
        loop = asyncio.get_running_loop()
        last = OSError("no address")
        for address in await self._addresses(where):
            try:
                sock = self._open_socket((family_of(address), socket.SOCK_STREAM, 0, "", (address, where.port)))
            except OSError as error:
                last = error
                continue
            sock.setblocking(False)
            try:
                async with asyncio.timeout(self._connect_timeout_s):
                    await loop.sock_connect(sock, (address, where.port))
            except OSError as error:
                sock.close()
                last = error
                continue
            except BaseException:
                sock.close()
                raise
            return sock
        raise not_connected(last)

    async def _addresses(self, where: Target) -> list[str]:
        try:
            family_of(where.host)
        except ValueError:
            try:
                return await self._lookup(_ascii_host(where.host), where.port)
            except OSError as error:
                raise not_found(where.host, error) from error
        return [where.host]

    async def _receive(self, reader: asyncio.StreamReader, want_body: frozenset[int]) -> Answer:
        while True:
            status, fields, start = await _head(reader)
            if not 100 <= status <= 199:
                break
        headers = joined(fields)
        cookies = tuple(value for name, value in fields if name.lower() == "set-cookie")
        if status not in want_body:
            return Answer(status=status, headers=headers, cookies=cookies)
        if "chunked" in headers.get("transfer-encoding", "").lower():
            body, whole = await _chunked(reader, self._max_wire_bytes)
        else:
            body, whole = await _until_length(reader, start, _length(headers), self._max_wire_bytes)
        return Answer(status=status, headers=headers, cookies=cookies, body=body, whole=whole)


def _encoded(request: Request, where: Target) -> bytes:
    parts = urlsplit(where.url)
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
    host = _ascii_host(where.host)
    default = {"http": 80, "https": 443}[where.scheme]
    authority = (f"[{host}]" if ":" in host else host) + (f":{where.port}" if where.port != default else "")
    lines = [f"{request.method} {path}{query} HTTP/1.1", f"Host: {authority}"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    lines += ["Connection: close"]
    if request.body:
        lines += [f"Content-Length: {len(request.body)}"]
    return "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n" + request.body


def _ascii_host(host: str) -> str:
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError as error:
        raise ExchangeError(Kind.BAD_URL, f"{host!r} is not a host name") from error


async def _head(reader: asyncio.StreamReader) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, fields, and what turned out to be the start of a body that has no head."""
    line = await _line(reader)
    blank_lines = 0
    while not line.strip() and line and blank_lines < 10:
        blank_lines += 1
        line = await _line(reader)
    found = _STATUS.match(line.strip())
    if not found:
        if line.lstrip(b"\xef\xbb\xbf \t").startswith((b"<", b"{")):
            return 200, [], line  # HTTP/0.9: the body is all there is
        shown = line.strip()[:80].decode("ascii", "replace")
        raise ExchangeError(Kind.MALFORMED, f"the answer is not HTTP: it begins with {shown!r}")
    return int(found.group(1)), await _fields(reader), b""


async def _fields(reader: asyncio.StreamReader) -> list[tuple[str, str]]:
    fields: list[tuple[str, str]] = []
    size = 0
    while line := (raw := await _line(reader)).rstrip(b"\r\n"):
        size += len(raw)
        if size > MAX_HEADER_BYTES:
            raise ExchangeError(Kind.TOO_LARGE, f"the header is larger than {MAX_HEADER_BYTES:,} bytes")
        if line[:1] in {b" ", b"\t"} and fields:
            name, value = fields[-1]
            fields[-1] = name, f"{value} {_decoded(line)}".strip()
            continue
        name_bytes, colon, value_bytes = line.partition(b":")
        name = _decoded(name_bytes)
        if colon and name and can_be_sent_back(name, value_bytes):
            fields.append((name, _decoded(value_bytes)))
    return fields


def _decoded(raw: bytes) -> str:
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return "".join(char for char in text if char >= " " or char == "\t").strip()


async def _line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\n")
    except asyncio.IncompleteReadError as error:
        if not error.partial:
            raise
        return error.partial
    except asyncio.LimitOverrunError as error:
        raise ExchangeError(
            Kind.TOO_LARGE, f"a line of the header is larger than {MAX_HEADER_BYTES:,} bytes"
        ) from error


def _length(headers: dict[str, str]) -> int | None:
    """The body's length; of contradictory ones the last, None where none is a number."""
    numbers = re.findall(r"(?<![-\d])\d{1,18}", headers.get("content-length", ""))
    return int(numbers[-1]) if numbers else None


async def _until_length(
    reader: asyncio.StreamReader, start: bytes, length: int | None, limit: int
) -> tuple[bytes, bool]:
    body = bytearray(start)
    while length is None or len(body) < length:
        try:
            chunk = await reader.read(65536 if length is None else min(65536, length - len(body)))
        except OSError:
            return bytes(body), False
        if not chunk:
            break
        body += chunk
        if len(body) > limit:
            raise ExchangeError(Kind.TOO_LARGE, f"the body is larger than {limit:,} bytes")
    return bytes(body), length is None or len(body) >= length


async def _chunked(reader: asyncio.StreamReader, limit: int) -> tuple[bytes, bool]:
    """Undo chunking; a line that is no chunk size means that the rest is the plain body."""
    body = bytearray()
    try:
        while True:
            line = await _line(reader)
            size = _HEX.match(line)
            if not size:
                rest, _ = await _until_length(reader, line, None, limit - len(body))
                return bytes(body) + rest, not body
            length = int(size.group(1), 16)
            if length == 0:
                return bytes(body), True
            if len(body) + length > limit:
                raise ExchangeError(Kind.TOO_LARGE, f"the body is larger than {limit:,} bytes")
            body += await reader.readexactly(length)
            await _line(reader)
    except asyncio.IncompleteReadError as error:
        body += error.partial
        return bytes(body), False
