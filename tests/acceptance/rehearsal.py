"""One scene played again and again, each time killed at another step: two events happen, four channels hear.

Steps are what the daemon writes to its database (:mod:`tests.acceptance.steps`) and what the servers see of it: asked
for a feed or a page, having answered, having a message, having said yes.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from tests.acceptance.killing import Events, WarmStage, is_sound
from tests.acceptance.ledger import CHANNELS, Ledger, Passed, nothing
from tests.acceptance.score import Outlet

OLD_ENTRIES = 20
EVENTS = 2
BEAT = "pipeline/digest:beat · COMMIT · after"
LIMIT_S = 90.0
"""For what takes three seconds on an idle machine."""


class WatchedOutlet(Outlet):
    """A publisher that tells what it is asked for, and when it has answered."""

    passed: Passed = staticmethod(nothing)

    async def _feed(self, request: web.Request) -> web.Response:
        return await self._told("feed", request, super()._feed)

    async def _tagged_page(self, request: web.Request) -> web.Response:
        return await self._told("page", request, super()._tagged_page)

    async def _told(self, what: str, request: web.Request, answer: Callable[[web.Request], object]) -> web.Response:
        await self.passed(f"outlet: asked for a {what}")
        response: web.Response = await answer(request)  # type: ignore[misc] # a handler of aiohttp
        with suppress(ConnectionError):  # nobody listens any more
            await response.prepare(request)
            await response.write_eof()
        await self.passed(f"outlet: has answered with a {what}")
        return response


@dataclass(frozen=True)
class Outcome:
    """What became of one scene. ``passed`` is False where the daemon never came to the step."""

    step: str
    passed: bool
    sound: bool = True
    lost: int = 0
    too_many: int = 0
    most_in_one_life: int = 1
    held: int = 0
    doubled_though_held: int = 0
    shown_twice: int = 0

    @property
    def is_good(self) -> bool:
        """Whether the promise was kept: at most one copy for the one message in flight on each channel."""
        kept = self.sound and not (self.lost or self.doubled_though_held or self.shown_twice)
        return self.passed and kept and self.most_in_one_life == 1 and self.too_many <= 1


class Rehearsal:
    """The stage, kept between scenes; every scene starts from a copy of the same database."""

    def __init__(self, directory: Path, stack: AsyncExitStack) -> None:
        self.stage = WarmStage(directory, stack)
        self.stage.outlet = self.outlet = WatchedOutlet("outlet")
        self.ledger = Ledger()
        self.events = Events(5)
        self.before = directory / "before"
        self.seen: list[str] = []
        self._target: str | None = None
        self._scenes = 0

    async def set(self) -> None:
        """Start the servers; then the first poll of the feed, whose old items alert nobody."""
        await self.stage.set()
        await self.stage.let_hear(self.ledger)
        self.ledger.passed = self.outlet.passed = self._passed
        await self._first_poll(tell=None)
        assert await self.stage.end() == 0
        shutil.copytree(self.stage.data, self.before)

    async def steps(self, *, beats: bool = False) -> tuple[list[str], list[str]]:
        """Names of all steps, each once, in their order: of a first start, and of a scene; with ``beats``, which takes
        half a minute, those of the beat that ends holds and queues digests too.
        """
        tell = self.stage.directory / "steps"
        self._clear_away()
        self.seen.clear()
        await self._first_poll(tell=tell)
        await self.stage.kill()
        first = [*dict.fromkeys((*tell.read_text().splitlines(), *self.seen))]
        tell.unlink()
        self.seen.clear()
        self._set_scene()
        self._happens()
        self.stage.steps = {"tell": str(tell)}
        await self.stage.start()
        await self.stage.until(self._all_told, LIMIT_S, "all was heard")
        if beats:
            await self.stage.until(lambda: BEAT in tell.read_text(), LIMIT_S, "the beat")
        await self.stage.kill()
        return first, [*dict.fromkeys((*tell.read_text().splitlines(), *self.seen))]

    async def play(self, step: str, *, first_start: bool = False) -> Outcome:
        """Kill at the step, start again, and see what everybody has heard in the end."""
        self._set_scene()
        if first_start:
            self._clear_away()
        else:
            self._happens()
        died = await self._killed_at(step)
        sound = await asyncio.to_thread(is_sound, self.stage.data) if self.stage.exists() else True
        self.ledger.life += 1
        if first_start:
            await self._first_poll(tell=None)
            self._happens()
        else:
            await self.stage.start()
        await self.stage.until(self._all_told, LIMIT_S, f"all was heard after a kill at {step}")
        await self.stage.kill()
        return self._outcome(step, died, sound)

    async def _killed_at(self, step: str) -> bool:
        """Whether the daemon came to the step, and died."""
        self.stage.steps, self._target = {"kill_at": step}, step
        daemon = self.stage.daemon = await self.stage.launch()
        try:
            await asyncio.wait_for(daemon.wait(), LIMIT_S)
        except TimeoutError:
            await self.stage.kill()
            return False
        finally:
            self.stage.steps = self._target = None
        return daemon.returncode == -signal.SIGKILL

    async def _first_poll(self, tell: Path | None) -> None:
        self.stage.steps = None if tell is None else {"tell": str(tell)}
        self.outlet.items.clear()
        for number in range(OLD_ENTRIES):
            self.outlet.says(f"old-{number}", f"An ordinary day, number {number}", "Nothing of note was reported.")
        await self.stage.start()
        await self.stage.until(self._has_baseline, LIMIT_S, "the first poll")
        self.stage.steps = None

    def _has_baseline(self) -> bool:
        return self.stage.exists() and self.stage.query("SELECT count(*) FROM entries") == [(OLD_ENTRIES,)]

    def _clear_away(self) -> None:
        shutil.rmtree(self.stage.data, ignore_errors=True)

    def _set_scene(self) -> None:
        self._clear_away()
        shutil.copytree(self.before, self.stage.data)
        self.outlet.items = [item for item in self.outlet.items if item["slug"].startswith("old")]
        self.ledger.copies.clear()
        self.ledger.held.clear()
        self.ledger.wanted.clear()
        self._scenes += 1

    def _happens(self) -> None:
        for number in range(EVENTS):
            title = f"Report {self._scenes}-{number} on an explosion"
            self.outlet.says(f"event-{self._scenes}-{number}", title, self.events.text())
            self.ledger.wanted.add(title)

    def _all_told(self) -> bool:
        self.stage.note_held(self.ledger)
        return not any(self.ledger.lost(channel) for channel in CHANNELS) and self.stage.is_empty()

    def _outcome(self, step: str, died: bool, sound: bool) -> Outcome:
        ledger = self.ledger
        return Outcome(
            step=step,
            passed=died,
            sound=sound,
            lost=sum(len(ledger.lost(channel)) for channel in CHANNELS),
            too_many=max(ledger.too_many(channel) for channel in CHANNELS),
            most_in_one_life=max(ledger.most_in_one_life(channel) for channel in CHANNELS),
            held=sum(len(ledger.held[channel]) for channel in CHANNELS),
            doubled_though_held=sum(ledger.too_many(name) for name, doubt in CHANNELS.items() if doubt == "hold"),
            shown_twice=sum(ledger.shown_twice(channel) for channel in CHANNELS),
        )

    async def _passed(self, step: str) -> None:
        self.seen.append(step)
        if step == self._target:
            self._target = None
            await self.stage.kill()
