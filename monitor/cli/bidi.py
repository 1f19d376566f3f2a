"""Right-to-left text on a terminal: kept in its place, so that it moves neither columns nor what stands beside it.

A run is isolated (FSI … PDI), so that its own words keep their order; the left-to-right marks around it hold the place
on terminals that order text but know no isolates. None of these characters takes room.
"""

from __future__ import annotations

import re
import unicodedata

LRM = "\u200e"
FSI = "\u2068"
PDI = "\u2069"
_LETTER = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"
_RUN = re.compile(rf"{_LETTER}(?:.*{_LETTER})?[.!?؟…]*", re.DOTALL)


def is_right_to_left(text: str) -> bool:
    """Whether any letter of ``text`` is written from right to left."""
    return any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)


def in_place(text: str) -> str:
    """``text``, marked as a whole where it is right-to-left."""
    return f"{LRM}{FSI}{text}{PDI}{LRM}" if is_right_to_left(text) else text


def run_in_place(line: str) -> str:
    """A left-to-right line that may quote right-to-left words: these are marked, from the first letter to the last."""
    return _RUN.sub(lambda run: in_place(run.group()), line, count=1)
