"""Every way a receiver can fail, on real loopback servers: its class, and what follows for row and channel."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.delivery.channels import open_channel
from monitor.delivery.retry import Break, GiveUp, HoldForOperator, Pause, RetryAt, after_failure
from monitor.model.delivery import Delivery, DeliveryState, Rendered, SendFailed, SendFailureKind, SendOutcome, Sent
from monitor.model.settings import Channel
from tests.delivery.receivers import (
    Behaviour,
    Mailbox,
    Receiver,
    closed_port,
    drip,
    flood,
    hang,
    mail_server,
    raw_server,
    reset,
    say,
)

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
RENDERED = Rendered(family="webhook", title="[HIGH] w", body='{"version": 1}', format="json", text="words")
TEXT = Rendered(family="text", title="[HIGH] w", body="words", format="text", text="words")
SHORT = timedelta(seconds=0.6)
NO_HANG_S = 20.0
"""A send that keeps its deadline ends long before, on a busy machine too; one that does not would never end."""
TCP_FIN_WAIT1 = 4
"""A state of Linux's tcp_states.h: closed by us, not acknowledged yet."""

NOT_SENT = SendFailureKind.NOT_SENT
AMBIGUOUS = SendFailureKind.AMBIGUOUS
RATE = SendFailureKind.RATE_LIMITED
SERVER = SendFailureKind.SERVER_ERROR
BROKEN = SendFailureKind.CHANNEL_BROKEN
REFUSED = SendFailureKind.MESSAGE_REFUSED


def send(url: str, *, deadline: timedelta = timedelta(seconds=5), rendered: Rendered = RENDERED) -> SendOutcome:
    channel = Channel(name=f"c{time.monotonic_ns()}", url=url)
    return open_channel(channel).send(rendered, idempotency_key="1:c", deadline=deadline)


def next_steps(failure: SendFailed, *, in_doubt: str = "retry", plain: bool = False) -> tuple[type, type]:
    row = Delivery(
        id=1, alert_id=1, channel="c", state=DeliveryState.SENDING, attempts=1, created=NOW, due=NOW, plain=plain,
        idempotency_key="1:c", retry_until=NOW + timedelta(hours=48),
    )  # fmt: skip
    row_step, channel_step = after_failure(failure, delivery=row, in_doubt=in_doubt, probes=0, now=NOW, jitter=0.5)
    return type(row_step), type(channel_step)


HTTP_CASES: list[tuple[str, Behaviour, SendFailureKind, type, type]] = [
    ("301", say(301, location="/elsewhere"), BROKEN, RetryAt, Break),
    ("302", say(302, location="/elsewhere"), BROKEN, RetryAt, Break),
    ("307", say(307, location="/elsewhere"), BROKEN, RetryAt, Break),
    ("400", say(400, b"bad field"), REFUSED, RetryAt, type(None)),
    ("401", say(401), BROKEN, RetryAt, Break),
    ("403", say(403), BROKEN, RetryAt, Break),
    ("404", say(404), BROKEN, RetryAt, Break),
    ("408", say(408), SERVER, RetryAt, type(None)),
    ("410", say(410), BROKEN, RetryAt, Break),
    ("413", say(413), REFUSED, RetryAt, type(None)),
    ("422", say(422), REFUSED, RetryAt, type(None)),
    ("429", say(429), RATE, RetryAt, Pause),
    ("500", say(500), SERVER, RetryAt, type(None)),
    ("502", say(502), SERVER, RetryAt, type(None)),
    ("503", say(503), SERVER, RetryAt, type(None)),
    ("reset after the request", reset, AMBIGUOUS, RetryAt, type(None)),
    ("silence", hang, AMBIGUOUS, RetryAt, type(None)),
    ("a drip", drip, AMBIGUOUS, RetryAt, type(None)),
    ("garbage", lambda c: c.sendall(b"not http at all\r\n\r\n"), AMBIGUOUS, RetryAt, type(None)),
]


@pytest.mark.parametrize("schema", ["json", "form"])
@pytest.mark.parametrize(
    ("name", "behaviour", "kind", "row", "channel"), HTTP_CASES, ids=[case[0] for case in HTTP_CASES]
)
def test_an_http_failure_has_its_class_and_its_next_step(
    *, schema: str, name: str, behaviour: Behaviour, kind: SendFailureKind, row: type, channel: type
) -> None:
    rendered = RENDERED if schema == "json" else TEXT
    with Receiver(behaviour) as receiver:
        started = time.monotonic()
        outcome = send(f"{schema}://127.0.0.1:{receiver.port}/hook", deadline=SHORT, rendered=rendered)
        assert time.monotonic() - started < NO_HANG_S
    assert isinstance(outcome, SendFailed), outcome
    assert outcome.kind is kind, outcome
    assert next_steps(outcome) == (row, channel)
    assert len(receiver.heard) == 1, "the outbox retries, nobody else"


@pytest.mark.parametrize("schema", ["json", "form", "ntfy"])
def test_a_followed_redirect_would_be_a_lost_message_so_none_is_followed(schema: str) -> None:
    with (
        Receiver(say(200)) as elsewhere,
        Receiver(say(302, location=f"http://127.0.0.1:{elsewhere.port}/")) as receiver,
    ):
        tail = "/topic" if schema == "ntfy" else "/hook"
        outcome = send(f"{schema}://127.0.0.1:{receiver.port}{tail}?redirect=yes", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert elsewhere.heard == []


@pytest.mark.parametrize("schema", ["json", "form"])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_understood_in_both_forms(schema: str, form: str) -> None:
    value = "7" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=7), usegmt=True)
    with Receiver(say(429, retry_after=value)) as receiver:
        outcome = send(f"{schema}://127.0.0.1:{receiver.port}/", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert outcome.retry_after is not None
    assert timedelta(seconds=2) < outcome.retry_after <= timedelta(seconds=7)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"ok":false,"error":"invalid_auth"}', BROKEN),
        (b'{"ok":false,"error":"ratelimited"}', RATE),
        (b'{"ok":false,"error":"invalid_blocks"}', REFUSED),
        (b"<html>maintenance</html>", SERVER),
    ],
)
def test_two_hundred_with_an_error_inside_is_no_success(
    body: bytes, kind: SendFailureKind, slack_on_loopback: Callable[[int], str]
) -> None:
    rendered = Rendered(family="slack", title="t", body='{"text": "t", "blocks": []}', format="json", text="t")
    with Receiver(say(200, body)) as receiver:
        outcome = send(slack_on_loopback(receiver.port), rendered=rendered)
    assert isinstance(outcome, SendFailed), outcome
    assert outcome.kind is kind


@pytest.mark.parametrize("schema", ["json", "form", "jsons", "forms"])
def test_refused_connection_means_nothing_was_sent(schema: str) -> None:
    outcome = send(f"{schema}://127.0.0.1:{closed_port()}/", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT, outcome
    assert next_steps(outcome, in_doubt="hold") == (RetryAt, type(None))


@pytest.mark.parametrize("schema", ["json", "form"])
def test_an_unknown_name_means_nothing_was_sent(schema: str) -> None:
    outcome = send(f"{schema}://no-such-host.invalid/", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT, outcome


@pytest.mark.parametrize("schema", ["jsons", "forms"])
def test_a_failed_tls_handshake_means_nothing_was_sent(schema: str) -> None:
    def plain_http(connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 400 This is not TLS\r\n\r\n")

    with raw_server(plain_http) as port:
        outcome = send(f"{schema}://127.0.0.1:{port}/", rendered=TEXT, deadline=SHORT)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT, outcome


@pytest.mark.parametrize("schema", ["json", "form"])
def test_an_answer_of_64_megabytes_is_cut_and_counts(schema: str) -> None:
    with Receiver(flood) as receiver:
        outcome = send(f"{schema}://127.0.0.1:{receiver.port}/", rendered=TEXT)
    assert isinstance(outcome, Sent), outcome


def test_a_connection_that_the_receiver_closed_in_between_is_replaced_not_in_doubt() -> None:
    the_close_arrived = threading.Semaphore(0)

    def once(connection: socket.socket) -> None:
        say(200)(connection)
        connection.shutdown(socket.SHUT_WR)
        while connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] == TCP_FIN_WAIT1:
            time.sleep(0.001)  # until the sender's kernel has acknowledged the close
        connection.close()
        the_close_arrived.release()

    with Receiver(once) as receiver:
        sender = open_channel(Channel(name="kept", url=f"json://127.0.0.1:{receiver.port}/"))
        for _ in range(3):
            assert isinstance(sender.send(RENDERED, idempotency_key="1:kept", deadline=timedelta(seconds=20)), Sent)
            assert the_close_arrived.acquire(timeout=NO_HANG_S)
        assert len(receiver.heard) == 3


def test_in_doubt_hold_never_sends_twice() -> None:
    failure = SendFailed(kind=AMBIGUOUS, detail="no answer")
    assert next_steps(failure, in_doubt="hold") == (HoldForOperator, type(None))


def test_a_refused_message_is_tried_once_more_as_plain_text_and_then_dead() -> None:
    failure = SendFailed(kind=REFUSED, detail="HTTP 400", status=400)
    assert next_steps(failure) == (RetryAt, type(None))
    assert next_steps(failure, plain=True) == (GiveUp, type(None))


SMTP_CASES = [
    ("421 at MAIL", {"at_mail": "421 closing"}, SERVER),
    ("451 at MAIL", {"at_mail": "451 greylisted"}, SERVER),
    ("450 at RCPT", {"at_rcpt": "450 mailbox busy"}, SERVER),
    ("550 at RCPT", {"at_rcpt": "550 no such user"}, BROKEN),
    ("552 at RCPT", {"at_rcpt": "552 mailbox full"}, REFUSED),
    ("451 at DATA", {"at_data": "451 try later"}, SERVER),
    ("550 at DATA", {"at_data": "550 looks like spam"}, REFUSED),
    ("552 at DATA", {"at_data": "552 too large"}, REFUSED),
    ("554 at DATA", {"at_data": "554 no"}, REFUSED),
]


@pytest.mark.parametrize(("name", "replies", "kind"), SMTP_CASES, ids=[case[0] for case in SMTP_CASES])
def test_an_smtp_refusal_has_its_class(name: str, replies: dict[str, str], kind: SendFailureKind) -> None:
    with mail_server(Mailbox(**replies)) as port:
        outcome = send(f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org", rendered=TEXT)
    assert isinstance(outcome, SendFailed), outcome
    assert outcome.kind is kind, outcome


def smtp_script(*replies: str, then: Callable[[socket.socket], None] | None = None) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        stream = connection.makefile("rwb")
        for number, reply in enumerate(replies):
            if number:
                stream.readline()
            stream.write(reply.encode() + b"\r\n")
            stream.flush()
        stream.readline()
        if then:
            then(connection)

    return serve


def test_a_cut_before_the_text_means_not_sent_and_after_it_in_doubt() -> None:
    url = "mailto://127.0.0.1:{}?from=a@example.org&to=b@example.org"
    with raw_server(smtp_script("220 hi", "250 hi", then=reset)) as port:
        early = send(url.format(port), rendered=TEXT)
    assert isinstance(early, SendFailed)
    assert early.kind is NOT_SENT

    def take_text_and_cut(connection: socket.socket) -> None:
        connection.sendall(b"354 go on\r\n")
        received = b""
        while not received.endswith(b"\r\n.\r\n"):
            received += connection.recv(4096)
        reset(connection)

    script = smtp_script("220 hi", "250 hi", "250 sender", "250 recipient", then=take_text_and_cut)
    with raw_server(script) as port:
        late = send(url.format(port), rendered=TEXT)
    assert isinstance(late, SendFailed)
    assert late.kind is AMBIGUOUS, late


def test_a_mail_server_that_drips_ends_at_the_deadline() -> None:
    def dripping(connection: socket.socket) -> None:
        while True:
            connection.sendall(b"220-slow\r\n")
            threading.Event().wait(0.05)

    started = time.monotonic()
    with raw_server(dripping) as port:
        outcome = send(f"mailto://127.0.0.1:{port}?from=a@example.org&to=b@example.org", rendered=TEXT, deadline=SHORT)
    assert time.monotonic() - started < NO_HANG_S
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT


def test_smtp_without_the_tls_that_was_asked_for_sends_nothing() -> None:
    mailbox = Mailbox()
    with mail_server(mailbox) as port:
        outcome = send(f"mailtos://127.0.0.1:{port}?from=a@example.org&to=b@example.org&mode=starttls", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT, outcome
    assert mailbox.messages == []


def test_a_mail_server_that_is_down_means_nothing_was_sent() -> None:
    outcome = send(f"mailto://127.0.0.1:{closed_port()}?from=a@example.org&to=b@example.org", rendered=TEXT)
    assert isinstance(outcome, SendFailed)
    assert outcome.kind is NOT_SENT
