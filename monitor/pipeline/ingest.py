"""From a queued entry to a decision: read, fetch and extract, judge, record in one transaction.

An entry whose page cannot be had for now is judged at once on what its feed says, since a late alert is a missed
one, and read again later; what the whole page adds then comes as a revision of the same article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.alerts.decide import decide
from monitor.alerts.route import channels_for_notices
from monitor.model.alerts import Decision
from monitor.model.articles import Article, Method
from monitor.model.feeds import QueuedEntry
from monitor.model.settings import Settings
from monitor.model.stories import Placement
from monitor.model.watches import Hit
from monitor.pipeline.line import Line
from monitor.pipeline.place import place
from monitor.pipeline.read_page import PageUnavailable, read_page
from monitor.store import alerts, articles, entries, silences, stories
from monitor.stories.rereads import next_reread
from monitor.watches.matcher import Matcher

RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
"""When a page that could not be had is tried again, after the first, second and third failure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What was decided about one article, and recorded."""

    placement: Placement
    hits: tuple[Hit, ...]
    decisions: tuple[Decision, ...]
    alert_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """One entry's way through the line, for logs and the demo."""

    entry_id: int
    feed: str
    article: Article
    judgement: Judgement
    retry_at: datetime | None = None
    """When the page is read again; None when it was read, or never will be."""
    problem: str = ""


async def ingest(line: Line, entry_id: int) -> IngestReport:
    """Bring one queued entry through the line; whatever its page does, the entry is judged."""
    queued = await line.in_store(_read, line, entry_id)
    page = await read_page(line, queued)
    return await line.in_store(_record, line, queued, page)


def set_aside(line: Line, entry_id: int, error: Exception) -> None:
    """An entry on which this program failed is tried again like a page that cannot be had, then given up aloud."""
    now = line.clock.now()
    what = f"the program failed on it: {type(error).__name__}: {error}"
    with line.store.transaction() as db:
        queued = entries.read_queued(db, entry_id)
        if queued.attempts < len(RETRIES):
            entries.mark_for_retry(db, entry_id, now + RETRIES[queued.attempts], what)
            return
        entries.give_up(db, entry_id, now, what)
        text = (
            f"An article of {queued.feed.name} could not be judged\n"
            f"{queued.listed.title}\n{queued.listed.url or ''}\n\n{what}\n"
            "Read it yourself, and please report this fault of newsmonitor."
        )
        channels = channels_for_notices(line.settings)
        alerts.notice(db, text, channels=channels, now=now, once_key=f"not-judged:{entry_id}:{queued.revision}")


def judge(
    db: Database,
    *,
    article: Article,
    entry: QueuedEntry | None,
    feed: str,
    guid: str | None,
    matcher: Matcher,
    settings: Settings,
    now: datetime,
) -> Judgement:
    """Match, place, decide and record one article inside the caller's transaction, outbox rows included."""
    hits = matcher.match(article)
    placement = place(db, article, entry=entry, feed=feed, guid=guid, now=now, settings=settings)
    decisions = decide(
        hits,
        watches=matcher.watches,
        article=article,
        placement=placement,
        history=alerts.history(db, placement.story_id, [matcher.watches[hit.watch] for hit in hits], now),
        silences=silences.active(db, now),
        baseline=entry is not None and entry.baseline,
        settings=settings,
        now=now,
        flood=entry is not None and entry.flood,
    )
    story = stories.get(db, placement.story_id)
    alert_ids = alerts.record(
        db,
        decisions,
        article=article,
        article_id=placement.article_id,
        placement=placement,
        settings=settings,
        now=now,
        entry_id=None if entry is None else entry.id,
        story_first_seen=story.first_seen if story else None,
    )
    return Judgement(placement=placement, hits=hits, decisions=decisions, alert_ids=alert_ids)


def _read(line: Line, entry_id: int) -> QueuedEntry:
    with line.store.read() as db:
        return entries.read_queued(db, entry_id)


def _record(line: Line, queued: QueuedEntry, page: Article | PageUnavailable) -> IngestReport:
    now = line.clock.now()
    article = page if isinstance(page, Article) else page.article
    with line.store.transaction() as db:
        judgement = judge(
            db,
            article=article,
            entry=queued,
            feed=queued.feed.name,
            guid=queued.listed.guid,
            matcher=line.matcher,
            settings=line.settings,
            now=now,
        )
        retry_at = _retry_at(queued, page, now)
        if retry_at is not None:
            entries.mark_for_retry(db, queued.id, retry_at, _problem(page))
        else:
            entries.mark_done(db, queued.id, judgement.placement.article_id, now)
            _plan_reread(db, queued, article, judgement, now)
    return IngestReport(
        entry_id=queued.id,
        feed=queued.feed.name,
        article=article,
        judgement=judgement,
        retry_at=retry_at,
        problem=_problem(page),
    )


def _retry_at(queued: QueuedEntry, page: Article | PageUnavailable, now: datetime) -> datetime | None:
    if isinstance(page, Article) or not page.retry_later or queued.attempts >= len(RETRIES):
        return None
    return now + RETRIES[queued.attempts]


def _plan_reread(db: Database, queued: QueuedEntry, article: Article, judgement: Judgement, now: datetime) -> None:
    """Outlets edit in place: a page that a watch matched is read again, unless its feed carries the whole text."""
    if queued.baseline or not judgement.hits or article.method is Method.FEED:
        return
    stored = articles.get(db, judgement.placement.article_id)
    due = next_reread(changed=stored.changed, now=now) if stored else None
    if due is not None:
        entries.requeue(db, queued.id, due)


def _problem(page: Article | PageUnavailable) -> str:
    return "" if isinstance(page, Article) else page.article.partial_detail or page.reason
