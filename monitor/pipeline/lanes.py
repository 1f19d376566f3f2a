"""The pump of the last station: one lane a channel, each going on by itself while its channel has something due.

Messages of one channel go out one after another, and a channel with a full queue does not wait for the next tick, nor
for a slower channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.model.delivery import DeliveryOutcome
from monitor.pipeline.deliver import DeliveryReport, Job, attempt, read_job, record
from monitor.pipeline.line import Line
from monitor.pipeline.stations import Observer, Pump, stations
from monitor.store import deliveries


@dataclass(slots=True, kw_only=True)
class Lanes(Pump):
    """Keeps every channel busy; otherwise a :class:`Pump`."""

    stopping: bool = False

    async def settle(self, limit: timedelta | None = None) -> None:
        """Wait until every lane is empty; with a limit, let each finish the message that it is sending and no more."""
        self.stopping = limit is not None
        # slots=True makes the class anew: super() without arguments would mean the one before.
        await super(Lanes, self).settle(limit)

    def _claim(self, room: int) -> list[int]:
        """Taken in hand before the claim is committed: no row may look forsaken in between."""
        with self.line.store.transaction() as db:
            keys = self.station.claim(db, self.line.clock.now(), room)
            self.line.in_hand.update(keys)
        return keys

    async def _run(self, key: int) -> None:
        """Deliver the claimed row, then what is due next for its channel, until nothing is."""
        in_hand: int | None = key
        try:
            job: Job | None = await self.line.in_store(self._first, key)
            while job is not None:
                outcome = await attempt(self.line, job)
                report, job = await self.line.in_store(self._record_and_claim, job, outcome)
                in_hand = job.delivery.id if job else None
                self.observer.reported(report)
        except Exception as error:  # noqa: BLE001 - a bug in one step must not stop the line; it is told aloud
            self.observer.broke(self.station.name, key, error)
        finally:
            if in_hand is not None:
                self.line.in_hand.discard(in_hand)

    def _first(self, key: int) -> Job:
        with self.line.store.read() as db:
            return read_job(db, self.line, key)

    def _record_and_claim(self, job: Job, outcome: DeliveryOutcome) -> tuple[DeliveryReport, Job | None]:
        """One commit ends an attempt and begins the next: it costs more than all else that a message does here."""
        with self.line.store.transaction() as db:
            report = record(db, self.line, job, outcome)
            now = self.line.clock.now()
            claimed = [] if self.stopping else deliveries.claim_due(db, now, 1, job.delivery.channel)
            following = read_job(db, self.line, claimed[0]) if claimed else None
            self.line.in_hand.discard(job.delivery.id)
            self.line.in_hand.update(claimed)  # the same row, where it is tried again at once
        return report, following


def pumps(line: Line, observer: Observer) -> tuple[Pump, ...]:
    """One pump for each station of the line, in its order."""
    return tuple(
        (Lanes if station.name == "deliver" else Pump)(station=station, line=line, observer=observer)
        for station in stations(line.settings.net.in_flight)
    )
