"""An article that several watches hit is one message to people, and the alerts that it tells share its fate."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import time as clock_time
from datetime import timedelta
from pathlib import Path

from monitor.model.alerts import AlertKind
from monitor.model.delivery import Sent
from monitor.model.settings import Channel
from monitor.model.watches import Severity, WatchSpec
from monitor.pipeline import digest
from monitor.pipeline.line import Line
from monitor.pipeline.why import why_stored
from monitor.store import deliveries, together
from tests.acceptance.score import perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL
from tests.delivery.receivers import Mailbox, Receiver, mail_server, say
from tests.pipeline.outbox import advance, message, outbox, queue, rows, run

WATCHES = (
    WatchSpec(name="balkh", any=("@balkh",), severity=Severity.LOW),
    WatchSpec(name="balkh-explosion", all=("@balkh", "@explosion"), severity=Severity.CRITICAL),
    WatchSpec(name="explosion", any=("@explosion",), severity=Severity.HIGH),
)


def pair(line: Line, channel: str = "mail") -> tuple[int, int]:
    """An alert and one that its message tells as well."""
    carrier, other = queue(line, message(1, severity=Severity.HIGH), message(1), to=(channel,))
    with line.store.transaction() as db:
        together.tell_with(db, [other], channel, teller=carrier, now=line.clock.now())
    return carrier, other


def fates(line: Line) -> dict[int, tuple[str, str]]:
    """By alert, what the list says of its only row."""
    return {row["alert"]: (row["state"], row["detail"]) for row in rows(line)}


def mail_channel(port: int, **options: str) -> Channel:
    return Channel(name="mail", url=f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org", **options)


async def test_three_watches_that_hit_one_article_are_one_mail_and_three_calls_of_a_webhook(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", watches=WATCHES) as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        (mail,) = score.mailbox.messages
        with score.line.store.read() as db:
            listed = deliveries.listed(db, channel="mail")
            numbers = {row["watch"]: row["alert"] for row in listed}
            ladder = why_stored(db, str(numbers["balkh"]), score.line.matcher, None)
    assert {body["watch"] for body in score.webhook} == {"balkh", "balkh-explosion", "explosion"}
    assert str(mail["Subject"]) == "[CRITICAL] balkh-explosion +2 watches: Blast kills one in Balkh house"
    text = mail.get_body(("plain",))
    assert text is not None
    also = f"Also: explosion [HIGH] (alert {numbers['explosion']}), balkh [LOW] (alert {numbers['balkh']})"
    assert also in text.get_content()
    told = f"told with alert {numbers['balkh-explosion']}"
    assert {row["watch"]: (row["state"], row["detail"]) for row in listed if row["state"] != "sent"} == {
        "balkh": ("digested", told),
        "explosion": ("digested", told),
    }
    lines = [line for step in ladder.steps for line in step.lines]
    assert lines.count(f"to mail: digested ({told})") == 2
    assert lines.count("to hook: sent (HTTP 200)") == 3


async def test_watches_whose_wait_for_more_publishers_ends_together_are_one_mail(tmp_path: Path) -> None:
    waiting = tuple(
        WatchSpec(name=name, any=("@explosion",), severity=severity, min_independent=2)
        for name, severity in (("mild", Severity.LOW), ("grave", Severity.HIGH))
    )
    async with perform(tmp_path, "north", watches=waiting) as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        assert score.mailbox.messages == []
        await score.pass_time(timedelta(days=2))
        (mail,) = score.mailbox.messages
    assert str(mail["Subject"]).startswith("[HIGH] grave +1 watch:")
    assert sorted(body["watch"] for body in score.webhook) == ["grave", "mild"]


async def test_an_update_replies_to_the_mail_that_told_the_first_alert(tmp_path: Path) -> None:
    quiet = WatchSpec(name="killed", query="@explosion AND killing", severity=Severity.HIGH)
    grave = WatchSpec(name="house", query='"at least one"', severity=Severity.CRITICAL)
    async with perform(tmp_path, "north", watches=(quiet, grave)) as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        raised = BLAST.replace("killing at least one person", "killing three people")
        score.outlets["north"].says("blast", "Blast in Balkh house", raised)
        await score.pass_time(timedelta(minutes=15))
    first, update = score.mailbox.messages
    assert str(first["Subject"]).startswith("[CRITICAL] house +1 watch:")
    assert str(update["Subject"]).startswith("[HIGH] Update: killed:"), "a watch that the first mail told only as well"
    assert update["In-Reply-To"] == first["Message-ID"]


async def test_nothing_claims_to_have_been_told_before_the_message_has_arrived(tmp_path: Path) -> None:
    with mail_server(Mailbox(at_data="451 later")) as port:
        async with outbox(tmp_path, mail_channel(port)) as line:
            carrier, other = pair(line)
            assert fates(line)[other] == ("digested", f"to be told with alert {carrier} (new)")
            await run(line)
            assert fates(line)[other] == ("digested", f"to be told with alert {carrier} (retry)")


async def test_what_a_dead_message_would_have_told_is_dead_and_comes_back_with_it(tmp_path: Path) -> None:
    hook = Receiver(say(400, b"no"))
    with hook:
        desk = Channel(name="mail", url=f"gotify://127.0.0.1:{hook.port}/token")
        other_channel = Channel(name="log", url="stdout://")
        async with outbox(tmp_path, desk, other_channel) as line:
            carrier, other = pair(line)
            await run(line)
            dead = fates(line)[other]
            with line.store.read() as db:
                listed = {row["alert"] for row in deliveries.listed(db, states=["dead"])}
                notice = next(row for row in deliveries.listed(db) if row["kind"] == "notice")
            hook.behaviours.append(say(200, b'{"id": 1}'))
            with line.store.transaction() as db:
                row = next(each for each in deliveries.listed(db, alert_id=carrier))
                deliveries.release(db, row["id"], line.clock.now())
            await run(line)
            after = fates(line)[other]
    assert dead[0] == "dead"
    assert dead[1].startswith(f"was to be told with alert {carrier} (dead: the receiver refused the message")
    assert listed == {carrier, other}
    assert notice["channel"] == "log"
    assert after == ("digested", f"told with alert {carrier}")
    body = json.loads(hook.heard[-1].body)["message"]
    assert f"Also: balkh-explosion [HIGH] (alert {other})" in body


async def test_what_is_sent_again_by_itself_is_told_by_no_other_any_more(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        async with outbox(tmp_path, mail_channel(port)) as line:
            _, other = pair(line)
            with line.store.transaction() as db:
                (row,) = deliveries.listed(db, alert_id=other)
                deliveries.release(db, row["id"], line.clock.now())
            await run(line)
            assert [state for state, _ in fates(line).values()] == ["sent", "sent"]
    assert len(mailbox.messages) == 2
    assert not any(b"Also" in each for each in mailbox.messages)


async def test_a_summary_tells_what_its_messages_would_have_told_as_well(tmp_path: Path) -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        quiet = (clock_time(12), clock_time(13))
        async with outbox(tmp_path, mail_channel(port), quiet_hours=quiet) as line:
            _, other = pair(line)
            queue(line, message(2))
            await run(line)
            assert fates(line)[other][1].endswith("(held)")
            advance(line, timedelta(hours=1))
            await line.in_store(digest.beat, line)
            (summary,) = (row["alert"] for row in rows(line) if row["kind"] == AlertKind.DIGEST)
            assert fates(line)[other] == ("digested", f"to be told in digest {summary} (new)")
            await run(line)
            assert fates(line)[other] == ("digested", f"told in digest {summary}")
    (raw,) = mailbox.messages
    subject = email.message_from_bytes(raw, policy=email.policy.default)["Subject"]
    assert "3 alerts held during quiet hours: 2 stories" in subject


async def test_a_summary_that_is_dead_leaves_nothing_told(tmp_path: Path) -> None:
    with Receiver(say(400, b"no")) as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/")
        async with outbox(tmp_path, channel, quiet_hours=(clock_time(12), clock_time(13))) as line:
            held = queue(line, message(1), message(2))
            await run(line)
            advance(line, timedelta(hours=1))
            await line.in_store(digest.beat, line)
            await run(line)
            assert {fates(line)[each][0] for each in held} == {"dead"}


async def test_a_channel_that_became_a_webhook_meanwhile_is_told_in_its_own_form(tmp_path: Path) -> None:
    with Receiver() as hook:
        async with outbox(tmp_path, Channel(name="mail", url=f"json://127.0.0.1:{hook.port}/")) as line:
            _, other = pair(line)
            (report,) = await run(line)
    assert isinstance(report.outcome, Sent)
    assert json.loads(hook.heard[0].body)["also"] == [{"alert": other, "watch": "balkh-explosion", "severity": "high"}]
