"""What really happened on the wire while Apprise sent: the status, Retry-After and exception that its result lacks.

Apprise sends through ``requests``; hooks on two of its methods record for the send that runs in this thread, cap the
answer (read whole, 300 MB answered cost 676 MB of memory), and let the deadline cut the connection. Other threads and
other users of ``requests`` in this process pass through untouched.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from monitor.delivery import deadline as deadlines
from monitor.delivery.answers import TOO_LATE, ambiguous, http_answer, not_sent
from monitor.model.delivery import SendFailed, SendFailureKind, SendOutcome, Sent

if TYPE_CHECKING:
    import requests

LARGEST_ANSWER = 256 * 1024


@dataclass(slots=True)
class Exchange:
    """The last answer or exception of one send."""

    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    error: Exception | None = None

    def outcome(self, *, accepted: bool, limit: deadlines.Deadline) -> SendOutcome:
        """Judge the send; ``accepted`` is what Apprise says."""
        failed = _failed(self.error) if self.error is not None and not accepted else None
        if limit.over and (failed is None or failed.kind is SendFailureKind.AMBIGUOUS):
            return ambiguous(TOO_LATE)
        if failed is not None:
            return failed
        if self.status is not None:
            return http_answer(self.status, self.headers, self.body, accepted=accepted, now=datetime.now(UTC))
        if accepted:
            return Sent()
        return SendFailed(kind=SendFailureKind.SERVER_ERROR, detail="the service reported a failure without a reason")


_exchange: ContextVar[Exchange | None] = ContextVar("exchange", default=None)
_installed = threading.Lock()


@contextmanager
def captured() -> Iterator[Exchange]:
    """Record what the block sends from this thread."""
    _install()
    exchange = Exchange()
    token = _exchange.set(exchange)
    try:
        yield exchange
    finally:
        _exchange.reset(token)


def _install() -> None:
    """Hook ``requests`` and ``urllib3`` once."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415 - heavy, and only needed when something is sent
    from urllib3.connection import HTTPConnection  # noqa: PLC0415 - likewise

    with _installed:
        if getattr(HTTPAdapter.send, "captures", False):
            return
        HTTPAdapter.send = _recording(HTTPAdapter.send)  # type: ignore[method-assign] # the hook that this module is about
        HTTPConnection._new_conn = _watching(HTTPConnection._new_conn)  # type: ignore[method-assign] # noqa: SLF001 - likewise


def _recording(original: Any) -> Any:
    @wraps(original)
    def send(adapter: Any, request: Any, *args: Any, **options: Any) -> Any:
        exchange, limit = _exchange.get(), deadlines.current.get()
        if exchange is None or limit is None:
            return original(adapter, request, *args, **options)
        patience = min(10.0, limit.left_s)
        exchange.status, exchange.error = None, None
        try:
            response = original(
                adapter, request, *args, **options | {"stream": True, "timeout": (patience, limit.left_s)}
            )
            _read_capped(response)
        except Exception as error:
            exchange.error = error
            raise
        exchange.status = response.status_code
        exchange.headers = {name.lower(): value for name, value in response.headers.items()}
        exchange.body = response.content
        return response

    send.captures = True  # type: ignore[attr-defined] # marks the hook as installed
    return send


def _read_capped(response: requests.Response) -> None:
    """Read the body up to the cap, as if it had been all; the connection is not kept."""
    parts, size = [], 0
    for part in response.iter_content(16 * 1024):
        parts.append(part)
        size += len(part)
        if size >= LARGEST_ANSWER:
            break
    response.close()
    body = b"".join(parts)[:LARGEST_ANSWER]
    response.__dict__ |= {"_content": body, "_content_consumed": True}  # what .content returns from now on


def _watching(original: Any) -> Any:
    @wraps(original)
    def new_connection(connection: Any) -> Any:
        connected = original(connection)
        limit = deadlines.current.get()
        if limit is not None:
            limit.watch(connected)
        return connected

    return new_connection


def _failed(error: Exception) -> SendFailed:
    from requests import exceptions  # noqa: PLC0415 - already loaded by the send that failed
    from urllib3.exceptions import NewConnectionError  # noqa: PLC0415 - likewise

    reason = getattr(error.args[0], "reason", None) if error.args else None
    early = isinstance(error, exceptions.ConnectTimeout | exceptions.SSLError | exceptions.InvalidURL)
    if early or isinstance(reason, NewConnectionError):
        return not_sent(reason if isinstance(reason, Exception) else error)
    return ambiguous(_innermost(error))


def _innermost(error: BaseException) -> BaseException:
    """The exception at the bottom of a chain, which says what the socket said."""
    inner: BaseException = error
    for _ in range(6):
        candidate = inner.args[-1] if inner.args else None
        if not isinstance(candidate, BaseException):
            break
        inner = candidate
    return inner
