"""Keep what the present version writes, so that every later version is tried on it: ``python -m tests.store.freeze``.

Run it once for each released version of the schema, and while the newest one is not released, whenever that changes.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from datetime import timedelta
from pathlib import Path

from monitor.store.backup import back_up
from monitor.store.schema import APPLICATION_ID, versions
from tests.acceptance.score import perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL, MARKET

RELEASED = Path(__file__).with_name("released")


async def write(target: Path) -> None:
    """The statements that make the database of a monitor that has told of two events, one of them twice."""
    with tempfile.TemporaryDirectory() as directory:
        async with perform(Path(directory), "north", "south") as score:
            score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
            await score.poll_all()
            score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
            score.outlets["south"].says("market", "Car explosion at Balkh livestock market wounds nine", MARKET)
            await score.pass_time(timedelta(hours=1))
            raised = BLAST.replace("killing at least one person", "killing three people")
            score.outlets["north"].says("blast", "Blast kills three in Balkh house", raised)
            await score.pass_time(timedelta(hours=1))
            copy = back_up(score.line.store, Path(directory), score.clock.now())
        dump(copy, target)


def dump(source: Path, target: Path) -> None:
    """One statement after another, with the mark that tells our files from others."""
    connection = sqlite3.connect(source)
    statements = "\n".join(connection.iterdump())
    connection.close()
    target.write_text(f"PRAGMA application_id = {APPLICATION_ID};\n{statements}\n", "utf-8")


if __name__ == "__main__":
    newest = versions()[-1]
    asyncio.run(write(RELEASED / f"{newest}.sql"))
