"""WebSub: ask hubs to push, prove to them that we asked, and take in what they push like the answer to a poll.

Only a push that is signed with the secret of its subscription changes anything. Where it cannot be taken as it is (it
is empty, unreadable, shows another face, or comes before the first poll) the feed is made due instead. The publisher's
own server is the authority: polls go on, only less often.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlite_utils import Database

from monitor.feeds import lessons, websub
from monitor.feeds.changes import changes as compare
from monitor.feeds.changes import identity
from monitor.feeds.parse import PARSE_DEADLINE, parse_document
from monitor.model.feeds import FeedDocument
from monitor.model.fetching import Fetched, FetchFailed
from monitor.model.polling import FeedHealth, FeedState
from monitor.model.websub import Subscription
from monitor.net.calls import Call, Reply
from monitor.net.redirects import next_url
from monitor.pipeline.line import Line
from monitor.pipeline.poll import appetite_of, read_state, record_changes, with_believable_dates
from monitor.pipeline.port import Port
from monitor.store import entries, feeds
from monitor.store import websub as subscriptions

ASKED_AT_ONCE = 10
CLAIM = timedelta(minutes=5)
MOST_HOPS = 3
MOVED = {301, 302, 307, 308}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UNKNOWN = Reply(status=404, text="no such subscription\n")
TAKEN = Reply(status=202)
"""The answer to every push on a known path, so that it tells a stranger nothing."""

log = structlog.get_logger("monitor")


class Callbacks(Port):
    """The port at which hubs reach us. What they push while it is closed they push again, or polls find it."""

    def __init__(self, line: Line) -> None:
        """Where ``[websub]`` says, and nowhere without it."""

        def wanted() -> tuple[str, int] | None:
            return None if line.settings.websub is None else line.settings.websub.listen

        super().__init__("hubs", partial(answer, line), wanted, max_body_bytes=line.settings.net.max_wire_bytes)


async def ask_hubs(line: Line) -> int:
    """Send what is due: requests to subscribe, to renew, to leave. Returns how many; none without ``[websub]``."""
    if line.settings.websub is None:
        return 0
    keys = await line.in_store(_claim, line)
    await asyncio.gather(*(_ask(line, key) for key in keys))
    return len(keys)


def _claim(line: Line) -> list[int]:
    now = line.clock.now()
    with line.store.transaction() as db:
        subscriptions.leave_removed_feeds(db, now)
        return subscriptions.claim_due(db, now, ASKED_AT_ONCE, CLAIM)


async def _ask(line: Line, key: int) -> None:
    settings = line.settings.websub
    subscription = await line.in_store(_read, line, key)
    if settings is None or subscription is None:
        return
    if websub.is_over(subscription, line.clock.now()):
        await line.in_store(_forget, line, key)
        return
    outcome = await _post(line, subscription.hub, websub.request_body(subscription, settings.callback))
    await line.in_store(_record_outcome, line, subscription, outcome)


async def _post(line: Line, hub: str, form: bytes) -> Fetched | FetchFailed:
    """Send the form, also where the hub has moved to, though never to plain HTTP.

    301 and 302 do not promise to keep the method (RFC 9110 §15.4), but a hub that answers so means it.
    """
    url, outcome = hub, await line.client.post(hub, form, headers=FORM)
    for _ in range(MOST_HOPS):
        is_moved = isinstance(outcome, FetchFailed) and outcome.status in MOVED
        location = next_url(url, outcome.headers) if is_moved else None
        if location is None or (websub.keeps_secrets(url) and not websub.keeps_secrets(location)):
            break
        url, outcome = location, await line.client.post(location, form, headers=FORM)
    return outcome


def _record_outcome(line: Line, asked: Subscription, outcome: Fetched | FetchFailed) -> None:
    """The hub may have verified, or the feed been removed, while it answered: what is there now counts."""
    now = line.clock.now()
    with line.store.transaction() as db:
        current = subscriptions.get(db, asked.id)
        if current is None:
            return
        if (current.state, current.lease_until) != (asked.state, asked.lease_until):
            after = current
        elif isinstance(outcome, Fetched):
            after = websub.after_accepted(current, now)
        else:
            after = websub.after_failed(current, outcome, now=now, random=line.random)
            log.warning("hub", hub=current.hub, detail=after.detail)
        subscriptions.record(db, after)


async def answer(line: Line, call: Call) -> Reply:
    """Answer a hub: its question whether we mean it (GET), or what it pushes (POST)."""
    path = call.path.rpartition("/")[2]
    if call.method == "GET":
        return await line.in_store(_verify, line, path, call.query)
    subscription = await line.in_store(_read_by_path, line, path)
    if subscription is None:
        return UNKNOWN
    signature = call.headers.get("x-hub-signature", "")
    if subscription.secret is not None and not websub.is_signed(subscription.secret, signature, call.body):
        log.warning("ignored a push", hub=subscription.hub, detail="its signature is missing or wrong")
        return TAKEN
    document = None if subscription.secret is None else await _parsed(line, subscription, call)
    await line.in_store(_take_in, line, subscription.id, document)
    return TAKEN


async def _parsed(line: Line, subscription: Subscription, call: Call) -> FeedDocument | None:
    """What was pushed, where it is a feed with entries; it counts as coming from the topic's address."""
    feed = await line.in_store(read_state, line, subscription.feed_id)
    document = await line.workers.run(
        parse_document, call.body, content_type=call.headers.get("content-type"), url=subscription.topic,
        language=feed.spec.language, deadline=PARSE_DEADLINE,
    )  # fmt: skip
    return document if isinstance(document, FeedDocument) and document.entries else None


def _verify(line: Line, path: str, query: Mapping[str, str]) -> Reply:
    now = line.clock.now()
    with line.store.transaction() as db:
        subscription = subscriptions.by_path(db, path)
        after = None if subscription is None else websub.after_verification(subscription, query, now)
        if after is None:
            return UNKNOWN
        if after.lease_until is None and query.get("hub.mode") == "unsubscribe":
            subscriptions.forget(db, after.id)
        else:
            subscriptions.record(db, after)
    log.info("hub", hub=after.hub, topic=after.topic, state=after.state.value, until=after.lease_until)
    return Reply(status=200, text=query.get("hub.challenge", ""))


def _take_in(line: Line, key: int, document: FeedDocument | None) -> None:
    """One transaction: the entries that are new, or a date for a poll where the push cannot be taken as it is."""
    now = line.clock.now()
    with line.store.transaction() as db:
        subscription = subscriptions.get(db, key)
        if subscription is None:
            return
        subscriptions.note_push(db, key, now)
        state = feeds.read_state(db, subscription.feed_id)
        if document is None or not _record_push(db, state, document, now):
            _make_due(db, state, now, line.settings.polling.min_interval)


def _record_push(db: Database, state: FeedState, document: FeedDocument, now: datetime) -> bool:
    """Record entries as a poll would; False where only a poll can tell what the push means."""
    if not state.active or state.polls == 0 or state.health is FeedHealth.SUSPECT:
        return False
    document = with_believable_dates(document, now)
    stored = entries.known(db, state.id, [identity(entry) for entry in document.entries])
    found = compare(document.entries, stored)
    if lessons.is_suspect(state, document, found, document.self_url or state.url):
        return False
    record_changes(db, state, found, now=now)
    after = lessons.after_push(state, found, now)
    feeds.record_push(db, after, appetite=appetite_of(after))
    log.info("pushed", feed=state.spec.name, new=len(found.new), revised=len(found.revised))
    return True


def _make_due(db: Database, state: FeedState, now: datetime, least: timedelta) -> None:
    """A feed in trouble keeps its back-off; any other is due as soon as the shortest interval allows."""
    if state.active and state.next_poll is not None and not state.failures:
        soonest = now if state.last_poll is None else max(now, state.last_poll + least)
        feeds.bring_forward(db, state.id, soonest, "its hub says that there is something new")


def _read(line: Line, key: int) -> Subscription | None:
    with line.store.read() as db:
        return subscriptions.get(db, key)


def _read_by_path(line: Line, path: str) -> Subscription | None:
    with line.store.read() as db:
        return subscriptions.by_path(db, path)


def _forget(line: Line, key: int) -> None:
    with line.store.transaction() as db:
        subscriptions.forget(db, key)
