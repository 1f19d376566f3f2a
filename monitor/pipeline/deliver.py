"""One delivery: read the claimed row, render its frozen alert, send it, record the attempt and what follows.

A claimed row is ``sending`` already (see :mod:`monitor.store.deliveries`). Whether it may go out now is decided here,
at the last moment: quiet hours and storms hold it, so that a retry keeps them too. A send blocks in a thread of its
own, so a slow channel delays nobody.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from sqlite_utils import Database

from monitor.alerts.route import STORM_WINDOW, admission, channels_for_notices, limit_of
from monitor.delivery.channels import open_channel
from monitor.delivery.families import family_of
from monitor.delivery.render import render_for
from monitor.delivery.retry import Break, ChannelStep, GiveUp, HoldForOperator, Pause, RetryAt, RowStep, after_failure
from monitor.model.alerts import AlertKind, AlertMessage
from monitor.model.delivery import (
    Delivery,
    DeliveryOutcome,
    DeliveryState,
    Held,
    HoldReason,
    SendFailed,
    SendFailureKind,
    SendOutcome,
    Sent,
)
from monitor.model.settings import Channel
from monitor.pipeline.line import Line
from monitor.store import alerts, channels, deliveries, together

T = TypeVar("T")

SEND_DEADLINE = timedelta(seconds=30)
"""For one send, connection to last byte of the answer."""

GRACE = timedelta(seconds=30)
"""How much longer than its deadline a sender may take to say how it ended.

On a busy machine its thread gets late to it; giving up a yes on its way would double the message, waiting keeps
nobody but its own channel.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What one step came to: for logs, ``once`` and the demo."""

    delivery_id: int
    alert_id: int
    channel: str
    kind: AlertKind
    state: DeliveryState
    outcome: DeliveryOutcome
    attempt: int
    """Counted from 1; 0 where nothing was tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed row with all that its attempt needs; ``channel`` is None where it is not configured any more."""

    delivery: Delivery
    message: AlertMessage
    channel: Channel | None
    told_in_window: int
    thread: int | None = None
    """The alert whose message on this channel it replies to, where the service has threads."""


async def deliver(line: Line, delivery_id: int) -> DeliveryReport:
    """Bring a claimed row one step further; its report says where it stands now.

    Raises LookupError where there is no such row.
    """
    job = await line.in_store(_read, line, delivery_id)
    outcome = await attempt(line, job)
    return await line.in_store(_record, line, job, outcome)


def _read(line: Line, delivery_id: int) -> Job:
    with line.store.read() as db:
        return read_job(db, line, delivery_id)


def _record(line: Line, job: Job, outcome: DeliveryOutcome) -> DeliveryReport:
    with line.store.transaction() as db:
        return record(db, line, job, outcome)


def read_job(db: Database, line: Line, delivery_id: int) -> Job:
    """What the attempt at a row needs; raises LookupError where there is no such row."""
    delivery = deliveries.get(db, delivery_id)
    message = None if delivery is None else alerts.message_of(db, delivery.alert_id)
    if delivery is None or message is None:
        raise LookupError(f"there is no delivery {delivery_id}")
    channel = next((each for each in line.settings.channels if each.name == delivery.channel), None)
    limit = limit_of(channel, line.settings)
    now = line.clock.now()
    told = deliveries.sent_since(db, delivery.channel, now - STORM_WINDOW, until=now, at_most=limit)
    also = together.companions(db, delivery.alert_id, delivery.channel)
    first = message.in_reply_to
    return Job(
        delivery=delivery, message=replace(message, also=also), channel=channel, told_in_window=told,
        thread=None if first is None else together.message_that_told(db, first, delivery.channel),
    )  # fmt: skip


async def attempt(line: Line, job: Job) -> DeliveryOutcome:
    """Send the message, or say why it is held; a failure is a value."""
    channel = job.channel
    if channel is None:
        detail = f"no channel is named {job.delivery.channel!r} any more"
        return Held(reason=HoldReason.NO_CHANNEL, detail=detail)
    held = admission(
        kind=job.message.kind, severity=job.message.severity, channel=channel, settings=line.settings,
        told_in_window=job.told_in_window, now=line.clock.now(),
    )  # fmt: skip
    return held or await _send(line, job, channel)


def record(db: Database, line: Line, job: Job, outcome: DeliveryOutcome) -> DeliveryReport:
    """Record what an attempt came to and what follows, inside the caller's transaction."""
    now, row = line.clock.now(), job.delivery
    match outcome:
        case Held():
            state, settled = DeliveryState.HELD, deliveries.put_back(db, row, outcome, now)
        case Sent():
            state, settled = DeliveryState.SENT, deliveries.settle_sent(db, row, outcome, now)
            channels.mend(db, row.channel)
        case SendFailed():
            state, settled = _record_failure(db, line, job, outcome)
        case _:
            assert_never(outcome)
    if not settled and (stands := deliveries.get(db, row.id)):
        state = stands.state
    return DeliveryReport(
        delivery_id=row.id, alert_id=row.alert_id, channel=row.channel, kind=job.message.kind, state=state,
        outcome=outcome, attempt=0 if isinstance(outcome, Held) else row.attempts,
    )  # fmt: skip


def recover_orphans(db: Database, line: Line) -> None:
    """Rows that are ``sending`` and that nobody here is sending: their outcome could not be recorded, say."""
    deliveries.recover(db, line.settings.channels, line.clock.now(), in_hand=line.in_hand)


async def _send(line: Line, job: Job, channel: Channel) -> SendOutcome:
    """Render and send in a thread of its own; a sender that overstays its deadline leaves the row in doubt."""

    def hand_over() -> SendOutcome:
        family, zone = family_of(channel.url), line.settings.alerts.timezone
        try:
            rendered = render_for(family, job.message, zone=zone, plain=job.delivery.plain)
            rendered = replace(rendered, in_reply_to=job.thread)
        except Exception as error:  # noqa: BLE001 - a renderer's bug must not keep the channel waiting: plain text follows
            return SendFailed(kind=SendFailureKind.MESSAGE_REFUSED, detail=f"cannot be rendered: {error!r}")
        try:
            key = job.delivery.idempotency_key
            return open_channel(channel).send(rendered, idempotency_key=key, deadline=SEND_DEADLINE)
        except Exception as error:  # noqa: BLE001 - likewise for a library's bug, but the receiver may have the message
            return SendFailed(kind=SendFailureKind.AMBIGUOUS, detail=f"sending broke: {type(error).__name__}")

    patience = (SEND_DEADLINE + GRACE).total_seconds()
    try:
        return await asyncio.wait_for(_in_thread(hand_over, name=f"send {channel.name}"), patience)
    except TimeoutError:
        return SendFailed(kind=SendFailureKind.AMBIGUOUS, detail=f"no end after {patience:.0f} s")


async def _in_thread(function: Callable[[], T], *, name: str) -> T:
    """Run ``function`` in a new thread: a pool's threads would run out behind channels that hang."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if done.done():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type] # None only where T allows it

    def run() -> None:
        result, error = None, None
        try:
            result = context.run(function)
        except BaseException as raised:  # noqa: BLE001 - handed to the waiting task
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    context = contextvars.copy_context()
    threading.Thread(target=run, name=name, daemon=True).start()
    return await done


def _record_failure(db: Database, line: Line, job: Job, failure: SendFailed) -> tuple[DeliveryState, bool]:
    name = job.delivery.channel
    row_step, channel_step = after_failure(
        failure, delivery=job.delivery, in_doubt=job.channel.in_doubt if job.channel else "retry",
        now=line.clock.now(), jitter=line.random.random(), probes=channels.state_of(db, name).probes,
    )  # fmt: skip
    _apply_to_channel(line, db, name, channel_step, failure)
    return _apply_to_row(line, db, job, row_step, failure)


def _apply_to_row(line: Line, db: Database, job: Job, step: RowStep, failure: SendFailed) -> tuple[DeliveryState, bool]:
    """The row's new state, and whether it took it: not where the claim was lost."""
    now, row = line.clock.now(), job.delivery
    match step:
        case RetryAt(at=at, plain=plain):
            return DeliveryState.RETRY, deliveries.settle_retry(db, row, failure, now, at=at, plain=plain)
        case HoldForOperator():
            return DeliveryState.HELD, deliveries.settle_held(db, row, failure, now)
        case GiveUp(reason=reason):
            settled = deliveries.settle_dead(db, row, failure, now, reason=reason)
            if settled:
                _tell_of_death(line, db, job, reason)
            return DeliveryState.DEAD, settled
        case _:
            assert_never(step)


def _apply_to_channel(line: Line, db: Database, name: str, step: ChannelStep, failure: SendFailed) -> None:
    now = line.clock.now()
    match step:
        case None:
            return
        case Pause(until=until):
            channels.pause(db, name, until, detail=failure.detail)
        case Break(probe_at=probe_at):
            if channels.break_(db, name, now, probe_at=probe_at, detail=failure.detail):
                _tell_of_break(line, db, name, failure, now)
        case _:
            assert_never(step)


def _tell_of_break(line: Line, db: Database, name: str, failure: SendFailed, now: datetime) -> None:
    text = (
        f"Channel {name} is broken\n{failure.detail}\n\nIts messages wait. Correct its address or credentials, then:\n"
        f"monitor notify test {name}"
    )
    _notice(line, db, name, text, once_key=f"channel-broken:{name}:{now.isoformat()}")


def _tell_of_death(line: Line, db: Database, job: Job, reason: str) -> None:
    if job.message.kind is AlertKind.NOTICE:
        return
    row = job.delivery
    also = "".join(f", nor alert {each.alert_id}, which it tells as well" for each in job.message.also)
    text = (
        f"Alert {row.alert_id} could not be delivered to {row.channel}{also}\n{reason}\n\n"
        f"To send it again: monitor deliveries replay {row.id}"
    )
    _notice(line, db, row.channel, text, once_key=f"dead:{row.id}:{row.attempts}")


def _notice(line: Line, db: Database, without: str, text: str, *, once_key: str) -> None:
    others = channels_for_notices(line.settings, without=without)
    alerts.notice(db, text, channels=others, now=line.clock.now(), once_key=once_key)
