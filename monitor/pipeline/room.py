"""When the disk is full nothing new is begun: no poll, no reading, no sending. It goes on by itself when there is room.

What cannot be recorded must not be sent, or it would be sent again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlite_utils import Database

from monitor.alerts.route import channels_for_notices
from monitor.pipeline.line import Line
from monitor.pipeline.notices import DISK_FULL
from monitor.store import alerts, deliveries, entries, feeds, service
from monitor.store.ballast import Ballast

log = structlog.get_logger("monitor")


@dataclass(slots=True, kw_only=True)
class Room:
    """Whether the disk of the data directory has room. Every method runs on the store's thread."""

    line: Line
    ballast: Ballast
    full_since: datetime | None = None

    @classmethod
    def of(cls, line: Line) -> Room:
        """Look after the disk of this line's data directory."""
        return cls(line=line, ballast=Ballast(line.settings.storage.path))

    def is_there(self, *, idle: bool) -> bool:
        """Whether anything new may be begun; ``idle`` says that no step is under way. Call it before every round."""
        if self.full_since is None:
            if not self.ballast.is_low():
                self.ballast.lay()
                return True
            self.ran_out()
            return False
        return idle and self.ballast.lay() and self._goes_on()

    def ran_out(self) -> None:
        """The disk is full: say so, and give up the ballast for what is under way."""
        if self.full_since is not None:
            return
        self.full_since = self.line.clock.now()
        self.ballast.release()
        log.error(
            "the disk is full: no polling and no sending until there is room",
            directory=str(self.line.settings.storage.path), released_bytes=self.ballast.size_bytes,
        )  # fmt: skip
        self._note("full")

    def _goes_on(self) -> bool:
        """Whether the end could be recorded; a quota may still be exhausted although the disk has room."""
        if not self._note(""):
            self.ballast.release()
            return False
        since, self.full_since = self.full_since, None
        log.warning("the disk has room again: going on", full_since=str(since))
        return True

    def _note(self, value: str) -> bool:
        """For ``health``, which reads the database; when the full disk has room again, people hear of it too."""
        now = self.line.clock.now()
        try:
            with self.line.store.transaction() as db:
                service.tell(db, DISK_FULL, value, now)
                if not value:
                    self._resume(db, now)
        except sqlite3.OperationalError:
            return False  # then the heartbeat stays away, which ``health`` notices as well
        return True

    def _resume(self, db: Database, now: datetime) -> None:
        """Take up what could not be recorded: feeds and entries are free again, and messages sent are in doubt."""
        feeds.release_leases(db)
        entries.release_leases(db)
        deliveries.recover(db, self.line.settings.channels, now)
        channels, once_key = channels_for_notices(self.line.settings), f"disk-full:{self.full_since}"
        alerts.notice(db, self._told(now), channels=channels, now=now, once_key=once_key)

    def _told(self, now: datetime) -> str:
        zone = self.line.settings.alerts.timezone
        since, until = (each.astimezone(zone).strftime("%Y-%m-%d %H:%M") for each in (self.full_since or now, now))
        return (
            f"The disk was full from {since} to {until}\nNothing was polled or sent meanwhile; both go on now."
            " What waited is not lost.\n\nFree space, or shorten [storage] keep_articles and keep_backups."
        )
