"""Kill -9 of the whole daemon, again and again, while events happen: what is lost, what doubles, what breaks.

.venv/bin/python bench/kills.py [--kills 500] [--minutes 8]

A feed, article pages, a webhook and a mail server outlive the daemon; both receivers note a message, then take 30 ms to
say yes. Every kill waits for a step of the line that is drawn at random (told by the log), then up to 60 ms more. After
each, a copy of the database and its log, as the kill left them, is opened and checked.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.acceptance.killing import Events, Stage  # noqa: E402 - the path comes first
from tests.acceptance.score import Mailbox, serve  # noqa: E402

STEPS = {"started": b"", "polled": b'"new": [1-9]', "judged": b'"judged"', "delivered": b'"delivered"'}
"""What the log says after each step; of polls those count that found something."""
EVENTS_EACH = 6
MOST_UNREAD = 12
"""From twenty new items at once on, a feed is flooding, and its items are told in a digest."""
OLD_ENTRIES = 40
ANSWER_S = 0.03
LONGEST_AFTER_S = 0.06


class SlowMailbox(Mailbox):
    """Has the message before it says so."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        said = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(ANSWER_S)
        return said


@dataclass
class Tally:
    """What happened, and what the receivers heard of it."""

    wanted: set[str] = field(default_factory=set)
    kills: Counter[str] = field(default_factory=Counter)
    unsound: int = 0
    unread: int = 0

    def row(self, name: str, heard: list[tuple[str, str]]) -> str:
        """One receiver's row; ``heard`` are (title, key) of every message that came over the wire."""
        by_title: dict[str, set[str]] = {}
        for title, key in heard:
            by_title.setdefault(title, set()).add(key)
        lost = len(self.wanted - by_title.keys())
        after_key = sum(len(keys) - 1 for keys in by_title.values())
        wire = len(heard) - len(by_title)
        return f"| {name} | {len(self.wanted)} | {lost} | {wire} | {after_key} |"


def slow_webhook(heard: list[dict[str, object]]) -> web.Application:
    async def hear(request: web.Request) -> web.Response:
        heard.append({**await request.json(), "key": request.headers.get("Idempotency-Key")})
        await asyncio.sleep(ANSWER_S)
        return web.Response()

    app = web.Application()
    app.router.add_post("/{tail:.*}", hear)
    return app


class LogTail:
    """Waits for events in the daemon's log without reading it again and again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.offset = path.stat().st_size if path.exists() else 0

    async def wait_for(self, pattern: bytes, limit_s: float) -> bool:
        """Whether the log said it within the limit."""
        until = time.monotonic() + limit_s
        while not re.search(pattern, self.read()):
            if time.monotonic() > until:
                return False
            await asyncio.sleep(0.005)
        return True

    def read(self) -> bytes:
        """What was logged since this was made."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read()


def is_sound(data: Path) -> bool:
    """Whether a copy of the database, with the log that the killed process left, passes every check."""
    with tempfile.TemporaryDirectory() as name:
        for path in data.glob("monitor.db*"):
            if path.suffix != ".db-shm":
                shutil.copy(path, name)
        database = sqlite3.connect(Path(name) / "monitor.db")
        try:
            sound = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return sound and not database.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            database.close()


async def run(kills: int, minutes: float, chance: random.Random) -> tuple[Tally, Stage]:
    tally, events = Tally(), Events(chance.randrange(1000))
    until = time.monotonic() + minutes * 60
    with tempfile.TemporaryDirectory() as name:
        async with AsyncExitStack() as stack:
            stage = Stage(Path(name), stack)
            stage.mailbox = SlowMailbox()
            await stage.set()
            hook = await serve(stack, slow_webhook(stage.heard))
            text = stage.config.read_text()
            before = text[text.index("json://") :].split("/")[2]
            stage.config.write_text(text.replace(before, f"127.0.0.1:{hook}"))
            for number in range(OLD_ENTRIES):
                stage.outlet.says(f"old-{number}", f"An ordinary day, number {number}", "Nothing of note was reported.")
            await stage.start()
            await stage.until(lambda: stage.query("SELECT count(*) FROM entries") == [(OLD_ENTRIES,)], 60, "baseline")
            while tally.kills.total() < kills and time.monotonic() < until:
                await one_kill(stage, tally, events, chance)
            await stage.until(lambda: tally.wanted <= titles(hooked(stage)), 120, "the webhook heard all")
            await stage.until(lambda: len(titles(mailed(stage))) >= len(tally.wanted), 120, "all was mailed")
            assert await stage.end() == 0
            assert stage.query("SELECT count(*) FROM deliveries WHERE state <> 'sent'") == [(0,)]
    return tally, stage


async def one_kill(stage: Stage, tally: Tally, events: Events, chance: random.Random) -> None:
    step = chance.choice(list(STEPS)) if tally.unread < MOST_UNREAD else "polled"
    tail = LogTail(stage.directory / "daemon.log")
    for _ in range(EVENTS_EACH if tally.unread < MOST_UNREAD else 0):
        title = f"Report {len(tally.wanted)} on an explosion"
        stage.outlet.says(f"event-{len(tally.wanted)}", title, events.text())
        tally.wanted.add(title)
        tally.unread += 1
    if step != "started":
        await tail.wait_for(STEPS[step], 30)
    await asyncio.sleep(chance.uniform(0, LONGEST_AFTER_S))
    await stage.kill()
    tally.kills[step] += 1
    tally.unread = 0 if re.search(STEPS["polled"], tail.read()) else tally.unread
    tally.unsound += not await asyncio.to_thread(is_sound, stage.data)
    await stage.start()


def hooked(stage: Stage) -> list[tuple[str, str]]:
    return [(str(each["article"]["title"]), str(each["key"])) for each in stage.heard if each["kind"] == "new"]  # type: ignore[index]


def mailed(stage: Stage) -> list[tuple[str, str]]:
    found = []
    for mail in stage.mailbox.messages:
        body = str(mail.get_body(("plain",)))
        title = next((line.strip() for line in body.splitlines() if line.startswith("Report ")), "")
        found.append((title, str(mail["Message-ID"])))
    return found


def titles(heard: list[tuple[str, str]]) -> set[str]:
    return {title for title, _ in heard}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=60.0, help="stop killing after so long")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", help="not needed here")
    arguments = parser.parse_args()
    tally, stage = asyncio.run(run(arguments.kills, arguments.minutes, random.Random(arguments.seed)))
    print(f"{tally.kills.total()} kills, each after: " + ", ".join(f"{s} {tally.kills[s]}" for s in STEPS))
    print(f"databases unsound after a kill: {tally.unsound}\n")
    print("| receiver | alerts | lost | doubled on the wire | more than one key for an alert |\n|---|---|---|---|---|")
    print(tally.row("webhook", hooked(stage)))
    print(tally.row("mail", mailed(stage)))


if __name__ == "__main__":
    main()
