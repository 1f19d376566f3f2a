"""The judgement of one article: match, place, decide, record, all in one transaction of the caller's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlite_utils import Database

from monitor.alerts.decide import decide
from monitor.alerts.route import STORM_WINDOW
from monitor.alerts.together import Spoken
from monitor.model.alerts import Alerted, Decision
from monitor.model.articles import Article
from monitor.model.feeds import QueuedEntry
from monitor.model.settings import Settings
from monitor.model.stories import Placement, Rung
from monitor.model.watches import Hit, WatchSpec
from monitor.pipeline.place import place
from monitor.pipeline.together import tell_together
from monitor.store import alerts, silences, stories


class Matching(Protocol):
    """What finds the watches that an article hits: :class:`monitor.watches.matcher.Matcher`, or one that hits all."""

    @property
    def watches(self) -> Mapping[str, WatchSpec]:
        """Every watch by name."""
        ...

    def match(self, article: Article) -> tuple[Hit, ...]:
        """One hit for each watch that the article satisfies."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was decided about one article, and recorded."""

    placement: Placement
    hits: tuple[Hit, ...]
    decisions: tuple[Decision, ...]
    alert_ids: tuple[int, ...]


def judge(
    db: Database,
    *,
    article: Article,
    entry: QueuedEntry | None,
    feed: str,
    guid: str | None,
    matcher: Matching,
    settings: Settings,
    now: datetime,
) -> Judgement:
    """Match, place, decide and record one article inside the caller's transaction, outbox rows included."""
    hits = matcher.match(article)
    placement = place(db, article, entry=entry, feed=feed, guid=guid, now=now, settings=settings)
    heard_of = None if placement.rung in (Rung.NEW, Rung.ITEM) else placement.story_id
    decisions = decide(
        hits,
        watches=matcher.watches,
        article=article,
        placement=placement,
        history=alerts.history(
            db,
            heard_of,
            [matcher.watches[hit.watch] for hit in hits],
            now,
            revised=placement.article_id if placement.rung is Rung.ARTICLE else None,
        ),
        silences=silences.active(db, now),
        baseline=entry is not None and entry.baseline,
        settings=settings,
        now=now,
        flood_told=_flood_told(db, entry, now),
    )
    alert_ids = alerts.record(
        db,
        decisions,
        article=article,
        article_id=placement.article_id,
        placement=placement,
        settings=settings,
        now=now,
        entry_id=None if entry is None else entry.id,
        story_first_seen=stories.first_seen(db, placement.story_id),
    )
    spoken = [Spoken.of(each) for each in decisions if isinstance(each, Alerted)]
    tell_together(db, spoken, alert_ids, settings, now)
    return Judgement(placement=placement, hits=hits, decisions=decisions, alert_ids=alert_ids)


def _flood_told(db: Database, entry: QueuedEntry | None, now: datetime) -> int | None:
    """For the first judgement of an entry that came in a flood; when its page is read again, what changed is news."""
    if entry is None or not entry.flood or entry.article_id is not None:
        return None
    return alerts.told_of_flood(db, entry.feed.name, now - STORM_WINDOW)
