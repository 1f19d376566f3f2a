"""The door to the TOML parser: text in, a plain dictionary or one located fault out.

tomli is the parser of the standard library in compiled form: a watchlist of 10,000 takes 0.5–0.9 s instead of 1.8 s.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from monitor.model.faults import Fault

TWICE = "this key or table is written twice"
_TWICE = (TWICE, "give one of them another name, or join the two")
_NO_VALUE = ("there is no value here", 'text, times and durations stand in straight quotes: key = "value"; true, false')
_NOT_CLOSED = ("the quotes around this text are not closed", "")
_WORDS = {
    "Cannot overwrite a value": _TWICE,
    "Cannot declare": _TWICE,
    "Invalid value": _NO_VALUE,
    "Invalid statement": ("this line cannot be read", "write key = value, [table] or # comment"),
    r"Illegal character '\n'": _NOT_CLOSED,
    'Expected "\'"': _NOT_CLOSED,
    "Expected ']' at": ("the bracket of this table is not closed", "write [name]"),
    "Expected ']]' at": ("the brackets of this table are not closed", "write [[name]]"),
    "Unterminated string": _NOT_CLOSED,
    "Unclosed array": ("this list is not closed", "a comma or the ] is missing"),
    r"Unescaped '\'": ("a backslash in the text", r"write it twice, or write the text in 'single quotes'"),
    "Expected newline": (
        "something follows the value",
        'one key = "value" a line; text, times and durations in quotes',
    ),
    "Expected '='": ("there is no = after the key", 'write key = "value"'),
}
"""How the parser's messages begin, in our words, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Not TOML: what is wrong, what to do, and the 1-based line and column where the parser gave up."""

    message: str
    hint: str = ""
    line: int
    column: int


def parse(text: str) -> dict[str, Any] | Broken:
    """The document as dictionaries, lists and scalars, or where it is broken; never raises."""
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        return _in_words(error, text)
    except RecursionError:
        return Broken(message="values are nested too deeply", line=1, column=1)


def read(path: Path) -> str | Fault:
    """The text of the file (UTF-8, a byte order mark is dropped), or why it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return Fault(message=f"{path} does not exist", hint="`monitor init` writes a configuration to start from")
    except OSError as error:
        return Fault(message=f"{path} cannot be read: {error.strerror}")
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return Fault(message=f"{path}:{line}: the file is not UTF-8", hint="save it as UTF-8 in the editor")


def _in_words(error: tomli.TOMLDecodeError, text: str) -> Broken:
    said = error.msg[:1].lower() + error.msg[1:]
    message, hint = next((words for start, words in _WORDS.items() if error.msg.startswith(start)), (said, ""))
    line, column = error.lineno, error.colno
    if message == TWICE:
        column = 1
    elif error.msg.startswith("Unescaped"):
        column -= 2  # the place given is behind the character after the backslash
    elif line > 1 and column == 1 and error.msg.startswith('Expected "\'"'):
        line -= 1  # it looked for the end of the text behind the end of the line
        column = len(text.split("\n")[line - 1]) + 1
    return Broken(message=message, hint=hint, line=line, column=column)
