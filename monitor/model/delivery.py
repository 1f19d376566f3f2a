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
    DIGESTED = "digested"
    """Told in another message, which has a delivery of its own: a digest or summary, or a graver alert on the same
    article. What becomes of that message becomes of this row.
    """


class HoldReason(StrEnum):
    """Why a row is ``held``."""

    QUIET_HOURS = "quiet-hours"
    STORM = "storm"
    """Beyond the channel's messages an hour."""
    IN_DOUBT = "in-doubt"
    """Perhaps already received; the operator decides (``deliveries replay`` or ``drop``)."""
    NO_CHANNEL = "no-channel"
    """The channel is not configured any more."""


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
class Held:
    """Not tried now, on purpose: quiet hours, too many messages this hour, or no such channel."""

    reason: HoldReason
    detail: str
    until: datetime | None = None
    """None where only an operator ends it."""


DeliveryOutcome: TypeAlias = Sent | SendFailed | Held
"""What one step of a delivery came to."""


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
    in_reply_to: int | None = None
    """The alert that started the thread, where the service has threads."""


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
    retry_until: datetime
    """When a row that still fails is given up."""
    plain: bool = False
    """True after the receiver refused the message's form: plain text is tried once."""
    hold_reason: HoldReason | None = None
    detail: str = ""
    """What happened last, in a sentence."""
