"""kill -9 loses nothing: the daemon is killed at random moments while events happen."""

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path

from tests.acceptance.killing import Events, Stage, orphans, until

KILLS = 20
EVENTS = 40


async def publish(stage: Stage, events: Events, numbers: range, pause_s: float) -> None:
    for number in numbers:
        stage.outlet.says(f"event-{number}", f"Report {number} on an explosion", events.text())
        await asyncio.sleep(pause_s)


async def test_twenty_kills_at_random_moments_lose_no_alert(tmp_path: Path) -> None:
    chance = random.Random(20240402)
    async with AsyncExitStack() as stack:
        stage = Stage(tmp_path, stack)
        await stage.set()
        stage.outlet.says("before", "An ordinary day", "Nothing of note was reported from the river towns today.")
        await stage.start()
        await until(lambda: "/feed.xml" in stage.outlet.requests, 30, "the first poll, which is the baseline")
        await until(lambda: _polled_once(stage), 30, "the baseline is recorded")

        publishing = asyncio.create_task(publish(stage, Events(1), range(EVENTS), pause_s=0.9))
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.3, 2.6))
            await stage.kill()
            await stage.start()
        await publishing

        wanted = {f"Report {number} on an explosion" for number in range(EVENTS)}
        await until(lambda: wanted <= set(stage.alerts_by_webhook()), 60, "every alert is heard by webhook")
        await until(lambda: len(_mailed(stage)) >= EVENTS, 60, "every alert is heard by mail")
        session = stage.daemon.pid if stage.daemon else 0
        assert await stage.end() == 0
        await until(lambda: orphans(session) == [], 10, "the workers end with the daemon")

        doubles = len(stage.alerts_by_webhook()) - len(wanted)
        assert 0 <= doubles <= KILLS
        assert stage.query("PRAGMA integrity_check") == [("ok",)]
        assert stage.query("SELECT count(*) FROM deliveries WHERE state <> 'sent'") == [(0,)]
        assert "Traceback" not in stage.log()


def _polled_once(stage: Stage) -> bool:
    return bool(stage.query("SELECT 1 FROM feeds WHERE last_success_at IS NOT NULL"))


def _mailed(stage: Stage) -> set[str]:
    return {str(mail.get_body(("plain",))) for mail in stage.mailbox.messages}
