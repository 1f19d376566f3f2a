"""Poll one feed: ask politely, parse in a worker, decide what is new and when to come back, record it all at once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlite_utils import Database

from monitor.alerts.health import alarm_at
from monitor.feeds import lessons, schedule, websub
from monitor.feeds.changes import changes as compare
from monitor.feeds.changes import identity
from monitor.feeds.dates import believable
from monitor.feeds.lessons import Occasion, Reception
from monitor.feeds.parse import PARSE_DEADLINE, parse_document
from monitor.model.feeds import FeedDocument, ListedEntry, NotAFeed
from monitor.model.fetching import Fetched, FetchFailed, FetchFailureKind, NotModified
from monitor.model.polling import Change, Changes, FeedHealth, FeedState
from monitor.model.workers import WorkerFailure
from monitor.net.client import FEED_ACCEPT
from monitor.net.guard import is_private
from monitor.net.headers import freshness
from monitor.net.redirects import same_origin
from monitor.net.resolver import is_localhost
from monitor.pipeline.line import Line
from monitor.store import entries, feeds, outages, recovery
from monitor.store import websub as subscriptions

MOST_PAGES = 5
"""Pages followed when a poll shares no entry with what is known, and sitemaps read of an index."""
HEARD = frozenset({
    FetchFailureKind.HTTP_STATUS, FetchFailureKind.NOT_A_FEED, FetchFailureKind.CUT_SHORT, FetchFailureKind.MALFORMED,
    FetchFailureKind.TOO_LARGE, FetchFailureKind.BAD_REDIRECT, FetchFailureKind.TLS,
})  # fmt: skip
"""Failures for which a server must have answered: our own network works."""
CHANGES_ONLY = 226
SCALE_AGE = timedelta(minutes=15)
MOST_SAID = 500
"""Characters of an exception that are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollReport:
    """What a poll did."""

    feed: str
    outcome: str
    """``read``, ``not-modified``, ``cut-short``, ``not-a-feed`` or the kind of the failure."""
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    baseline: bool = False
    next_poll_at: datetime | None = None
    next_poll_reason: str = ""
    """ "next at 14:05 UTC: posts about 3 a day, server asks for ≥ 15 min"."""
    problem: str = ""
    """What is wrong; empty when nothing is."""
    failed: bool = False
    """True when nothing could be read; a problem alone may be a warning."""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A feed that was read, with where it came from."""

    document: FeedDocument
    reception: Reception
    link_header: str = ""


async def poll(line: Line, feed_id: int) -> PollReport:
    """Poll the feed with this key; validators, entries, health and schedule are recorded in one transaction."""
    state = await line.in_store(read_state, line, feed_id)
    answer = await gather(line, state)
    return await line.in_store(_record, line, feed_id, state.url, answer)


def set_aside(line: Line, feed_id: int, error: Exception) -> None:
    """A feed on which this program failed waits like one whose server failed; nothing else that is known changes.

    Without this its lease would have to end first, and with it the wait of its whole host.
    """
    now = line.clock.now()
    failure = FetchFailed(
        kind=FetchFailureKind.PROGRAM, detail=f"the program failed on it ({type(error).__name__}: {error})"[:MOST_SAID]
    )
    try:
        with line.store.transaction() as db:
            state = feeds.read_state(db, feed_id)
            after = lessons.after_failure(state, failure, _occasion(db, line, feed_id, now))
            _keep(db, after)
    except (ValueError, TypeError, KeyError, ArithmeticError):  # what is stored of the feed is itself what it fails on
        with line.store.transaction() as db:
            feeds.postpone(db, feed_id, now + schedule.LONGEST_BACKOFF, lessons.problem_of(failure), now=now)


async def gather(line: Line, state: FeedState) -> _Reading | NotModified | FetchFailed:
    """Fetch and parse, with the pages or sitemaps that belong to the answer; what is no feed is a failure."""
    validators = lessons.usable_validators(state, line.clock.now())
    answer = await line.client.get(
        state.url, validators=validators, accept=FEED_ACCEPT, headers=_own_headers(line, state, state.url)
    )
    if not isinstance(answer, Fetched):
        return answer
    reading = await _parsed(line, answer, state, seen=state.seen_items)
    if isinstance(reading, FetchFailed):
        return reading
    if reading.document.children:
        return await _with_sitemaps(line, reading, state)
    has_more = state.polls and reading.document.next_url and not reading.document.unseen_only
    if (
        has_more
        and answer.status != CHANGES_ONLY
        and not await line.in_store(_knows_any, line, state.id, reading.document)
    ):
        return await _with_pages(line, reading, state)
    return reading


def _own_headers(line: Line, state: FeedState, url: str) -> dict[str, str]:
    """The user's headers, where ``url`` is on the origin that they were configured for (or it upgraded to https)."""
    headers = line.headers_of(state.spec.name)
    return headers if headers and same_origin(state.spec.url, url) else {}


async def _parsed(
    line: Line, answer: Fetched, state: FeedState, *, seen: frozenset[bytes] | None = None
) -> _Reading | FetchFailed:
    kind = answer.headers.get("content-type")
    document = await line.workers.run(
        parse_document, answer.body, content_type=kind, url=answer.url, language=state.spec.language,
        seen=seen, deadline=PARSE_DEADLINE,
    )  # fmt: skip
    match document:
        case FeedDocument():
            links = answer.headers.get("link", "")
            return _Reading(document=document, reception=_reception(answer), link_header=links)
        case NotAFeed():
            return _unparsable(answer, _described(document))
        case WorkerFailure():
            return _unparsable(answer, f"the document could not be parsed ({document.detail})")


async def _with_sitemaps(line: Line, index: _Reading, state: FeedState) -> _Reading | FetchFailed:
    """The newest sitemaps of an index, as one document; the index's own validators stand for all."""
    found: list[ListedEntry] = []
    last_failure: FetchFailed | None = None
    for url in index.document.children[:MOST_PAGES]:
        answer = await line.client.get(url, accept=FEED_ACCEPT, headers=_own_headers(line, state, url))
        reading = await _parsed(line, answer, state) if isinstance(answer, Fetched) else answer
        if isinstance(reading, _Reading):
            found += reading.document.entries
        elif isinstance(reading, FetchFailed):
            last_failure = reading
    if last_failure is not None and not found:
        return last_failure
    whole = index.reception.whole and last_failure is None
    return _Reading(
        document=replace(index.document, entries=tuple(found)), reception=replace(index.reception, whole=whole)
    )


async def _with_pages(line: Line, first: _Reading, state: FeedState) -> _Reading:
    """Follow RFC 5005 ``rel=next`` until a page has something known, so that nothing between two polls is lost."""
    document = first.document
    seen = {first.reception.url}
    page = document
    for _ in range(MOST_PAGES):
        if page.next_url is None or page.next_url in seen:
            break
        seen.add(page.next_url)
        headers = _own_headers(line, state, page.next_url)
        answer = await line.client.get(page.next_url, accept=FEED_ACCEPT, headers=headers)
        reading = await _parsed(line, answer, state) if isinstance(answer, Fetched) else None
        if not isinstance(reading, _Reading):
            break
        page = reading.document
        document = replace(document, entries=document.entries + page.entries)
        if await line.in_store(_knows_any, line, state.id, page):
            break
    return replace(first, document=document)


def _reception(answer: Fetched | NotModified) -> Reception:
    return Reception(
        url=answer.url,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
        freshness=freshness(answer.headers),
        moved_to=answer.moved_permanently_to,
        whole=answer.whole if isinstance(answer, Fetched) else True,
        changes_only=isinstance(answer, Fetched) and answer.status == CHANGES_ONLY,
    )


def _unparsable(answer: Fetched, detail: str) -> FetchFailed:
    kind = FetchFailureKind.NOT_A_FEED if answer.whole else FetchFailureKind.CUT_SHORT
    return FetchFailed(kind=kind, detail=detail, url=answer.url, elapsed=answer.elapsed)


def _described(verdict: NotAFeed) -> str:
    if not verdict.links:
        return verdict.reason
    return f"{verdict.reason}; it announces {verdict.links[0]}: configure that as the URL if it is the feed you mean"


def read_state(line: Line, feed_id: int) -> FeedState:
    """A feed by its key, in a reading transaction of its own."""
    with line.store.read() as db:
        return feeds.read_state(db, feed_id)


def _knows_any(line: Line, feed_id: int, document: FeedDocument) -> bool:
    with line.store.read() as db:
        return bool(entries.known(db, feed_id, [identity(entry) for entry in document.entries]))


def _record(line: Line, feed_id: int, asked_url: str, answer: _Reading | NotModified | FetchFailed) -> PollReport:
    """One transaction; the state is read again in it, since a reload may have changed the feed meanwhile."""
    now = line.clock.now()
    with line.store.transaction() as db:
        state = _since_loss(db, feeds.read_state(db, feed_id), now)
        occasion = _occasion(db, line, feed_id, now)
        if state.url != asked_url:
            _keep(db, state)
            return _report(state, "reconfigured", Changes())
        match answer:
            case _Reading():
                after, found, baseline = _record_reading(db, state, answer, occasion)
                _subscribe(db, line, after, answer, now)
                outcome = "read" if answer.reception.whole else "cut-short"
                report = replace(_report(after, outcome, found), baseline=baseline)
            case NotModified():
                after = lessons.after_not_modified(state, _reception(answer), occasion)
                report = _report(after, "not-modified", Changes())
            case _:
                after = lessons.after_failure(state, answer, occasion)
                report = _report(after, answer.kind.value, Changes(), failure=answer)
        _keep(db, after)
        if isinstance(answer, FetchFailed):
            _pause_host(db, after, answer)
        _note_network(db, answer, now)
    return report


def _keep(db: Database, state: FeedState) -> None:
    feeds.record_state(db, state, appetite=appetite_of(state), alarm_at=alarm_at(state))


def _note_network(db: Database, answer: _Reading | NotModified | FetchFailed, now: datetime) -> None:
    """Let those who wonder why all is quiet know that our own network is lost, and since when."""
    if not isinstance(answer, FetchFailed) or answer.kind in HEARD:
        outages.ended(db, now)
    elif answer.kind is FetchFailureKind.OFFLINE:
        outages.begun(db, now)


def _record_reading(
    db: Database, state: FeedState, reading: _Reading, occasion: Occasion
) -> tuple[FeedState, Changes, bool]:
    now = occasion.now
    document = with_believable_dates(reading.document, now)
    stored = entries.known(db, state.id, [identity(entry) for entry in document.entries])
    left_out = len(document.item_hashes) - len(document.entries) if document.unseen_only else 0
    found = compare(document.entries, stored, left_out=left_out)
    after = lessons.after_document(state, document, found, reading.reception, occasion)
    record_changes(db, state, found, now=now, muted=after.health is FeedHealth.SUSPECT)
    return after, found, state.polls == 0


def record_changes(db: Database, state: FeedState, found: Changes, *, now: datetime, muted: bool = False) -> None:
    """Queue what is new or revised; entries of a feed's first poll, and those of a ``muted`` one, alert nobody."""
    flood = lessons.is_flood(state, found, now)
    for change in reversed(found.new):  # feeds list the newest first; keys shall rise with time
        silent = muted or (state.polls == 0 and not _is_young(change, state, now))
        entries.record_new(db, state.id, change, now=now, baseline=silent, flood=flood)
    entries.adopt_guids(db, found.adopted)
    for change in found.revised:
        entries.record_revision(db, change, now=now, muted=muted)


def _occasion(db: Database, line: Line, feed_id: int, now: datetime) -> Occasion:
    subscription = subscriptions.of_feed(db, feed_id) if line.settings.websub else None
    pushed = subscription is not None and subscription.is_pushed(now)
    scale = _scale(db, line, now)
    return Occasion(now=now, polling=line.settings.polling, scale=scale, random=line.random, pushed=pushed)


def _subscribe(db: Database, line: Line, state: FeedState, reading: _Reading, now: datetime) -> None:
    """Take over what a whole answer announces: a hub to be subscribed to, or none any more."""
    if line.settings.websub is None or not reading.reception.whole:
        return
    hub = websub.announced(reading.document, link_header=reading.link_header, url=reading.reception.url)
    if hub is None or state.health is FeedHealth.SUSPECT:
        subscriptions.leave(db, state.id, now)
        return
    secret = secrets.token_hex(32) if websub.keeps_secrets(hub.hub) else None
    subscriptions.want(db, state.id, hub, path=secrets.token_urlsafe(24), secret=secret, now=now)


def with_believable_dates(document: FeedDocument, now: datetime) -> FeedDocument:
    """The document without the dates that cannot be true."""
    return replace(document, entries=tuple(_dated(each, now) for each in document.entries))


def _dated(entry: ListedEntry, now: datetime) -> ListedEntry:
    published, updated = believable(entry.published, now), believable(entry.updated, now)
    if (published, updated) == (entry.published, entry.updated):
        return entry
    return replace(entry, published=published, updated=updated)


def _since_loss(db: Database, state: FeedState, now: datetime) -> FeedState:
    """The feed; where the database was lost lately, its first poll alerts what was published since."""
    since = recovery.alert_from(db, now) if state.polls == 0 else None
    if since is None:
        return state
    age = max(now - since, state.spec.alert_younger_than or timedelta())
    return replace(state, spec=replace(state.spec, alert_younger_than=age))


def _is_young(change: Change, state: FeedState, now: datetime) -> bool:
    """Whether an entry of the baseline is news: published lately, or since a reading that was cut short."""
    limit, published = state.spec.alert_younger_than, change.listed.published
    if published is None:
        return False
    is_recent = limit is not None and now - published <= limit
    return is_recent or (state.last_success is not None and published > state.last_success)


def _scale(db: Database, line: Line, now: datetime) -> timedelta:
    """The scale of all intervals; solved anew every quarter of an hour, since it moves slowly and needs every feed."""
    kept = feeds.poll_scale(db)
    if kept is not None and abs(now - kept[1]) < SCALE_AGE:
        return kept[0]
    scale = schedule.solve_scale(feeds.appetites(db), line.settings.polling)
    feeds.record_poll_scale(db, scale, now)
    return scale


def appetite_of(state: FeedState) -> float:
    """The feed's share of the poll budget, before scaling."""
    return schedule.appetite(state.rate, state.spec.weight)


def _pause_host(db: Database, state: FeedState, failure: FetchFailed) -> None:
    """A 429 holds for the whole host, but not for a loopback or private one, which is the user's own."""
    host = urlsplit(state.url).hostname or ""
    if failure.status != 429 or state.next_poll is None or is_localhost(host) or _is_private_literal(host):
        return
    feeds.pause_host(db, state.url, state.next_poll, f"the host answered 429 to {state.spec.name}")


def _is_private_literal(host: str) -> bool:
    return host.replace(".", "").isdigit() and is_private(host)


def _report(state: FeedState, outcome: str, found: Changes, *, failure: FetchFailed | None = None) -> PollReport:
    return PollReport(
        feed=state.spec.name,
        outcome=outcome,
        new=len(found.new),
        revised=len(found.revised),
        unchanged=found.unchanged,
        next_poll_at=state.next_poll,
        next_poll_reason=next_poll_in_words(state),
        problem=lessons.problem_of(failure) if failure is not None else state.problem,
        failed=failure is not None,
        notes=state.notes,
    )


def next_poll_in_words(state: FeedState) -> str:
    """ "next at 14:05 UTC: posts about 3 a day", with the date where it is not today's."""
    if state.next_poll is None:
        return f"next poll {state.next_poll_reason}" if state.next_poll_reason else "no next poll"
    is_far = state.last_poll is None or state.next_poll.date() != state.last_poll.date()
    at = state.next_poll.strftime("%Y-%m-%d %H:%M UTC" if is_far else "%H:%M UTC")
    return f"next at {at}: {state.next_poll_reason}"
