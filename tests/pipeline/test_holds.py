"""What is held: quiet hours, storms, channels that are gone; told in summaries, and nothing lost."""

from __future__ import annotations

import json
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

from monitor.model.delivery import Held, HoldReason
from monitor.model.settings import Channel
from monitor.model.watches import Severity
from monitor.pipeline import digest
from tests.delivery.receivers import Mailbox, Receiver, mail_server, say
from tests.pipeline.outbox import advance, message, outbox, queue, rows, run


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
