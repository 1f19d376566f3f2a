"""Room on the disk, and a file that is given up when there is none, so that what has begun can still be recorded."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

NAME = "ballast"
MOST_BALLAST_BYTES = 32 * 1024 * 1024
LEAST_FREE_BYTES = 8 * 1024 * 1024
"""With less free nothing new is begun; both shrink on a small disk, to a twentieth and an eightieth of it."""


def is_full(error: BaseException) -> bool:
    """Whether the database could not be written because the disk, or a quota, is full."""
    code = getattr(error, "sqlite_errorcode", None)
    return isinstance(error, sqlite3.OperationalError) and code == sqlite3.SQLITE_FULL


class Ballast:
    """A file in the data directory that takes room while there is enough."""

    def __init__(self, directory: Path) -> None:
        total = shutil.disk_usage(directory).total
        self.path = directory / NAME
        self.size_bytes = min(MOST_BALLAST_BYTES, total // 20)
        self._least_free_bytes = min(LEAST_FREE_BYTES, total // 80)

    def is_low(self) -> bool:
        """Whether too little is free to begin anything new."""
        return shutil.disk_usage(self.path.parent).free < self._least_free_bytes

    def lay(self) -> bool:
        """Take the room, if as much again as must be free stays free; True where the ballast lies now."""
        if self.path.exists() and self.path.stat().st_size == self.size_bytes:
            return not self.is_low()
        if shutil.disk_usage(self.path.parent).free < self.size_bytes + 2 * self._least_free_bytes:
            return False
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, self.size_bytes)
        except OSError:
            self.release()
            return False
        finally:
            os.close(descriptor)
        return True

    def release(self) -> None:
        """Give the room up."""
        self.path.unlink(missing_ok=True)
