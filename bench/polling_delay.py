"""Mean delay from publication to poll, for the same number of polls, under three rules for the interval.

A simulation of the schedule alone: feeds post at random, with rates spread as those of news feeds are (log-normal: from
one a month to hundreds a day) and a day's rhythm; each rule gets one poll an hour and feed on average. The learnt rules
know only what their polls have shown. No real feeds are used, so read the ratios, not the minutes.

    python bench/polling_delay.py [--feeds 311] [--days 28]
"""

from __future__ import annotations

import argparse
import bisect
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from monitor.feeds import schedule
from monitor.model.polling import PostingRate
from monitor.model.settings import Polling

START = datetime(2024, 4, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
Rule = Callable[[PostingRate], timedelta]


def postings(random: Random, daily: float, days: int) -> list[datetime]:
    """Random times, six times as dense by day as by night."""
    times = []
    at = START
    peak = daily * 12 / 7
    while at < START + timedelta(days=days):
        at += timedelta(days=random.expovariate(peak))
        by_day = 6 <= at.hour < 18
        if random.random() < (1 if by_day else 1 / 6):
            times.append(at)
    return times


def simulate(
    feeds: list[list[datetime]], days: int, rule_for: Callable[[list[PostingRate]], Rule], polling: Polling, seed: int
) -> tuple[float, float]:
    """Mean delay in minutes over the last three quarters, and polls an hour and feed."""
    random = Random(seed)
    rates = [PostingRate() for _ in feeds]
    queue = sorted((START + HOUR * random.random(), n, START) for n in range(len(feeds)))
    delays, polls, counted_from = [], 0, START + timedelta(days=days / 4)
    end = START + timedelta(days=days)
    rule, solved = rule_for(rates), START
    while queue and queue[0][0] < end:
        now, number, before = queue.pop(0)
        if now - solved > timedelta(minutes=15):
            rule, solved = rule_for(rates), now
        posted = feeds[number]
        found = posted[bisect.bisect_right(posted, before) : bisect.bisect_right(posted, now)]
        rates[number] = schedule.updated_rate(rates[number], new=len(found), now=now)
        if now >= counted_from:
            polls += 1
            delays += [(now - each) / timedelta(minutes=1) for each in found if each >= counted_from]
        wait = min(max(rule(rates[number]), polling.min_interval), polling.max_interval)
        bisect.insort(queue, (now + schedule.jittered(wait, random), number, now))
    hours = days * 24 * 3 / 4
    return sum(delays) / len(delays), polls / hours / len(feeds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=311)
    parser.add_argument("--days", type=int, default=28)
    options = parser.parse_args()
    random = Random(3)
    spread = [min(math.exp(random.gauss(math.log(5), 1.6)), 500) for _ in range(options.feeds)]
    feeds = [postings(random, daily, options.days) for daily in spread]
    polling = Polling(
        polls_per_hour=round(options.feeds * 1.05), min_interval=timedelta(minutes=5), max_interval=timedelta(hours=6)
    )

    def fixed(_: list[PostingRate]) -> Rule:
        return lambda _: HOUR / 1.05

    def proportional(rates: list[PostingRate]) -> Rule:
        """τ = C / λ, with C solved as for ours."""
        scale = schedule.solve_scale([schedule.entries_a_day(each) for each in rates], polling)
        return lambda rate: scale / schedule.entries_a_day(rate)

    def square_root(rates: list[PostingRate]) -> Rule:
        scale = schedule.solve_scale([schedule.appetite(each, 1.0) for each in rates], polling)
        return lambda rate: schedule.learnt_interval(rate, 1.0, scale, polling)

    print("| rule | mean delay | polls an hour and feed | of the fixed rule's delay |\n|---|---|---|---|")
    base = 0.0
    for name, rule in (
        ("fixed interval", fixed),
        ("proportional to the rate", proportional),
        ("square root (ours)", square_root),
    ):
        delay, polls = simulate(feeds, options.days, rule, polling, seed=5)
        base = base or delay
        print(f"| {name} | {delay:.1f} min | {polls:.2f} | {delay / base:.0%} |")


if __name__ == "__main__":
    main()
