"""Look at a feed as a poll would, without recording anything: what ``feeds test`` and ``feeds discover`` show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from random import Random

from monitor.feeds import lessons, schedule
from monitor.feeds.changes import changes
from monitor.feeds.dates import believable
from monitor.feeds.discovery import announced_in_header, announced_in_html, usual_places
from monitor.feeds.lessons import Occasion, Reception
from monitor.feeds.parse import PARSE_DEADLINE, parse_document
from monitor.model.feeds import FeedDocument, FeedSpec, NotAFeed
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, FetchOutcome, NotModified
from monitor.model.polling import FeedState, PostingRate
from monitor.model.settings import Polling
from monitor.model.workers import WorkerFailure
from monitor.net.client import FEED_ACCEPT, Client
from monitor.net.headers import freshness
from monitor.workers.pool import WorkerPool

MOST_CANDIDATES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one request for a feed showed."""

    url: str
    """Of the last hop."""
    problem: str = ""
    """Why it is no usable feed; empty when it is one."""
    document: FeedDocument | None = None
    answer: FetchOutcome
    links: tuple[str, ...] = ()
    """Feeds that the answer announces, where it is a page."""
    headers: Mapping[str, str] = field(default_factory=dict)
    next_poll: schedule.NextPoll | None = None
    notes: tuple[str, ...] = ()


async def probe(
    client: Client, workers: WorkerPool, spec: FeedSpec, *, polling: Polling, now: datetime, crowd: int = 1
) -> Probe:
    """Fetch and parse ``spec.url`` once and say when the poll after it would be, as for a feed known since today.

    ``crowd`` is the number of feeds that share the poll budget.
    """
    answer = await client.get(spec.url, accept=FEED_ACCEPT, headers=dict(spec.headers))
    occasion = partial(_occasion, spec, polling=polling, now=now, crowd=crowd)
    if isinstance(answer, FetchFailed):
        return _unreadable(answer, answer, spec, occasion(PostingRate()))
    if isinstance(answer, NotModified):
        return Probe(url=answer.url, problem="the server answered 304", answer=answer, headers=answer.headers)
    document = await workers.run(
        parse_document,
        answer.body,
        content_type=answer.headers.get("content-type"),
        url=answer.url,
        language=spec.language,
        deadline=PARSE_DEADLINE,
    )
    match document:
        case FeedDocument():
            published = [each.published for each in document.entries if believable(each.published, now)]
            rate = schedule.rate_from_history([each for each in published if each is not None], now)
            return _readable(document, answer, spec, occasion(rate))
        case NotAFeed():
            announced = announced_in_header(answer.headers.get("link", ""), url=answer.url)
            links = tuple(dict.fromkeys((*announced, *document.links)))
            failure = FetchFailed(kind=FetchFailureKind.NOT_A_FEED, detail=document.reason, url=answer.url)
            return replace(_unreadable(failure, answer, spec, occasion(PostingRate())), links=links)
        case WorkerFailure():
            detail = f"the document could not be parsed ({document.detail})"
            failure = FetchFailed(kind=FetchFailureKind.NOT_A_FEED, detail=detail, url=answer.url)
            return _unreadable(failure, answer, spec, occasion(PostingRate()))


async def discover(client: Client, workers: WorkerPool, url: str, *, polling: Polling, now: datetime) -> list[Probe]:
    """The feeds of a site, proven by reading: the URL itself, what its page announces, or the usual places.

    Where there are none, the only probe is that of the URL, and says what is wrong with it.
    """
    own = await probe(client, workers, FeedSpec(name=url, url=url), polling=polling, now=now)
    if own.document is not None:
        return [own]
    links = list(own.links)
    if isinstance(own.answer, Fetched) and not links:
        links = list(announced_in_html(own.answer.body.decode("utf-8", "replace"), url=own.url))
    found = await _readable_ones(client, workers, links[:MOST_CANDIDATES], polling, now)
    if not found and (isinstance(own.answer, Fetched) or _was_answered(own.answer)):
        found = await _readable_ones(client, workers, list(usual_places(own.url or url)), polling, now)
    return found or [own]


def _was_answered(outcome: FetchOutcome) -> bool:
    """Whether a server said no: another of its addresses may say yes."""
    return isinstance(outcome, FetchFailed) and outcome.status is not None


async def _readable_ones(
    client: Client, workers: WorkerPool, urls: list[str], polling: Polling, now: datetime
) -> list[Probe]:
    found: dict[str, Probe] = {}
    for url in urls:
        seen = await probe(client, workers, FeedSpec(name=url, url=url), polling=polling, now=now)
        if seen.document is not None:
            found.setdefault(seen.url, seen)
    return list(found.values())


def _moved(answer: Fetched) -> tuple[str, ...]:
    to = answer.moved_permanently_to
    return (f"the address has moved permanently to {to}",) if to else ()


def _occasion(spec: FeedSpec, rate: PostingRate, *, polling: Polling, now: datetime, crowd: int) -> Occasion:
    """The poll of one among ``crowd`` feeds like this one."""
    scale = schedule.solve_scale([schedule.appetite(rate, spec.weight)] * max(1, crowd), polling)
    return Occasion(now=now, polling=polling, scale=scale, random=Random(0))  # noqa: S311 - jitter of a preview


def _unreadable(failure: FetchFailed, answer: FetchOutcome, spec: FeedSpec, occasion: Occasion) -> Probe:
    after = lessons.after_failure(FeedState(id=0, spec=spec, url=spec.url), failure, occasion)
    next_poll = schedule.NextPoll(at=after.next_poll, reason=after.next_poll_reason)
    problem = lessons.problem_of(failure)
    return Probe(url=failure.url, problem=problem, answer=answer, headers=answer.headers, next_poll=next_poll)


def _readable(document: FeedDocument, answer: Fetched, spec: FeedSpec, occasion: Occasion) -> Probe:
    reception = Reception(
        url=answer.url,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        freshness=freshness(answer.headers),
        moved_to=answer.moved_permanently_to,
        whole=answer.whole,
    )
    state = FeedState(id=0, spec=spec, url=spec.url)
    after = lessons.after_document(state, document, changes(document.entries, ()), reception, occasion)
    return Probe(
        url=answer.url,
        document=document,
        answer=answer,
        headers=answer.headers,
        next_poll=schedule.NextPoll(at=after.next_poll, reason=after.next_poll_reason),
        notes=(*_moved(answer), *filter(None, [after.problem]), *after.notes),
    )
