"""E-mail over SMTP: a message with a text and an HTML part, threaded by story, sent in a session of its own.

Apprise understands the address (``mailto://``, ``mailtos://``, its templates for providers). The message and the
session are ours: only so has it a text part of our own, folded headers, a stable Message-ID and an exact reason for a
refusal, and reuses the TLS context that costs 28 ms a message.
"""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.header import Header
from email.headerregistry import Address
from email.message import Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr, localtime
from functools import lru_cache
from typing import cast

from monitor import __version__
from monitor.delivery import deadline as deadlines
from monitor.delivery.answers import TOO_LATE, ambiguous, not_sent, smtp_answer
from monitor.model.delivery import Rendered, SendFailed, SendFailureKind, SendOutcome, Sent

CONNECT_TIMEOUT_S = 15.0

_STRUCTURED = frozenset({"From", "To", "Reply-To", "Message-ID", "In-Reply-To", "References", "List-Unsubscribe"})
"""Headers that are folded at white space but never encoded whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTarget:
    """One mailbox and the server that takes mail for it. ``security`` is ``none``, ``starttls`` or ``tls``."""

    host: str
    port: int
    security: str
    sender: tuple[str, str]
    """Display name and address."""
    recipient: tuple[str, str]
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    reply_to: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    verify: bool = True


class _RefusedError(Exception):
    """A step of the session was refused; carries the judged failure."""

    def __init__(self, failure: SendFailed) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class MailSender:
    """Sends to one mailbox. For one thread at a time."""

    def __init__(self, target: MailTarget) -> None:
        self._target = target

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """One session, one message; the phase in which it fails tells whether the server may have it."""
        try:
            message = compose(rendered, self._target, idempotency_key)
            wire = message.as_bytes(policy=compat32.clone(linesep="\r\n"))
        except (ValueError, UnicodeError) as error:
            return SendFailed(kind=SendFailureKind.MESSAGE_REFUSED, detail=f"no valid message: {error}")
        with deadlines.within(deadline) as limit:
            return self._session(wire, limit)

    def _session(self, wire: bytes, limit: deadlines.Deadline) -> SendOutcome:
        server: smtplib.SMTP | None = None
        try:
            server = self._connect(limit)
            _envelope(server, self._target)
        except _RefusedError as refused:
            _leave(server)
            return refused.failure
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            _leave(server)
            return not_sent(TOO_LATE if limit.over else error)
        return _hand_over(server, wire, limit)

    def _connect(self, limit: deadlines.Deadline) -> smtplib.SMTP:
        target = self._target
        kind = _WatchedTLS if target.security == "tls" else _Watched
        server = kind(limit, target.verify)
        code, text = server.connect(target.host, target.port)
        _expect(code, text, {220}, at="connect")
        _expect(*server.ehlo(), {250}, at="connect")
        if target.security == "starttls":
            if not server.has_extn("starttls"):
                raise _RefusedError(not_sent("the server offers no STARTTLS, which the channel's address asks for"))
            server.starttls(context=_tls(target.verify))
            _expect(*server.ehlo(), {250}, at="connect")
        if target.user and target.password is not None:
            try:
                server.login(target.user, target.password)
            except smtplib.SMTPResponseException as error:
                raise _RefusedError(smtp_answer(error.smtp_code, error.smtp_error, at="auth")) from error
        return server


def compose(rendered: Rendered, target: MailTarget, key: str) -> Message:
    """The message; its Message-ID comes from the key, so that a double is recognised and a thread can be named.

    The older message classes on purpose: parsing every header and quoting every byte made the newer ones three times
    as slow. Raises ValueError where a header or an address cannot be written.
    """
    text = MIMEText(rendered.text or rendered.body, "plain", "utf-8")
    message: Message = text
    if rendered.format == "html":
        message = MIMEMultipart("alternative", _subparts=[text, MIMEText(rendered.body, "html", "utf-8")])
    headers = {
        "Subject": rendered.title,
        "From": _address(*target.sender),
        "To": _address(*target.recipient),
        "Reply-To": ", ".join(target.reply_to),
        "Date": format_datetime(localtime()),
        "Message-ID": message_id(key),
        "Auto-Submitted": "auto-generated",
        "X-Mailer": f"newsmonitor/{__version__}",
    }
    if rendered.in_reply_to is not None:
        thread = message_id(f"{rendered.in_reply_to}:{key.partition(':')[2]}")
        headers |= {"In-Reply-To": thread, "References": thread}
    for name, value in (headers | dict(target.headers)).items():
        if value:
            message[name] = cast("str", _header(name, value))
    return message


def _header(name: str, value: str) -> str | Header:
    """The value, encoded and folded where it is not short ASCII; raises ValueError for a line end in it."""
    if "\n" in value or "\r" in value:
        raise ValueError(f"a line end in the header {name}")
    if value.isascii() and len(name) + len(value) < 76 and "=?" not in value:
        return value
    return Header(value, "us-ascii" if value.isascii() and name in _STRUCTURED else "utf-8", header_name=name)


def message_id(key: str) -> str:
    """``<alert.channel@newsmonitor.invalid>`` for an idempotency key; no host name of ours goes out (RFC 2606 §2)."""
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "-_") else "." for each in key)
    return f"<{safe}@newsmonitor.invalid>"


def _address(name: str, address: str) -> str:
    """``name <address>``, checked and encoded."""
    return str(Address(display_name="", addr_spec=address)) if not name else formataddr((name, address))


def _envelope(server: smtplib.SMTP, target: MailTarget) -> None:
    _expect(*server.mail(target.sender[1]), {250}, at="from")
    _expect(*server.rcpt(target.recipient[1]), {250, 251}, at="to")


def _hand_over(server: smtplib.SMTP, wire: bytes, limit: deadlines.Deadline) -> SendOutcome:
    try:
        code, text = server.data(wire)
    except smtplib.SMTPDataError as error:
        _leave(server)
        return smtp_answer(error.smtp_code, error.smtp_error, at="data")
    except (OSError, smtplib.SMTPException) as error:
        _leave(server)
        return ambiguous(TOO_LATE if limit.over else error)
    _leave(server)
    if code != 250:
        return smtp_answer(code, text, at="data")
    return Sent(detail=f"SMTP {code}")


def _expect(code: int, text: bytes, wanted: set[int], *, at: str) -> None:
    if code not in wanted:
        raise _RefusedError(smtp_answer(code, text, at=at))


def _leave(server: smtplib.SMTP | None) -> None:
    """Say goodbye without waiting for the answer: the message is already accepted or refused."""
    if server is None or server.sock is None:
        return
    with contextlib.suppress(OSError, smtplib.SMTPException):
        server.putcmd("quit")
    server.close()


class _Watched(smtplib.SMTP):
    """A session whose socket the deadline may cut."""

    def __init__(self, limit: deadlines.Deadline, verify: bool) -> None:
        self._limit = limit
        self._verify = verify
        super().__init__(local_hostname="newsmonitor.invalid", timeout=min(CONNECT_TIMEOUT_S, limit.left_s))

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = socket.create_connection((host, port), timeout)
        connected.settimeout(self._limit.left_s)
        self._limit.watch(connected)
        return connected


class _WatchedTLS(_Watched):
    """The same with TLS from the first byte."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connected = super()._get_socket(host, port, timeout)
        try:
            return _tls(self._verify).wrap_socket(connected, server_hostname=host)
        except BaseException:
            connected.close()
            raise


@lru_cache(maxsize=2)
def _tls(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
