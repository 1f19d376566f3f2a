"""What changed materially between two versions of an article, or between a story and a further report, in words.

Rules:

1. A correction or retraction marker that newly stands in the title or at either end of the text.
2. A count of casualties that the old version did not give ("killed 1 → 3").
3. A number of the first 120 words that the old version has nowhere; times, dates and a page's own counters aside.
4. Genuinely new sentences of at least 40 words and a quarter of the old text; link lists are no sentences.
5. A body shrunk below 60 %.

A version read only in part (a summary, a paywall) is never held against a whole one, but for rules 1 and 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from monitor.model.stories import MaterialChange
from monitor.stories.casualties import casualty_counts
from monitor.stories.languages import SAMPLE_WORDS, Language, known_language, language_of
from monitor.stories.words import fold, sentences, tokens

TOP_WORDS = 120
NEW_WORDS = 40
NEW_SHARE = 0.25
SHRUNK_TO = 0.6
SHRINKABLE_WORDS = 60
ENDS_CHARS = 300
REMEMBERED_CHARS = 1000
"""Longer sentences are not kept in memory: hostile pages have many."""
KNOWN_SENTENCE = 0.6
"""A sentence with so many of its word pairs in the old text is known, if reworded."""

_TERMINAL = frozenset(".!?…؟۔。！？।")
_CLOSING = "\"'”’»)] \t\r\f\v\u00a0\u2002\u2003\u2009\u202f\u3000"
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article as compared: its text without the feed's own boilerplate."""

    title: str
    text: str
    partial: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A version, cut once into what the rules compare."""

    version: Version
    folded: str
    sentences: list[str]
    words: list[str]


def _read(version: Version) -> _Read:
    folded = fold(version.text)
    return _Read(version=version, folded=folded, sentences=sentences(version.text), words=tokens(folded))


def material_changes(old: Version, new: Version, *, language: str | None) -> tuple[MaterialChange, ...]:
    """What ``new`` says that ``old`` did not, most telling first; empty when the difference is cosmetic."""
    before = _read(old)
    now = replace(before, version=new) if new.text == old.text else _read(new)
    spoken = known_language(language) or language_of(None, [*tokens(fold(new.title)), *now.words[:SAMPLE_WORDS]])
    changes = _markers(before, now, spoken)
    if changes and spoken:
        before, now = _uncorrected(before, spoken), _uncorrected(now, spoken)
    changes += _counts(before, now, language)
    if not old.partial and not new.partial:
        changes += _numbers(before, now, spoken, told={change.text for change in changes})
        changes += [*_new_text(before, now), *_shrunk(before, now)]
    return tuple(dict.fromkeys(changes))


def new_counts(known: Mapping[str, Iterable[int]], counts: Mapping[str, Iterable[int]]) -> tuple[MaterialChange, ...]:
    """Counts above all that the story's reports have given so far: "killed 1 → 3"."""
    changes = []
    for kind, values in counts.items():
        before = max(known.get(kind, ()), default=None)
        now = max(values, default=None)
        if before is not None and now is not None and now > before:
            text = f"{kind} {before} → {now}"
            changes.append(MaterialChange(kind="count", text=text, counted=kind, before=before, value=now))
    return tuple(changes)


def top_counts(title: str, text: str, language: str | None) -> dict[str, tuple[int, ...]]:
    """The counts of title and lead: further down, reports recall other events and their dead."""
    return casualty_counts(f"{title}.\n{_top(text)}", language)


def _top(text: str) -> str:
    words = text.split(None, TOP_WORDS)
    if len(words) <= TOP_WORDS // 4:
        return text[:600]
    return text[: len(text) - len(words[TOP_WORDS])] if len(words) > TOP_WORDS else text


def _prose(lines: Sequence[str]) -> list[str]:
    """The lines that end as sentences do: lists of links and counters do not. All of them where none does."""
    return [line for line in lines if _ends(line)] or list(lines)


def _ends(line: str) -> bool:
    return line.rstrip(_CLOSING)[-1:] in _TERMINAL


def _markers(old: _Read, new: _Read, language: Language | None) -> list[MaterialChange]:
    if language is None:
        return []
    before, now = _both_ends(old), _both_ends(new)
    changes = []
    for kind, markers in (("retraction", language.retractions), ("correction", language.corrections)):
        marker = next((each for each in markers if each in now and _count(each, now) > _count(each, before)), None)
        if marker:
            changes.append(MaterialChange(kind=kind, text=f"{kind}: {_around(new, marker)}"))
    return changes


def _uncorrected(read: _Read, language: Language) -> _Read:
    """Without the sentences that correct: the numbers that they take back or give again are told with them."""
    markers = (*language.corrections, *language.retractions)
    folded = ((each, fold(each)) for each in read.sentences)
    kept = [each for each, text in folded if not any(_count(marker, text) for marker in markers)]
    return _read(replace(read.version, text="\n".join(kept)))


def _both_ends(read: _Read) -> str:
    text = read.folded
    ends = text if len(text) <= 2 * ENDS_CHARS else f"{text[:ENDS_CHARS]}\n{text[-ENDS_CHARS:]}"
    return f"{fold(read.version.title)}\n{ends}"


def _count(marker: str, text: str) -> int:
    if not marker[:1].isascii() and len(marker) < 4:
        return text.count(marker)
    return len(re.findall(rf"(?<!\w){re.escape(marker)}(?!\w)", text)) if marker in text else 0


def _around(read: _Read, marker: str) -> str:
    for sentence in [read.version.title, *read.sentences]:
        if marker in fold(sentence):
            return sentence[:160]
    return marker


def _counts(old: _Read, new: _Read, language: str | None) -> list[MaterialChange]:
    before = casualty_counts(f"{old.version.title}.\n{old.version.text}", language)
    now = casualty_counts("\n".join([f"{new.version.title}.", *_prose(new.sentences)]), language)
    changes = []
    for kind, values in now.items():
        known = before.get(kind, ())
        added = [value for value in values if value not in known]
        if added and known:
            was = next((value for value in known if value not in values), known[0])
            text = f"{kind} {was} → {added[0]}"
            changes.append(MaterialChange(kind="count", text=text, counted=kind, before=was, value=added[0]))
        elif added and not (old.version.partial or new.version.partial):
            text = f"{kind} {added[0]}, not told before"
            changes.append(MaterialChange(kind="count", text=text, counted=kind, value=added[0]))
    return changes


def _numbers(old: _Read, new: _Read, language: Language | None, *, told: Iterable[str]) -> list[MaterialChange]:
    code = language.code if language else ""
    top = sentences(_top("\n".join(_prose(new.sentences))))
    given = _plain_numbers([f"{new.version.title}.", *top], code)
    if not given:
        return []
    known = _plain_numbers([old.version.title, *old.sentences], code)
    said = " ".join(told)
    added = [number for number in given if number not in known and not re.search(rf"\b{re.escape(number)}\b", said)]
    return [MaterialChange(kind="number", text=f"new number: {', '.join(added[:3])}")] if added else []


def _plain_numbers(lines: Iterable[str], code: str) -> dict[str, None]:
    """Numbers in digits in order, those of times, dates and counters left out."""
    with_digits = [line for line in lines if _DIGIT.search(line)]
    return dict.fromkeys(
        number
        for line in with_digits
        for number in (_remembered if len(line) < REMEMBERED_CHARS else _numbers_of)(line, code)
    )


def _numbers_of(sentence: str, code: str) -> tuple[str, ...]:
    language = known_language(code)
    skipped = language.counters | language.months if language else frozenset[str]()
    words = _WORD.findall(_CLOCK.sub(" ", fold(sentence)))
    found = []
    for at, word in enumerate(words):
        beside = (words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "")
        if _NUMBER.fullmatch(word) and not skipped.intersection(beside) and not _is_year(word):
            found.append(word)
    return tuple(found)


_remembered = lru_cache(maxsize=5_000)(_numbers_of)
"""The versions of an article have most sentences in common."""


def _is_year(number: str) -> bool:
    return len(number) == 4 and "1900" <= number <= "2100"


def _new_text(old: _Read, new: _Read) -> list[MaterialChange]:
    there = frozenset(old.sentences)
    fresh = [each for each in new.sentences if each not in there and _ends(each)]
    known = _pairs(old.words) if fresh else set()
    added: list[str] = []
    words = 0
    for sentence in fresh:
        spoken = tokens(fold(sentence))
        pairs = _pairs(spoken)
        if len(spoken) >= 5 and len(pairs & known) < KNOWN_SENTENCE * len(pairs):
            added.append(sentence)
            words += len(spoken)
    if words < max(NEW_WORDS, NEW_SHARE * len(old.words)):
        return []
    return [MaterialChange(kind="new-text", text=f"{words} new words: {added[0][:120]}")]


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(words))


def _shrunk(old: _Read, new: _Read) -> list[MaterialChange]:
    before, now = len(old.words), len(new.words)
    if before < SHRINKABLE_WORDS or now >= SHRUNK_TO * before:
        return []
    return [MaterialChange(kind="shrunk", text=f"the text shrank from {before} to {now} words")]
