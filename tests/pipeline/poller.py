"""A process that polls the feed ``herald`` over and over until it is killed: ``python -m tests.pipeline.poller``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from random import Random

from monitor.model.clock import SystemClock
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Polling, Settings
from monitor.net.client import Client
from monitor.pipeline.line import Line
from monitor.pipeline.poll import poll
from monitor.store import feeds
from monitor.store.database import Store
from tests.net.raw import net
from tests.pipeline.newsstand import LEASE, InThisProcess


async def run(directory: Path, url: str) -> None:
    network, clock = net(), SystemClock()
    specs = (FeedSpec(name="herald", url=url),)
    async with Client(network, user_agent="newsmonitor/test", clock=clock) as client:
        line = Line(
            settings=Settings(net=network, feeds=specs, polling=Polling()), matcher=None,
            store=Store(directory / "monitor.db"), clock=clock, client=client, workers=InThisProcess(), random=Random(),
        )  # fmt: skip
        with line.store.transaction() as db:
            feeds.sync(db, specs, clock.now())
            feeds.release_leases(db)
        while True:
            with line.store.transaction() as db:
                feeds.make_due(db, clock.now())
                due = feeds.claim_due(db, clock.now(), 10, LEASE)
            for feed_id in due:
                await poll(line, feed_id)


if __name__ == "__main__":
    asyncio.run(run(Path(sys.argv[1]), sys.argv[2]))
