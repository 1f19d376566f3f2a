"""What a pool, its nursery and its workers say to each other: pickled messages, each behind its length.

A message is eight bytes of length (big endian), then the pickle. Only our own processes are at the ends.
"""

from __future__ import annotations

import asyncio
import pickle
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

HEADER = struct.Struct(">Q")

READY = b"R"
"""The only byte that a new worker sends before its first reply."""


@dataclass(frozen=True, slots=True)
class Task:
    """A call to make."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a task. ``failure`` is a kind of WorkerFailureKind, or None; ``retiring``: the worker ends now."""

    value: Any = None
    failure: str | None = None
    detail: str = ""
    retiring: bool = False


def packed(message: Task | Reply) -> bytes:
    """The message as it travels. Raises what pickle raises on a value that cannot travel."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return HEADER.pack(len(body)) + body


def receive(end: socket.socket) -> Any:
    """Wait for one message; None when the other end is closed."""
    header = _receive_exactly(end, HEADER.size)
    if header is None:
        return None
    body = _receive_exactly(end, HEADER.unpack(header)[0])
    return None if body is None else pickle.loads(body)  # noqa: S301 - written by our own process at the other end


async def receive_async(end: socket.socket) -> Any:
    """Like :func:`receive`, on a non-blocking socket of the running event loop."""
    header = await _receive_exactly_async(end, HEADER.size)
    if header is None:
        return None
    body = await _receive_exactly_async(end, HEADER.unpack(header)[0])
    return None if body is None else pickle.loads(body)  # noqa: S301 - written by our own process at the other end


def _receive_exactly(end: socket.socket, size: int) -> bytearray | None:
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        count = end.recv_into(view[filled:])
        if count == 0:
            return None
        filled += count
    return buffer


async def _receive_exactly_async(end: socket.socket, size: int) -> bytearray | None:
    loop = asyncio.get_running_loop()
    buffer = bytearray(size)
    view, filled = memoryview(buffer), 0
    while filled < size:
        count = await loop.sock_recv_into(end, view[filled:])
        if count == 0:
            return None
        filled += count
    return buffer
