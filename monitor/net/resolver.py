"""Names to addresses, on threads of our own: a dead resolver must not stall the event loop's default executor."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import TypeAlias

Lookup: TypeAlias = Callable[[str, int], Awaitable[list[str]]]
"""``(host, port)`` to numeric addresses, best first; raises ``socket.gaierror``."""

THREADS = 32


def is_localhost(host: str) -> bool:
    """True for ``localhost`` and names under it, which are loopback and never asked of DNS (RFC 6761 §6.3)."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith(".localhost")


class SystemLookup:
    """``getaddrinfo`` on its own threads; names under ``.localhost`` are 127.0.0.1 without asking anyone."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="dns")

    async def __call__(self, host: str, port: int) -> list[str]:
        """The addresses of ``host``, without repetition; raises ``socket.gaierror`` where it has none."""
        if is_localhost(host):
            return ["127.0.0.1"]
        loop = asyncio.get_running_loop()
        infos = await loop.run_in_executor(self._threads, _addresses, host, port)
        return list(dict.fromkeys(str(info[4][0]) for info in infos))

    def close(self) -> None:
        """Let the threads end by themselves: one that hangs in the C library cannot be stopped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def family_of(address: str) -> socket.AddressFamily:
    """The socket family of a numeric address."""
    if address.replace(".", "").isdigit():
        return socket.AF_INET  # the usual case, for less than parsing costs
    return socket.AF_INET6 if ip_address(address).version == 6 else socket.AF_INET


def _addresses(host: str, port: int) -> list[tuple[object, object, object, str, tuple[object, ...]]]:
    flags = socket.AI_ADDRCONFIG
    return list(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags))
