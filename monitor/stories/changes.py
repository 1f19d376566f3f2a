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
from itertools import pairwise

from monitor.model.stories import MaterialChange
from monitor.stories.casualties import casualty_counts
from monitor.stories.languages import Language, language_of
from monitor.stories.words import fold, sentences, tokens

TOP_WORDS = 120
NEW_WORDS = 40
NEW_SHARE = 0.25
SHRUNK_TO = 0.6
SHRINKABLE_WORDS = 60
ENDS_CHARS = 300
KNOWN_SENTENCE = 0.6
"""A sentence with so many of its word pairs in the old text is known, if reworded."""

_TERMINAL = re.compile(r"[.!?…؟۔。！？।][\"'”’»)\]\s]*$")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an article as compared: its text without the feed's own boilerplate."""

    title: str
    text: str
    partial: bool = False


def material_changes(old: Version, new: Version, *, language: str | None) -> tuple[MaterialChange, ...]:
    """What ``new`` says that ``old`` did not, most telling first; empty when the difference is cosmetic."""
    spoken = language_of(language, tokens(fold(f"{new.title} {new.text}"[:4000])))
    changes = _markers(old, new, spoken)
    if changes and spoken:
        old, new = _uncorrected(old, spoken), _uncorrected(new, spoken)
    changes += _counts(old, new, language)
    if not old.partial and not new.partial:
        changes += _numbers(old, new, spoken, told={change.text for change in changes})
        changes += [*_new_text(old, new), *_shrunk(old, new)]
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


def _prose(text: str) -> str:
    """The lines that end as sentences do: lists of links and counters do not. All of them where none does."""
    lines = sentences(text)
    return "\n".join([line for line in lines if _TERMINAL.search(line)] or lines)


def _markers(old: Version, new: Version, language: Language | None) -> list[MaterialChange]:
    if language is None:
        return []
    before, now = _ends(old), _ends(new)
    changes = []
    for kind, markers in (("retraction", language.retractions), ("correction", language.corrections)):
        marker = next((each for each in markers if _count(each, now) > _count(each, before)), None)
        if marker:
            changes.append(MaterialChange(kind=kind, text=f"{kind}: {_around(new, marker)}"))
    return changes


def _uncorrected(version: Version, language: Language) -> Version:
    """Without the sentences that correct: the numbers that they take back or give again are told with them."""
    markers = (*language.corrections, *language.retractions)
    kept = [each for each in sentences(version.text) if not any(_count(marker, fold(each)) for marker in markers)]
    return replace(version, text="\n".join(kept))


def _ends(version: Version) -> str:
    text = fold(version.text)
    ends = text if len(text) <= 2 * ENDS_CHARS else f"{text[:ENDS_CHARS]}\n{text[-ENDS_CHARS:]}"
    return f"{fold(version.title)}\n{ends}"


def _count(marker: str, text: str) -> int:
    if not marker[:1].isascii() and len(marker) < 4:
        return text.count(marker)
    return len(re.findall(rf"(?<!\w){re.escape(marker)}(?!\w)", text))


def _around(version: Version, marker: str) -> str:
    for sentence in [version.title, *sentences(version.text)]:
        if marker in fold(sentence):
            return sentence[:160]
    return marker


def _counts(old: Version, new: Version, language: str | None) -> list[MaterialChange]:
    before = casualty_counts(f"{old.title}.\n{old.text}", language)
    now = casualty_counts(f"{new.title}.\n{_prose(new.text)}", language)
    changes = []
    for kind, values in now.items():
        known = before.get(kind, ())
        added = [value for value in values if value not in known]
        if added and known:
            was = next((value for value in known if value not in values), known[0])
            text = f"{kind} {was} → {added[0]}"
            changes.append(MaterialChange(kind="count", text=text, counted=kind, before=was, value=added[0]))
        elif added and not (old.partial or new.partial):
            text = f"{kind} {added[0]}, not told before"
            changes.append(MaterialChange(kind="count", text=text, counted=kind, value=added[0]))
    return changes


def _numbers(old: Version, new: Version, language: Language | None, *, told: Iterable[str]) -> list[MaterialChange]:
    known = _plain_numbers(f"{old.title}\n{old.text}", language)
    said = " ".join(told)
    added = [
        number
        for number in _plain_numbers(f"{new.title}.\n{_top(_prose(new.text))}", language)
        if number not in known and not re.search(rf"\b{re.escape(number)}\b", said)
    ]
    return [MaterialChange(kind="number", text=f"new number: {', '.join(added[:3])}")] if added else []


def _plain_numbers(text: str, language: Language | None) -> dict[str, None]:
    """Numbers in digits in order, those of times, dates and counters left out."""
    found: dict[str, None] = {}
    skipped = language.counters | language.months if language else frozenset()
    for sentence in sentences(text):
        words = _words(_CLOCK.sub(" ", fold(sentence)))
        for at, word in enumerate(words):
            beside = (words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else "")
            if _NUMBER.fullmatch(word) and not skipped.intersection(beside) and not _is_year(word):
                found[word] = None
    return found


def _words(folded: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", folded)


def _is_year(number: str) -> bool:
    return len(number) == 4 and "1900" <= number <= "2100"


def _new_text(old: Version, new: Version) -> list[MaterialChange]:
    known = _pairs(tokens(fold(old.text)))
    total = len(tokens(fold(old.text)))
    added: list[str] = []
    words = 0
    for sentence in sentences(new.text):
        spoken = tokens(fold(sentence))
        pairs = _pairs(spoken)
        if len(spoken) >= 5 and _TERMINAL.search(sentence) and len(pairs & known) < KNOWN_SENTENCE * len(pairs):
            added.append(sentence)
            words += len(spoken)
    if words < max(NEW_WORDS, NEW_SHARE * total):
        return []
    return [MaterialChange(kind="new-text", text=f"{words} new words: {added[0][:120]}")]


def _pairs(words: Sequence[str]) -> set[tuple[str, str]]:
    return set(pairwise(words))


def _shrunk(old: Version, new: Version) -> list[MaterialChange]:
    before, now = len(tokens(fold(old.text))), len(tokens(fold(new.text)))
    if before < SHRINKABLE_WORDS or now >= SHRUNK_TO * before:
        return []
    return [MaterialChange(kind="shrunk", text=f"the text shrank from {before} to {now} words")]
