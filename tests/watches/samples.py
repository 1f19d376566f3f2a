"""The labelled articles by which the score is measured: docs/scoring.md says what they are and how they came about."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.articles.dateline import dateline_of
from monitor.model.articles import Article
from monitor.model.watches import TermList, WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.matcher import Matcher

HERE = Path(__file__).parent
SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
EVENTS = (
    "dehdadi", "mazar", "hamdard", "infijar-balkh", "vzryv-balkh", "workshop-blast", "gas-cylinder", "mayn-balkh",
)  # fmt: skip
"""Parts of the names of the articles that report an explosion in Balkh."""
LANGUAGES = {"rawzana": "fa", "tsarak": "ps", "barid-qawafil": "ar", "vestnik-amu": "ru"}
"""Of the newsrooms in ``seeds/`` that do not write English."""
LOOKS_BACK = (
    "On Tuesday an explosion in a house in Balkh province killed at least one person.",
    "The announcement comes two days after a blast near Mazar-e-Sharif, for which officials blamed IS.",
    "Traders also pointed to the bomb in Balkh last week, but said that it had changed nothing for them.",
    "Security was tightened at all gates, as it has been since the explosion in Dehdadi in the province of Balkh.",
)
BALKH = (
    "Balkh", "Mazar-e-Sharif", "Mazar-i-Sharif", "بلخ", "مزار شریف", "مزار شريف", "Балх*", "Мазари-Шариф*",
)  # fmt: skip
EXPLOSION = (
    "explosion*", "exploded", "blast*", "bomb*", "انفجار*", "الانفجار*", "تفجير*", "چاودن*", "взрыв*", "взорв*",
)  # fmt: skip
BALKH_EXPLOSION = WatchlistSpec(
    terms={"balkh": TermList(name="balkh", any=BALKH), "explosion": TermList(name="explosion", any=EXPLOSION)},
    watches=(WatchSpec(name="event", all=("@balkh", "@explosion")),),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, the watch that it is measured with, and whether its news is what that watch asks for."""

    watch: str
    is_event: bool
    article: Article


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a score tells events from the other articles that satisfy the boolean."""

    articles: int
    events: int
    precision: float
    """The best of any threshold that keeps nine events of ten."""
    recall: float
    threshold: float

    @property
    def boolean(self) -> float:
        """Precision without a score."""
        return self.events / self.articles

    def __str__(self) -> str:
        gain = self.precision / self.boolean
        return (
            f"{self.articles} articles, {self.events} events: {self.boolean:.2f} boolean, {self.precision:.2f} "
            f"(x {gain:.1f}, recall {self.recall:.2f}) from a score of {self.threshold} on"
        )


Pairs = list[tuple[float, bool]]
"""The score of each article that satisfies the boolean, with its label."""


def matcher_of(spec: WatchlistSpec) -> Matcher:
    """The compiled watchlist, which has no faults."""
    matcher = compile_watchlist(spec).matcher
    assert matcher is not None
    return matcher


def scored(matcher: Matcher, sample: list[Labelled]) -> Pairs:
    """The hits of each article's own watch."""
    pairs = []
    for each in sample:
        hit = matcher.hit_of(each.watch, matcher.document(each.article))
        if hit is not None:
            pairs.append((hit.score, each.is_event))
    return pairs


def figures(pairs: Pairs, *, recall: float = 0.9) -> Figures:
    """The best precision of any threshold that keeps ``recall``."""
    events = sum(event for _, event in pairs)
    options = []
    for threshold in {score for score, _ in pairs}:
        precision, kept = at(pairs, threshold)
        if kept >= recall:
            options.append((precision, threshold, kept))
    precision, threshold, kept = max(options)
    return Figures(articles=len(pairs), events=events, precision=precision, recall=kept, threshold=threshold)


def at(pairs: Pairs, min_score: float) -> tuple[float, float]:
    """Precision and recall of a fixed ``min_score``."""
    passing = [event for score, event in pairs if score >= min_score]
    return sum(passing) / max(1, len(passing)), sum(passing) / sum(event for _, event in pairs)


def _labelled(watch: str, is_event: bool, title: str, text: str, lead: str = "") -> Labelled:
    return Labelled(watch, is_event, Article(url="", title=title, lead=lead, text=text, dateline=dateline_of(text)))


def _seeds() -> Iterator[tuple[Path, str, str, str]]:
    """Every article of ``seeds/``: its file, title, summary and text."""
    for path in sorted(SEEDS.glob("*/*.txt")):
        _, head, body = path.read_text("utf-8").split("+++", 2)
        fields = tomllib.loads(head)
        yield path, fields["title"], fields.get("summary", ""), body.strip()


def _put_into(body: str, sentence: str, after: int) -> str:
    paragraphs = body.split("\n\n")
    return "\n\n".join([*paragraphs[:after], sentence, *paragraphs[after:]])


def newsroom() -> list[Labelled]:
    """Reports of an explosion in Balkh, and other articles with one sentence that looks back on it, at four places."""
    found = []
    for path, title, lead, body in _seeds():
        if any(event in path.stem for event in EVENTS):
            found.append(_labelled("event", True, title, body, lead))
            continue
        for number, sentence in enumerate(LOOKS_BACK):
            found.append(_labelled("event", False, title, _put_into(body, sentence, 1 + number), lead))
    return found


def _listed(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text("utf-8"))


def _articles(name: str) -> list[Labelled]:
    listed = _listed(name)["article"]
    return [
        _labelled(each.get("watch", "event"), each["event"], each["title"], each["text"].strip()) for each in listed
    ]


def development_watchlist() -> WatchlistSpec:
    """The watches of ``development.toml``, which ``held_out_other.toml`` is measured with as well."""
    listed = _listed("development.toml")
    return WatchlistSpec(
        terms={name: TermList(name=name, any=tuple(dict.fromkeys(any_))) for name, any_ in listed["terms"].items()},
        watches=tuple(WatchSpec(name=name, all=tuple(terms)) for name, terms in listed["watches"].items()),
    )


def development() -> list[Labelled]:
    """Articles of ours, and the backgrounds of ``seeds/`` with one look back each, in their language."""
    found, number = _articles("development.toml"), 0
    for path, title, lead, body in _seeds():
        if any(event in path.stem for event in (*EVENTS, "kandahar")):
            continue
        for look in _listed("development.toml")["look_back"]:
            if look["lang"] == LANGUAGES.get(path.parent.name, "en"):
                number += 1
                found.append(
                    _labelled(look["watch"], False, title, _put_into(body, look["text"], 1 + number % 4), lead)
                )
    return found


def held_out() -> list[Labelled]:
    """Hard articles on explosions and Balkh, written before the first weights."""
    return _articles("held_out.toml")


def held_out_other() -> list[Labelled]:
    """Articles on other events, written after the last change of a weight."""
    return _articles("held_out_other.toml")
