"""The lanes of the outbox: one a channel, each going on by itself."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from monitor.model.settings import Channel
from tests.delivery.receivers import Receiver
from tests.pipeline.outbox import Told, lanes_of, message, outbox, queue, rows


async def test_lanes_empty_every_channels_queue_in_order_after_one_filling(tmp_path: Path) -> None:
    with Receiver() as one, Receiver() as two:
        named = [Channel(name=f"hook{n}", url=f"json://127.0.0.1:{each.port}/") for n, each in enumerate((one, two))]
        async with outbox(tmp_path, *named, max_per_hour=100) as line:
            queue(line, *(message(number) for number in range(20)))
            told = Told()
            lanes = lanes_of(line, told)
            assert await lanes.fill() == 2
            await lanes.settle()
    titles = [json.loads(heard.body)["article"]["title"] for heard in one.heard]
    assert titles == [f"Blast {number}" for number in range(20)]
    assert len(two.heard) == 20
    assert one.connections == 1, "the connection is kept"
    assert told.bugs == []


async def test_lanes_that_are_told_to_stop_finish_the_message_in_flight_and_leave_the_rest(tmp_path: Path) -> None:
    with Receiver() as hook:
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")) as line:
            queue(line, *(message(number) for number in range(20)))
            lanes = lanes_of(line, Told())
            await lanes.fill()
            await lanes.settle(timedelta(seconds=10))
            states = [row["state"] for row in rows(line)]
    assert 1 <= states.count("sent") < 20
    assert states.count("sending") == 0
