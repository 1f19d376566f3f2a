"""Faults in words: where, what, the line with a caret, and what to do.

Carets drift under right-to-left text, so the column and the offending word are also said in words. Lines that may hold
a secret are shown with their value masked, since a daemon's log is not a place for secrets either.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from monitor.config.places import Place, offset_in_literal, places
from monitor.model.faults import Fault, KeyPath
from monitor.model.words import counted

Sources = Mapping[str, str]
"""The text of each configuration file by its name as shown."""

_MAY_BE_SECRET = re.compile(r"""(?:url|secret)["']?\s*=\s*["']*|:\/\/""")
_CREDENTIALS = re.compile(r"(?<=://)[^/\s\"']*(?=@)")
_REFERENCE = re.compile(r"\$\{env:\w*\}")
_OPEN_KEYS = {"in_doubt", "digest", "max_per_hour", "url_file", "secret_file"}
"""The keys of channels and the heartbeat that hold no secret; any other may be a mistyped one that does."""
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
        self._secrets: list[tuple[int, int]] | None = None

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
            return Spot(
                line=min(fault.spot[0], len(self._line_starts())), column=fault.spot[1], width=len(fault.word) or 1
            )
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

    def secrets_in(self, number: int, *, broken: bool = False) -> list[tuple[int, int]]:
        """What must not be shown of a line: spans of columns counted from 0, in order, references left out.

        In a ``broken`` line no keys are known: what follows the first sign of a secret is one.
        """
        line, start = self.line(number), self._line_starts()[number - 1]
        spans = [(begin - start, end - start) for begin, end in self._secret_values()]
        spans += [each.span() for each in _CREDENTIALS.finditer(line)]
        if broken and (sign := _MAY_BE_SECRET.search(line)):
            spans.append((sign.end(), len(line)))
        return [part for span in _joined(spans, len(line)) for part in _without_references(line, *span)]

    def _secret_values(self) -> list[tuple[int, int]]:
        if self._secrets is None:
            self._secrets = [
                _inside_quotes(self.text, place.start, place.end)
                for path, place in self._known_places().items()
                if _may_be_secret(path) and self.text[place.start : place.start + 1] in ("'", '"')
            ]
        return self._secrets

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self.text))]
        return self._starts

    def _known_places(self) -> Mapping[KeyPath, Place]:
        if not self._places:
            self._places = places(self.text)
        return self._places


def render_faults(faults: Iterable[Fault], sources: Sources, *, most: int | None = None) -> str:
    """The faults, in the order of files and lines, each as ``file:line: message`` with source line, caret and hint.

    Of those in one value, ``most`` are shown and the others counted; errors and warnings each by themselves.
    """
    texts = {name: SourceText(text) for name, text in sources.items()}
    located = _locate_all(faults, texts)
    number = Counter(_value_of(fault) for fault, _ in located)
    shown: Counter[_Value] = Counter()
    lines = []
    for fault, spot in located:
        value = _value_of(fault)
        shown[value] += 1
        if most is None or not fault.path or shown[value] <= most:
            lines.append(_render(fault, spot, texts))
        elif shown[value] == most + 1:
            lines.append(
                f"    and {counted(number[value] - most, f'more {fault.level}')} in this value: --json has all"
            )
    return "\n".join(lines)


_Value: TypeAlias = tuple[str, KeyPath, str]


def _value_of(fault: Fault) -> _Value:
    """A list of terms is one value, however many of them are wrong."""
    path = fault.path[:-1] if fault.path and isinstance(fault.path[-1], int) else fault.path
    return fault.file, path, fault.level


def render_first(faults: Sequence[Fault], sources: Sources, path: Path) -> str:
    """The first fault as :func:`render_faults` shows it, and the command that shows the others."""
    texts = {name: SourceText(text) for name, text in sources.items()}
    (fault, spot), *others = _locate_all(faults, texts)
    shown = _render(fault, spot, texts)
    if not others:
        return shown
    option = "" if path == Path("config.toml") else f" -c {path}"
    return f"{shown}\n1 of {len(others) + 1} faults; `monitor check{option}` lists all"


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
    source = texts[fault.file]
    hidden = source.secrets_in(spot.line, broken=fault.spot is not None)
    shown = excerpt(source.line(spot.line), spot, fault.word, hidden=hidden)
    return f"{fault.file}:{spot.line}: {level}{fault.message}\n{shown}{hint}"


def excerpt(line: str, spot: Spot, word: str = "", *, hidden: Iterable[tuple[int, int]] = ()) -> str:
    """The source line and a caret line below it; a long line is cut around the spot, the ``hidden`` spans left out."""
    shown, column, width = line, spot.column, spot.width
    for begin, end in reversed([*hidden]):
        shown = f"{shown[:begin]}…{shown[end:]}"
        if end < column:
            column -= end - begin - 1
        elif begin < column - 1 + width:  # the place is in the secret, or around it
            column, width = min(column, begin + 1), 1 if begin < column else max(1, width - (end - begin) + 1)
    if len(shown) > _LONGEST_LINE:
        first = max(0, column - 1 - _LONGEST_LINE // 2)
        cut_front, cut_back = first > 0, first + _LONGEST_LINE < len(shown)
        shown = ("…" if cut_front else "") + shown[first : first + _LONGEST_LINE] + ("…" if cut_back else "")
        column = column - first + (1 if cut_front else 0)
    shown = shown.replace("\t", " ")
    before = sum(_cells(character) for character in shown[: column - 1])
    carets = "^" * max(1, sum(_cells(character) for character in shown[column - 1 : column - 1 + width]))
    words = f" column {spot.column}" + (f": {word!r}" if word else "")
    return f"    {shown}\n    {' ' * before}{carets}{words}"


def _may_be_secret(path: KeyPath) -> bool:
    return path[-1] not in _OPEN_KEYS and (
        (path[0] == "channels" and len(path) > 2) or (path[0] == "heartbeat" and len(path) > 1)
    )


def _inside_quotes(text: str, start: int, end: int) -> tuple[int, int]:
    quotes = 3 if text[start : start + 3] in ('"""', "'''") else 1
    return start + quotes, end - quotes


def _joined(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """The spans within a line of ``length``, in order, overlapping ones as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted((max(begin, 0), min(end, length)) for begin, end in spans):
        if begin >= end:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _without_references(line: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a span that are not ``${env:NAME}``."""
    for reference in _REFERENCE.finditer(line, begin, end):
        if begin < reference.start():
            yield begin, reference.start()
        begin = reference.end()
    if begin < end:
        yield begin, end


def _cells(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
