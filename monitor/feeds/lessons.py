"""What one answer teaches about its feed: the next state, from the state before. Pure.

A failed, cut or unparsable answer never moves state backwards: validators, moves and what was learnt stay as they
were, apart from the back-off.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit

from monitor.feeds import schedule
from monitor.feeds.schedule import NextPoll
from monitor.model.feeds import FeedDocument
from monitor.model.fetching import FetchFailed, FetchFailureKind, Validators
from monitor.model.polling import Changes, Face, FeedHealth, FeedState, Hints, Move, PostingRate
from monitor.model.settings import Polling
from monitor.model.words import counted

OLD_VALIDATORS = timedelta(days=8)
"""Without a 200 for so long, one request is unconditional: some servers answer 304 for ever."""
MOVE_TRIAL = timedelta(days=7)
MOVE_POLLS = 5
FLOOD_LEAST = 5
FLOOD_SHARE = 0.2
"""Of what a feed lists: so many new entries at once, and more than ``FLOOD_LEAST``, are a flood ..."""
FLOOD_FACTOR = 5
"""... where they are also more than this many times what the posting rate lets expect since the last new one."""
EMPTY_WARNING = 2
SILENT_FACTOR = 10
"""Silent for so many times its mean gap between entries (and three days), a feed is noted as silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """An answer as far as the state depends on it."""

    url: str
    """Of the last hop."""
    etag: str | None = None
    last_modified: str | None = None
    freshness: timedelta | None = None
    moved_to: str | None = None
    """Where it was redirected permanently."""
    whole: bool = True
    changes_only: bool = False
    """A 226 (RFC 3229): it lists what is new since the validators and says nothing of the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """The circumstances of a poll: when, by which settings, with which dice."""

    now: datetime
    polling: Polling
    scale: timedelta
    random: Random
    pushed: bool = False
    """True while a hub has promised to push what the feed publishes."""


def usable_validators(state: FeedState, now: datetime) -> Validators | None:
    """The validators to send: none where no full answer came for eight days (or the clock is off)."""
    if state.validators is None or state.last_full_answer is None:
        return None
    if abs(now - state.last_full_answer) > OLD_VALIDATORS:
        return None
    return state.validators


def interval_of(state: FeedState, occasion: Occasion) -> timedelta:
    """The feed's interval: as configured, or learnt."""
    if state.spec.interval is not None:
        return state.spec.interval
    learnt = schedule.learnt_interval(state.rate, state.spec.weight, occasion.scale, occasion.polling, occasion.now)
    return schedule.as_safety_net(learnt, occasion.polling) if occasion.pushed else learnt


def after_document(
    state: FeedState, document: FeedDocument, changes: Changes, reception: Reception, occasion: Occasion
) -> FeedState:
    """A 200 or 226 that is a feed."""
    now = occasion.now
    suspect = is_suspect(state, document, changes, reception.url)
    learnt = replace(
        state,
        health=FeedHealth.SUSPECT if suspect else FeedHealth.OK,
        polls=state.polls + 1 if reception.whole else state.polls,
        failures=0,
        failure=None,
        failing_since=None,
        last_poll=now,
        last_success=now,
        last_entry=now if changes.new else state.last_entry,
        last_gap=now if is_gap(state, document, changes, reception) else state.last_gap,
        rate=_rate(state, document, changes, now),
        face=state.face if suspect else _face(document, reception.url, state.face),
        empty_polls=_empty_polls(state, document, reception),
    )
    if reception.whole:
        learnt = replace(
            learnt,
            # an index may stay as its sitemaps change
            validators=None if document.children else _validators(reception, now),
            last_full_answer=state.last_full_answer if reception.changes_only else now,
            seen_items=state.seen_items if reception.changes_only else frozenset(document.item_hashes),
            hints=_hints(document, reception),
        )
    learnt = replace(learnt, problem=_problem(learnt, reception), notes=_notes(state, learnt, document, changes, now))
    return _scheduled(_moved(learnt, reception, overlaps=changes_overlap(changes), now=now), occasion)


def after_not_modified(state: FeedState, reception: Reception, occasion: Occasion) -> FeedState:
    """A 304: what it carries replaces what was kept (RFC 9111 §4.3.4)."""
    kept = state.validators
    if kept is not None and reception.url == kept.url:
        kept = replace(
            kept,
            etag=reception.etag if reception.etag is not None else kept.etag,
            last_modified=reception.last_modified if reception.last_modified is not None else kept.last_modified,
        )
    freshness = reception.freshness if reception.freshness is not None else state.hints.freshness
    learnt = replace(
        state,
        health=state.health if state.health is FeedHealth.SUSPECT else FeedHealth.OK,
        validators=kept,
        polls=state.polls + 1,
        failures=0,
        failure=None,
        failing_since=None,
        last_poll=occasion.now,
        last_success=occasion.now,
        problem=state.problem if state.health is FeedHealth.SUSPECT or state.empty_polls >= EMPTY_WARNING else "",
        hints=replace(state.hints, freshness=freshness),
        rate=schedule.updated_rate(state.rate, new=0, now=occasion.now),
    )
    learnt = replace(learnt, notes=_silence(learnt, occasion.now))
    return _scheduled(_moved(learnt, reception, overlaps=True, now=occasion.now), occasion)


def after_push(state: FeedState, changes: Changes, now: datetime) -> FeedState:
    """Entries that a hub pushed: they say nothing of the feed's server, so health and schedule stay."""
    rate = _counted(state.rate, changes, now)
    return replace(state, rate=rate, last_entry=now if changes.new else state.last_entry)


def after_failure(state: FeedState, failure: FetchFailed, occasion: Occasion) -> FeedState:
    """No usable answer, or one that is no feed."""
    now = occasion.now
    if failure.kind is FetchFailureKind.OFFLINE:
        next_poll = _next_after(failure, state, occasion)
        return replace(state, last_poll=now, next_poll=next_poll.at, next_poll_reason=next_poll.reason)
    if failure.status in {404, 410} and state.move is not None and not same_address(failure.url, state.move.url):
        return _scheduled(_settled(replace(state, last_poll=now), state.move.url), occasion)
    failed = replace(
        state,
        last_poll=now,
        failures=state.failures + 1,
        failure=failure.kind,
        failing_since=state.failing_since or now,
        problem=problem_of(failure),
    )
    next_poll = _next_after(failure, failed, occasion)
    return replace(
        failed,
        health=_failed_health(failed, failure, now),
        next_poll=next_poll.at,
        next_poll_reason=next_poll.reason,
    )


def problem_of(failure: FetchFailed) -> str:
    """What is wrong and, where one can do something, what."""
    match failure.status:
        case 401 | 403:
            return f"{failure.detail}: the publisher refuses us; ask for access, or remove the feed"
        case 404:
            return f"{failure.detail}: the feed is not there; look for its new address"
        case 410:
            return f"{failure.detail}: the publisher has ended this feed; remove it"
    if failure.kind is FetchFailureKind.PROGRAM:
        return f"{failure.detail}: please report this fault of newsmonitor"
    if failure.kind is FetchFailureKind.BLOCKED_ADDRESS:
        return f"{failure.detail}; allow_private in [net] admits it on purpose"
    return failure.detail


def is_suspect(state: FeedState, document: FeedDocument, changes: Changes, url: str) -> bool:
    """True when a known feed shows another domain, title and language and not one known entry: hijacked or parked.

    A suspect feed stays so until it shows its old face again or its owner configures another URL.
    """
    before, face = state.face, _face(document, url, Face())
    is_same = face.domain == before.domain or face.title == before.title
    if state.health is FeedHealth.SUSPECT:
        return not is_same
    if state.polls == 0 or is_same or not before.title or not document.entries:
        return False
    languages_differ = face.language != before.language or not before.language
    return languages_differ and not changes_overlap(changes)


def is_flood(state: FeedState, changes: Changes, now: datetime) -> bool:
    """True when far more entries are new at once than the posting rate lets expect."""
    listed = len(changes.new) + len(changes.revised) + changes.unchanged
    if state.polls == 0 or len(changes.new) <= max(FLOOD_LEAST, FLOOD_SHARE * listed):
        return False
    since = max(now - (state.last_entry or now), timedelta(hours=1))
    expected = schedule.entries_a_day(state.rate) * (since / timedelta(days=1))
    return len(changes.new) > FLOOD_FACTOR * max(expected, 1.0)


def is_gap(state: FeedState, document: FeedDocument, changes: Changes, reception: Reception) -> bool:
    """True when a known feed lists several entries and none that is known: others may have been missed."""
    if reception.changes_only or document.unseen_only:
        return False
    return bool(state.polls) and len(changes.new) > 1 and not changes_overlap(changes)


def _empty_polls(state: FeedState, document: FeedDocument, reception: Reception) -> int:
    if changes_anything(document):
        return 0
    return state.empty_polls if reception.changes_only else state.empty_polls + 1


def changes_overlap(changes: Changes) -> bool:
    """True when at least one listed entry was known before."""
    return bool(changes.unchanged or changes.revised)


def changes_anything(document: FeedDocument) -> bool:
    """True when the document lists an entry, shown or left out by the item delta."""
    return bool(document.entries or document.item_hashes)


def _scheduled(state: FeedState, occasion: Occasion) -> FeedState:
    interval = interval_of(state, occasion)
    next_poll = schedule.after_success(
        interval=interval,
        fixed=state.spec.interval is not None,
        rate=state.rate,
        hints=state.hints,
        now=occasion.now,
        random=occasion.random,
    )
    reason = f"{next_poll.reason}, pushed by its hub" if occasion.pushed else next_poll.reason
    return replace(state, next_poll=next_poll.at, next_poll_reason=reason)


def _next_after(failure: FetchFailed, state: FeedState, occasion: Occasion) -> NextPoll:
    since = state.failing_since or occasion.now
    return schedule.after_failure(
        failure,
        failures=max(1, state.failures),
        failing_for=occasion.now - since,
        interval=interval_of(state, occasion),
        now=occasion.now,
        random=occasion.random,
    )


def _failed_health(state: FeedState, failure: FetchFailed, now: datetime) -> FeedHealth:
    if failure.status == 410:
        return FeedHealth.GONE
    if failure.status == 404 and state.failing_since and now - state.failing_since >= schedule.DEAD_AFTER:
        return FeedHealth.DEAD
    return FeedHealth.FAILING


def _validators(reception: Reception, now: datetime) -> Validators | None:
    """Renewed on every full answer; those that it no longer carries are dropped."""
    if reception.etag is None and reception.last_modified is None:
        return None
    return Validators(url=reception.url, etag=reception.etag, last_modified=reception.last_modified, received=now)


def _hints(document: FeedDocument, reception: Reception) -> Hints:
    return Hints(
        freshness=reception.freshness,
        ttl=document.ttl,
        update_period=document.update_period,
        skip_hours=document.skip_hours,
        skip_days=document.skip_days,
    )


def _rate(state: FeedState, document: FeedDocument, changes: Changes, now: datetime) -> PostingRate:
    if state.polls == 0 and state.rate.measured is None:
        return schedule.rate_from_history([each.published for each in document.entries if each.published], now)
    return _counted(state.rate, changes, now)


def _counted(rate: PostingRate, changes: Changes, now: datetime) -> PostingRate:
    dates = [change.listed.published for change in changes.new]
    return schedule.updated_rate(rate, new=len(changes.new), now=now, published=dates)


def _face(document: FeedDocument, url: str, before: Face) -> Face:
    """The face that a document shows; what it leaves out stays as it was."""
    host = (urlsplit(document.link or url).hostname or "").removeprefix("www.")
    return Face(
        domain=host or before.domain,
        title=document.title or before.title,
        language=(document.language or "").lower() or before.language,
    )


def _problem(state: FeedState, reception: Reception) -> str:
    if state.health is FeedHealth.SUSPECT:
        return (
            f"domain, title, language and all entries changed at once (it was {state.face.title!r} of "
            f"{state.face.domain}): hijacked or parked? Its entries alert nobody until the old face returns or you say "
            f"that it is in order: monitor feeds accept {state.spec.name}"
        )
    if not reception.whole:
        return "the answer was cut short: what arrived was used"
    if state.empty_polls >= EMPTY_WARNING and state.last_entry is not None:
        return f"no entries in the last {state.empty_polls} answers"
    return ""


def _notes(
    before: FeedState, state: FeedState, document: FeedDocument, changes: Changes, now: datetime
) -> tuple[str, ...]:
    notes = list(document.problems)
    if changes.churned:
        notes.append("the feed changed its guids: entries were recognised by their links")
    if state.last_gap == now:
        notes.append(f"gap: all {len(changes.new)} entries are new, so some before them may have been missed")
    if is_flood(before, changes, now):
        notes.append(f"flood: {counted(len(changes.new), 'entry', 'entries')} at once")
    return (*notes, *_silence(state, now))


def _silence(state: FeedState, now: datetime) -> tuple[str, ...]:
    if state.last_entry is None:
        return ()
    silent = now - state.last_entry
    usual_gap = timedelta(days=1) / schedule.entries_a_day(state.rate)
    if silent < max(timedelta(days=3), SILENT_FACTOR * usual_gap):
        return ()
    return (f"silent: no new entry for {schedule.in_words(silent)}",)


def _moved(state: FeedState, reception: Reception, *, overlaps: bool, now: datetime) -> FeedState:
    """Believe a permanent redirect at once for an upgrade to https, else after seven days and five polls."""
    to = reception.moved_to
    if to is None:
        return replace(state, move=None)
    if is_upgrade(state.url, to):
        return _settled(state, to)
    if state.move is None or state.move.url != to:
        return replace(state, move=Move(url=to, since=now, polls=1)) if overlaps or state.polls <= 1 else state
    trial = replace(state.move, polls=state.move.polls + 1)
    if trial.polls >= MOVE_POLLS and now - trial.since >= MOVE_TRIAL:
        return _settled(state, to)
    return replace(state, move=trial)


def _settled(state: FeedState, url: str) -> FeedState:
    return replace(state, url=url, move=None)


def is_upgrade(before: str, after: str) -> bool:
    """True when only http became https."""
    return urlsplit(before).scheme == "http" and urlsplit(after).scheme == "https" and same_address(before, after)


def same_address(one: str, other: str) -> bool:
    """True where two URLs name the same path of the same host."""
    here, there = urlsplit(one), urlsplit(other)
    return (here.hostname, here.path or "/", here.query) == (there.hostname, there.path or "/", there.query)
