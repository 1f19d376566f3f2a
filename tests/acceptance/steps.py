"""Named steps of the line, at which a daemon can be made to kill itself: before and after what it does to its database.

Installed in a daemon under test, before it opens its database. A step is a statement that writes, by the function of
the program that wanted it: ``pipeline/ingest:_record_all · INSERT article_hits · before``. No code of the program is
changed: :func:`sqlite3.connect` makes connections that tell of their statements.
"""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

import monitor

PACKAGE = str(Path(monitor.__file__).parent) + os.sep
_INNER = ("store/", "model/")
_WRITE = re.compile(
    r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|BEGIN|COMMIT|ROLLBACK)\b"
    r"(?:\s+(?:OR\s+\w+\s+)?(?:(?:INTO|FROM|TEMP|TEMPORARY|UNIQUE|TABLE|INDEX)\s+)*[\"\[`]?([A-Za-z_0-9]+))?",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(r"t[0-9a-f]{32}")
"""sqlite-utils names a table so, another time each time, to see what a statement returns."""


def install(kill_at: str | None = None, tell: str | None = None) -> None:
    """From now on connections tell the steps: kill -9 of this process at ``kill_at``, all of them to the file ``tell``.

    The file has one line for each time that a step is passed.
    """
    told = None if tell is None else os.open(tell, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def passed(step: str) -> None:
        if step == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if told is not None:
            os.write(told, f"{step}\n".encode())

    connection = type("Told", (_Stepping,), {"passed": staticmethod(passed)})
    sqlite3.connect = partial(sqlite3.connect, factory=connection)  # type: ignore[assignment] # the hook of this module


class _Stepping(sqlite3.Connection):
    """A connection that tells what is written through it."""

    @staticmethod
    def passed(step: str) -> None:
        """Called at every step."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        return self._told(sql, super().execute, sql, *parameters)  # type: ignore[no-any-return] # a cursor

    def executemany(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        return self._told(sql, super().executemany, sql, *parameters)  # type: ignore[no-any-return] # a cursor

    def _told(self, sql: str, function: Any, *arguments: Any) -> Any:
        what = _name(sql)
        if what is None or (what == "COMMIT" and not self._has_written):
            return function(*arguments)
        self._has_written = what not in {"COMMIT", "ROLLBACK"}
        where = _place()
        self.passed(f"{where} · {what} · before")
        result = function(*arguments)
        if what in {"BEGIN", "COMMIT"}:
            self.passed(f"{where} · {what} · after")
        return result

    _has_written = False


def _name(sql: str) -> str | None:
    """``INSERT alerts`` for a statement that writes; None for one that reads (and for the BEGIN of a reader)."""
    found = _WRITE.match(sql)
    if found is None or sql.strip().upper() == "BEGIN":
        return None
    verb, table = found.group(1).upper(), found.group(2)
    if verb in {"BEGIN", "COMMIT", "ROLLBACK", "CREATE"}:
        return verb
    return f"{verb} {'(temporary)' if _TEMPORARY.fullmatch(table or '') else table or ''}".strip()


def _place() -> str:
    """The innermost function of the program outside its store that led here."""
    frame = sys._getframe(3)
    last = "?"
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(PACKAGE):
            room = path.removeprefix(PACKAGE).removesuffix(".py")
            last = f"{room}:{frame.f_code.co_name}"
            if not room.startswith(_INNER):
                return last
        frame = frame.f_back  # type: ignore[assignment] # None ends the loop
    return last
