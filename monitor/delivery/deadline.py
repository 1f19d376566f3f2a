"""A deadline that holds for blocking sockets too: at its end the connection is shut down under the sender.

Socket time-outs count from the last byte, so a receiver that drips holds a sender for ever without this.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from time import monotonic


class Deadline:
    """Time left for one send, and the sockets to cut when it ends."""

    def __init__(self, limit: timedelta) -> None:
        self._ends = monotonic() + limit.total_seconds()
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self.over = False

    @property
    def left_s(self) -> float:
        """Seconds left, at least a tenth: a time-out of 0 would mean something else."""
        return max(0.1, self._ends - monotonic())

    def watch(self, connected: socket.socket) -> None:
        """Cut this connection when the deadline ends, even after TLS took the socket object over."""
        with self._lock:
            if self.over or connected.fileno() < 0:
                return
            self._sockets.append(socket.socket(fileno=os.dup(connected.fileno())))

    def cut(self) -> None:
        """The deadline has ended: shut every watched connection down; reads and writes on it fail at once."""
        with self._lock:
            self.over = True
            for each in self._sockets:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Release the watched sockets."""
        with self._lock:
            for each in self._sockets:
                each.close()
            self._sockets.clear()


current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""The deadline of the send that runs in this thread."""


@contextmanager
def within(limit: timedelta) -> Iterator[Deadline]:
    """A deadline for the block, enforced from another thread."""
    deadline = Deadline(limit)
    timer = threading.Timer(limit.total_seconds(), deadline.cut)
    timer.daemon = True
    timer.start()
    token = current.set(deadline)
    try:
        yield deadline
    finally:
        current.reset(token)
        timer.cancel()
        deadline.close()
