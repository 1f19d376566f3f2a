"""``seeds/expected.toml``: what is right to hear and to be spared, and how far a run's decisions agree with it."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOOKED_AGAIN = frozenset({"same-item", "cosmetic-revision"})
"""The right reasons for silence where a known article is looked at again, as pages are that may be edited in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One decision of a run. ``told`` is an alert's kind, or empty where ``reason`` gives the suppression's."""

    watch: str
    article: str
    """``OUTLET/SLUG@N``."""
    told: str = ""
    reason: str = ""
    story: int | None = None

    def __str__(self) -> str:
        return f"alert {self.told}" if self.told else f"suppressed {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What is right for one watch and one text of one article."""

    watch: str
    article: str
    why: str
    kind: str = ""
    """The alert that is right; empty where none is."""
    reasons: frozenset[str] = frozenset()
    """The reasons of which one must stand in the record where no alert is right; empty where the watch must not hit."""
    optional: frozenset[str] = frozenset()
    """Reasons that may stand there as well."""
    story: str = ""
    limit: str = ""
    """Names the known limit that makes this right for now."""
    digest: bool = False
    """The next digest must tell of it."""

    def __str__(self) -> str:
        if self.kind:
            return f"alert {self.kind}"
        if self.reasons:
            return "suppressed " + " or ".join(sorted(self.reasons))
        return "nothing to hear" if self.optional else "no hit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One expectation held against the run; ``fault`` is empty where they agree."""

    expectation: Expectation
    got: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """The whole file: expectations by watch and article, and the known limits in sentences."""

    expectations: tuple[Expectation, ...]
    limits: Mapping[str, str]


def load(root: Path) -> Expected:
    """Read ``expected.toml`` under ``root``."""
    document = tomllib.loads((root / "expected.toml").read_text("utf-8"))
    found = [each for table in document["watch"] for each in _of_watch(table)]
    return Expected(expectations=tuple(found), limits=document.get("limits", {}))


def _of_watch(table: Mapping[str, Any]) -> Iterable[Expectation]:
    watch = table["name"]
    told = set()
    for each in (*table.get("alerts", ()), *table.get("suppressed", ())):
        article = _full(each["article"])
        told.add(article)
        yield Expectation(
            watch=watch, article=article, why=each["why"], kind=each.get("kind", ""), reasons=_reasons(each),
            optional=LOOKED_AGAIN, story=each.get("story", ""), limit=each.get("limit", ""),
            digest=each.get("digest", False),
        )  # fmt: skip
    for each in table.get("silent", ()):
        if _full(each["article"]) not in told:
            yield Expectation(watch=watch, article=_full(each["article"]), why=each["why"], optional=LOOKED_AGAIN)
    for each in table.get("unhit", ()):
        yield Expectation(watch=watch, article=_full(each["article"]), why=each["why"])


def _reasons(entry: Mapping[str, Any]) -> frozenset[str]:
    reason = entry.get("reason", ())
    return frozenset([reason] if isinstance(reason, str) else reason)


def _full(article: str) -> str:
    return article if "@" in article else f"{article}@1"


def compare(expected: Expected, outcomes: Sequence[Outcome]) -> tuple[Verdict, ...]:
    """A verdict for each expectation, then one for each decision that nobody expected.

    ``outcomes`` are in order of time: a story's name stands for the story of the first decision that carries it.
    """
    by_key: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_key[outcome.watch, outcome.article].append(outcome)
    stories = _stories(expected.expectations, outcomes)
    verdicts = [_verdict(each, by_key.pop((each.watch, each.article), []), stories) for each in expected.expectations]
    surprises = [_surprise(watch, article, found) for (watch, article), found in by_key.items()]
    return (*verdicts, *surprises)


def _stories(expectations: Iterable[Expectation], outcomes: Iterable[Outcome]) -> dict[str, int | None]:
    names = {(each.watch, each.article): each.story for each in expectations if each.story}
    ids: dict[str, int | None] = {}
    for outcome in outcomes:
        name = names.get((outcome.watch, outcome.article))
        if name:
            ids.setdefault(name, outcome.story)
    return ids


def _verdict(expectation: Expectation, found: Sequence[Outcome], stories: Mapping[str, int | None]) -> Verdict:
    got = _named(each for each in found if each.reason not in expectation.optional) or _named(found) or "nothing"
    fault = _fault(expectation, found) or _story_fault(expectation, found, stories)
    return Verdict(expectation=expectation, got=got, fault=fault)


def _named(found: Iterable[Outcome]) -> str:
    return ", ".join(dict.fromkeys(str(each) for each in found))


def _fault(expectation: Expectation, found: Sequence[Outcome]) -> str:
    told = [each.told for each in found if each.told]
    reasons = {each.reason for each in found if each.reason} - expectation.optional
    right = [expectation.kind] if expectation.kind else []
    if told != right:
        return f"expected {expectation}"
    if expectation.kind:
        return "" if not reasons else f"also suppressed: {', '.join(sorted(reasons))}"
    missing = bool(expectation.reasons) and not {each.reason for each in found} & expectation.reasons
    return f"expected {expectation}" if missing or reasons - expectation.reasons else ""


def _story_fault(expectation: Expectation, found: Sequence[Outcome], stories: Mapping[str, int | None]) -> str:
    """Where two names share a story, the later one is at fault."""
    if not expectation.story or not found:
        return ""
    mine = stories[expectation.story]
    if any(each.story != mine for each in found):
        return f"not in the story {expectation.story!r}"
    first = next(name for name, story in stories.items() if story == mine)
    return "" if first == expectation.story else f"in the story {first!r}"


def _surprise(watch: str, article: str, found: Sequence[Outcome]) -> Verdict:
    expectation = Expectation(watch=watch, article=article, why="nobody expected a hit here")
    return Verdict(expectation=expectation, got=_named(found), fault="expected no hit")
