"""Kill -9 of the daemon at every step of the line, each once: before and after everything that it writes, and whenever
a server was asked, has answered, has a message or has said yes.

.venv/bin/python bench/step_kills.py [--all]

The steps are found by playing the scene once with a daemon that tells them; see ``tests/acceptance/rehearsal.py``.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.acceptance.rehearsal import Outcome, Rehearsal  # noqa: E402 - the path comes first

HEADING = (
    "| where | steps | lost | with a copy too many | shown twice where keys are honoured | doubled though `hold`"
    " | held for the operator | databases unsound |\n|---|---|---|---|---|---|---|---|"
)


async def run(only: str) -> list[Outcome]:
    outcomes = []
    with tempfile.TemporaryDirectory() as name:
        async with AsyncExitStack() as stack:
            rehearsal = Rehearsal(Path(name), stack)
            await rehearsal.set()
            first, scene = await rehearsal.steps(beats=True)
            plan = [(step, True) for step in first if step not in scene] + [(step, False) for step in scene]
            plan = [(step, first_start) for step, first_start in plan if only in step]
            for number, (step, first_start) in enumerate(plan, 1):
                outcome = await rehearsal.play(step, first_start=first_start)
                outcomes.append(outcome)
                mark = "" if outcome.is_good else f"  NOT AS PROMISED: {outcome}"
                print(f"{number}/{len(plan)} {step}{mark}", file=sys.stderr, flush=True)
    return outcomes


def table(outcomes: list[Outcome]) -> str:
    """By the function that was interrupted, in the order of the line."""
    places: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        places[outcome.step.partition(" · ")[0].partition(": ")[0]].append(outcome)
    rows = [_row(f"`{place}`" if "/" in place else place, listed) for place, listed in places.items()]
    return "\n".join([HEADING, *rows, _row("**all**", outcomes)])


def _row(name: str, outcomes: list[Outcome]) -> str:
    cells = (
        name, len(outcomes), sum(each.lost for each in outcomes), sum(each.too_many > 0 for each in outcomes),
        sum(each.shown_twice for each in outcomes), sum(each.doubled_though_held for each in outcomes),
        sum(each.held for each in outcomes), sum(not each.sound for each in outcomes),
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="steps whose name has this in it")
    parser.add_argument("--all", action="store_true", help="a line for each step too")
    arguments = parser.parse_args()
    started = time.monotonic()
    outcomes = asyncio.run(run(arguments.only))
    minutes = (time.monotonic() - started) / 60
    print(f"{len(outcomes)} steps, a kill at each, in {minutes:.0f} minutes\n\n{table(outcomes)}")
    missed = [each.step for each in outcomes if not each.passed]
    if missed:
        print(f"\nnot come to again: {'; '.join(missed)}")
    if arguments.all:
        print("\n" + "\n".join(f"- {each.step}: {'as promised' if each.is_good else each}" for each in outcomes))
    if not all(each.is_good or not each.passed for each in outcomes):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
