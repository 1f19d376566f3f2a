"""The ladder: what an article is recognised as, decided from figures and candidates that were looked up before.

Rules, in this order:

1. The address is believed; a guid is a claim that is checked against address and text.
2. A copy shares at least half of the shorter text's shingles within 96 hours, agrees in its numbers (or shares nine
   tenths), contradicts no count of casualties, and its title's weight is covered (a new headline is no objection where
   another publisher has nine tenths of 40 shingles or more: less may be a notice, not a report). It may be silent.
3. A report of the same event is scored against the open stories. It is never silent.
4. Anything else is a new story. Texts under MIN_SHINGLES shingles can be threaded, never be copies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Protocol

from monitor.model.stories import Rung
from monitor.stories import profile as profiles
from monitor.stories.fingerprint import Fingerprint
from monitor.stories.names_alone import far_apart
from monitor.stories.profile import Opening, Profile, Weighed
from monitor.stories.scoring import (
    distance,
    fading,
    features,
    leads,
    points,
    preference,
    probability,
    weights,
)
from monitor.stories.sketch import MIN_SHINGLES, containment

COPY_WITHIN = timedelta(hours=96)
COPY_CONTAINMENT = 0.5
NEARLY_WHOLE = 0.9
NUMBERS_AGREE = 0.8
TITLE_COVERED = 0.7
REHEADLINED_SHINGLES = 40
SAME_ARTICLE_CONTAINMENT = 0.3
UNKNOWN_WORD_IDF = 6.0
READ_TO_THE_END = 3
"""The story that was joined is among so many in 1,499 of 1,500 reports of ECB+."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A stored article as the rules compare it."""

    id: int
    url: str
    content_hash: int
    story_id: int
    publisher: str
    copy_of: int | None
    happened: datetime
    title: frozenset[str]
    shingles: frozenset[int]
    numbers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    """Those of title and text; only where asked for."""
    counts: Mapping[str, frozenset[int]] = field(default_factory=dict)


class Stored(Protocol):
    """What the first rung needs of a stored article."""

    @property
    def id(self) -> int:
        """Its key."""
        ...

    @property
    def content_hash(self) -> int:
        """Of its present title, lead and text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchanged:
    """A stored article that comes again with the same title and text."""

    known_id: int
    rung: Rung
    reason: str


def unchanged(content_hash: int, *, by_guid: Stored | None, by_key: Stored | None) -> Unchanged | None:
    """The article whose text comes again under an address or guid of its own: most re-polls end here."""
    if by_guid and by_key and by_guid.id == by_key.id and by_key.content_hash == content_hash:
        return Unchanged(known_id=by_key.id, rung=Rung.ITEM, reason="the same item: same address, guid and text")
    if by_key and by_key.content_hash == content_hash:
        return Unchanged(known_id=by_key.id, rung=Rung.ARTICLE, reason="same address and text, another guid or feed")
    if by_guid and by_guid.content_hash == content_hash:
        return Unchanged(known_id=by_guid.id, rung=Rung.ARTICLE, reason="same guid and text under another address")
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class SameArticle:
    """What the address and the guid say: the article that it is a version of, or None."""

    known: Known | None
    guid_broken: bool = False
    """The guid named an article that this one is not: the feed's guids cannot be trusted."""
    reason: str = ""


def same_article(fingerprint: Fingerprint, *, by_guid: Known | None, by_key: Known | None) -> SameArticle:
    """Decide whether an article that has a known address or guid is a version of that article; see rule 1."""
    if by_key:
        if by_guid and by_guid.id == by_key.id:
            return SameArticle(known=by_key, reason="same address and guid")
        if _agree(fingerprint, by_key):
            return SameArticle(known=by_key, reason="same address under another guid")
    if by_guid is None:
        return SameArticle(known=None, reason="the address is known, but guid and text are new" if by_key else "")
    if _agree(fingerprint, by_guid):
        return SameArticle(known=by_guid, reason="same guid and text under another address")
    return SameArticle(known=None, guid_broken=True, reason="the guid was used before for another article")


def _agree(fingerprint: Fingerprint, known: Known) -> bool:
    if fingerprint.content_hash == known.content_hash:
        return True
    title = frozenset(fingerprint.title)
    if min(len(fingerprint.shingles), len(known.shingles)) >= MIN_SHINGLES:
        return containment(fingerprint.shingles, known.shingles) >= SAME_ARTICLE_CONTAINMENT
    shared = len(title & known.title)
    return bool(shared) and shared >= TITLE_COVERED * min(len(title), len(known.title))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """How one article's text stands to a candidate's; ``is_copy`` when the guards hold, else ``objection`` says why."""

    known: Known
    containment: float
    numbers: float
    title: float
    objection: str

    @property
    def is_copy(self) -> bool:
        """True where nothing speaks against it."""
        return not self.objection

    def scores(self, prefix: str = "") -> dict[str, float]:
        """The figures, as stored; with a ``prefix`` they stand beside those of a story, which has a "title" too."""
        figures = {"containment": self.containment, "numbers": self.numbers, "title": self.title}
        return {f"{prefix}{name}": round(value, 3) for name, value in figures.items()}


def overlap(
    article: Fingerprint,
    known: Known,
    *,
    idf: Mapping[str, float],
    counts: Mapping[str, Iterable[int]],
    happened: datetime,
    publisher: str,
) -> Overlap | None:
    """Compare with a candidate; None where less than half of the shorter text is shared."""
    if article.short or len(known.shingles) < MIN_SHINGLES:
        return None
    shared = containment(article.shingles, known.shingles)
    if shared < COPY_CONTAINMENT:
        return None
    agreeing = _numbers_agree(article, known)
    covered = _title_coverage(article, known, idf)
    long_enough = min(len(article.shingles), len(known.shingles)) >= REHEADLINED_SHINGLES
    reheadlined = long_enough and shared >= NEARLY_WHOLE and agreeing >= NUMBERS_AGREE and publisher != known.publisher
    objection = (
        _too_far(abs(happened - known.happened))
        or _contradict(counts, known.counts)
        or ("their numbers differ" if agreeing < NUMBERS_AGREE and shared < NEARLY_WHOLE else "")
        or ("their titles speak of different things" if covered < TITLE_COVERED and not reheadlined else "")
    )
    return Overlap(known=known, containment=shared, numbers=agreeing, title=covered, objection=objection)


def _too_far(apart: timedelta) -> str:
    return f"they are {apart.days} days apart" if apart > COPY_WITHIN else ""


def _numbers_agree(article: Fingerprint, known: Known) -> float:
    mine_is_shorter = len(article.shingles) <= len(known.shingles)
    shorter, longer = (article.numbers, known.numbers) if mine_is_shorter else (known.numbers, article.numbers)
    return len(shorter & longer) / len(shorter) if shorter else 1.0


def _title_coverage(article: Fingerprint, known: Known, idf: Mapping[str, float]) -> float:
    mine = frozenset(article.title)
    return max(_covered(mine, known.words, idf), _covered(known.title, mine | article.terms.keys(), idf))


def _covered(title: frozenset[str], words: Iterable[str], idf: Mapping[str, float]) -> float:
    total = sum(idf.get(term, UNKNOWN_WORD_IDF) for term in title)
    if not total:
        return 1.0
    return sum(idf.get(term, UNKNOWN_WORD_IDF) for term in title.intersection(words)) / total


def _contradict(mine: Mapping[str, Iterable[int]], theirs: Mapping[str, Iterable[int]]) -> str:
    for kind, values in mine.items():
        others = frozenset(theirs.get(kind, ()))
        if others and others.isdisjoint(values):
            return f"they disagree on the number of {kind}"
    return ""


def best_overlap(overlaps: Sequence[Overlap]) -> Overlap | None:
    """The copy source if any candidate is one, else the closest text of which it is none."""
    return max(overlaps, key=lambda each: (each.is_copy, each.containment, -each.known.id), default=None)


@dataclass(frozen=True, kw_only=True)
class OpenStory:
    """A candidate story; its profile is read only as far as it is asked for."""

    id: int
    stored: str
    """The profile, as stored."""
    first: datetime
    """When its first article was published or, if that was earlier, seen."""
    last: datetime
    published: datetime | None
    """When its first article was published, where known: a feed's first poll sees a week of events in one minute."""

    @cached_property
    def opening(self) -> Opening:
        """The beginning of its profile."""
        return profiles.opening(self.stored)

    @cached_property
    def profile(self) -> Profile:
        """The whole."""
        return profiles.from_json(self.stored)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryScore:
    """How likely an article belongs to a story; ``figures`` are the features and the fading by time."""

    story: OpenStory
    probability: float
    figures: Mapping[str, float]

    @property
    def joinable(self) -> bool:
        """Whether that is likely enough."""
        return self.probability >= weights()["threshold"]

    def scores(self) -> dict[str, float]:
        """The figures, as stored."""
        return {name: round(value, 3) for name, value in self.figures.items()}


def nearest_story(
    article: Weighed, stories: Iterable[OpenStory], *, happened: datetime, shared: Mapping[int, float]
) -> StoryScore | None:
    """The story that the article may belong to, else the likeliest, the oldest of equals; None where there is none.

    ``shared`` has, by story, the largest containment of shingles with one of its articles. Only the READ_TO_THE_END
    stories whose leads are likest are read to the end. Where the leads are far apart a story can never be joined: the
    best of such is looked at only where there is no other.
    """
    begun = [(each, leads(article, each.opening)) for each in stories]
    begun.sort(key=lambda pair: (-points(pair[1]), pair[0].id))
    near = [pair for pair in begun[:READ_TO_THE_END] if not far_apart(pair[1])] or begun[:1]
    scores = [_scored(article, each, happened, shared.get(each.id, 0.0), figures) for each, figures in near]
    joinable = [each for each in scores if each.joinable]
    if joinable:
        return max(joinable, key=lambda each: (preference(each.probability, each.figures), -each.story.id))
    return max(scores, key=lambda each: (each.probability, -each.story.id), default=None)


def _scored(
    article: Weighed, story: OpenStory, happened: datetime, shared: float, begun: Mapping[str, float]
) -> StoryScore:
    """The probability that the article reports the story's event, faded by the time between them."""
    since_first = happened - story.published if article.dated and story.published else None
    figures = features(article, story.profile, shared, since_first, begun)
    time = fading(distance(happened, story.first, story.last))
    likely = probability(figures) * time
    return StoryScore(story=story, probability=likely, figures={**figures, "time": time, "probability": likely})
