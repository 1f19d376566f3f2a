"""Words that every sentence to a person needs: numbers with their nouns, and what a mistyped word was meant to be."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def counted(number: int, one: str, many: str = "") -> str:
    """``1 article``, ``2,310 articles``; ``many`` is the plural where an s does not make it."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that ``word`` was most likely meant to be, capitals aside; empty where none is near."""
    by_folded = {each.casefold(): each for each in sorted(known)}
    nearest = get_close_matches(word.casefold(), by_folded, n=1, cutoff=0.65)
    return by_folded[nearest[0]] if nearest else ""


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint that names the closest of the known words; ``otherwise`` where none is near."""
    nearest = closest(word, known)
    return f"did you mean '{nearest}'?" if nearest else otherwise
