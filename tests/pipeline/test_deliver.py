"""The delivery step on a real database and real receivers: what the outbox promises."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

import pytest

from monitor.app import open_line
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.clock import SimulatedClock
from monitor.model.delivery import DeliveryState, Held, HoldReason, SendFailed, SendFailureKind, Sent
from monitor.model.settings import Alerting, Channel, Settings, Storage
from monitor.model.watches import Severity
from monitor.pipeline import digest
from monitor.pipeline.deliver import DeliveryReport, deliver, read_job, record
from monitor.pipeline.lanes import Lanes
from monitor.pipeline.line import Line
from monitor.pipeline.stations import Report, stations
from monitor.store import alerts, channels, deliveries
from tests.delivery.loopback import slack_on_loopback as _slack_on_loopback
from tests.delivery.receivers import Mailbox, Receiver, drip, hang, mail_server, reset, say

slack_on_loopback = _slack_on_loopback
START = datetime(2024, 4, 2, 12, tzinfo=UTC)


def message(number: int = 1, *, severity: Severity = Severity.HIGH, kind: AlertKind = AlertKind.NEW) -> AlertMessage:
    return AlertMessage(
        alert_id=0, kind=kind, watch="balkh-explosion", severity=severity, score=0.8, reasons=("place in the title",),
        article={"title": f"Blast {number}", "url": f"https://example.org/{number}", "excerpt": "", "highlights": []},
    )  # fmt: skip


@asynccontextmanager
async def outbox(directory: Path, *named: Channel, **alerting: Any) -> AsyncIterator[Line]:
    settings = Settings(storage=Storage(path=directory), channels=named, alerts=Alerting(**alerting))
    async with open_line(settings, clock=SimulatedClock(START)) as line:
        yield line


def queue(line: Line, *messages: AlertMessage, to: tuple[str, ...] = ()) -> list[int]:
    names = to or tuple(channel.name for channel in line.settings.channels)
    with line.store.transaction() as db:
        return [alerts.insert(db, each, channels=names, now=line.clock.now()) for each in messages]


def claim(line: Line, limit: int = 100) -> list[int]:
    with line.store.transaction() as db:
        return deliveries.claim_due(db, line.clock.now(), limit)


async def run(line: Line) -> list[DeliveryReport]:
    """Deliver until nothing is due at the clock's time."""
    reports: list[DeliveryReport] = []
    while ids := claim(line):
        reports += await asyncio.gather(*(deliver(line, each) for each in ids))
    return reports


def rows(line: Line) -> list[dict[str, Any]]:
    with line.store.read() as db:
        return list(reversed(deliveries.listed(db, limit=10_000)))


def advance(line: Line, by: timedelta) -> None:
    assert isinstance(line.clock, SimulatedClock)
    line.clock.advance(by)


async def test_an_alert_reaches_every_channel_once_with_its_key_and_its_payload(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with Receiver() as hook, mail_server(mailbox) as port:
        mail = Channel(name="mail", url=f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org")
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/"), mail) as line:
            (alert_id,) = queue(line, message())
            reports = await run(line)
    assert {report.state for report in reports} == {DeliveryState.SENT}
    assert len(mailbox.messages) == 1
    (heard,) = hook.heard
    assert heard.headers["idempotency-key"] == f"{alert_id}:hook"
    body = json.loads(heard.body)
    assert (body["version"], body["alert"], body["kind"], body["watch"]) == (1, alert_id, "new", "balkh-explosion")


async def test_a_failed_send_is_retried_by_the_clock_until_it_arrives(tmp_path: Path) -> None:
    with Receiver(say(500), say(500), say(200)) as hook:
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")) as line:
            queue(line, message())
            (first,) = await run(line)
            assert isinstance(first.outcome, SendFailed)
            assert first.state is DeliveryState.RETRY
            for _ in range(2):
                advance(line, timedelta(seconds=20))
                await run(line)
            (row,) = rows(line)
            with line.store.read() as db:
                attempts = [each["outcome"] for each in deliveries.attempts_of(db, row["id"])]
    assert row["state"] == "sent"
    assert attempts == ["server-error", "server-error", "sent"]
    assert len({heard.headers["idempotency-key"] for heard in hook.heard}) == 1


async def test_what_fails_for_48_hours_is_dead_and_another_channel_says_so(tmp_path: Path) -> None:
    with Receiver(say(500)) as hook, Receiver() as other:
        both = (
            Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/"),
            Channel(name="other", url=f"json://127.0.0.1:{other.port}/"),
        )
        async with outbox(tmp_path, *both) as line:
            queue(line, message(), to=("hook",))
            for _ in range(60):
                await run(line)
                advance(line, timedelta(hours=1))
            states = {row["state"] for row in rows(line) if row["channel"] == "hook"}
    assert states == {"dead"}
    (notice,) = other.heard
    assert json.loads(notice.body)["kind"] == "notice"
    assert "could not be delivered to hook" in json.loads(notice.body)["text"]


async def test_a_broken_channel_keeps_its_rows_says_so_once_and_takes_them_up_again(tmp_path: Path) -> None:
    with Receiver(say(404), say(404), say(200)) as hook, Receiver() as other:
        both = (
            Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/"),
            Channel(name="other", url=f"json://127.0.0.1:{other.port}/"),
        )
        async with outbox(tmp_path, *both) as line:
            queue(line, message(1), message(2), message(3), to=("hook",))
            await run(line)
            assert len(hook.heard) == 1, "a broken channel is left alone"
            advance(line, timedelta(minutes=11))
            await run(line)
            assert len(hook.heard) == 2, "but for one probe"
            advance(line, timedelta(minutes=21))
            await run(line)
            waiting = [row for row in rows(line) if row["channel"] == "hook" and row["state"] != "sent"]
    assert waiting == []
    assert [json.loads(heard.body)["text"].splitlines()[0] for heard in other.heard] == ["Channel hook is broken"]


async def test_a_rate_limit_pauses_the_channel_not_only_the_row(tmp_path: Path) -> None:
    with Receiver(say(429, retry_after="120"), say(200)) as hook:
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")) as line:
            queue(line, message(1), message(2))
            await run(line)
            advance(line, timedelta(seconds=100))
            await run(line)
            assert len(hook.heard) == 1
            advance(line, timedelta(seconds=21))
            await run(line)
            assert [row["state"] for row in rows(line)] == ["sent", "sent"]


@pytest.mark.parametrize(("in_doubt", "sent"), [("retry", 2), ("hold", 1)])
async def test_in_doubt_decides_what_follows_a_cut_connection(tmp_path: Path, in_doubt: str, sent: int) -> None:
    with Receiver(reset, say(200)) as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/", in_doubt=in_doubt)
        async with outbox(tmp_path, channel) as line:
            queue(line, message())
            await run(line)
            advance(line, timedelta(hours=1))
            await run(line)
            (row,) = rows(line)
    assert len(hook.heard) == sent
    assert row["state"] == ("sent" if in_doubt == "retry" else "held")


@pytest.mark.parametrize(("in_doubt", "state"), [("retry", "retry"), ("hold", "held")])
async def test_a_row_that_a_dead_process_was_sending_is_in_doubt(tmp_path: Path, in_doubt: str, state: str) -> None:
    channel = Channel(name="hook", url="json://127.0.0.1:9/", in_doubt=in_doubt)
    async with outbox(tmp_path, channel) as line:
        queue(line, message())
        assert len(claim(line)) == 1
        assert claim(line) == [], "one in flight per channel"
        with line.store.transaction() as db:
            deliveries.recover(db, [channel], line.clock.now())
        (row,) = rows(line)
        with line.store.read() as db:
            (attempt,) = deliveries.attempts_of(db, row["id"])
    assert (row["state"], attempt["outcome"]) == (state, "interrupted")


async def test_a_refused_form_is_tried_once_as_plain_text(
    tmp_path: Path, slack_on_loopback: Callable[[int], str]
) -> None:
    with Receiver(say(400, b"invalid_blocks"), say(200, b"ok")) as slack:
        async with outbox(tmp_path, Channel(name="slack", url=slack_on_loopback(slack.port))) as line:
            queue(line, message())
            await run(line)
            (row,) = rows(line)
    assert row["state"] == "sent"
    assert "blocks" in json.loads(slack.heard[0].body)
    assert "blocks" not in json.loads(slack.heard[1].body)


async def test_a_channel_that_was_removed_holds_its_rows(tmp_path: Path) -> None:
    async with outbox(tmp_path, Channel(name="log", url="stdout://")) as line:
        queue(line, message(), to=("gone",))
        (report,) = await run(line)
    assert isinstance(report.outcome, Held)
    assert report.outcome.reason is HoldReason.NO_CHANNEL


async def test_quiet_hours_hold_all_but_critical_and_end_in_one_summary(tmp_path: Path) -> None:
    with Receiver() as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")
        quiet = (clock_time(22), clock_time(6))
        async with outbox(tmp_path, channel, quiet_hours=quiet) as line:
            advance(line, timedelta(hours=11))
            queue(line, message(1), message(2), message(3, severity=Severity.CRITICAL))
            await run(line)
            assert [json.loads(heard.body)["article"]["title"] for heard in hook.heard] == ["Blast 3"]
            await line.in_store(digest.beat, line)
            assert len(await run(line)) == 0
            advance(line, timedelta(hours=7))
            await line.in_store(digest.beat, line)
            await run(line)
            states = [row["state"] for row in rows(line)]
    summary = json.loads(hook.heard[-1].body)
    assert len(hook.heard) == 2
    assert summary["kind"] == "digest"
    assert summary["text"].startswith("2 alerts held during quiet hours: 2 stories")
    assert "Blast 1" in summary["text"]
    assert "Blast 2" in summary["text"]
    assert states == ["digested", "digested", "sent", "sent"]


async def test_a_lone_held_message_goes_out_as_itself(tmp_path: Path) -> None:
    with Receiver() as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")
        async with outbox(tmp_path, channel, quiet_hours=(clock_time(12), clock_time(13))) as line:
            queue(line, message(1))
            await run(line)
            advance(line, timedelta(hours=1))
            await line.in_store(digest.beat, line)
            await run(line)
    assert [json.loads(heard.body)["kind"] for heard in hook.heard] == ["new"]


async def test_a_storm_is_told_in_one_summary_and_nothing_is_lost(tmp_path: Path) -> None:
    with Receiver() as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/", max_per_hour=5)
        async with outbox(tmp_path, channel) as line:
            queue(line, *(message(number) for number in range(40)))
            await run(line)
            assert len(hook.heard) == 5
            advance(line, timedelta(minutes=61))
            await line.in_store(digest.beat, line)
            await run(line)
            states = [row["state"] for row in rows(line)]
    told = [json.loads(heard.body) for heard in hook.heard]
    assert [each["kind"] for each in told] == ["new"] * 5 + ["digest"]
    assert told[-1]["text"].startswith("35 alerts beyond this channel's messages an hour")
    assert states.count("digested") == 35
    assert states.count("sent") == 6


async def test_a_storm_of_an_hour_ends_in_exactly_one_summary_on_each_channel(tmp_path: Path) -> None:
    limits = {"one": 5, "two": 2, "calm": 100}
    with Receiver() as hook:
        named = [
            Channel(name=name, url=f"json://127.0.0.1:{hook.port}/{name}", max_per_hour=limit)
            for name, limit in limits.items()
        ]
        async with outbox(tmp_path, *named) as line:
            for minute in range(110):
                if minute < 50:
                    queue(line, message(minute))
                await run(line)
                await line.in_store(digest.beat, line)
                advance(line, timedelta(minutes=1))
            await run(line)
            left = {row["state"] for row in rows(line)} - {"sent", "digested"}
    assert left == set()
    for name, limit in limits.items():
        told = [json.loads(heard.body) for heard in hook.heard if heard.path == f"/{name}"]
        new = [each["article"]["title"] for each in told if each["kind"] == "new"]
        summaries = [each["text"] for each in told if each["kind"] == "digest"]
        assert len(summaries) == (1 if limit < 50 else 0)
        assert [f"Blast {number}" for number in range(min(limit, 50))] == new
        assert all(
            f"Blast {number} " in f"{summaries[0]} ".replace("\n", " ") for number in range(limit, 42) if summaries
        )


async def test_a_dripping_channel_delays_no_other(tmp_path: Path) -> None:
    with Receiver(drip) as slow, Receiver() as quick:
        named = [Channel(name=f"slow{n}", url=f"json://127.0.0.1:{slow.port}/{n}") for n in range(6)]
        named.append(Channel(name="quick", url=f"json://127.0.0.1:{quick.port}/"))
        async with outbox(tmp_path, *named, max_per_hour=1000) as line:
            queue(line, message(0))
            dripping = [asyncio.create_task(deliver(line, each)) for each in claim(line)]
            await heard_by(slow, 6)
            await asyncio.wait(dripping, return_when=asyncio.FIRST_COMPLETED)
            latencies = []
            for number in range(1, 30):
                started = time.monotonic()
                queue(line, message(number), to=("quick",))
                await asyncio.gather(*(deliver(line, each) for each in claim(line)))
                latencies.append(time.monotonic() - started)
            for task in dripping:
                task.cancel()
            await asyncio.gather(*dripping, return_exceptions=True)
    assert len(quick.heard) == 30
    assert max(latencies) < 2


async def heard_by(receiver: Receiver, count: int) -> None:
    async with asyncio.timeout(10):
        while len(receiver.heard) < count:  # noqa: ASYNC110 - the receiver is a thread, without an event to wait for
            await asyncio.sleep(0.01)


async def test_a_sent_message_mends_what_was_wrong_with_its_channel(tmp_path: Path) -> None:
    with Receiver() as hook:
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")) as line:
            with line.store.transaction() as db:
                channels.break_(db, "hook", START, probe_at=START, detail="HTTP 404")
            queue(line, message())
            (report,) = await run(line)
            with line.store.read() as db:
                assert channels.states(db) == []
    assert isinstance(report.outcome, Sent)


async def test_a_step_that_is_cancelled_leaves_the_row_in_doubt_not_lost(tmp_path: Path) -> None:
    with Receiver(drip) as slow:
        async with outbox(tmp_path, Channel(name="slow", url=f"json://127.0.0.1:{slow.port}/")) as line:
            queue(line, message())
            task: Awaitable[DeliveryReport] = asyncio.create_task(deliver(line, claim(line)[0]))
            await heard_by(slow, 1)
            task.cancel()  # type: ignore[attr-defined] # a task
            await asyncio.gather(task, return_exceptions=True)
            (row,) = rows(line)
    assert row["state"] == "sending"


@dataclass
class Told:
    """Hears what the lanes report."""

    reports: list[DeliveryReport] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)

    def reported(self, report: Report) -> None:
        assert isinstance(report, DeliveryReport)
        self.reports.append(report)

    def broke(self, station: str, key: int, error: Exception) -> None:
        self.bugs.append(error)


def lanes_of(line: Line, told: Told) -> Lanes:
    (station,) = (each for each in stations(10) if each.name == "deliver")
    return Lanes(station=station, line=line, observer=told)


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


async def test_a_row_whose_outcome_could_not_be_recorded_keeps_its_channel_waiting_for_a_beat_only(
    tmp_path: Path,
) -> None:
    with Receiver() as hook:
        async with outbox(tmp_path, Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")) as line:
            queue(line, message())
            claim(line)
            assert claim(line) == []
            await line.in_store(digest.beat, line)
            await run(line)
            assert [row["state"] for row in rows(line)] == ["sent"]


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(hours=-1), timedelta(days=1)])
@pytest.mark.parametrize("in_doubt", ["retry", "hold"])
async def test_a_send_in_flight_is_no_orphan_whatever_the_clock_says(
    tmp_path: Path, step: timedelta, in_doubt: str
) -> None:
    with Receiver(hang, say(200)) as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/", in_doubt=in_doubt)
        async with outbox(tmp_path, channel) as line:
            queue(line, message())
            lanes = lanes_of(line, Told())
            await lanes.fill()
            await heard_by(hook, 1)
            advance(line, step)
            await line.in_store(digest.beat, line)
            await line.in_store(digest.beat, line)
            (row,) = rows(line)
            assert row["state"] == "sending"
            assert await lanes.fill() == 0
            await lanes.settle(timedelta())
            assert line.in_hand == set()
            await line.in_store(digest.beat, line)
            (row,) = rows(line)
    assert row["state"] == ("retry" if in_doubt == "retry" else "held")
    assert len(hook.heard) == 1


async def test_a_claim_that_was_taken_away_settles_nothing_but_a_yes_that_came_late(tmp_path: Path) -> None:
    channel = Channel(name="hook", url="json://127.0.0.1:9/")
    no = SendFailed(kind=SendFailureKind.SERVER_ERROR, detail="HTTP 500")
    async with outbox(tmp_path, channel) as line:
        queue(line, message())
        (key,) = claim(line)
        with line.store.transaction() as db:
            first = read_job(db, line, key)
            deliveries.recover(db, [channel], START)
            late_no = record(db, line, first, no)
            assert late_no.state is DeliveryState.RETRY
            assert deliveries.claim_due(db, START, 1) == [key]
            second = read_job(db, line, key)
            assert record(db, line, first, Sent()).state is DeliveryState.SENDING, "it is being sent again"
            deliveries.recover(db, [channel], START)
            assert record(db, line, second, Sent()).state is DeliveryState.SENT, "no need to send it a third time"
            outcomes = [each["outcome"] for each in deliveries.attempts_of(db, key)]
    assert outcomes == ["sent", "sent"]


async def test_what_was_sent_before_the_clock_was_set_back_is_no_storm(tmp_path: Path) -> None:
    with Receiver() as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/", max_per_hour=3)
        async with outbox(tmp_path, channel) as line:
            queue(line, *(message(number) for number in range(3)))
            await run(line)
            advance(line, timedelta(hours=-6))
            queue(line, message(4))
            await run(line)
    assert len(hook.heard) == 4


async def test_a_message_that_cannot_be_rendered_is_dead_aloud_and_holds_nobody_up(tmp_path: Path) -> None:
    with Receiver() as hook, Receiver() as other:
        both = (
            Channel(name="form", url=f"form://127.0.0.1:{hook.port}/"),
            Channel(name="other", url=f"json://127.0.0.1:{other.port}/"),
        )
        async with outbox(tmp_path, *both) as line:
            broken = replace(message(1), article={"title": "Blast", "excerpt": "x", "highlights": [["no number"]]})
            queue(line, broken, message(2), to=("form",))
            await run(line)
            states = [row["state"] for row in rows(line) if row["channel"] == "form"]
    assert states == ["dead", "sent"]
    assert "could not be delivered" in json.loads(other.heard[0].body)["text"]


async def test_a_week_of_the_desk(tmp_path: Path) -> None:
    """Alerts by day and night, a storm, a broken evening, a digest each morning: heard exactly this."""
    mailbox = Mailbox()
    with Receiver() as hook, mail_server(mailbox) as port:
        named = (
            Channel(name="desk", url=f"json://127.0.0.1:{hook.port}/", max_per_hour=3),
            Channel(name="duty", url=f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org"),
        )
        quiet = (clock_time(22), clock_time(6))
        async with outbox(tmp_path, *named, quiet_hours=quiet) as line:
            queued = 0
            for hour in range(7 * 24):
                local = line.clock.now()
                if local.hour == 15:
                    queued += len(queue(line, *(message(hour * 10 + each) for each in range(5)), to=("desk",)))
                if local.hour == 23:
                    queued += len(queue(line, message(hour), message(hour + 1), to=("desk",)))
                    queue(line, message(hour, severity=Severity.CRITICAL), to=("duty",))
                hook.behaviours[0] = say(503) if local.day == 4 and local.hour >= 18 else say(200)
                await line.in_store(digest.beat, line)
                await run(line)
                advance(line, timedelta(hours=1))
            await line.in_store(digest.beat, line)
            advance(line, timedelta(hours=12))
            await line.in_store(digest.beat, line)
            await run(line)
            states = {row["state"] for row in rows(line)}
    bodies = [json.loads(heard.body) for heard in hook.heard]
    told = {body["article"]["title"] for body in bodies if body["kind"] == "new"}
    in_summaries = "\n".join(body["text"] for body in bodies if body["kind"] == "digest")
    assert states == {"sent", "digested"}, "nothing is lost, nothing left behind"
    assert len(told) + in_summaries.count("balkh-explosion: Blast") == queued
    assert len(mailbox.messages) == 7, "critical alerts pass the night"
