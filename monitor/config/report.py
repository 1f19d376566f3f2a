"""Faults in words: where, what, the line with a caret, and what to do.

Carets drift under right-to-left text, so the column and the offending word are also said in words. Lines that may hold
a secret are shown with their value masked, since a daemon's log is not a place for secrets either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.config.places import Place, offset_in_literal, places
from monitor.model.faults import Fault, KeyPath

Sources = Mapping[str, str]
"""The text of each configuration file by its name as shown."""

_SECRET_LINE = re.compile(r"""^(\s*(?:url|secret)\s*=\s*)(["'])(?!\$\{env:[^}]*\}["']\s*(?:\#|$)).*$""")
_SECRET_TABLES = {"channels", "heartbeat"}
_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place for people: 1-based line and column (code points), and the width of what is meant."""

    line: int
    column: int
    width: int


def render_faults(faults: Iterable[Fault], sources: Sources) -> str:
    """All faults, in the order of files and lines, each as ``file:line: message`` with source line, caret and hint."""
    located = locate_all(faults, sources)
    return "\n".join(_render(fault, spot, sources) for fault, spot in located)


def locate_all(faults: Iterable[Fault], sources: Sources) -> list[tuple[Fault, Spot | None]]:
    """Each distinct fault with its spot (None where it has no file), sorted by file and line."""
    maps: dict[str, Mapping[KeyPath, Place]] = {}
    located = []
    for fault in dict.fromkeys(faults):
        if fault.file in sources and fault.file not in maps:
            maps[fault.file] = places(sources[fault.file])
        located.append((fault, _locate(fault, sources.get(fault.file), maps.get(fault.file, {}))))
    order = {name: index for index, name in enumerate(sources)}
    return sorted(located, key=lambda pair: (order.get(pair[0].file, -1), pair[1].line if pair[1] else 0))


def spot_at(text: str, offset: int, width: int = 1) -> Spot:
    """The spot of a code point offset."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Spot(line=text.count("\n", 0, offset) + 1, column=offset - line_start + 1, width=max(width, 1))


def _locate(fault: Fault, text: str | None, found: Mapping[KeyPath, Place]) -> Spot | None:
    if text is None:
        return None
    path = fault.path
    while path and path not in found:
        path = path[:-1]
    if path not in found:
        return None
    place = found[path]
    literal = text[place.start : place.end]
    if fault.column is not None and literal[:1] in ("'", '"') and path == fault.path:
        offset = place.start + offset_in_literal(literal, fault.column)
        return spot_at(text, offset, len(fault.word))
    if fault.word:
        line_end = text.find("\n", place.key)
        offset = text.find(fault.word, place.key, line_end if line_end >= 0 else len(text))
        if offset >= 0:
            return spot_at(text, offset, len(fault.word))
    start = place.start if path == fault.path else place.key
    return spot_at(text, start, len(text[start : place.end].partition("\n")[0]))


def _render(fault: Fault, spot: Spot | None, sources: Sources) -> str:
    level = "warning: " if fault.level == "warning" else ""
    hint = f"\n    {fault.hint}" if fault.hint else ""
    if spot is None:
        where = f"{fault.file}: " if fault.file else ""
        return f"{where}{level}{fault.message}{hint}"
    line = sources[fault.file].split("\n")[spot.line - 1]
    return f"{fault.file}:{spot.line}: {level}{fault.message}\n{excerpt(line, spot, fault.word, path=fault.path)}{hint}"


def excerpt(line: str, spot: Spot, word: str = "", *, path: KeyPath = ()) -> str:
    """The source line and a caret line below it; a long line is cut around the spot."""
    shown, column = _masked(line, spot.column, path), spot.column
    if shown != line:
        return f"    {shown}"
    if len(line) > _LONGEST_LINE:
        begin = max(0, column - 1 - _LONGEST_LINE // 2)
        cut_front, cut_back = begin > 0, begin + _LONGEST_LINE < len(line)
        shown = ("…" if cut_front else "") + line[begin : begin + _LONGEST_LINE] + ("…" if cut_back else "")
        column = column - begin + (1 if cut_front else 0)
    shown = shown.replace("\t", " ")
    before = sum(_cells(character) for character in shown[: column - 1])
    under = shown[column - 1 : column - 1 + spot.width]
    carets = "^" * max(1, sum(_cells(character) for character in under))
    words = f" column {spot.column}" + (f": {word!r}" if word else "")
    return f"    {shown}\n    {' ' * before}{carets}{words}"


def _masked(line: str, column: int, path: KeyPath) -> str:
    if path and path[0] not in _SECRET_TABLES:
        return line
    return _SECRET_LINE.sub(r"\1\2…\2", line) if column else line


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
