"""Words of a text, each with every form under which it can be found.

A text is cut at white space into *chunks*, which repeat themselves and so are worth remembering. In a chunk, a *run*
is letters, digits and marks, joined by hyphens, apostrophes, dots or ZWNJ. It is split at the joiners into *parts*;
each part is a word with a position, and the concatenation of neighbouring parts can be found as well. So ``IS-KP`` is
found in IS‑KP, ISKP and "IS KP". The English possessive 's has no position. In Han, kana, Thai, Lao, Khmer and Myanmar
script every character (with its marks) is a word, so a term is a phrase.

The character classes stay within the BMP: one range above it makes ``re`` four times as slow. Chunks with letters up
there (rare Han, mathematical alphabets) are read with a second, wider pattern.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from monitor.watches.folding import FORMAT_CHARACTERS, exact, fold

APOSTROPHES = "'’‘ʼʻʹʾʿ＇`´"
JOINERS = APOSTROPHES + "-‐‑‒–−－﹣._·\u200c־׳״"
LONGEST_PART = 64
"""Characters; a longer run of letters is cut. It bounds the cost of folding hostile text."""
LONGEST_RUN = 100
"""Parts; a longer run is cut."""
WIDEST_JOINT = 9
"""Neighbouring parts of a run that are also found concatenated. More are no spelling of a word."""
STAR, ANY_LETTER = "\ue000", "\ue001"
"""The wildcards ``*`` and ``?`` of a term, out of the way of every other rule."""
SHORT = 3
"""Characters up to which folded words are remembered by themselves: in Chinese, and with their marks in Thai, every
character is a word, and no paragraph comes twice."""
JOINT = "\x1f"

_SINGLE_BLOCKS = (
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FA), (0x30FC, 0x30FF),
    (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
)  # fmt: skip
_SINGLE_ASTRAL = "\U00020000-\U0003ffff"
_WORD_ASTRAL = "\U00010000-\U0001018f\U00010280-\U000103ff\U00010400-\U00016fff\U0001d400-\U0001d7ff"


def _char_class(codes: set[int]) -> str:
    """The characters as ranges."""
    known = sorted(codes)
    firsts = [code for before, code in zip([-2, *known], known, strict=False) if code != before + 1]
    lasts = [code for code, after in zip(known, [*known[1:], -2], strict=True) if after != code + 1]
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in zip(firsts, lasts, strict=True))


@cache
def _classes() -> tuple[str, str, str]:
    """Word characters, characters that are words themselves, and the marks that stay with those."""
    kinds = "".join([unicodedata.category(each)[0] for each in map(chr, range(0x10000))])
    single = {code for low, high in _SINGLE_BLOCKS for code in range(low, high + 1) if kinds[code] in "LM"}
    marks = {code for code in single if kinds[code] == "M" or chr(code) in "\u0e33\u0eb3ﾞﾟ"}
    words = {code for code, kind in enumerate(kinds) if kind in "LMN"} - {*map(ord, JOINERS)}
    return (
        _char_class((words | {*map(ord, FORMAT_CHARACTERS)}) - single),
        _char_class(single - marks),
        _char_class(marks | {0x3099, 0x309A}),
    )


def _run_pattern(*, astral: bool, wildcards: bool) -> re.Pattern[str]:
    words, bases, marks = _classes()
    words += (STAR + ANY_LETTER if wildcards else "") + (_WORD_ASTRAL if astral else "")
    bases += _SINGLE_ASTRAL if astral else ""
    joiners = re.escape(JOINERS)
    part = f"[{words}]{{1,{LONGEST_PART}}}"
    joiner = f'(?:[{joiners}]|(?<=[א-ת])"(?=[א-ת]))'
    cluster = f"[{bases}](?:\u0e4d\u0e32|[{marks}]){{0,8}}"
    return re.compile(f"{part}(?:{joiner}{part}){{0,{LONGEST_RUN - 1}}}|{cluster}{STAR}?|[{marks}]{{1,8}}")


RUN = _run_pattern(astral=False, wildcards=False)
PLAIN = re.compile(f"[{_classes()[0]}]{{1,{LONGEST_PART}}}")
_SPLIT = re.compile(f'[{re.escape(JOINERS)}"]')


@cache
def _wide_run() -> re.Pattern[str]:
    return _run_pattern(astral=True, wildcards=False)


@cache
def term_run() -> re.Pattern[str]:
    """The pattern for terms, in which ``STAR`` and ``ANY_LETTER`` are letters."""
    return _run_pattern(astral=True, wildcards=True)


def run_pattern(text: str) -> re.Pattern[str]:
    """The pattern whose matches are the runs of ``text``: the narrow one unless something lies beyond the BMP."""
    if text.isascii() or len(text.encode("utf-16-le", "surrogatepass")) == 2 * len(text):
        return RUN
    return _wide_run()


class Part(NamedTuple):
    """One part of a run: its folded spelling, what is written, and where it lies in the run."""

    folded: str
    written: str
    start: int
    end: int

    @property
    def exact(self) -> str:
        """Its spelling for ``case``."""
        return exact(self.written)


def runs(chunk: str) -> list[list[Part]]:
    """The runs of ``chunk``, each as its parts that have a position: none that folds away, not the possessive 's."""
    found = (run_parts(chunk, *run.span()) for run in run_pattern(chunk).finditer(chunk))
    return [each for each in found if each]


_ASCII_JOINERS = "-'`._"
_ASCII_RUN = re.compile(rf"[A-Za-z0-9]+(?:[{_ASCII_JOINERS}][A-Za-z0-9]+){{0,{LONGEST_RUN - 1}}}")
_ASCII_SPLIT = re.compile(f"[{_ASCII_JOINERS}]")
_ASCII_GAPS = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}
"""Whole, because ``translate`` pays dearly for a letter that is missing."""


def ascii_runs(chunk: str) -> list[list[str]]:
    """The written parts that :func:`runs` finds, for ASCII of at most ``LONGEST_PART`` characters, far faster."""
    joined = chunk.split("-")
    if all(map(str.isalnum, joined)):
        return [joined]
    words = chunk.translate(_ASCII_GAPS).split()
    if len(words) == 1:
        return [words]
    return _two_words(chunk, *words) if len(words) == 2 else _many_words(chunk)


def _two_words(chunk: str, first: str, second: str) -> list[list[str]]:
    end = chunk.index(first) + len(first)
    if chunk[end] not in _ASCII_JOINERS or not chunk.startswith(second, end + 1):
        return [[first], [second]]
    return [[first]] if chunk[end] in "'`" and second in "sS" else [[first, second]]


def _many_words(chunk: str) -> list[list[str]]:
    found = []
    for run in _ASCII_RUN.findall(chunk):
        written = _ASCII_SPLIT.split(run)
        if len(written) > 1 and written[-1] in ("s", "S") and run[-2] in "'`":
            written.pop()
        found.append(written)
    return found


def parts(text: str) -> list[Part]:
    """All parts of all runs of ``text``."""
    return [part for run in runs(text) for part in run]


def is_plain(chunk: str) -> bool:
    """Whether ``chunk`` is one part and nothing else."""
    return PLAIN.fullmatch(chunk) is not None


def run_parts(chunk: str, start: int, end: int) -> list[Part]:
    """The parts with a position of the run that lies from ``start`` to ``end`` in ``chunk``."""
    if end - start == 1:
        only = _part(chunk, start, end)
        return [only] if only.folded else []
    found: list[Part] = []
    for joiner in _SPLIT.finditer(chunk, start, end):
        found.append(_part(chunk, start, joiner.start()))
        start = joiner.end()
    found.append(_part(chunk, start, end))
    if len(found) > 1 and found[-1].folded == "s" and chunk[found[-1].start - 1] in APOSTROPHES:
        found.pop()
    return [each for each in found if each.folded]


def _part(run: str, start: int, end: int) -> Part:
    written = run[start:end]
    return Part(_fold_short(written) if end - start <= SHORT else fold(written), written, start, end)


_fold_short = lru_cache(maxsize=20_000)(fold)


@lru_cache(maxsize=32)
def stretches(count: int) -> tuple[tuple[int, int], ...]:
    """Offset and width of every part of a run of ``count``, and of neighbours up to ``WIDEST_JOINT`` together."""
    return tuple(
        (offset, width) for width in range(1, min(count, WIDEST_JOINT) + 1) for offset in range(count - width + 1)
    )
