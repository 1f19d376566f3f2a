"""A running daemon while the clock of its machine is set, and over both changes of summer time in Berlin.

The clock is libfaketime's (Debian: ``apt-get install faketime``), which the daemon, as any program, takes for the
machine's; monotonic clocks go on as they do when a clock is set. Without it these tests are left out.
"""

import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.acceptance.killing import Events, Stage

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed (Debian: apt-get install faketime)"),
]
OLD_ENTRIES = 20
LIMIT_S = 90.0

TRIAL = """
[[watch]]
name = "trial"
any = ["flood*"]
shadow = "7d"
"""


class Clock:
    """The daemon's clock on the wall, which can be set while it runs."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "clock"
        self.set_by(timedelta())

    def set_by(self, offset: timedelta) -> None:
        """Set it to ``offset`` from the real time."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset.total_seconds():+.0f}\n")
        new.rename(self.file)

    def set_to(self, instant: str) -> None:
        """Set it to this instant (UTC)."""
        self.set_by(datetime.fromisoformat(instant).replace(tzinfo=UTC) - datetime.now(UTC))

    def environment(self) -> dict[str, str]:
        """What a process needs to go by this clock."""
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


class Desk(Stage):
    """A stage whose daemon goes by a clock of ours."""

    def __init__(self, directory: Path, stack: AsyncExitStack) -> None:
        super().__init__(directory, stack)
        self.clock = Clock(directory)
        self.environment = self.clock.environment()
        self.events = Events(3)

    async def open(self) -> None:
        """Start, and let the first poll take the old items in."""
        for number in range(OLD_ENTRIES):
            self.outlet.says(f"old-{number}", f"An ordinary day, number {number}", "Nothing of note was reported.")
        await self.start()
        await self.until(self._has_baseline, LIMIT_S, "the first poll")

    def _has_baseline(self) -> bool:
        return self.exists() and self.query("SELECT count(*) FROM entries") == [(OLD_ENTRIES,)]

    async def hears(self, title: str) -> None:
        """Something happens, and both channels hear of it."""
        self.outlet.says(title.lower().replace(" ", "-"), title, self.events.text())
        await self.until(lambda: title in self.alerts_by_webhook(), LIMIT_S, f"the webhook hears {title}")
        await self.until(lambda: self.query(UNSENT) == [(0,)], LIMIT_S, "every channel has everything")

    async def sees(self, word: str) -> None:
        """The daemon noticed that its clock was set."""
        tail = f"The clock was set {word}"
        await self.until(lambda: any(text.startswith(tail) for text in self.texts("notice")), LIMIT_S, tail)

    def texts(self, kind: str) -> list[str]:
        """Texts of the webhook's messages of a kind."""
        return [str(body["text"]) for body in self.heard if body["kind"] == kind]

    def steps(self) -> int:
        """How often the webhook heard that the clock was set."""
        return sum(text.startswith("The clock was set") for text in self.texts("notice"))

    def digests(self) -> int:
        """How often the webhook heard of the watch on trial."""
        return sum("River floods" in text for text in self.texts("digest"))


UNSENT = "SELECT count(*) FROM deliveries WHERE state NOT IN ('sent', 'held')"


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1)], ids=["forward", "back"])
async def test_a_clock_set_by_an_hour_under_the_daemon_floods_nobody_and_delays_nothing(
    tmp_path: Path, step: timedelta
) -> None:
    async with AsyncExitStack() as stack:
        desk = Desk(tmp_path, stack)
        await desk.set()
        await desk.open()
        await desk.hears("Explosion before")
        polls, started = desk.outlet.requests.count("/feed.xml"), time.monotonic()
        desk.clock.set_by(step)
        await desk.sees("forward" if step > timedelta() else "back")
        await desk.hears("Explosion after")
        await desk.hears("Explosion long after")
        polls = desk.outlet.requests.count("/feed.xml") - polls
        assert polls <= time.monotonic() - started + 3, "once a second, as it was asked to"
        assert desk.alerts_by_webhook() == ["Explosion before", "Explosion after", "Explosion long after"]
        assert len(desk.texts("notice")) == 1
        assert len(desk.mailbox.messages) == 4
        pages = [path for path in desk.outlet.requests if path.startswith("/explosion")]
        assert len(pages) == len(set(pages)), "nothing is read twice"
        assert await desk.end() == 0
        assert "Traceback" not in desk.log()


@pytest.mark.parametrize("day", ["2024-03-31", "2024-10-27"], ids=["spring", "autumn"])
async def test_a_change_of_summer_time_under_the_daemon_neither_doubles_nor_drops_a_digest(
    tmp_path: Path, day: str
) -> None:
    """At 01:00 UTC Berlin goes from 02:00 to 03:00, or from 03:00 back to 02:00: half past two is never, or twice."""
    async with AsyncExitStack() as stack:
        desk = Desk(tmp_path, stack)
        await desk.set()
        config = desk.config.read_text().replace("[alerts]", '[alerts]\ntimezone = "Europe/Berlin"\ndigest = "02:30"')
        desk.config.write_text(config + TRIAL)
        desk.clock.set_to(f"{day}T00:20:00")
        await desk.open()
        await desk.hears("Explosion before")
        await desk.until(lambda: desk.query("SELECT count(*) FROM digests") == [(2,)], LIMIT_S, "where digests start")
        desk.outlet.says("trial", "River floods", "The river floods the fields. " * 20)
        await desk.until(lambda: desk.query("SELECT count(*) FROM suppressions") == [(1,)], LIMIT_S, "the trial")
        desk.clock.set_to(f"{day}T00:59:50")
        await desk.until(lambda: desk.digests() == 1, LIMIT_S, "the digest of half past two, or of three o'clock")
        desk.clock.set_to(f"{day}T01:35:00")
        await desk.until(lambda: desk.steps() == 2, LIMIT_S, "the second notice of a clock that was set")
        await desk.hears("Explosion after")
        assert desk.digests() == 1
        assert sum("River floods" in str(mail.get_body(("plain",))) for mail in desk.mailbox.messages) == 1
        assert desk.alerts_by_webhook() == ["Explosion before", "Explosion after"]
        assert await desk.end() == 0
        assert "Traceback" not in desk.log()
