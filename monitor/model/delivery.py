"""Deliveries: the states of an outbox row and the outcomes of an attempt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


class DeliveryState(StrEnum):
    """An outbox row is in exactly one of these."""

    NEW = "new"
    SENDING = "sending"
    """Committed just before the attempt; found at start-up, it is in doubt."""
    SENT = "sent"
    RETRY = "retry"
    HELD = "held"
    """Quiet hours, or in doubt on a channel that chose ``hold``."""
    DEAD = "dead"
    DROPPED = "dropped"
    """By an operator."""


class SendFailureKind(StrEnum):
    """What a failed attempt means for this row and its channel."""

    NOT_SENT = "not-sent"
    """Nothing left this machine (DNS, refused, TLS): retry freely."""
    AMBIGUOUS = "ambiguous"
    """The receiver may have it (read time-out, reset): ``in_doubt`` decides."""
    RATE_LIMITED = "rate-limited"
    """Pauses the channel."""
    SERVER_ERROR = "server-error"
    CHANNEL_BROKEN = "channel-broken"
    """Credentials or address are wrong: rows wait for the operator."""
    MESSAGE_REFUSED = "message-refused"
    """This message only: one plain-text try, then dead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The receiver accepted it."""

    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendFailed:
    """The attempt failed; ``retry_after`` is what the receiver asked for."""

    kind: SendFailureKind
    detail: str
    status: int | None = None
    retry_after: timedelta | None = None


SendOutcome: TypeAlias = Sent | SendFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A message in one channel family's form."""

    family: str
    title: str
    body: str
    format: str
    """``text``, ``markdown``, ``html`` or ``json``."""
    text: str = ""
    """The plain-text alternative."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One alert for one channel: a row of the outbox."""

    id: int
    alert_id: int
    channel: str
    state: DeliveryState
    attempts: int
    created: datetime
    due: datetime
    idempotency_key: str
    """``<alert id>:<channel>``."""
