"""What goes over the wire: signatures, threads, one connection, one recipient."""

from __future__ import annotations

import email
import email.policy
import hashlib
import hmac
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.delivery.answers import retry_after
from monitor.delivery.channels import check_channel, open_channel
from monitor.delivery.families import Family, family_of
from monitor.delivery.mail import message_id
from monitor.delivery.render import render_for
from monitor.delivery.retry import LONGEST_DELAY, RetryAt, after_failure
from monitor.model.delivery import Delivery, DeliveryState, SendFailed, SendFailureKind, Sent
from monitor.model.settings import Channel
from tests.delivery.receivers import Mailbox, Receiver, mail_server, say
from tests.delivery.test_golden import DIGEST, PERSIAN_NEW, UPDATE

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
SOON = timedelta(seconds=5)


def test_a_signed_body_can_be_verified_and_only_with_the_key() -> None:
    with Receiver() as hook:
        channel = Channel(name="hook", url=f"json://127.0.0.1:{hook.port}/in?x=1&-y=2", secret="a shared key")
        rendered = render_for("webhook", UPDATE)
        assert isinstance(open_channel(channel).send(rendered, idempotency_key="42:hook", deadline=SOON), Sent)
    (heard,) = hook.heard
    fields = dict(part.split("=") for part in heard.headers["x-newsmonitor-signature"].split(","))
    signed = fields["t"].encode() + b"." + heard.body
    assert hmac.new(b"a shared key", signed, hashlib.sha256).hexdigest() == fields["v1"]
    assert hmac.new(b"another key", signed, hashlib.sha256).hexdigest() != fields["v1"]
    assert abs(time.time() - int(fields["t"])) < 60
    assert heard.path == "/in?y=2"


def test_an_update_by_mail_replies_to_the_first_alert_and_reads_well_in_both_parts() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        channel = Channel(name="mail", url=f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org")
        for message in (PERSIAN_NEW, UPDATE):
            rendered = render_for("email", message)
            key = f"{message.alert_id}:mail"
            assert isinstance(open_channel(channel).send(rendered, idempotency_key=key, deadline=SOON), Sent)
    first, second = (email.message_from_bytes(each, policy=email.policy.default) for each in mailbox.messages)
    assert isinstance(first, EmailMessage)
    assert isinstance(second, EmailMessage)
    assert first["Message-ID"] == message_id("43:mail")
    assert second["In-Reply-To"] == second["References"] == message_id("41:mail")
    assert first["Subject"] == f"[CRITICAL] balkh-explosion: {PERSIAN_NEW.article['title']}"
    html, text = second.get_body(("html",)), second.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "<mark>blast</mark>" in html.get_content()
    assert "Changed: killed 1 → 3" in text.get_content()


@pytest.mark.parametrize("service", ["pagerduty", "opsgenie", "matrix"])
def test_services_that_drop_what_they_have_had_get_the_same_key_for_every_try(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from apprise.plugins import opsgenie, pagerduty

    answer = b'{"requestId": "r", "room_id": "!r:h", "event_id": "$1"}'
    with Receiver(say(202 if service != "matrix" else 200, answer, content_type="application/json")) as receiver:
        at = f"http://127.0.0.1:{receiver.port}/"
        monkeypatch.setattr(pagerduty, "PAGERDUTY_API_LOOKUP", dict.fromkeys(pagerduty.PAGERDUTY_API_LOOKUP, at))
        monkeypatch.setattr(opsgenie, "OPSGENIE_API_LOOKUP", dict.fromkeys(opsgenie.OPSGENIE_API_LOOKUP, at))
        url = {
            "pagerduty": f"pagerduty://{'a' * 24}@{'b' * 32}",
            "opsgenie": "opsgenie://8fb2ba2a-ea6a-4d6a-8d6b-0d2d3c3e1c2f",
            "matrix": f"matrix://:syt_token@127.0.0.1:{receiver.port}/!room:h?v=3",
        }[service]
        sender = open_channel(Channel(name=service, url=url))
        for key in ("42:duty", "42:duty", "43:duty"):
            rendered = render_for(family_of(url), UPDATE)
            assert isinstance(sender.send(rendered, idempotency_key=key, deadline=SOON), Sent)
    messages = [heard for heard in receiver.heard if service != "matrix" or "/send/" in heard.path]
    keys = [
        heard.path.rpartition("/")[2] if service == "matrix"
        else json.loads(heard.body)["dedup_key" if service == "pagerduty" else "alias"]
        for heard in messages
    ]  # fmt: skip
    assert [unquote(key) for key in keys] == ["42:duty", "42:duty", "43:duty"]


def test_a_yes_for_which_nothing_was_sent_is_no_yes() -> None:
    note = "opsgenie://8fb2ba2a-ea6a-4d6a-8d6b-0d2d3c3e1c2f/?action=close"
    channel = Channel(name="duty", url=note)
    outcome = open_channel(channel).send(render_for("text", UPDATE), idempotency_key="42:duty", deadline=SOON)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is SendFailureKind.CHANNEL_BROKEN
    assert "nothing was sent" in outcome.detail


def test_a_terminal_shows_all_of_a_digest_and_no_zero_width_spaces(capsys: pytest.CaptureFixture[str]) -> None:
    lines = [f"[HIGH] watch: Report {number} by @everyone (12:00)" for number in range(200)]
    digest = replace(DIGEST, text="\n".join(["200 alerts held", "", *lines]))
    log = open_channel(Channel(name="log", url="stdout://"))
    assert isinstance(log.send(render_for("text", digest), idempotency_key="50:log", deadline=SOON), Sent)
    shown = capsys.readouterr().out
    assert all(line in shown for line in lines)


@pytest.mark.parametrize(
    ("url", "family"),
    [
        ("slack://T/A/B", Family.SLACK), ("https://hooks.slack.com/services/T/B/x", Family.SLACK),
        ("mailtos://x", Family.EMAIL), ("tgram://b/1", Family.TELEGRAM), ("matrixs://h", Family.MATRIX),
        ("discord://a/b", Family.MARKDOWN), ("ntfys://h/t", Family.TEXT), ("jsons://h", Family.WEBHOOK),
        ("stdout://", Family.TEXT), ("gotify://h/t", Family.TEXT), ("https://example.org/x", Family.TEXT),
    ],
)  # fmt: skip
def test_the_address_tells_the_family(url: str, family: Family) -> None:
    assert family_of(url) is family


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("stdout://", ""), ("json://example.org/x", ""), ("mailto://u:p@example.org?to=a@example.org", ""),
        ("mailto://u:p@example.org?to=a@example.org,b@example.org", "2 recipients"),
        ("mailto://u:p@example.org?to=a@example.org&cc=b@example.org", "2 recipients"),
        ("ntfy://example.org/one/two", "2 recipients"), ("no-address", "service://"),
        ("nosuchservice://x", "does not understand"), ("file:///etc/passwd", "does not understand"),
    ],
)  # fmt: skip
def test_one_address_is_one_service_and_one_recipient(url: str, fault: str) -> None:
    said = check_channel(Channel(name="c", url=url))
    assert (said == []) if not fault else any(fault in each for each in said)
    assert not any("u:p" in each for each in said)


@given(st.text() | st.floats().map(str) | st.integers().map(str))
def test_retry_after_survives_anything_and_is_never_negative(value: str) -> None:
    wait = retry_after(value, NOW)
    assert wait is None or timedelta() <= wait


@given(st.sampled_from(list(SendFailureKind)), st.integers(1, 10_000), st.floats(0, 1), st.integers(0, 1000))
def test_a_retry_is_never_in_the_past_and_never_later_than_the_longest_delay(
    kind: SendFailureKind, attempts: int, jitter: float, probes: int
) -> None:
    row = Delivery(
        id=1, alert_id=1, channel="c", state=DeliveryState.SENDING, attempts=attempts, created=NOW, due=NOW,
        idempotency_key="1:c", retry_until=NOW + timedelta(hours=48),
    )  # fmt: skip
    step, _ = after_failure(
        SendFailed(kind=kind, detail="x"), delivery=row, in_doubt="retry", probes=probes, now=NOW, jitter=jitter
    )
    assert isinstance(step, RetryAt)
    assert NOW <= step.at <= NOW + LONGEST_DELAY
