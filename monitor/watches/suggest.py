"""\"Did you mean\": the nearest of the words that would have been right."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """A hint naming the nearest of ``known``; ``otherwise`` when none is near."""
    choices = sorted(set(known))
    by_lower = {each.casefold(): each for each in choices}
    nearest = get_close_matches(word.casefold(), by_lower, n=1, cutoff=0.6)
    return f"did you mean '{by_lower[nearest[0]]}'?" if nearest else otherwise
