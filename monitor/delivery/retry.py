"""What follows a failed attempt: for the row, and for its channel. Pure; the jitter comes as an argument.

| failure | row | channel |
|---|---|---|
| not sent (DNS, refused, TLS) | retry | – |
| ambiguous (read time-out, reset) | retry, or held where ``in_doubt = "hold"`` | – |
| rate limited | retry | paused for what the receiver asked |
| server error | retry | – |
| channel broken (401, 403, 404, 410) | waits | broken; tried again with one message now and then |
| message refused (400, 413) | once more as plain text, then dead | – |

Every row that still fails at its ``retry_until`` is dead, aloud.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, assert_never

from monitor.model.delivery import Delivery, SendFailed, SendFailureKind
from monitor.model.words import counted

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
LONGEST_PAUSE = timedelta(hours=6)
"""A receiver may ask for more; a channel paused for a day would look dead."""
DEFAULT_PAUSE = timedelta(seconds=30)
FIRST_PROBE = timedelta(minutes=10)
LONGEST_PROBE = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryAt:
    """Try again then; in plain text if ``plain``."""

    at: datetime
    plain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldForOperator:
    """Nobody knows whether the receiver has it, and the channel wants no double."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """Dead, for this reason (a sentence without a full stop)."""

    reason: str


RowStep: TypeAlias = RetryAt | HoldForOperator | GiveUp


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send nothing through the channel until then."""

    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The channel's address or credentials are wrong; try one message at ``probe_at``."""

    probe_at: datetime


ChannelStep: TypeAlias = Pause | Break | None


def after_failure(
    failure: SendFailed, *, delivery: Delivery, in_doubt: str, probes: int, now: datetime, jitter: float
) -> tuple[RowStep, ChannelStep]:
    """Decide what follows the ``delivery.attempts``-th failed attempt (counted from 1).

    ``probes`` counts how often the broken channel was tried; ``jitter`` lies in 0..1 (full jitter). A delay that the
    receiver asked for wins over ours, within ``LONGEST_PAUSE``.
    """
    retry = _retry(failure, delivery, now, jitter)
    match failure.kind:
        case SendFailureKind.NOT_SENT | SendFailureKind.SERVER_ERROR:
            return retry, None
        case SendFailureKind.AMBIGUOUS:
            return (HoldForOperator() if in_doubt == "hold" else retry), None
        case SendFailureKind.RATE_LIMITED:
            until = now + min(failure.retry_after or DEFAULT_PAUSE, LONGEST_PAUSE)
            return _unless_late(RetryAt(at=until), delivery, failure), Pause(until=until)
        case SendFailureKind.CHANNEL_BROKEN:
            probe_at = now + min(FIRST_PROBE * 2 ** min(probes, 10), LONGEST_PROBE)
            return _unless_late(RetryAt(at=now), delivery, failure), Break(probe_at=probe_at)
        case SendFailureKind.MESSAGE_REFUSED:
            if delivery.plain:
                return GiveUp(reason=f"the receiver refused the message, as plain text too: {failure.detail}"), None
            return RetryAt(at=now, plain=True), None
        case _:
            assert_never(failure.kind)


def _retry(failure: SendFailed, delivery: Delivery, now: datetime, jitter: float) -> RowStep:
    longest = min(FIRST_DELAY * 2 ** min(delivery.attempts - 1, 20), LONGEST_DELAY)
    delay = max(longest * jitter, timedelta(seconds=1))
    if failure.retry_after is not None:
        delay = min(failure.retry_after, LONGEST_PAUSE)
    return _unless_late(RetryAt(at=now + delay), delivery, failure)


def _unless_late(retry: RetryAt, delivery: Delivery, failure: SendFailed) -> RowStep:
    if retry.at <= delivery.retry_until:
        return retry
    failed = f"{counted(delivery.attempts, 'attempt')} failed"
    return GiveUp(reason=f"{failed}, the last with {failure.kind}: {failure.detail}")
