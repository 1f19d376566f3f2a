"""From a queued entry to a decision: read, fetch and extract, judge, record in one transaction.

An entry whose page cannot be had for now is judged at once on what its feed says, since a late alert is a missed
one, and read again later; what the whole page adds then comes as a revision of the same article.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.alerts.route import channels_for_notices
from monitor.model.articles import Article, Method, PageRead, PageUnavailable, PageUnchanged
from monitor.model.feeds import QueuedEntry
from monitor.model.stories import Placement, Rung
from monitor.pipeline.judge import Judgement, judge
from monitor.pipeline.line import Line
from monitor.pipeline.place import still_there
from monitor.pipeline.read_page import WORKER_REASONS, read_page
from monitor.store import alerts, articles, entries, host_lines, page_validators
from monitor.stories.rereads import next_reread

RETRIES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=3))
"""When a page that could not be had is tried again, after the first, second and third failure."""


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
    if isinstance(page, PageUnchanged):
        return await line.in_store(_record_unchanged, line, queued, page)
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


def _read(line: Line, entry_id: int) -> QueuedEntry:
    with line.store.read() as db:
        return entries.read_queued(db, entry_id)


def _record(line: Line, queued: QueuedEntry, page: PageRead | PageUnavailable) -> IngestReport:
    now = line.clock.now()
    article = page.article
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
            _count_lines(db, page, judgement.placement, now)
            _plan_reread(db, queued, page, judgement, now)
    return IngestReport(
        entry_id=queued.id,
        feed=queued.feed.name,
        article=article,
        judgement=judgement,
        retry_at=retry_at,
        problem=_problem(page),
    )


def _record_unchanged(line: Line, queued: QueuedEntry, page: PageUnchanged) -> IngestReport:
    """A page that is as it was costs nothing more: only the next look at it is planned."""
    now = line.clock.now()
    with line.store.transaction() as db:
        stored = articles.get(db, queued.article_id or 0)
        if stored is None:
            raise LookupError(f"article {queued.article_id} is gone, but its page was asked for under a condition")
        entries.mark_done(db, queued.id, stored.id, now)
        due = next_reread(changed=stored.changed, now=now)
        if due is None:
            page_validators.forget(db, queued.id)
        else:
            entries.requeue(db, queued.id, due)
            page_validators.keep(db, queued.id, page.validators, revision=queued.revision)
        placement = still_there(db, stored, reason="the server says that the page has not changed")
    judgement = Judgement(placement=placement, hits=(), decisions=(), alert_ids=())
    return IngestReport(entry_id=queued.id, feed=queued.feed.name, article=stored.article, judgement=judgement)


def _count_lines(db: Database, page: PageRead | PageUnavailable, placement: Placement, now: datetime) -> None:
    """Only articles that are new teach which lines repeat over a host: copies and revisions repeat their own."""
    if isinstance(page, PageRead) and page.lines and placement.rung in (Rung.NEW, Rung.STORY):
        host_lines.record(db, page.host, page.lines, story_id=placement.story_id, now=now)


def _retry_at(queued: QueuedEntry, page: PageRead | PageUnavailable, now: datetime) -> datetime | None:
    if isinstance(page, PageRead) or not page.retry_later or queued.attempts >= len(RETRIES):
        return None
    return now + RETRIES[queued.attempts]


def _plan_reread(
    db: Database, queued: QueuedEntry, page: PageRead | PageUnavailable, judgement: Judgement, now: datetime
) -> None:
    """Outlets edit in place: a page that a watch matched is read again, unless its feed carries the whole text.

    Under the condition that it has changed, except where the reading failed: then it is worth another one.
    """
    page_validators.forget(db, queued.id)
    if queued.baseline or not judgement.hits or page.article.method is Method.FEED:
        return
    stored = articles.get(db, judgement.placement.article_id)
    due = next_reread(changed=stored.changed, now=now) if stored else None
    if due is not None:
        entries.requeue(db, queued.id, due)
        failed = page.article.partial in WORKER_REASONS.values()
        if isinstance(page, PageRead) and page.validators is not None and not failed:
            page_validators.keep(db, queued.id, page.validators, revision=queued.revision)


def _problem(page: PageRead | PageUnavailable) -> str:
    return "" if isinstance(page, PageRead) else page.article.partial_detail or page.reason
