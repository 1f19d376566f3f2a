"""kill -9 loses nothing: the daemon is killed at random moments while events happen."""

import asyncio
import random
from contextlib import AsyncExitStack
from pathlib import Path

from tests.acceptance.killing import Events, Stage, WarmStage, orphans

KILLS = 10
EVENTS_BETWEEN = 2
OLD_ENTRIES = 40
"""What the outlet lists before we come: the baseline, which alerts nobody."""


async def test_ten_kills_at_random_moments_lose_no_alert(tmp_path: Path) -> None:
    chance = random.Random(20240402)
    events = Events(1)
    wanted: set[str] = set()
    async with AsyncExitStack() as stack:
        stage = WarmStage(tmp_path, stack)
        await stage.set()
        for number in range(OLD_ENTRIES):
            stage.outlet.says(f"old-{number}", f"An ordinary day, number {number}", "Nothing of note was reported.")
        await stage.start()
        await stage.until(lambda: _baseline_recorded(stage), 60, "the first poll, which is the baseline")

        for kill in range(KILLS):
            for _ in range(EVENTS_BETWEEN):
                title = events.title()
                stage.outlet.says(f"event-{len(wanted)}", title, events.text())
                wanted.add(title)
            if kill % 2:  # every other daemon gets as far as a poll, or what piles up would be a flood
                polls = stage.log().count('"polled"')
                await stage.until(lambda polls=polls: stage.log().count('"polled"') > polls, 60, "a poll")
            await asyncio.sleep(chance.uniform(0.0, 1.2))
            await stage.kill()
            await stage.start()

        await stage.until(lambda: wanted <= set(stage.alerts_by_webhook()), 90, "every alert is heard by webhook")
        await stage.until(lambda: wanted <= _mailed(stage, wanted), 90, "every alert is heard by mail")
        session = stage.daemon.pid if stage.daemon else 0
        assert await stage.end() == 0
        await stage.until(lambda: orphans(session) == [], 10, "the workers end with the daemon")

        doubles = len(stage.alerts_by_webhook()) - len(wanted)
        assert 0 <= doubles <= KILLS
        assert stage.query("PRAGMA integrity_check") == [("ok",)]
        assert stage.query("SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'digested')") == [(0,)]
        assert _told_along(stage) == dict.fromkeys(wanted, True)
        assert "Traceback" not in stage.log()


def _baseline_recorded(stage: Stage) -> bool:
    return stage.exists() and stage.query("SELECT count(*) FROM entries") == [(OLD_ENTRIES,)]


def _told_along(stage: Stage) -> dict[str, bool]:
    """By title, whether a mail told the second watch's alert, which is recorded as told with the first one's."""
    rows = stage.query(
        "SELECT json_extract(a.payload, '$.article.title'), a.id FROM alerts AS a JOIN deliveries AS d"
        " ON d.alert_id = a.id AND d.state = 'digested' JOIN deliveries AS teller ON teller.alert_id = d.told_by"
        " AND teller.channel = d.channel AND teller.state = 'sent' WHERE a.watch = 'told-along'"
    )
    texts = [str(mail.get_body(("plain",))) for mail in stage.mailbox.messages]
    return {
        str(title): any(f"Also: told-along [LOW] (alert {alert})" in text and str(title) in text for text in texts)
        for title, alert in rows
    }


def _mailed(stage: Stage, wanted: set[str]) -> set[str]:
    """The titles that stand in a mail."""
    texts = [str(mail.get_body(("plain",))) for mail in stage.mailbox.messages]
    return {title for title in wanted if any(title in text for text in texts)}
