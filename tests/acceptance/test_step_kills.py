"""kill -9 at a named step of the line; ``bench/step_kills.py`` goes through all of them."""

from contextlib import AsyncExitStack
from pathlib import Path

from tests.acceptance.rehearsal import Rehearsal

STEPS = (
    "pipeline/ingest:_record · COMMIT · before",
    "pipeline/lanes:_record_and_claim · COMMIT · before",
    "hook: it has said yes",
)
"""The article is not recorded yet; a yes was heard and is not recorded yet; the yes is on the wire."""


async def test_a_kill_at_a_step_loses_nothing_and_doubles_at_most_what_was_in_flight(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        rehearsal = Rehearsal(tmp_path, stack)
        await rehearsal.set()
        outcomes = [await rehearsal.play(step) for step in STEPS]
    assert [each for each in outcomes if not each.is_good] == []
    assert outcomes[0].too_many == 0, "nobody was told of an article that is not recorded"
