"""When to poll a feed next, and why in words. Pure: the time and the dice are arguments.

The learnt interval is τ = clamp(C / √(λ·w), min, max): λ is the feed's posting rate (prior: one entry a day), w the
weight of the watches on it, and C such that all feeds together keep the configured polls per hour. For the same
number of polls over real feeds the mean delay of an entry is 7.7 minutes, where a rule proportional to λ has 13.8
and a fixed interval 30 (after Sia and Cho, *Efficient monitoring algorithm for fast news alerts*, 2007). Within the
day τ follows the hours at which the feed publishes (:mod:`monitor.feeds.rhythm`).

Floors on top of τ: what the server calls fresh, ``<ttl>``, and Retry-After; skipped hours and days are waited out.
Jitter only ever delays.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from monitor.feeds import rhythm
from monitor.model.fetching import FetchFailed, FetchFailureKind
from monitor.model.polling import Hints, PostingRate
from monitor.model.settings import Polling

MEMORY = timedelta(days=14)
"""Half-life of what was counted: a feed that falls silent is trusted less within weeks."""
PRIOR_ENTRIES = 1.0
PRIOR_DAYS = 1.0
MOST_ENTRIES_A_DAY = 2000.0
MUCH, LITTLE = 1.25, 0.75
"""Polls at an hour, against the even spread, that the reason of the next poll mentions."""
JITTER = 0.10
LONGEST_FRESHNESS = timedelta(hours=6)
"""Clamp of ``max-age`` and ``<ttl>``: feeds were seen that call themselves fresh for sixteen years."""
LONGEST_RETRY_AFTER = timedelta(days=2)
FIRST_THROTTLE = timedelta(hours=4)
LONGEST_BACKOFF = timedelta(hours=24)
DEAD_AFTER = timedelta(days=3)
DEAD_PROBE = timedelta(days=7)
SAFETY_NET = 4
"""A feed that is pushed by its hub is polled so many times less often, within the longest interval."""
OFFLINE_RETRY = timedelta(minutes=2)
THROTTLES = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPoll:
    """When to come back (None: never) and why, as half a sentence: "posts about 3 a day, server asks for ≥ 15 min"."""

    at: datetime | None
    reason: str


def updated_rate(
    rate: PostingRate, *, new: int, now: datetime, published: Iterable[datetime | None] = ()
) -> PostingRate:
    """Count ``new`` entries found at ``now``; what was counted before fades. A clock that stepped back counts as 0.

    Of the dates of the new entries, those between the two polls teach the rhythm of the day.
    """
    if rate.measured is None:
        return replace(rate, measured=now)
    elapsed = max(timedelta(), now - rate.measured)
    fade = 0.5 ** (elapsed / MEMORY)
    times = [each for each in published if each is not None and rate.measured <= each <= now]
    return PostingRate(
        entries=rate.entries * fade + new,
        days=rate.days * fade + elapsed / timedelta(days=1),
        measured=now,
        hours=rhythm.learnt(rate.hours, times, fade=fade),
    )


def rate_from_history(published: Sequence[datetime], now: datetime) -> PostingRate:
    """A first guess from the dates of the entries listed at the first poll: at most a week's worth of trust."""
    recent = sorted(each for each in published if now - timedelta(days=7) <= each <= now)
    if len(recent) < 2:
        return PostingRate(measured=now)
    span = now - recent[0]
    hours = rhythm.learnt((), recent, fade=1.0) if span >= timedelta(days=1) else ()  # half a day shows no rhythm
    span_days = max(span / timedelta(days=1), 1 / 24)
    return PostingRate(entries=float(len(recent)), days=span_days, measured=now, hours=hours)


def entries_a_day(rate: PostingRate) -> float:
    """λ: the estimate with its prior of one entry a day."""
    return min((rate.entries + PRIOR_ENTRIES) / (rate.days + PRIOR_DAYS), MOST_ENTRIES_A_DAY)


def appetite(rate: PostingRate, weight: float) -> float:
    """√(λ·w), less what the rhythm of the day saves: a feed's share of the polls is proportional to it."""
    return _pull(rate, weight) * rhythm.mean_density(rate.hours)


def _pull(rate: PostingRate, weight: float) -> float:
    return math.sqrt(max(entries_a_day(rate) * max(weight, 0.01), 1e-4))


def solve_scale(appetites: Sequence[float], polling: Polling) -> timedelta:
    """C, such that the intervals of all feeds together make ``polls_per_hour``; found by bisection.

    Where even the shortest intervals make fewer polls than that, the shortest are taken, and likewise the longest.
    """
    counted = Counter(float(f"{each:.3g}") for each in appetites)
    low = polling.min_interval.total_seconds() * min(appetites, default=1.0)
    high = polling.max_interval.total_seconds() * max(appetites, default=1.0)
    for _ in range(50):
        middle = (low + high) / 2
        if _polls_per_hour(counted, middle, polling) > polling.polls_per_hour:
            low = middle
        else:
            high = middle
    return timedelta(seconds=high)


def _polls_per_hour(appetites: Mapping[float, int], scale_s: float, polling: Polling) -> float:
    low, high = polling.min_interval.total_seconds(), polling.max_interval.total_seconds()
    return sum(count * 3600 / min(max(scale_s / each, low), high) for each, count in appetites.items())


def learnt_interval(rate: PostingRate, weight: float, scale: timedelta, polling: Polling, now: datetime) -> timedelta:
    """τ for one feed, as it is from ``now`` on: shorter at the hours at which it publishes most."""
    wished = rhythm.wait(scale / _pull(rate, weight), rate.hours, now)
    return min(max(wished, polling.min_interval), polling.max_interval)


def as_safety_net(interval: timedelta, polling: Polling) -> timedelta:
    """The interval of a feed that is pushed: polls only catch what its hub loses."""
    return max(interval, min(interval * SAFETY_NET, polling.max_interval))


def after_success(
    *, interval: timedelta, fixed: bool, rate: PostingRate, hints: Hints, now: datetime, random: Random
) -> NextPoll:
    """The next poll after a 200 or 304. ``fixed`` says that the user set ``interval``; the floors hold all the same."""
    reasons = [
        f"every {in_words(interval)} as configured" if fixed else rate_in_words(rate) + _hour_in_words(rate, now)
    ]
    floor = interval
    for asked in (hints.freshness, hints.ttl):
        if asked is not None and min(asked, LONGEST_FRESHNESS) > floor:
            floor = min(asked, LONGEST_FRESHNESS)
            reasons = [reasons[0], f"server asks for ≥ {in_words(floor)}"]
    if not fixed and hints.update_period is not None and hints.update_period > timedelta(days=1):
        slow = min(hints.update_period / 4, LONGEST_FRESHNESS)
        floor = max(floor, slow)
    at = now + jittered(floor, random)
    awake = _after_skipped(at, hints)
    if awake != at:
        reasons.append("server skips some hours or days")
    return NextPoll(at=awake, reason=", ".join(reasons))


def after_failure(
    failure: FetchFailed, *, failures: int, failing_for: timedelta, interval: timedelta, now: datetime, random: Random
) -> NextPoll:
    """The next poll after the ``failures``-th failure in a row (from 1): never sooner than the normal interval.

    An outage of our own network reached no server, so it is tried again soon.
    """
    if failure.kind is FetchFailureKind.OFFLINE:
        wait = min(OFFLINE_RETRY, interval)
        return NextPoll(at=now + jittered(wait, random), reason=f"our own network, tried again in {in_words(wait)}")
    if failure.status == 410:
        return NextPoll(at=None, reason="never: the publisher says that the feed is gone (410)")
    if failure.status == 404 and failing_for >= DEAD_AFTER:
        return NextPoll(at=now + jittered(DEAD_PROBE, random), reason="dead for days (404), probed once a week")
    if failure.status in THROTTLES:
        return _throttled(failure, failures=failures, interval=interval, now=now, random=random)
    wait = backoff(interval, failures)
    if failure.retry_after is not None:
        wait = max(wait, min(failure.retry_after, LONGEST_RETRY_AFTER))
    count = "failed once" if failures == 1 else f"failed {failures} times in a row"
    return NextPoll(at=now + jittered(wait, random), reason=f"{count}, backing off {in_words(wait)}")


def _throttled(failure: FetchFailed, *, failures: int, interval: timedelta, now: datetime, random: Random) -> NextPoll:
    if failure.retry_after is not None:
        wait = max(interval, min(failure.retry_after, LONGEST_RETRY_AFTER))
        reason = f"server answered {failure.status} and asks for {in_words(failure.retry_after)}"
        if wait != failure.retry_after:
            reason += f", waiting {in_words(wait)}"
    else:
        wait = max(interval, min(FIRST_THROTTLE * 2 ** min(failures - 1, 8), LONGEST_RETRY_AFTER))
        reason = f"server answered {failure.status} without a date, backing off {in_words(wait)}"
    return NextPoll(at=now + jittered(wait, random), reason=reason)


def backoff(interval: timedelta, failures: int) -> timedelta:
    """The interval, doubled with each failure after the first, at most a day; never less than the interval."""
    doublings: int = 2 ** min(max(failures - 1, 0), 16)
    return max(interval, min(interval * doublings, LONGEST_BACKOFF))


def jittered(wait: timedelta, random: Random) -> timedelta:
    """Up to a tenth longer, never shorter."""
    return wait + wait * random.uniform(0, JITTER)


def _after_skipped(at: datetime, hints: Hints) -> datetime:
    """The first moment from ``at`` on whose hour and day the publisher does not skip; ``at`` where it skips all."""
    moment = at
    for _ in range(24 * 7):
        if moment.hour not in hints.skip_hours and moment.weekday() not in hints.skip_days:
            return moment
        moment = (moment + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    return at


def rate_in_words(rate: PostingRate) -> str:
    """ "posts about 3 a day", with the unit that gives a readable number."""
    daily = entries_a_day(rate)
    if daily >= 48:
        return f"posts about {daily / 24:.0f} an hour"
    if daily >= 0.75:
        return f"posts about {daily:.0f} a day"
    if daily >= 0.75 / 7:
        return f"posts about {daily * 7:.0f} a week"
    return f"posts about {max(1, round(daily * 30))} a month"


def _hour_in_words(rate: PostingRate, now: datetime) -> str:
    """What the rhythm of the day makes of this hour, where that is worth a word."""
    here = rhythm.density(rate.hours)[now.hour]
    if here >= MUCH:
        return ", most of it at this hour"
    return ", little of it at this hour" if here <= LITTLE else ""


def in_words(duration: timedelta) -> str:
    """A duration in its largest fitting unit: ``45 s``, ``15 min``, ``4 h``, ``7 d``."""
    seconds = duration.total_seconds()
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= 2 * size or (seconds >= size and seconds % size == 0):
            return f"{seconds / size:.3g} {unit}"
    if seconds >= 60:
        return f"{seconds / 60:.3g} min"
    return f"{seconds:.3g} s"
