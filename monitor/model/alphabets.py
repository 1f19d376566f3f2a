"""Which alphabet a page or feed of single bytes is in: nobody says it, or a server says ``iso-8859-1`` without looking.

In Cyrillic, Arabic, Greek, Hebrew or Thai nearly every letter is a byte above 7F, in Latin alphabets few are. The right
charset is the one under which those bytes are the letters that its languages use most.
"""

from __future__ import annotations

import re

COMMON = {
    "cp1251": "оеаинтсрвлкмдпуяыьбгзчйхжії",
    "koi8_u": "оеаинтсрвлкмдпуяыьбгзчйхжії",
    "cp866": "оеаинтсрвлкмдпуяыьбгзчйхж",
    "cp1256": "اينرمهدوتلبسکكيىشعقحفپخچگءئةأإط",
    "cp1253": "αοιετσνρηπκμλςυγδωχθέόίάήώύ",
    "cp1255": "יהולאתרמבשנפקחדעכסגםןצטז",
    "cp874": "านรกอเงมยลวดทสต่้บปคะิัีหใไ็ืชขพผถจแโุ",
}
"""The letters of a running text, in lower case; of Arabic letters those of Persian, Urdu and Pashto too. KOI8-U has the
Ukrainian letters where KOI8-R has lines of frames, and is the same otherwise."""

LOOKED_AT = 30_000
LEAST_HIGH = 60
"""Bytes above 7F below which nothing can be said."""

HIGH_RUN = re.compile(rb"[\x80-\xff]+")
MEAN_RUN = 2.5
"""Mean length of runs of such bytes from which they are words, not letters with accents among others."""

LEAST_SHARE = 0.75


def alphabet_of(visible: bytes) -> str | None:
    """The codec of a text in one of these alphabets; None for Latin letters, for several bytes a letter, in doubt."""
    runs = HIGH_RUN.findall(visible[:LOOKED_AT])
    high = b"".join(runs)
    if len(high) < LEAST_HIGH or len(high) < MEAN_RUN * len(runs):
        return None
    shares = {codec: _share(high, codec, letters) for codec, letters in COMMON.items()}
    best = max(shares, key=lambda codec: shares[codec])
    return best if shares[best] >= LEAST_SHARE else None


def reads_well(visible: bytes, codec: str) -> bool:
    """Whether the text is in this one of the alphabets, in small letters or in capitals; for a charset that is stated.

    Capitals and small letters mixed at random are another alphabet's letters.
    """
    high = b"".join(HIGH_RUN.findall(visible[:LOOKED_AT]))
    text, letters = high.decode(codec, "ignore"), COMMON.get(codec, "")
    return max(_common(text, letters), _common(text.swapcase(), letters)) >= LEAST_SHARE * len(high)


def _share(high: bytes, codec: str, letters: str) -> float:
    """Which part of the characters are common letters in lower case: the other charset of a script swaps the cases."""
    return _common(high.decode(codec, "ignore"), letters) / len(high)


def _common(text: str, letters: str) -> int:
    return sum(map(text.count, dict.fromkeys(letters)))
