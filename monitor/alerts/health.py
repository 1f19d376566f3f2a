"""Which feeds an operator should hear of, and the words for it. Pure.

What a feed's publisher gets wrong and the reader makes good (an encoding, changed guids, broken XML, a flood) is a note
in ``monitor feeds list`` and no notice: one real feed in fourteen is malformed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from monitor.model.fetching import FetchFailureKind
from monitor.model.polling import FeedHealth, FeedState

PATIENCE = timedelta(hours=6)
"""A feed that has failed for less is not worth a word: publishers restart their servers at night."""

SILENT_GAPS = 12
"""A feed is silent after so many of its mean gaps without an entry: with random posting, 1 in 160,000."""
SHORTEST_SILENCE = timedelta(days=1)
LONGEST_GAP_DAYS = 365
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
KNOWN_AFTER = 5
"""Entries that must have been counted before a feed's rhythm is known."""

ANSWERS_WITHOUT_A_FEED = 3
"""In a row: a page for a while is maintenance, for longer it is a new address or a wall."""
FAULTS_OF_OURS = 2
"""In a row: one may have been this machine's moment, the second is a fault that somebody should mend."""
GAP = "gap"
GAP_TOLD_FOR = timedelta(days=1)
"""A feed whose polls always come too late is told of once, and again when it happens after a good day."""

SOONER: Mapping[FetchFailureKind | None, tuple[int, str, str]] = {
    FetchFailureKind.NOT_A_FEED: (ANSWERS_WITHOUT_A_FEED, "no-feed", "answers, but not with a feed"),
    FetchFailureKind.PROGRAM: (FAULTS_OF_OURS, "program", "cannot be polled"),
}
"""Failures that are told before ``PATIENCE`` ends: after how many in a row, under which key, in which words."""

WORDS = {
    FeedHealth.DEAD: "seems to be dead: 404 for days, asked once a week from now on",
    FeedHealth.GONE: "is gone (410) and is not polled any more: remove it or find its new address",
    FeedHealth.SUSPECT: "changed domain, title and all items at once: its alerts are off until you have looked at it",
}


def alarms(states: Iterable[FeedState], now: datetime) -> dict[str, str]:
    """What is wrong with active feeds: a sentence by a key that stays the same while the trouble does."""
    found: dict[str, str] = {}
    for state in states:
        if state.active:
            found |= {f"{kind}:{state.spec.name}": words for kind, words in _troubles(state, now)}
    return found


def alarm_at(state: FeedState) -> datetime | None:
    """The first moment at which :func:`alarms` may have a word on the feed, left as it is; None where it never has.

    May be too early, never too late: so only the feeds whose moment has come need a look.
    """
    if state.health in WORDS or state.failure in SOONER:
        return state.last_poll or state.failing_since or LONG_AGO
    moments = (state.failing_since and state.failing_since + PATIENCE, _silent_from(state), state.last_gap)
    return min((each for each in moments if each is not None), default=None)


def _troubles(state: FeedState, now: datetime) -> list[tuple[str, str]]:
    name = state.spec.name
    if state.health in WORDS:
        return [(str(state.health), f"{name} {WORDS[state.health]}")]
    told_after, kind, words = SOONER.get(state.failure, (0, "", ""))
    if told_after and state.failures >= told_after:
        return [(kind, f"{name} {words}: {state.problem}")]
    if state.failing_since is not None and now - state.failing_since >= PATIENCE:
        hours = int((now - state.failing_since) / timedelta(hours=1))
        return [("failing", f"{name} has failed for {hours} hours: {state.problem or 'no reason known'}")]
    silence = _silence(state, now)
    if silence is not None:
        return [("silent", f"{name} has listed nothing new for {_days(silence)}, far beyond its rhythm")]
    if state.last_gap is not None and now - state.last_gap < GAP_TOLD_FOR:
        at = f"{state.last_gap:%Y-%m-%d %H:%M} UTC"
        return [(GAP, f"{name} may have missed entries: all that it listed at {at} were new; a shorter interval helps")]
    return []


def _silence(state: FeedState, now: datetime) -> timedelta | None:
    """How long a feed has been silent beyond its own rhythm; None where it has not, or none is known."""
    begins = _silent_from(state)
    return now - state.last_entry if begins is not None and state.last_entry is not None and now > begins else None


def _silent_from(state: FeedState) -> datetime | None:
    """When its silence goes beyond a feed's rhythm; None where none is known."""
    rate = state.rate
    if state.last_entry is None or rate.entries < KNOWN_AFTER or rate.days <= 0:
        return None
    gap = min(rate.days / rate.entries, LONGEST_GAP_DAYS)
    return state.last_entry + max(SHORTEST_SILENCE, SILENT_GAPS * timedelta(days=gap))


def _days(duration: timedelta) -> str:
    hours = int(duration / timedelta(hours=1))
    return f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def alarm_text(before: Mapping[str, str], current: Mapping[str, str]) -> str | None:
    """One notice for all that began or ended; None where nothing did."""
    began = [words for key, words in sorted(current.items()) if key not in before]
    ended = [key.partition(":")[2] for key in sorted(before) if key not in current and not key.startswith(f"{GAP}:")]
    if not began and not ended:
        return None
    head = f"{len(began)} feeds need attention" if began else f"{len(ended)} feeds recovered"
    lines = [head if len(began or ended) != 1 else head.replace("feeds need", "feed needs").replace("feeds", "feed")]
    lines += ["", *began] if began else []
    lines += ["", *(f"{name} works again" for name in dict.fromkeys(ended))] if ended else []
    return "\n".join(lines)
