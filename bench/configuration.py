"""What a configuration of many watches costs: parsing, reading, and compared with the standard library's parser.

python bench/configuration.py --watches 10000
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from monitor.config import toml
from monitor.config.load import examine
from monitor.config.report import render_faults
from monitor.model.faults import Fault

WORDS = ("balkh", "explosion", "انفجار", "بلخ", "взрыв", "market", "minister", "senate", "drought", "border", "ډګر")


def watchlist(count: int) -> str:
    """So many watches of eight terms each, with a test."""
    dice = random.Random(1)
    parts = []
    for number in range(count):
        terms = [f'"{dice.choice(WORDS)}{dice.randrange(5000)}*"' for _ in range(8)]
        parts.append(
            f'[[watch]]\nname = "watch-{number}"\nseverity = "high"\nall = [{", ".join(terms[:3])}]\n'
            f'any = [{", ".join(terms[3:7])}]\nnone = [{terms[7]}, "cricket"]\nwhere = "top"\nlang = ["en", "fa"]\n'
            f'min_score = 0.3\n\n[[watch.test]]\ntext = "A test of watch {number}, which nothing in it matches."\n'
            'expect = "no match"\n\n'
        )
    return "".join(parts)


def cpu_s(function: Callable[[], object], runs: int) -> float:
    """The median CPU time of a few runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        function()
        times.append(time.process_time() - start)
    return statistics.median(times)


def main() -> None:
    """Print a table in Markdown."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--watches", type=int, default=10_000)
    arguments.add_argument("--runs", type=int, default=3)
    options = arguments.parse_args()
    text = watchlist(options.watches)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "config.toml"
        path.write_text(text, "utf-8")
        assert not examine(path, {}).faults
        faults = [Fault(message="x", file="f", path=("watch", each, "query")) for each in range(options.watches)]
        rows = {
            "tomllib alone": cpu_s(lambda: tomllib.loads(text), options.runs),
            "the parser used (tomli) alone": cpu_s(lambda: toml.parse(text), options.runs),
            "load and validate": cpu_s(lambda: examine(path, {}), options.runs),
            f"place and word {options.watches:,} faults": cpu_s(
                lambda: render_faults(faults, {"f": text}), options.runs
            ),
        }
    print(f"{options.watches:,} watches, {len(text.encode()) / 1e6:.1f} MB of TOML; medians of {options.runs} runs\n")
    print("| step | CPU s | against tomllib |\n|---|---|---|")
    for step, seconds in rows.items():
        print(f"| {step} | {seconds:.2f} | {seconds / rows['tomllib alone']:.2f} |")


if __name__ == "__main__":
    main()
