"""The file and the files it includes, read into tables; every fault on the way is kept, none stops the reading."""

from __future__ import annotations

import glob
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar, cast

from monitor.config import secrets, toml
from monitor.config.report import SourceText, Spot, excerpt
from monitor.config.shape import LISTED_TABLES, NAMED_TABLES, SINGLE_TABLES, Table, read_table
from monitor.config.wording import TOP_LEVEL, faults_of, unknown_table
from monitor.model.faults import Fault, KeyPath

T = TypeVar("T", bound=Table)

INCLUDABLE = ("watch", "terms")
_HOLDS_REFERENCES = {"storage", "polling", "net", "feed", "channels", "heartbeat"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[T]):
    """A valid table and where it stands; ``raw`` is the table as written, references not yet replaced."""

    table: T
    file: str
    path: KeyPath
    raw: Mapping[str, Any]


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
        for included in _included(reading, document.get("include", [])):
            part = _document(reading, included)
            if part is not None:
                _take_tables(reading, part, file=str(included), allowed=INCLUDABLE)
    return reading


def _document(reading: Reading, path: Path) -> dict[str, Any] | None:
    text = toml.read(path)
    if isinstance(text, Fault):
        reading.faults.append(text)
        return None
    reading.sources[str(path)] = text
    parsed = toml.parse(text)
    if not isinstance(parsed, toml.Broken):
        return parsed
    source = SourceText(text)
    spot = Spot(line=min(parsed.line, text.count("\n") + 1), column=parsed.column, width=1)
    where = f"{path}:{spot.line}:{spot.column}"
    shown = f"{where}: this is not TOML: {parsed.message}\n{excerpt(source.line(spot.line), spot)}"
    reading.faults.append(Fault(message=shown))
    return None


def _included(reading: Reading, patterns: object) -> list[Path]:
    file = str(reading.path)
    if not isinstance(patterns, list) or not all(isinstance(each, str) for each in patterns):
        hint = 'for example include = ["watchlists/*.toml"]'
        fault = Fault(message="'include' must be a list of file names", hint=hint, file=file, path=("include",))
        reading.faults.append(fault)
        return []
    found: dict[Path, None] = {}
    for index, pattern in enumerate(patterns):
        names = sorted(glob.glob(str(reading.directory / Path(pattern).expanduser()), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
        found |= dict.fromkeys(Path(name) for name in names if Path(name) != reading.path)
        if not names:
            level: Literal["error", "warning"] = "warning" if glob.has_magic(pattern) else "error"
            message = f"no file matches '{pattern}'"
            hint = f"relative names count from {reading.directory.resolve()}"
            place: KeyPath = ("include", index)
            reading.faults.append(Fault(message=message, hint=hint, file=file, path=place, level=level))
    return list(found)


def _take_tables(reading: Reading, document: dict[str, Any], *, file: str, allowed: tuple[str, ...]) -> None:
    for key, value in document.items():
        if key not in allowed:
            reading.faults.append(unknown_table(key, file=file, allowed=allowed))
        elif key in SINGLE_TABLES:
            _take(reading, SINGLE_TABLES[key], value, file, (key,))
        elif key in LISTED_TABLES:
            _take_listed(reading, key, value, file)
        elif key in NAMED_TABLES:
            _take_named(reading, key, value, file)


def _take_listed(reading: Reading, key: str, value: object, file: str) -> None:
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
    if key in _HOLDS_REFERENCES:
        expanded, missing = secrets.expand(value, reading.environ, file=file, path=path)
    table = read_table(shape, expanded)
    reading.faults += missing
    if isinstance(table, Table):
        if not missing:
            raw = value if isinstance(value, dict) else {}
            reading.placed.setdefault(key, []).append(Placed(table=table, file=file, path=path, raw=raw))
        return
    said = {fault.path for fault in missing}
    found = faults_of(table, shape=shape, file=file, path=path)
    reading.faults += [fault for fault in found if fault.path not in said]
