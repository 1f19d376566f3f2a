"""Simulated power cuts: what was acknowledged must be there afterwards, whatever became of what was not yet flushed.

.venv/bin/python bench/power_cuts.py [--cuts 400] [--commits 600]

A writer commits numbered alerts with their deliveries through our store, and says each number aloud after its commit;
``strace`` records every write, truncation and flush of its database files, with the bytes. A cut then falls at a random
instant of that record: what was flushed is on the disk, and of what came after the last flush each write is there or
not at random, whole or torn at a 512-byte sector. That is what a machine finds when the power is back. The files so
made must open, pass every check, and hold every number that was said before the cut. A second table shows the same
with ``synchronous=NORMAL``, which we do not use, to show that the simulation would notice. Needs strace.
"""

from __future__ import annotations

import argparse
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.delivery import message  # noqa: E402 - the path comes first
from monitor.store import alerts  # noqa: E402
from monitor.store.database import Store  # noqa: E402

CALLS = "openat,close,write,pwrite64,ftruncate,fsync,fdatasync,unlink"
CHECKPOINT_EVERY = 90
SECTOR = 512

_OPEN = re.compile(r'openat\(\w+, "([^"]*)".*= (\d+)$')
_WRITE = re.compile(r'(pwrite64|write)\((\d+), "([^"]*)", \d+(?:, (\d+))?\)\s+= (\d+)$')
_TRUNCATE = re.compile(r"ftruncate\((\d+), (\d+)\)")
_FLUSH = re.compile(r"f(?:data)?sync\((\d+)\)")
_CLOSE = re.compile(r"close\((\d+)\)")


@dataclass(frozen=True)
class Change:
    """A write, or with no content a truncation, of one file."""

    file: str
    offset: int
    content: bytes | None


@dataclass(frozen=True)
class Flush:
    """From here on the changes of one file are on the disk."""

    file: str


@dataclass(frozen=True)
class Said:
    """The writer acknowledged a number."""

    number: int


Event = Change | Flush | Said


def write_commits(path: Path, count: int, synchronous: str) -> None:
    """The traced process."""
    store = Store(path)
    with store.read() as db:
        connection = db.conn
    connection.execute(f"PRAGMA synchronous={synchronous}")
    for number in range(count):
        with store.transaction() as db:
            alerts.insert(db, message(number), channels=["hook", "mail"], now=datetime.now(UTC))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        if number % CHECKPOINT_EVERY == CHECKPOINT_EVERY - 1:
            store.checkpoint()


def record(directory: Path, commits: int, synchronous: str) -> list[Event]:
    trace, database = directory / "trace", directory / "monitor.db"
    command = ["strace", "-qq", "-xx", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(trace), sys.executable]
    command += [__file__, "--writer", str(database), "--commits", str(commits), "--synchronous", synchronous]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with trace.open(encoding="ascii") as lines:
        return list(read_trace(lines, database))


def read_trace(lines: Iterator[str], database: Path) -> Iterator[Event]:
    """The events of our files, in their order."""
    names: dict[str, str] = {}
    for line in lines:
        if found := _OPEN.search(line):
            path = Path(_bytes(found[1]).decode())
            is_ours = path.parent == database.parent and path.suffix in {".db", ".db-wal"}
            names[found[2]] = path.name if is_ours else ""
        elif found := _WRITE.search(line):
            content = _bytes(found[3])[: int(found[5])]
            if found[2] == "1":
                yield from (Said(int(each)) for each in content.split())
            elif names.get(found[2]):
                yield Change(names[found[2]], int(found[4] or 0), content)
        elif (found := _TRUNCATE.search(line)) and names.get(found[1]):
            yield Change(names[found[1]], int(found[2]), None)
        elif (found := _FLUSH.search(line)) and names.get(found[1]):
            yield Flush(names[found[1]])
        elif found := _CLOSE.search(line):
            names.pop(found[1], None)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


def survivors(events: list[Event], chance: random.Random) -> dict[str, bytearray]:
    """The files as a power cut after ``events`` leaves them."""
    flushed = {event.file: at for at, event in enumerate(events) if isinstance(event, Flush)}
    files: dict[str, bytearray] = {}
    for at, event in enumerate(events):
        if not isinstance(event, Change):
            continue
        content = files.setdefault(event.file, bytearray())
        if at < flushed.get(event.file, -1):
            apply(event, content, kept=None)
        elif chance.random() < 0.5:
            size = len(event.content or b"")
            torn = chance.randrange(0, size + 1, SECTOR) if size and chance.random() < 0.3 else None
            apply(event, content, kept=torn)
    return files


def apply(change: Change, content: bytearray, *, kept: int | None) -> None:
    """Make the change; only its first ``kept`` bytes where it was torn."""
    if change.content is None:
        del content[change.offset :]
        return
    written = change.content[:kept]
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(written)] = written


def lost_after(files: dict[str, bytearray], acknowledged: int) -> int | None:
    """How many acknowledged numbers are missing in what the cut left; None where it is no sound database."""
    with tempfile.TemporaryDirectory() as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        database = sqlite3.connect(Path(name) / "monitor.db")
        try:
            if database.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return None
            rows = database.execute("SELECT json_extract(payload, '$.article.title') FROM alerts").fetchall()
            (deliveries,) = database.execute("SELECT count(*) FROM deliveries").fetchone()
        except sqlite3.DatabaseError:
            return None
        finally:
            database.close()
    there = {int(title.split()[1]) for (title,) in rows}
    return None if deliveries != 2 * len(there) else len(set(range(acknowledged)) - there)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cuts", type=int, default=400)
    parser.add_argument("--commits", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", help="not needed here")
    parser.add_argument("--writer", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--synchronous", default="FULL", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.writer:
        write_commits(arguments.writer, arguments.commits, arguments.synchronous)
        return
    print("| synchronous | cuts | that lost an acknowledged commit | commits lost | databases unsound |")
    print("|---|---|---|---|---|")
    for synchronous in ("FULL", "NORMAL"):
        chance = random.Random(arguments.seed)
        with tempfile.TemporaryDirectory() as name:
            events = record(Path(name), arguments.commits, synchronous)
        first = next(at for at, event in enumerate(events) if isinstance(event, Said))
        results = []
        for _ in range(arguments.cuts):
            before = events[: chance.randrange(first + 1, len(events) + 1)]
            acknowledged = sum(isinstance(event, Said) for event in before)
            results.append(lost_after(survivors(before, chance), acknowledged))
        losses = [each for each in results if each]
        print(f"| {synchronous} | {len(results)} | {len(losses)} | {sum(losses)} | {results.count(None)} |", flush=True)


if __name__ == "__main__":
    main()
