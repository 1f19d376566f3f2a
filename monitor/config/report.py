"""Faults in words: where, what, the line with a caret, and what to do.

Carets drift under right-to-left text, so the column and the offending word are also said in words. Lines that may hold
a secret are shown with their value masked, since a daemon's log is not a place for secrets either.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.config.places import Place, offset_in_literal, places
from monitor.model.faults import Fault, KeyPath

Sources = Mapping[str, str]
"""The text of each configuration file by its name as shown."""

_SECRET_LINE = re.compile(r"""^(\s*(?:url|secret)\s*=\s*["']?)(.*?)(["']?\s*)$""")
_REFERENCE = re.compile(r"(\$\{env:\w*\})|(?:(?!\$\{env:).)+")
_SECRET_TABLES = {"channels", "heartbeat"}
_LONGEST_LINE = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place for people: 1-based line and column (code points), and the width of what is meant."""

    line: int
    column: int
    width: int


class SourceText:
    """One file as the user sees it: lines, and the places of its keys, found when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts: list[int] = []
        self._places: Mapping[KeyPath, Place] = {}

    def line(self, number: int) -> str:
        """The text of a line, counted from 1."""
        start = self._line_starts()[number - 1]
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)]

    def spot(self, offset: int, width: int = 1) -> Spot:
        """The spot of a code point offset."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return Spot(line=line, column=offset - starts[line - 1] + 1, width=max(width, 1))

    def spot_of(self, fault: Fault) -> Spot | None:
        """The spot of a fault: the word in its value, the value, or the nearest table around a key that is missing."""
        if fault.spot:
            return Spot(line=min(fault.spot[0], len(self._line_starts())), column=fault.spot[1], width=1)
        path = fault.path
        while path and path not in self._known_places():
            path = path[:-1]
        if path not in self._known_places():
            return None
        place = self._known_places()[path]
        literal = self.text[place.start : place.end]
        if fault.column is not None and literal[:1] in ("'", '"') and path == fault.path:
            return self.spot(place.start + offset_in_literal(literal, fault.column), len(fault.word))
        if fault.word:
            line_end = self.text.find("\n", place.key)
            offset = self.text.find(fault.word, place.key, line_end if line_end >= 0 else len(self.text))
            if offset >= 0:
                return self.spot(offset, len(fault.word))
        start = place.start if path == fault.path else place.key
        return self.spot(start, len(self.text[start : place.end].partition("\n")[0]))

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        return self._starts

    def _known_places(self) -> Mapping[KeyPath, Place]:
        if not self._places:
            self._places = places(self.text)
        return self._places


def render_faults(faults: Iterable[Fault], sources: Sources) -> str:
    """All faults, in the order of files and lines, each as ``file:line: message`` with source line, caret and hint."""
    texts = {name: SourceText(text) for name, text in sources.items()}
    return "\n".join(_render(fault, spot, texts) for fault, spot in _locate_all(faults, texts))


def locate_all(faults: Iterable[Fault], sources: Sources) -> list[tuple[Fault, Spot | None]]:
    """Each distinct fault with its spot (None where it has no file), sorted by file and line."""
    return _locate_all(faults, {name: SourceText(text) for name, text in sources.items()})


def _locate_all(faults: Iterable[Fault], texts: Mapping[str, SourceText]) -> list[tuple[Fault, Spot | None]]:
    located = [(each, texts[each.file].spot_of(each) if each.file in texts else None) for each in dict.fromkeys(faults)]
    order = {name: index for index, name in enumerate(texts)}
    return sorted(located, key=lambda pair: (order.get(pair[0].file, -1), pair[1].line if pair[1] else 0))


def _render(fault: Fault, spot: Spot | None, texts: Mapping[str, SourceText]) -> str:
    level = "warning: " if fault.level == "warning" else ""
    hint = f"\n    {fault.hint}" if fault.hint else ""
    if spot is None:
        where = f"{fault.file}: " if fault.file else ""
        return f"{where}{level}{fault.message}{hint}"
    shown = excerpt(texts[fault.file].line(spot.line), spot, fault.word, path=fault.path)
    return f"{fault.file}:{spot.line}: {level}{fault.message}\n{shown}{hint}"


def excerpt(line: str, spot: Spot, word: str = "", *, path: KeyPath = ()) -> str:
    """The source line and a caret line below it; a long line is cut around the spot."""
    shown, column = _masked(line, path), spot.column
    if shown != line:
        return f"    {shown}" + (f"\n    column {column}: {word!r}" if word else "")
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


def _masked(line: str, path: KeyPath) -> str:
    """The line with what may be secret in it left out; references to variables stay."""
    found = _SECRET_LINE.match(line)
    if not found or (path and path[0] not in _SECRET_TABLES):
        return line
    return found[1] + _REFERENCE.sub(lambda part: part[1] or "…", found[2]) + found[3]


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
