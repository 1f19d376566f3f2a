"""What an answer or an exception means: the one table from HTTP, SMTP and socket errors to kinds of failure. Pure."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from monitor.model.delivery import SendFailed, SendFailureKind, SendOutcome, Sent

REFUSED_STATUSES = frozenset({400, 409, 411, 413, 414, 415, 422, 431})
BROKEN_STATUSES = frozenset({401, 402, 403, 404, 405, 406, 407, 410, 421, 451})
RATE_STATUSES = frozenset({425, 429})

TOO_LATE = "no answer within the time limit"

RATE_WORDS = ("ratelimited", "rate_limited", "too many requests")
BROKEN_WORDS = (
    "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "no_service", "no_team",
    "channel_not_found", "channel_is_archived", "is_archived", "not_in_channel", "action_prohibited", "invalid_token",
    "unauthorized", "forbidden", "chat not found", "bot was blocked",
)  # fmt: skip
REFUSED_WORDS = ("invalid_payload", "invalid_blocks", "msg_too_long", "no_text", "can't parse entities", "too long")


def http_answer(status: int, headers: dict[str, str], body: bytes, *, accepted: bool, now: datetime) -> SendOutcome:
    """Judge an HTTP answer; ``headers`` have lower-case names.

    ``accepted`` is what the service's own protocol says of a 2xx answer: several answer 200 with an error inside.
    """
    if 200 <= status < 300:
        return Sent(detail=f"HTTP {status}") if accepted else _error_inside(status, body)
    if 300 <= status < 400:
        detail = f"HTTP {status}: the address has moved and a redirect would lose the message"
        return SendFailed(kind=SendFailureKind.CHANNEL_BROKEN, detail=detail, status=status)
    return SendFailed(
        kind=_kind_of(status),
        detail=f"HTTP {status}{_excerpt(body)}",
        status=status,
        retry_after=retry_after(headers.get("retry-after"), now),
    )


def _kind_of(status: int) -> SendFailureKind:
    if status in RATE_STATUSES:
        return SendFailureKind.RATE_LIMITED
    if status in BROKEN_STATUSES:
        return SendFailureKind.CHANNEL_BROKEN
    if status in REFUSED_STATUSES:
        return SendFailureKind.MESSAGE_REFUSED
    return SendFailureKind.SERVER_ERROR


def _error_inside(status: int, body: bytes) -> SendFailed:
    text = body[:2000].decode("utf-8", "replace").lower()
    kind = SendFailureKind.SERVER_ERROR
    for words, meaning in (
        (RATE_WORDS, SendFailureKind.RATE_LIMITED),
        (BROKEN_WORDS, SendFailureKind.CHANNEL_BROKEN),
        (REFUSED_WORDS, SendFailureKind.MESSAGE_REFUSED),
    ):
        if any(word in text for word in words):
            kind = meaning
            break
    return SendFailed(kind=kind, detail=f"HTTP {status} with an error inside{_excerpt(body)}", status=status)


def _excerpt(body: bytes) -> str:
    """The start of an answer's body, printable, for the operator."""
    text = " ".join(body[:400].decode("utf-8", "replace").split())
    printable = "".join(character for character in text if character.isprintable())[:160]
    return f": {printable}" if printable else ""


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """``Retry-After`` in seconds or as an HTTP date (RFC 9110 §10.2.3); None for garbage; never negative."""
    if not value:
        return None
    text = value.strip()
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return None if math.isnan(seconds) else timedelta(seconds=min(max(seconds, 0.0), 10**7))
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta())


def smtp_answer(code: int, text: bytes | str, *, at: str) -> SendFailed:
    """Judge an SMTP refusal (RFC 5321 §4.2) by its code and the command that got it.

    ``at`` is ``connect``, ``auth``, ``from``, ``to`` or ``data``: a refused recipient is the channel's fault, a refused
    text the message's.
    """
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    detail = f"SMTP {code} at {at}{_excerpt(words.encode('utf-8', 'replace'))}"
    kind = SendFailureKind.SERVER_ERROR
    if code in {530, 534, 535, 538} or (at in {"auth", "from", "to"} and code >= 500 and code not in {552, 555}):
        kind = SendFailureKind.CHANNEL_BROKEN
    elif code >= 500 and (at == "data" or code in {552, 555}):
        kind = SendFailureKind.MESSAGE_REFUSED
    return SendFailed(kind=kind, detail=detail, status=code)


def not_sent(error: BaseException | str) -> SendFailed:
    """Nothing left this machine: the name, the connection or the TLS handshake failed."""
    return SendFailed(kind=SendFailureKind.NOT_SENT, detail=_sentence(error))


def ambiguous(error: BaseException | str) -> SendFailed:
    """The message may have arrived: the connection broke or was silent after it was sent."""
    return SendFailed(kind=SendFailureKind.AMBIGUOUS, detail=_sentence(error))


def _sentence(error: BaseException | str) -> str:
    if isinstance(error, str):
        return error
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}" if str(error) else type(error).__name__
