"""Kill -9 of the whole daemon, again and again, while events happen: what is lost, what doubles, what breaks.

.venv/bin/python bench/kills.py [--kills 500] [--each 100] [--minutes 60]

A feed, article pages, a webhook and a mail server outlive the daemon; both receivers note a message, then take 30 ms to
say yes. Each is two channels: one that tries again what is in doubt, and one that holds it. Every kill waits for a step
of the line that is drawn at random (told by the log), then up to 60 ms more; every other one kills the worker processes
too. After each, a copy of the database and its log, as the kill left them, is opened and checked.

Every stretch of ``--each`` kills has a new database. Daemons are forked from a process that has the program loaded
(``tests/acceptance/warm.py``): whole daemons, but for the second that loading takes.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.acceptance.killing import Events, WarmStage, is_sound  # noqa: E402 - the path comes first
from tests.acceptance.ledger import CHANNELS, HEADING, Ledger  # noqa: E402 - likewise

STEPS = {"started": b"", "polled": b'"new": [1-9]', "judged": b'"judged"', "delivered": b'"delivered"'}
"""What the log says after each step; of polls those count that found something."""
EVENTS_EACH = 2
MOST_UNREAD = 12
"""From twenty new items at once on, a feed is flooding, and its items are told in a digest."""
OLD_ENTRIES = 40
LISTED = 80
ANSWER_S = 0.03
LONGEST_AFTER_S = 0.06


@dataclass
class Tally:
    """What happened in one stretch."""

    ledger: Ledger = field(default_factory=lambda: Ledger(answer_s=ANSWER_S))
    kills: Counter[str] = field(default_factory=Counter)
    unsound: int = 0
    unread: int = 0
    seconds: float = 0.0


async def stretch(kills: int, until: float, chance: random.Random) -> Tally:
    """Kill so often, or until that time on the monotonic clock; then let the daemon finish, and count."""
    tally, events = Tally(), Events(chance.randrange(10**6))
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        async with AsyncExitStack() as stack:
            stage = WarmStage(Path(name), stack)
            stage.outlet.lists = LISTED
            await stage.set()
            await stage.let_hear(tally.ledger)
            for number in range(OLD_ENTRIES):
                stage.outlet.says(f"old-{number}", f"An ordinary day, number {number}", "Nothing of note was reported.")
            await stage.start()
            await stage.until(lambda: stage.query("SELECT count(*) FROM entries") == [(OLD_ENTRIES,)], 60, "baseline")
            while tally.kills.total() < kills and time.monotonic() < until:
                await one_kill(stage, tally, events, chance)
            await stage.until(lambda: all_told(stage, tally.ledger), 120, "all was heard or is held")
            assert await stage.end() == 0
            waiting = stage.query("SELECT * FROM deliveries WHERE state NOT IN ('sent', 'held', 'digested')")
            assert waiting == [], waiting
    tally.seconds = time.monotonic() - started
    return tally


def all_told(stage: WarmStage, ledger: Ledger) -> bool:
    """Whether every alert was heard everywhere, or is held; slow, as it reads the whole outbox."""
    stage.note_held(ledger)
    return not any(ledger.lost(channel) for channel in CHANNELS) and stage.is_empty()


async def one_kill(stage: WarmStage, tally: Tally, events: Events, chance: random.Random) -> None:
    """Something happens, the line goes on to a step, the daemon dies and starts again."""
    step = chance.choice(list(STEPS)) if tally.unread < MOST_UNREAD else "polled"
    tail = stage.tail()
    for _ in range(EVENTS_EACH if tally.unread < MOST_UNREAD else 0):
        number = len(tally.ledger.wanted)
        title = f"Report {number} on an explosion"
        stage.outlet.says(f"event-{number}", title, events.text())
        tally.ledger.wanted.add(title)
        tally.unread += 1
    if step != "started":
        await tail.wait_for(STEPS[step], 30)
    await asyncio.sleep(chance.uniform(0, LONGEST_AFTER_S))
    await stage.kill(workers_too=chance.random() < 0.5)
    tally.kills[step] += 1
    tally.unread = 0 if re.search(STEPS["polled"], tail.read()) else tally.unread
    tally.unsound += not await asyncio.to_thread(is_sound, stage.data)
    tally.ledger.life += 1  # what the dead one had said is noted by now
    await stage.start()


def table(tallies: list[Tally]) -> str:
    """The figures of all stretches together, as Markdown."""
    kills = sum((tally.kills for tally in tallies), Counter[str]())
    whole = Ledger()
    for number, tally in enumerate(tallies):
        offset, name = number * 1_000_000, f"{number}/"
        whole.wanted |= {name + title for title in tally.ledger.wanted}
        for channel in CHANNELS:
            whole.held[channel] |= {name + title for title in tally.ledger.held[channel]}
            for copy in tally.ledger.copies[channel]:
                moved = type(copy)(copy.life + offset, name + copy.key, name + copy.title)
                whole.copies[channel].append(moved)
    seconds = sum(tally.seconds for tally in tallies)
    return "\n".join(
        (
            f"{kills.total()} kills in {seconds / 60:.0f} minutes, each after: "
            + ", ".join(f"{step} {kills[step]}" for step in STEPS),
            f"databases unsound after a kill: {sum(tally.unsound for tally in tallies)}\n",
            HEADING,
            *(whole.row(channel) for channel in CHANNELS),
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--each", type=int, default=100, help="kills with one database")
    parser.add_argument("--minutes", type=float, default=120.0, help="stop killing after so long")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    until = time.monotonic() + arguments.minutes * 60
    tallies: list[Tally] = []
    left = arguments.kills
    while left > 0 and time.monotonic() < until:
        chance = random.Random(arguments.seed + len(tallies))
        tallies.append(asyncio.run(stretch(min(left, arguments.each), until, chance)))
        left -= tallies[-1].kills.total()
        report = sys.stdout if left <= 0 or time.monotonic() >= until else sys.stderr
        print(f"\n{table(tallies)}", file=report, flush=True)
    raise SystemExit(0 if all(is_kept(tally) for tally in tallies) else 1)


def is_kept(tally: Tally) -> bool:
    """Whether a stretch went as is guaranteed."""
    ledger = tally.ledger
    lost = any(ledger.lost(channel) or ledger.shown_twice(channel) for channel in CHANNELS)
    doubled = any(ledger.most_for_one_kill(channel) > 1 or ledger.most_in_one_life(channel) > 1 for channel in CHANNELS)
    held_and_doubled = any(ledger.too_many(channel) for channel, doubt in CHANNELS.items() if doubt == "hold")
    return not (lost or doubled or held_and_doubled or tally.unsound)


if __name__ == "__main__":
    main()
