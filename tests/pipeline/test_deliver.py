"""The delivery step on a real database and real receivers: what the outbox promises."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.model.delivery import DeliveryState, SendFailed, SendFailureKind, Sent
from monitor.model.settings import Channel
from monitor.pipeline import digest
from monitor.pipeline.deliver import DeliveryReport, deliver, read_job, record
from monitor.store import channels, deliveries
from tests.delivery.loopback import slack_on_loopback as _slack_on_loopback
from tests.delivery.receivers import Mailbox, Receiver, drip, hang, mail_server, reset, say
from tests.pipeline.outbox import START, Told, advance, claim, lanes_of, message, outbox, queue, rows, run

slack_on_loopback = _slack_on_loopback


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
