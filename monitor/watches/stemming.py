"""One door to simplemma, the optional extra behind ``stem:``."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from importlib.util import find_spec

from monitor.watches.folding import fold


def stemmer_for(language: str) -> Callable[[str], str] | str:
    """The function from a word to its folded base form in ``language``; a sentence where there is none."""
    if find_spec("simplemma") is None:
        return "stem: needs the optional extra: pip install 'newsmonitor[stem]'"
    if not _supported(language):
        return f"stem: has no dictionary for the language '{language}'"
    return partial(_stem, language)


@lru_cache(maxsize=64)
def _supported(language: str) -> bool:
    from simplemma import lemmatize  # noqa: PLC0415 - optional and slow to load

    try:
        lemmatize("a", lang=language)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=50_000)
def _stem(language: str, word: str) -> str:
    from simplemma import lemmatize  # noqa: PLC0415 - optional and slow to load

    return fold(lemmatize(word, lang=language))
