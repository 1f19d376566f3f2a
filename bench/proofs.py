"""All proofs of what is guaranteed, one after another, with their tables: docs/guarantees.md behind one command.

.venv/bin/python bench/proofs.py [--quick]

The 500 kills and the steps take an hour or more; ``--quick`` does fewer of each and proves accordingly less.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Proof:
    """A claim, and the command that shows it."""

    claim: str
    command: str
    quick: str


PROOFS = (
    Proof("the whole daemon killed at random", "bench/kills.py --kills 500", "bench/kills.py --kills 20 --each 20"),
    Proof("the daemon killed at every step", "bench/step_kills.py", "bench/step_kills.py --only lanes"),
    Proof(
        "the sender killed with a full outbox", "bench/delivery_kills.py --kills 250 --alerts 400",
        "bench/delivery_kills.py --kills 10 --alerts 30",
    ),
    Proof(
        "power cuts", "bench/power_cuts.py --cuts 400 --commits 400", "bench/power_cuts.py --cuts 40 --commits 100"
    ),
    Proof("throughput, and a channel beside six that drip", "bench/delivery.py --alerts 400", "bench/delivery.py"),
    Proof(
        "disks, databases and clocks in trouble", "-m pytest -q -p no:cacheprovider -m __ tests/acceptance tests/store",
        "-m pytest -q -p no:cacheprovider tests/acceptance/test_database_trouble.py",
    ),
    Proof(
        "failures, hostile headlines, secrets", "-m pytest -q -p no:cacheprovider tests/delivery",
        "-m pytest -q -p no:cacheprovider tests/delivery/test_error_matrix.py",
    ),
)  # fmt: skip


def run(proof: Proof, *, quick: bool) -> bool:
    """Run one proof and print what it prints, under its claim; whether it held."""
    words = (proof.quick if quick else proof.command).split()
    command = [sys.executable, *("slow or not slow" if word == "__" else word for word in words)]
    print(f"\n## {proof.claim}\n\n`python {' '.join(words).replace('__', repr('slow or not slow'))}`\n", flush=True)
    started = time.monotonic()
    held = subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    print(f"\n{'held' if held else 'DID NOT HOLD'}, after {time.monotonic() - started:.0f} s", flush=True)
    return held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer of each")
    arguments = parser.parse_args()
    results = [(proof.claim, run(proof, quick=arguments.quick)) for proof in PROOFS]
    print("\n| claim | |\n|---|---|")
    print("\n".join(f"| {claim} | {'held' if held else 'did not hold'} |" for claim, held in results))
    if not all(held for _, held in results):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
