"""Webhooks: our JSON body by POST over one kept connection, with an idempotency key and, if wanted, a signature.

``X-Newsmonitor-Signature: t=<unix seconds>,v1=<hex>`` is HMAC-SHA256 with the channel's secret over ``<t>.<body>``.
Redirects are not followed: a followed 302 turns the POST into a GET, which receivers answer with 200.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import http.client
import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from monitor import __version__
from monitor.delivery import deadline as deadlines
from monitor.delivery.answers import TOO_LATE, ambiguous, http_answer, not_sent
from monitor.model.delivery import Rendered, SendOutcome

CONNECT_TIMEOUT_S = 10.0
LONGEST_IDLE_S = 4.0
"""A kept connection that rested longer is replaced: receivers close theirs after five seconds and more (Node and Apache
after five), and a request that crosses with the close is in doubt."""
LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; a server that sends more loses its connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTarget:
    """Where to post, from the channel's address. ``path`` includes the query."""

    secure: bool
    host: str
    port: int
    path: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    verify: bool = True


class WebhookSender:
    """Posts rendered bodies; keeps its connection between sends. For one thread at a time."""

    def __init__(self, target: WebhookTarget, secret: str | None = None) -> None:
        self._target = target
        self._secret = secret
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """One attempt within ``deadline``; a failure is a value, never an exception."""
        body = rendered.body.encode()
        with deadlines.within(deadline) as limit:
            try:
                connection = self._connect(limit)
            except (OSError, ssl.SSLError, UnicodeError) as error:
                self.close()
                return not_sent(error)
            try:
                answer = self._exchange(connection, body, idempotency_key)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                return ambiguous(TOO_LATE if limit.over else error)
        # A cut looks to the parser like the end of the headers, and a dripped "200" is no acceptance yet.
        return ambiguous(TOO_LATE) if limit.over else answer

    def close(self) -> None:
        """Close the kept connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _connect(self, limit: deadlines.Deadline) -> http.client.HTTPConnection:
        kept = self._connection
        if kept is None or kept.sock is None or self._rested_long() or _was_closed(kept.sock):
            self.close()
            kept = self._open(limit)
        kept.sock.settimeout(limit.left_s)
        limit.watch(kept.sock)
        return kept

    def _rested_long(self) -> bool:
        return time.monotonic() - self._used > LONGEST_IDLE_S

    def _open(self, limit: deadlines.Deadline) -> http.client.HTTPConnection:
        target, patience = self._target, min(CONNECT_TIMEOUT_S, limit.left_s)
        self._connection = (
            http.client.HTTPSConnection(target.host, target.port, timeout=patience, context=_tls(target.verify))
            if target.secure
            else http.client.HTTPConnection(target.host, target.port, timeout=patience)
        )
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._connection

    def _exchange(self, connection: http.client.HTTPConnection, body: bytes, key: str) -> SendOutcome:
        # A server that refuses a large body answers and closes while we still write: its answer counts.
        with contextlib.suppress(BrokenPipeError):
            connection.request(self._target.method, self._target.path, body=body, headers=self._headers(body, key))
        response = connection.getresponse()
        answer = response.read(LARGEST_ANSWER)
        self._used = time.monotonic()
        if not response.isclosed() or response.will_close:
            self.close()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return http_answer(response.status, headers, answer, accepted=True, now=datetime.now(UTC))

    def _headers(self, body: bytes, key: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": f"newsmonitor/{__version__}",
            "Idempotency-Key": key,
        }
        if self._target.user:
            credentials = f"{self._target.user}:{self._target.password or ''}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(credentials).decode()}"
        if self._secret:
            headers["X-Newsmonitor-Signature"] = signature(self._secret, body, int(time.time()))
        return headers | dict(self._target.headers)


def signature(secret: str, body: bytes, at: int) -> str:
    """The signature header's value for a body sent at ``at`` (Unix seconds); receivers refuse an old ``t``."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def _was_closed(connected: socket.socket) -> bool:
    """Whether the peer closed a kept connection: an idle one has nothing to read."""
    readable, _, _ = select.select([connected], [], [], 0)
    return bool(readable)


@lru_cache(maxsize=2)
def _tls(verify: bool) -> ssl.SSLContext:
    """One context for all connections: making one costs 28 ms."""
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
