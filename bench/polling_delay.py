"""Mean delay from publication to poll, for the same number of polls, under several rules for the interval.

A simulation of the schedule alone: feeds post at random, six times as much by day as by night; each rule makes one
poll an hour and feed on average, and knows only what its own polls have shown. The rates are drawn, since no real feeds
can be reached here. Two families of distributions are tried, log-normal and Zipf, each as wide as makes Miniflux's rule
as late as it was measured over 311 real feeds, 13.8 minutes; the fixed interval is 30 minutes late with any rates. What
the other rules then have is the result.

- fixed: every feed once an hour.
- Miniflux's rule (its ``entry_frequency``): inversely to the entries of the last week, 5 min to 24 h.
- square root: the rule used here, without and with what was learnt of the day's rhythm; 5 min to 6 h.

    python bench/polling_delay.py [--feeds 311] [--days 28] [--calibrate]
"""

from __future__ import annotations

import argparse
import bisect
import heapq
import math
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from monitor.feeds import schedule
from monitor.model.polling import PostingRate
from monitor.model.settings import Polling

START = datetime(2024, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
MOST_A_DAY = 1000.0
MEAN_JITTER = 1.05
MINIFLUX = (timedelta(minutes=5), timedelta(hours=24))
MEASURED = 13.8
SIGMA, EXPONENT = 2.75, 1.7
"""As ``--calibrate`` finds them."""


def log_normal(count: int, sigma: float, random: Random) -> list[float]:
    """Entries a day around a median of one."""
    return [min(math.exp(random.gauss(0, sigma)), MOST_A_DAY) for _ in range(count)]


def zipf(count: int, exponent: float, random: Random) -> list[float]:  # noqa: ARG001 - drawn like the others
    """Entries a day falling with the rank, from 500 on."""
    return [500 / rank**exponent for rank in range(1, count + 1)]


def postings(random: Random, daily: float, days: int) -> list[datetime]:
    """Random times, six times as dense by day as by night."""
    times = []
    at = START
    peak = daily * 12 / 7
    while at < START + timedelta(days=days):
        at += timedelta(days=random.expovariate(peak))
        if random.random() < (1 if 6 <= at.hour < 18 else 1 / 6):
            times.append(at)
    return times


@dataclass
class Known:
    """What a rule's own polls have shown of a feed."""

    rate: PostingRate = field(default_factory=PostingRate)
    week: deque[datetime] = field(default_factory=deque)


@dataclass(frozen=True)
class Rule:
    """``share`` says how many polls a feed wants, ``wait`` the time to its next one under a scale."""

    name: str
    bounds: tuple[timedelta, timedelta]
    share: Callable[[Known], float]
    wait: Callable[[Known, timedelta, datetime], timedelta]


def a_day_of_last_week(known: Known) -> float:
    return max(len(known.week), 0.01) / 7


def even(known: Known) -> PostingRate:
    return replace(known.rate, hours=())


def learnt(rate: PostingRate, scale: timedelta, now: datetime) -> timedelta:
    return schedule.learnt_interval(rate, 1.0, scale, Polling(), now)


OURS = (Polling().min_interval, Polling().max_interval)
RULES = (
    Rule("fixed interval", MINIFLUX, lambda _: 1.0, lambda _known, scale, _now: scale),
    Rule("Miniflux's rule", MINIFLUX, a_day_of_last_week, lambda known, scale, _: scale / a_day_of_last_week(known)),
    Rule(
        "square root",
        OURS,
        lambda known: schedule.appetite(even(known), 1.0),
        lambda known, scale, now: learnt(even(known), scale, now),
    ),
    Rule(
        "square root and rhythm of the day (ours)",
        OURS,
        lambda known: schedule.appetite(known.rate, 1.0),
        lambda known, scale, now: learnt(known.rate, scale, now),
    ),
)


def simulate(feeds: list[list[datetime]], days: int, rule: Rule, seed: int) -> tuple[float, float]:
    """Mean delay in minutes over the last three quarters, and polls an hour and feed."""
    random = Random(seed)
    polling = Polling(
        polls_per_hour=round(len(feeds) * MEAN_JITTER), min_interval=rule.bounds[0], max_interval=rule.bounds[1]
    )
    known = [Known() for _ in feeds]
    queue = [(START + HOUR * random.random(), n, START) for n in range(len(feeds))]
    heapq.heapify(queue)
    counted_from, end = START + timedelta(days=days / 4), START + timedelta(days=days)
    late, found_in_all, polls = timedelta(), 0, 0
    solved, scale = START - HOUR, HOUR
    while queue[0][0] < end:
        now, number, before = heapq.heappop(queue)
        if (
            now - solved > 3 * HOUR
        ):  # a quarter of an hour in the daemon: it moves slowly, and takes most of the time here
            scale, solved = schedule.solve_scale([rule.share(each) for each in known], polling), now
        posted = feeds[number]
        found = posted[bisect.bisect_right(posted, before) : bisect.bisect_right(posted, now)]
        learn(known[number], found, now)
        if now >= counted_from:
            polls += 1
            counted = [each for each in found if each >= counted_from]
            found_in_all += len(counted)
            late += sum((now - each for each in counted), timedelta())
        wait = min(max(rule.wait(known[number], scale, now), polling.min_interval), polling.max_interval)
        heapq.heappush(queue, (now + schedule.jittered(wait, random), number, now))
    hours = days * 24 * 3 / 4
    return late / timedelta(minutes=1) / found_in_all, polls / hours / len(feeds)


def learn(known: Known, found: list[datetime], now: datetime) -> None:
    known.rate = schedule.updated_rate(known.rate, new=len(found), now=now, published=found)
    known.week.extend(found)
    while known.week and known.week[0] < now - WEEK:
        known.week.popleft()


def calibrated(spread: Callable[[int, float, Random], list[float]], options: argparse.Namespace) -> Iterator[str]:
    """Find the width for which Miniflux's rule is as late as measured."""
    low, high = (1.0, 4.0) if spread is log_normal else (0.8, 2.0)
    for _ in range(6):
        middle = (low + high) / 2
        delay = mean(spread, middle, RULES[1], options)[0]
        yield f"{spread.__name__} {middle:.2f}: {delay:.1f} min"
        low, high = (middle, high) if delay > MEASURED else (low, middle)


def mean(
    spread: Callable[[int, float, Random], list[float]], width: float, rule: Rule, options: argparse.Namespace
) -> tuple[float, float]:
    """Over several draws: delay in minutes, and polls an hour and feed."""
    delays, polls = [], []
    for seed in range(options.draws):
        random = Random(seed)
        feeds = [postings(random, daily, options.days) for daily in spread(options.feeds, width, random)]
        delay, count = simulate(feeds, options.days, rule, seed)
        delays.append(delay)
        polls.append(count)
    return sum(delays) / len(delays), sum(polls) / len(polls)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=311)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--calibrate", action="store_true", help="find the widths instead of using those found")
    options = parser.parse_args()
    if options.calibrate:
        for spread in (log_normal, zipf):
            for line in calibrated(spread, options):
                print(line, flush=True)
        return
    print("| rule | log-normal rates | Zipf rates | polls an hour and feed |\n|---|---|---|---|")
    for rule in RULES:
        (first, polls), (second, others) = (
            mean(spread, width, rule, options) for spread, width in ((log_normal, SIGMA), (zipf, EXPONENT))
        )
        print(f"| {rule.name} | {first:.1f} min | {second:.1f} min | {polls:.2f}, {others:.2f} |", flush=True)


if __name__ == "__main__":
    main()
