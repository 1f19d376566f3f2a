"""One daemon for each data directory: two would send every alert twice."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_NAME = "monitor.lock"


class OccupiedError(Exception):
    """Another process holds the data directory; the message names it."""


@contextmanager
def lock(directory: Path) -> Iterator[None]:
    """Hold the data directory until the block ends; the kernel releases it however the process dies.

    Creates the directory. Raises OccupiedError when another process holds it, OSError when it cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise OccupiedError(f"another monitor (process {holder}) is using {directory}") from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)
