"""What the rules know of each language, from one small file a language: ``languages/CODE.toml``.

docs/identity.md says how to add one. Words are compared folded, as everywhere in this room.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from monitor.stories.words import fold

SAMPLE_WORDS = 80
GUESSED_FROM_WORDS = 20
"""A shorter text of unstated language may be of any."""
SURE_SHARE, SURELY_MORE = 0.1, 1.25
"""Of the words of a text, those that are function words of its language, and how many times as many as of any other: of
English and German 35 in 100 and more, of Arabic 7 to 23; of Italian, Dutch or Turkish read as the likest, 5 to 16."""
DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""As ``[days]`` of the files calls them, in the order of :meth:`datetime.date.weekday`."""
_SCRIPTS = {"zh": "[\u4e00-\u9fff]", "fa": "[\u0600-\u06ff]", "ru": "[\u0400-\u04ff]", "en": "[a-z]"}
_CHINESE = re.compile("(?=.*[\u4e00-\u9fff])[^\u3040-\u30ff]+")
"""Han without kana, which are Japanese."""
_WORD_LISTS = (
    "function_words", "common_words", "months", "separators", "qualifiers", "one_more", "units", "not_after", "counters"
)  # fmt: skip
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d]+|[,;:،؛()—–.!?؟۔।\n]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language file, folded and ready to use."""

    code: str
    function_words: frozenset[str]
    common_words: frozenset[str]
    """Those that stand in one of ten reports or more, whatever they report: "province", "spokesman"."""
    months: frozenset[str]
    separators: frozenset[str]
    """Words and marks that end the reach of a count: "and", commas."""
    qualifiers: frozenset[str]
    """Words that may stand between a casualty word and the count after it: "at least"."""
    one_more: frozenset[str]
    """Words that count one where no number follows: "another"."""
    units: frozenset[str]
    """A number beside one of these counts no people: "years"."""
    not_after: frozenset[str]
    """A number after one of these counts no people: "on", "aged"."""
    counters: frozenset[str]
    """A number beside one of these is a page's own: "views", "comments"."""
    numbers: Mapping[str, int]
    casualties: Mapping[str, str]
    """Kind of casualty by word."""
    exact: Mapping[str, tuple[str, int]]
    """Words that say kind and number at once, such as Arabic duals."""
    casualty_words: frozenset[str]
    """Those of both."""
    corrections: tuple[str, ...]
    retractions: tuple[str, ...]
    capital_nouns: bool
    """Whether every noun has a capital, so that one tells no name."""
    lexicon: re.Pattern[str] | None
    """Cuts the text of a language that writes no spaces."""
    day_words: frozenset[str]
    """The words by which days are named, without their endings."""
    days: re.Pattern[str] | None
    """Finds what names a day; the group says which: one of DAY_NAMES, "today", "yesterday", "tomorrow" or "none"."""

    day_beginnings: tuple[str, ...]
    """One of them stands wherever ``days`` finds something."""

    @property
    def words_of_rules(self) -> frozenset[str]:
        """What names days, months, units, numbers and casualties."""
        return frozenset([*self.day_words, *self.months, *self.units, *self.numbers, *self.casualty_words])

    @property
    def spaced(self) -> bool:
        """Whether its words are written with spaces between."""
        return self.lexicon is None

    def words(self, folded: str) -> list[str]:
        """Words, numbers and the marks that end clauses, in order."""
        found: list[str] = (self.lexicon or _WORD).findall(folded)
        return found


@lru_cache(maxsize=1)
def languages() -> Mapping[str, Language]:
    """Every language by ISO 639-1 code."""
    return {code: _language(code, spec) for code, spec in _files().items()}


def known_language(code: str | None) -> Language | None:
    """The language of a code such as ``en-GB``, where it has a file."""
    return languages().get(code.partition("-")[0].lower()) if code else None


def language_of(code: str | None, words: Sequence[str]) -> Language | None:
    """The language of that code; where unknown, the one whose function words stand most often in ``words``."""
    known = known_language(code)
    if known:
        return known
    sample = words[:SAMPLE_WORDS]
    hits = _hits(sample)
    return languages()[min(hits, key=lambda name: (-hits[name], name))] if hits else _by_script(sample)


def surely_spoken(code: str | None, words: Sequence[str]) -> str:
    """The code of the language; empty where it has no file, or ``words`` may be of another.

    The guess of :func:`language_of` is good enough for looking for its words. But to call two reports foreign to each
    other takes more: texts in Italian have a few function words of Spanish or French, whichever.
    """
    known = known_language(code)
    if known:
        return known.code
    if len(words) < GUESSED_FROM_WORDS:
        return ""
    sample = words[:SAMPLE_WORDS]
    hits = _hits(sample)
    most, next_most = [*sorted(hits.values(), reverse=True), 0, 0][:2]
    if most >= max(SURE_SHARE * len(sample), SURELY_MORE * next_most, 1):
        return max(hits, key=hits.__getitem__)
    return "zh" if _CHINESE.fullmatch("".join(sample)) else ""


def _hits(sample: Sequence[str]) -> dict[str, int]:
    """How many words of a sample are function words, by language."""
    spoken_in = _spoken_in()
    hits: dict[str, int] = {}
    for names in filter(None, map(spoken_in.get, sample)):
        for name in names:
            hits[name] = hits.get(name, 0) + 1
    return hits


@lru_cache(maxsize=1)
def _spoken_in() -> Mapping[str, tuple[str, ...]]:
    """The languages that have a word among their function words."""
    found: dict[str, tuple[str, ...]] = {}
    for code, language in languages().items():
        for word in language.function_words:
            found[word] = (*found.get(word, ()), code)
    return found


def _by_script(words: Sequence[str]) -> Language | None:
    """The language most likely meant by a headline without function words."""
    letters = "".join(words)
    for code, pattern in _SCRIPTS.items():
        if re.search(pattern, letters):
            return languages().get(code)
    return None


def _files() -> dict[str, dict[str, Any]]:
    folder = files("monitor.stories").joinpath("languages")
    return {
        each.name.removesuffix(".toml"): tomllib.loads(each.read_text("utf-8"))
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.endswith(".toml")
    }


def _language(code: str, spec: Mapping[str, Any]) -> Language:
    markers = spec.get("markers", {})
    numbers = {fold(re.sub(r"['’ʼ]", "", word)): int(value) for word, value in spec.get("numbers", {}).items()}
    casualties = {word: kind for kind, listed in spec.get("casualties", {}).items() for word in _folded(listed)}
    exact = {fold(word): (kind, int(n)) for word, (kind, n) in spec.get("exact", {}).items()}
    sets = {name: frozenset(_folded(spec.get(name, ""))) for name in _WORD_LISTS}
    return Language(
        code=code,
        numbers=numbers,
        casualties=casualties,
        exact=exact,
        casualty_words=frozenset([*casualties, *exact]),
        corrections=tuple(fold(each) for each in markers.get("correction", ())),
        retractions=tuple(fold(each) for each in markers.get("retraction", ())),
        lexicon=_lexicon([*numbers, *casualties, *(word for each in sets.values() for word in each)])
        if spec.get("unspaced")
        else None,
        capital_nouns=bool(spec.get("capital_nouns")),
        day_words=frozenset(
            word for named in spec.get("days", {}).values() for each in named for word in _folded(each.rstrip("*"))
        ),
        days=_days(spec.get("days", {}), spaced=not spec.get("unspaced")),
        day_beginnings=_beginnings(spec.get("days", {})),
        **sets,
    )


def _days(listed: Mapping[str, Sequence[str]], *, spaced: bool) -> re.Pattern[str] | None:
    """What names no day goes first, so that "Black Friday" is not read as Friday."""
    groups = [
        f"(?P<{day}>{'|'.join(map(_phrase, sorted(phrases, key=len, reverse=True)))})"
        for day, phrases in sorted(listed.items(), key=lambda item: item[0] != "none")
        if phrases
    ]
    if not groups:
        return None
    either = "|".join(groups)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)" if spaced else either)


def _phrase(phrase: str) -> str:
    """A star is any ending; a zero-width non-joiner may be written as a space, or not at all."""
    return " ?".join(map(re.escape, _parts(phrase))) + (r"\w*" if phrase.endswith("*") else "")


def _parts(phrase: str) -> list[str]:
    plain = re.sub(r"['’ʼ]", "", phrase)
    return [fold(part) for part in plain.removesuffix("*").split("\u200c")]


def _beginnings(listed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """How phrases begin, none of which begins as a shorter one does."""
    kept: list[str] = []
    for begin in sorted((_parts(phrase)[0] for phrases in listed.values() for phrase in phrases), key=len):
        if not begin.startswith(tuple(kept)):
            kept.append(begin)
    return tuple(kept)


def _folded(listed: str) -> list[str]:
    """The words of a list; what folding splits (``p'ять``) counts by its first part too, as the text is split."""
    return [part for word in listed.split() for part in [fold(word)] if part]


def _lexicon(words: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return re.compile("|".join([r"\d+(?:[.,]\d+)*", *map(re.escape, longest_first), r"[^\W\d]|[，；：。！？,;:!?.\n]"]))
