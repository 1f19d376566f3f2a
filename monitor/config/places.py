"""Where each key and value of a TOML text stands.

A parser gives values without places; this scanner gives places without values. It is only used to word a fault, on
text that the parser accepted (or as far as it goes), so it checks nothing: it follows brackets, keys and strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from monitor.model.faults import KeyPath

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' r"|'''.*?'''(?:'{0,2})" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^,\]\}\s#]*|[^,\]\}\s#]+")
_ESCAPE = re.compile(r'\\(?:U[0-9A-Fa-f]{8}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|["\\befnrt]|[ \t]*\n\s*)|.', re.DOTALL)
_SIMPLE_ESCAPES = {"b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into the text: of the key (or header, or element) and of its value, end exclusive."""

    key: int
    start: int
    end: int


class _LostError(Exception):
    """The text is not what the scanner expects: it gives up with what it has."""


@dataclass(slots=True)
class _Scanner:
    text: str
    at: int = 0
    places: dict[KeyPath, Place] = field(default_factory=dict)
    last_index: dict[KeyPath, int] = field(default_factory=dict)

    def document(self) -> None:
        prefix: KeyPath = ()
        while self._skip():
            if self.text[self.at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)

    def _skip(self) -> bool:
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.at < len(self.text)

    def _take(self, expected: str) -> None:
        self._skip()
        if not self.text.startswith(expected, self.at):
            raise _LostError
        self.at += len(expected)

    def _peek(self) -> str:
        if not self._skip():
            raise _LostError
        return self.text[self.at]

    def _header(self) -> KeyPath:
        begin = self.at
        brackets = "[[" if self.text.startswith("[[", self.at) else "["
        self.at += len(brackets)
        keys = self._keys()
        self._take("]" * len(brackets))
        path: KeyPath = ()
        for position, key in enumerate(keys):
            path = (*path, key)
            if position < len(keys) - 1:
                self._note(path, Place(begin, begin, self.at))
            if brackets == "[[" and position == len(keys) - 1:
                self.last_index[path] = self.last_index.get(path, -1) + 1
            if path in self.last_index:
                self.places.setdefault(path, Place(begin, begin, self.at))
                path = (*path, self.last_index[path])
        self._note(path, Place(begin, begin, self.at))
        return path

    def _keys(self) -> list[str]:
        keys = [self._key()]
        while self._peek() == ".":
            self.at += 1
            keys.append(self._key())
        return keys

    def _key(self) -> str:
        if self._peek() in "\"'":
            return decoded(self._string())
        match = _BARE_KEY.match(self.text, self.at)
        if not match:
            raise _LostError
        self.at = match.end()
        return match.group()

    def _string(self) -> str:
        match = _STRING.match(self.text, self.at)
        if not match:
            raise _LostError
        self.at = match.end()
        return match.group()

    def _pair(self, prefix: KeyPath) -> None:
        self._skip()
        key_at = self.at
        path = (*prefix, *self._keys())
        for length in range(len(prefix) + 1, len(path)):
            self._note(path[:length], Place(key_at, key_at, self.at))
        self._take("=")
        self._value(path, key_at)

    def _value(self, path: KeyPath, key_at: int | None = None) -> None:
        first = self._peek()
        start = self.at
        if first in "\"'":
            self._string()
        elif first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._scalar()
        self._note(path, Place(start if key_at is None else key_at, start, self.at))

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self._peek() != "]":
            self._value((*path, index))
            index += 1
            if self._peek() == ",":
                self.at += 1
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while self._peek() != "}":
            self._pair(path)
            if self._peek() == ",":
                self.at += 1
        self.at += 1

    def _scalar(self) -> None:
        match = _SCALAR.match(self.text, self.at)
        if not match:
            raise _LostError
        self.at = match.end()

    def _note(self, path: KeyPath, place: Place) -> None:
        self.places.setdefault(path, place)


def places(text: str) -> Mapping[KeyPath, Place]:
    """Every key path of the document with its place, those before the break where the text is broken."""
    scanner = _Scanner(text)
    with suppress(_LostError, RecursionError):
        scanner.document()
    return scanner.places


def _inside(literal: str) -> tuple[int, int]:
    """Where the text between the quotes begins and ends; a line break right after three quotes is none of it."""
    quote = literal[:3] if literal[:3] in ('"""', "'''") else literal[:1]
    first_break = len(quote) == 3 and literal[3:4] == "\n"
    return len(quote) + first_break, len(literal) - len(quote)


def _units(literal: str) -> Iterator[tuple[int, str]]:
    start, end = _inside(literal)
    if literal[0] == "'":
        yield from ((start + index, character) for index, character in enumerate(literal[start:end]))
        return
    for match in _ESCAPE.finditer(literal, start, end):
        yield match.start(), _unescaped(match.group())


def _unescaped(unit: str) -> str:
    if unit[0] != "\\" or len(unit) == 1:
        return unit
    if unit[1] in "uUx":
        digits = unit[2:]
        return chr(int(digits, 16))
    return _SIMPLE_ESCAPES.get(unit[1], "")


def decoded(literal: str) -> str:
    """The value of a string literal with its quotes."""
    return "".join(unit for _, unit in _units(literal))


def offset_in_literal(literal: str, column: int) -> int:
    """The offset, into the literal with its quotes, of the ``column``-th code point of its value."""
    if "\\" not in literal and "\r" not in literal:  # the usual one, which may have faults by the thousand
        start, end = _inside(literal)
        return start + column if column < end - start else max(len(literal) - 1, 0)
    seen = 0
    for offset, unit in _units(literal):
        if unit and seen == column:
            return offset
        seen += len(unit)
    return max(len(literal) - 1, 0)
