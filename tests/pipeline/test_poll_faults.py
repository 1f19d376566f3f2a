"""A feed on which this program itself fails: it is set aside and told of, and nobody else waits for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.alerts.health import alarms
from monitor.model.fetching import FetchFailureKind
from monitor.model.polling import FeedHealth
from monitor.pipeline.poll import PollReport, poll
from monitor.pipeline.stations import Pump, Report, stations
from monitor.store import feeds
from tests.pipeline.newsstand import Stand, stand

ONE, TWO, POISON = ("1", "Bridge closed"), ("2", "Bridge open again"), ("poison", "Ferry late")
TRIGGER = (
    "CREATE TRIGGER poison BEFORE INSERT ON entries WHEN NEW.guid = 'poison' "
    "BEGIN SELECT RAISE(ABORT, 'nobody thought of this'); END"
)


@dataclass
class Heard:
    """What the steps reported, and what raised."""

    reports: list[Report] = field(default_factory=list)
    bugs: list[str] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        self.reports.append(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append(f"{station} {key}: {error}")

    def polled(self) -> list[str]:
        return [each.feed for each in self.reports if isinstance(each, PollReport)]


@pytest.fixture
async def two(tmp_path: Path) -> AsyncIterator[Stand]:
    """Two feeds of one host, both polled once; the program fails on an entry of the guid ``poison``."""
    specs = [{"name": "herald", "url": "/herald.xml"}, {"name": "courier", "url": "/courier.xml"}]
    async with stand(tmp_path, specs=specs, host_pace=timedelta()) as opened:
        opened.publisher.lists(ONE)
        for name in ("herald", "courier"):
            await poll(opened.line, opened.state(name).id)
        with opened.line.store.transaction() as db:
            db.execute(TRIGGER)
            feeds.make_due(db, opened.clock.now())
        yield opened


async def rounds(opened: Stand, count: int) -> Heard:
    """Fill the poll station's pump so many times at this moment."""
    heard = Heard()
    pump = Pump(station=stations(10)[0], line=opened.line, observer=heard)
    for _ in range(count):
        await pump.fill()
        await pump.settle()
    return heard


async def test_a_poll_that_raises_is_set_aside_and_its_host_goes_on(two: Stand) -> None:
    two.publisher.lists(POISON, ONE)
    before = two.state("herald")
    heard = await rounds(two, 3)
    assert len(heard.bugs) == 2  # both feeds list the entry; neither waits for the other's lease
    after = two.state("herald")
    assert (after.health, after.failures, after.failure) == (FeedHealth.FAILING, 1, FetchFailureKind.PROGRAM)
    assert "nobody thought of this" in after.problem
    assert (after.validators, after.seen_items, after.polls) == (before.validators, before.seen_items, before.polls)
    assert after.next_poll is not None
    assert after.next_poll - two.clock.now() >= timedelta(minutes=5)


async def test_a_fault_of_ours_backs_off_and_is_told_from_the_second_time_on(two: Stand) -> None:
    two.publisher.lists(POISON, ONE)
    waits, told = [], []
    for _ in range(4):
        await rounds(two, 2)
        state = two.state("herald")
        assert state.next_poll is not None
        waits.append(state.next_poll - two.clock.now())
        told.append(list(alarms([state], two.clock.now())))
        two.clock.move_to(max(state.next_poll, two.state("courier").next_poll or state.next_poll))
    assert waits == sorted(waits)
    assert waits[-1] > 4 * waits[0]
    assert told == [[], ["program:herald"], ["program:herald"], ["program:herald"]]


async def test_when_the_fault_is_gone_nothing_was_lost(two: Stand) -> None:
    two.publisher.lists(POISON, TWO, ONE)
    await rounds(two, 2)
    with two.line.store.transaction() as db:
        db.execute("DROP TRIGGER poison")
    state = two.state("herald")
    assert state.next_poll is not None
    two.clock.move_to(state.next_poll)
    report = await poll(two.line, state.id)
    assert (report.outcome, report.new, report.problem) == ("read", 2, "")
    assert two.state("herald").health is FeedHealth.OK


async def test_a_feed_whose_very_row_cannot_be_read_is_taken_out_of_the_way(two: Stand) -> None:
    with two.line.store.transaction() as db:
        db.execute("UPDATE feeds SET spec = 'no JSON' WHERE name = 'herald'")
    heard = await rounds(two, 3)
    assert heard.polled() == ["courier"]
    assert len(heard.bugs) == 1
    with two.line.store.read() as db:
        row = db.execute("SELECT health, problem, lease_until FROM feeds WHERE name = 'herald'").fetchone()
    assert row[0] == "failing"
    assert "please report" in row[1]
    assert row[2] is None


async def test_a_database_in_trouble_is_no_feeds_fault(two: Stand) -> None:
    with two.line.store.transaction() as db:
        db.execute("ALTER TABLE entries RENAME TO elsewhere")  # an OperationalError, as a full disk is
    two.publisher.lists(TWO, ONE)
    heard = await rounds(two, 1)
    assert heard.bugs
    assert two.state("herald").failures == 0
