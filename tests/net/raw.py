"""A loopback server that answers with raw bytes, and a client that may ask it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network

from monitor.model.clock import SystemClock
from monitor.model.settings import Net
from monitor.net.client import Client

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
Script = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


def net(**changes: object) -> Net:
    """Settings for tests: loopback allowed, no pace, short limits."""
    given = {
        "allow_private": LOOPBACK, "host_pace": timedelta(0), "timeout": timedelta(seconds=5),
        "connect_timeout": timedelta(seconds=2), "max_wire_bytes": 300_000, "max_decoded_bytes": 1_000_000,
    }  # fmt: skip
    return Net(**{**given, **changes})  # type: ignore[arg-type]


@asynccontextmanager
async def client(**changes: object) -> AsyncIterator[Client]:
    async with Client(net(**changes), user_agent="newsmonitor/test", clock=SystemClock()) as opened:
        yield opened


class RawServer:
    """Remembers the requests and connections it got."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.requests]

    def header(self, name: str, number: int = -1) -> str | None:
        """A field of the request with this number."""
        for line in self.requests[number].decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


@asynccontextmanager
async def serving(
    answer: bytes | Script | list[bytes], *, tls: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Answer every request with the same bytes, with each of a list in turn, or as a script does; then close."""
    server = RawServer()
    queue = list(answer) if isinstance(answer, list) else None

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            server.requests.append(request)
            if callable(answer):
                await answer(request, writer)
            else:
                writer.write(queue.pop(0) if queue else answer if isinstance(answer, bytes) else b"")
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, limit=2**22, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
