"""The gather step of ingest: from a queued entry to its article, by way of the page where that is needed.

1. A feed that carries the full text is believed; its page is not fetched.
2. A page that robots.txt disallows is not fetched, where that is configured.
3. The page is fetched politely, like a feed; one that was read before, under the condition that it has changed.
4. It is read in a worker, which knows the lines that repeat over its host. A page that kills its worker is tried once
   more in the cheap mode.
5. What is missing then comes from the feed, and the article is marked partial, with the reason.

Nothing a page or server does raises here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

from monitor.articles.extract import article_from_feed, explain_article, feed_has_full_text
from monitor.articles.repeats import host_of
from monitor.feeds.lessons import OLD_VALIDATORS
from monitor.model.articles import (
    Article,
    NotExtracted,
    PageHints,
    PageRead,
    PageUnavailable,
    PageUnchanged,
    Partial,
    Reading,
)
from monitor.model.feeds import QueuedEntry
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, NotModified, Validators
from monitor.model.workers import WorkerFailure, WorkerFailureKind
from monitor.net.client import PAGE_ACCEPT
from monitor.pipeline.line import Line
from monitor.store import host_lines, page_validators
from monitor.workers.pool import WorkerPool

T = TypeVar("T")

PAGE_DEADLINE = timedelta(seconds=10)
"""For one page in a worker; the slowest of 1,851 real pages took a fifth of it."""

CHEAP_DEADLINE = timedelta(seconds=5)

LAST_RESORT = 20_000
"""Code points of a feed's text that are read in this process when even the workers fail on it."""

PASSING = frozenset({
    FetchFailureKind.DNS, FetchFailureKind.REFUSED, FetchFailureKind.TLS, FetchFailureKind.TIMEOUT,
    FetchFailureKind.RESET, FetchFailureKind.CUT_SHORT, FetchFailureKind.MALFORMED, FetchFailureKind.OFFLINE,
})  # fmt: skip
"""Failures of the moment: the page may well be there in five minutes."""

PASSING_STATUS = frozenset({408, 425, 429})

REASONS = {
    FetchFailureKind.BLOCKED_ADDRESS: Partial.BLOCKED,
    FetchFailureKind.TOO_LARGE: Partial.OVERSIZE,
    FetchFailureKind.HTTP_STATUS: Partial.HTTP_ERROR,
}
"""The others mean that the page is unreachable."""

WORKER_REASONS = {
    WorkerFailureKind.TIMEOUT: Partial.TIMEOUT,
    WorkerFailureKind.MEMORY: Partial.MEMORY,
    WorkerFailureKind.CRASH: Partial.CRASH,
    WorkerFailureKind.ERROR: Partial.CRASH,
}


async def read_page(line: Line, queued: QueuedEntry) -> PageRead | PageUnchanged | PageUnavailable:
    """The entry's article: from the feed when that carries it, else from the page, else what can be had.

    PageUnavailable has the article that the feed gives, and says whether the page is worth another try later.
    PageUnchanged comes only for a page that was read before for the same revision of its entry.
    """
    hints = hints_for(queued)
    if not hints.url:
        return PageRead(article=await _from_feed(line, hints, Partial.UNREACHABLE, "the entry has no link"))
    if await _in_worker(line, feed_has_full_text, hints) is True:
        return PageRead(article=await _from_feed(line, hints, None, ""))
    if line.settings.net.respect_robots and (forbidden := await line.robots.forbids(hints.url)):
        return await _unread(line, hints, Partial.BLOCKED, forbidden.detail, retry_later=forbidden.for_now)
    validators = await line.in_store(_validators, line, queued)
    outcome = await line.client.get(hints.url, accept=PAGE_ACCEPT, validators=validators)
    match outcome:
        case Fetched():
            return await _extract(line, hints, outcome)
        case NotModified() if validators is not None:
            return PageUnchanged(validators=_renewed(validators, outcome))
        case _:
            reason, detail, retry_later = _unavailable(outcome)
            return await _unread(line, hints, reason, detail, retry_later=retry_later)


def hints_for(queued: QueuedEntry) -> PageHints:
    """What the feed and its configuration tell of the entry's page."""
    listed, feed = queued.listed, queued.feed
    return PageHints(
        url=listed.url or "",
        title=listed.title,
        summary=listed.summary,
        content=listed.content,
        author=listed.author,
        published=listed.published,
        language=listed.language,
        feed=feed.name,
        feed_tags=feed.tags,
        feed_language=feed.language,
        country=feed.country,
        publisher=feed.publisher,
    )


async def read_in_worker(
    workers: WorkerPool, function: Callable[..., T], body: bytes, hints: PageHints
) -> tuple[T | WorkerFailure, WorkerFailure | None]:
    """What ``function`` (of :mod:`monitor.articles.extract`) makes of a page, and the failure of its full mode if any.

    A page that fails in the full mode is tried once more in the cheap one.
    """
    outcome = await workers.run(function, body, hints, deadline=PAGE_DEADLINE)
    if not isinstance(outcome, WorkerFailure):
        return outcome, None
    return await workers.run(function, body, hints, cheap=True, deadline=CHEAP_DEADLINE), outcome


def _validators(line: Line, queued: QueuedEntry) -> Validators | None:
    """Those of the last reading, if its article is still there; none after eight days: servers may say 304 for ever."""
    if queued.article_id is None:
        return None
    with line.store.read() as db:
        kept = page_validators.get(db, queued.id, revision=queued.revision)
    return kept if kept is not None and abs(line.clock.now() - kept.received) <= OLD_VALIDATORS else None


def _renewed(kept: Validators, answer: NotModified) -> Validators:
    """What a 304 carries replaces what was kept (RFC 9111 §4.3.4), but not the time of the last whole answer."""
    etag, last_modified = answer.headers.get("etag"), answer.headers.get("last-modified")
    return replace(kept, etag=etag or kept.etag, last_modified=last_modified or kept.last_modified)


def _given_with(line: Line, page: Fetched) -> Validators | None:
    etag, last_modified = page.headers.get("etag"), page.headers.get("last-modified")
    if not page.whole or not (etag or last_modified):
        return None
    return Validators(url=page.url, etag=etag, last_modified=last_modified, received=line.clock.now())


async def _extract(line: Line, hints: PageHints, page: Fetched) -> PageRead:
    host = host_of(page.url)
    known = await line.in_store(_lines_of, line, host)
    on_page = replace(hints, url=page.url, content_type=page.headers.get("content-type", ""), host_lines=known)
    outcome, failure = await read_in_worker(line.workers, explain_article, page.body, on_page)
    match outcome:
        case Reading(article=Article() as article):
            read = _as_listed(marked(article, failure), hints)
            return PageRead(article=read, host=host, lines=outcome.lines, validators=_given_with(line, page))
        case Reading(article=NotExtracted(reason=reason, detail=detail)):
            return PageRead(article=await _from_feed(line, hints, reason, detail))
        case WorkerFailure(kind=kind, detail=detail):
            return PageRead(article=await _from_feed(line, hints, WORKER_REASONS[kind], detail))
        case _:
            raise TypeError(f"a worker gave {type(outcome).__name__}")


def _lines_of(line: Line, host: str) -> frozenset[int]:
    with line.store.read() as db:
        return host_lines.known(db, host)


def marked(article: Article, failure: WorkerFailure | None) -> Article:
    """The article, marked partial when the full mode failed on its page."""
    if failure is None or article.partial is not None:
        return article
    detail = f"read in the cheap mode, since the full mode failed: {failure.detail}"
    return replace(article, partial=WORKER_REASONS[failure.kind], partial_detail=detail)


def _as_listed(article: Article, hints: PageHints) -> Article:
    """Under the address that the feed listed; the page's own is kept as canonical when redirects led elsewhere."""
    canonical = article.canonical_url or (article.url if article.url != hints.url else None)
    return replace(article, url=hints.url, canonical_url=canonical)


def _unavailable(outcome: NotModified | FetchFailed) -> tuple[Partial, str, bool]:
    """The reason, its detail, and whether the failure may pass."""
    if isinstance(outcome, NotModified):
        return Partial.UNREACHABLE, "the server says 304 to a request without conditions", False
    status = outcome.status
    if outcome.kind is FetchFailureKind.HTTP_STATUS and status is not None:
        reason = Partial.PAYWALL if status == 402 else Partial.HTTP_ERROR
        return reason, f"http-{status}", status >= 500 or status in PASSING_STATUS
    return REASONS.get(outcome.kind, Partial.UNREACHABLE), outcome.detail, outcome.kind in PASSING


async def _unread(line: Line, hints: PageHints, reason: Partial, detail: str, *, retry_later: bool) -> PageUnavailable:
    article = await _from_feed(line, hints, reason, detail)
    return PageUnavailable(reason=reason, retry_later=retry_later, article=article)


async def _from_feed(line: Line, hints: PageHints, partial: Partial | None, detail: str) -> Article:
    article = await _in_worker(line, article_from_feed, hints, partial=partial, detail=detail)
    if isinstance(article, Article):
        return article
    short = replace(hints, content=hints.content[:LAST_RESORT], summary=hints.summary[:LAST_RESORT])
    return article_from_feed(short, partial=partial, detail=detail)


async def _in_worker(line: Line, function: Callable[..., Any], hints: PageHints, **options: Any) -> Any:
    return await line.workers.run(function, hints, deadline=CHEAP_DEADLINE, **options)
