"""The file and the files it includes, read into tables; every fault on the way is kept, none stops the reading."""

from __future__ import annotations

import glob
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast

from monitor.config import secrets, toml
from monitor.config.shape import (
    LISTED_TABLES,
    NAMED_TABLES,
    SINGLE_TABLES,
    Table,
    keys_of,
    read_table,
    read_without_unknown,
)
from monitor.config.wording import TOP_LEVEL, faults_of, unknown_header, unknown_table
from monitor.model.faults import Fault, KeyPath
from monitor.model.words import closest

T = TypeVar("T", bound=Table)

INCLUDABLE = ("watch", "terms")
_NEEDED = {"watch": frozenset({"all", "any", "query"}), "terms": frozenset({"any", "case"})}
"""The keys of which one suffices for a table to be looked at further although it has unknown ones."""
_HEADER = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<key>[A-Za-z_][\w-]*)\s*[.\]]")
_WITH_REFERENCES = {"url", "url_file", "secret", "secret_file", "path", "user_agent_contact", "headers"}
"""The keys whose value may come from the environment; none of them is quoted in a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[T]):
    """A valid table and where it stands."""

    table: T
    file: str
    path: KeyPath


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read so far. ``raw`` is the main document, for what must be known of invalid tables too."""

    path: Path
    environ: Mapping[str, str]
    sources: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    raw: dict[str, Any] = field(default_factory=dict)
    placed: dict[str, list[Placed[Any]]] = field(default_factory=dict)

    @property
    def directory(self) -> Path:
        """Where relative paths in the file count from."""
        return self.path.parent

    def tables(self, key: str, shape: type[T]) -> list[Placed[T]]:
        """The valid tables of one kind, in the order of the files."""
        assert (SINGLE_TABLES | LISTED_TABLES | NAMED_TABLES)[key] is shape
        return cast("list[Placed[T]]", self.placed.get(key, []))

    def raw_tables(self, key: str) -> list[dict[str, Any]]:
        """The tables of one kind as written in the main file, the invalid ones included."""
        listed = self.raw.get(key)
        return [each if isinstance(each, dict) else {} for each in listed] if isinstance(listed, list) else []

    def fault(self, message: str, at: Placed[Any], key: str | int | None = None, **more: Any) -> None:
        """Note a fault of a table, at one of its keys."""
        path = at.path if key is None else (*at.path, key)
        self.faults.append(Fault(message=message, file=at.file, path=path, **more))


def read_all(path: Path, environ: Mapping[str, str]) -> Reading:
    """Read the main file and its includes."""
    reading = Reading(path=path, environ=environ)
    document = _document(reading, path)
    if document is not None:
        reading.raw = document
        _take_tables(reading, document, file=str(path), allowed=TOP_LEVEL)
        _read_included(reading, document.get("include", []))
    return reading


def _document(reading: Reading, path: Path, at: KeyPath = ()) -> dict[str, Any] | None:
    text = toml.read(path)
    if isinstance(text, Fault):
        reading.faults.append(replace(text, file=str(reading.path), path=at) if at else text)
        return None
    reading.sources[str(path)] = text
    parsed = toml.parse(text)
    if not isinstance(parsed, toml.Broken):
        return parsed
    mistyped = _mistyped_tables(text, str(path), INCLUDABLE if at else TOP_LEVEL, before=parsed.line)
    reading.faults += mistyped
    if not (mistyped and parsed.message == toml.TWICE):  # what was meant for the mistyped one seems written twice
        message, spot = f"this is not TOML: {parsed.message}", (parsed.line, parsed.column)
        reading.faults.append(Fault(message=message, hint=parsed.hint, file=str(path), spot=spot))
    return None


def _mistyped_tables(text: str, file: str, allowed: tuple[str, ...], *, before: int) -> list[Fault]:
    """The tables that do not exist, in the lines above the one where the text cannot be parsed."""
    faults = []
    for number, line in enumerate(text.split("\n")[: before - 1], 1):
        if (header := _HEADER.match(line)) and header["key"] not in TOP_LEVEL:
            message, hint = unknown_header(header["key"], listed=header["open"] == "[[", allowed=allowed)
            spot = (number, header.start("key") + 1)
            faults.append(Fault(message=message, hint=hint, file=file, spot=spot, word=header["key"]))
    return faults


def _read_included(reading: Reading, patterns: object) -> None:
    file = str(reading.path)
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        hint = 'for example include = ["watchlists/*.toml"]'
        fault = Fault(message="'include' must be a list of file names", hint=hint, file=file, path=("include",))
        reading.faults.append(fault)
        return
    for index, pattern in enumerate(patterns):
        for included in _matching(reading, pattern, at=("include", index)):
            part = _document(reading, included, at=("include", index))
            if part is not None:
                _take_tables(reading, part, file=str(included), allowed=INCLUDABLE)


def _matching(reading: Reading, pattern: str, *, at: KeyPath) -> list[Path]:
    """The files that a pattern means and that were not read yet; none is a fault, unless the pattern has wildcards."""
    whole = str(secrets.in_directory(reading.directory, pattern))
    try:
        names = sorted(glob.glob(whole, recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    except ValueError:
        names = []  # a NUL in it
    found = [Path(name) for name in names if not Path(name).is_dir()]
    if not found:
        level: Literal["error", "warning"] = "warning" if glob.has_magic(pattern) else "error"
        hint = f"relative names count from {reading.directory.resolve()}"
        if names and level == "error":
            hint = f"it is a directory: write '{pattern.rstrip('/') or '.'}/*.toml' for the files in it"
        message = f"no file matches '{pattern}'"
        reading.faults.append(Fault(message=message, hint=hint, file=str(reading.path), path=at, level=level))
    return [each for each in found if str(each) not in reading.sources]


def _take_tables(reading: Reading, document: dict[str, Any], *, file: str, allowed: tuple[str, ...]) -> None:
    meant = {closest(key, allowed) for key in document.keys() - {*allowed}}
    for key, value in document.items():
        if key not in allowed:
            reading.faults.append(unknown_table(key, value, file=file, allowed=allowed))
        elif key in meant and key in LISTED_TABLES and isinstance(value, dict):
            continue  # its [[watch.test]] stands below the mistyped [[wacth]]
        elif key in SINGLE_TABLES:
            _take(reading, SINGLE_TABLES[key], value, file, (key,))
        elif key in LISTED_TABLES:
            _take_listed(reading, key, value, file)
        elif key in NAMED_TABLES:
            _take_named(reading, key, value, file)


def _take_listed(reading: Reading, key: str, value: object, file: str) -> None:
    if isinstance(value, dict) and (inner := [each for each in value if keys_of(LISTED_TABLES[key]).get(each)]):
        message, hint = f"[[{key}.{inner[0]}]] without a [[{key}]]", f"write it below the [[{key}]] that it belongs to"
        reading.faults.append(Fault(message=message, hint=hint, file=file, path=(key, inner[0])))
        return
    if not isinstance(value, list):
        fault = Fault(message=f"[{key}] must be a list of tables", hint=f"write [[{key}]]", file=file, path=(key,))
        reading.faults.append(fault)
        return
    for index, each in enumerate(value):
        _take(reading, LISTED_TABLES[key], each, file, (key, index))


def _take_named(reading: Reading, key: str, value: object, file: str) -> None:
    if not isinstance(value, dict):
        hint = f"write [{key}.NAME]"
        reading.faults.append(Fault(message=f"[{key}] must hold named tables", hint=hint, file=file, path=(key,)))
        return
    for name, each in value.items():
        _take(reading, NAMED_TABLES[key], each, file, (key, name))


def _take(reading: Reading, shape: type[Table], value: object, file: str, path: KeyPath) -> None:
    key = str(path[0])
    expanded: object = value
    missing: list[Fault] = []
    if isinstance(value, dict) and key not in INCLUDABLE:
        expanded, missing = _with_references(reading, value, file, path)
    table = read_table(shape, expanded)
    reading.faults += missing
    usable = (
        table
        if isinstance(table, Table)
        else read_without_unknown(shape, value, table, needed=_NEEDED.get(key, frozenset()))
    )
    if usable is not None and not missing:
        reading.placed.setdefault(key, []).append(Placed(table=usable, file=file, path=path))
    if isinstance(table, Table):
        return
    said = {fault.path for fault in missing}
    found = faults_of(table, shape=shape, file=file, path=path)
    reading.faults += [fault for fault in found if fault.path not in said]


def _with_references(
    reading: Reading, table: dict[str, Any], file: str, path: KeyPath
) -> tuple[dict[str, Any], list[Fault]]:
    expanded, faults = dict(table), []
    for key in _WITH_REFERENCES & table.keys():
        if isinstance(table[key], str):
            expanded[key], missing = secrets.expand(table[key], reading.environ, file=file, path=(*path, key))
            faults += missing
        elif isinstance(table[key], dict):
            expanded[key], missing = _with_all_references(reading, table[key], file, (*path, key))
            faults += missing
    return expanded, faults


def _with_all_references(
    reading: Reading, values: dict[str, Any], file: str, path: KeyPath
) -> tuple[dict[str, Any], list[Fault]]:
    expanded, faults = dict(values), []
    for key, value in values.items():
        if isinstance(value, str):
            expanded[key], missing = secrets.expand(value, reading.environ, file=file, path=(*path, key))
            faults += missing
    return expanded, faults
