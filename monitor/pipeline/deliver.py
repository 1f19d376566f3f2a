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
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, assert_never

from sqlite_utils import Database

from monitor.alerts.route import STORM_WINDOW, admission, channels_for_notices
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
from monitor.store import alerts, channels, deliveries

T = TypeVar("T")

SEND_DEADLINE = timedelta(seconds=30)
"""For one send, connection to last byte of the answer."""

GRACE = timedelta(seconds=5)
"""How much longer than its deadline a sender may take to give up its connection."""


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
class _Job:
    delivery: Delivery
    message: AlertMessage
    channel: Channel | None
    told_in_window: int


async def deliver(line: Line, delivery_id: int) -> DeliveryReport:
    """Bring a claimed row one step further; its report says where it stands now.

    Raises LookupError where there is no such row.
    """
    job = await line.in_store(_read, line, delivery_id)
    held = _held(line, job)
    if held is not None or job.channel is None:
        held = held or Held(
            reason=HoldReason.NO_CHANNEL, detail=f"no channel is named {job.delivery.channel!r} any more"
        )
        await line.in_store(_record_held, line, job, held)
        return _report(job, held, DeliveryState.HELD, attempt=0)
    outcome = await _send(line, job, job.channel)
    state = await line.in_store(_record, line, job, job.channel, outcome)
    return _report(job, outcome, state, attempt=job.delivery.attempts)


def _read(line: Line, delivery_id: int) -> _Job:
    with line.store.read() as db:
        delivery = deliveries.get(db, delivery_id)
        message = None if delivery is None else alerts.message_of(db, delivery.alert_id)
        if delivery is None or message is None:
            raise LookupError(f"there is no delivery {delivery_id}")
        told = deliveries.sent_since(db, delivery.channel, line.clock.now() - STORM_WINDOW)
    known = {channel.name: channel for channel in line.settings.channels}
    return _Job(delivery=delivery, message=message, channel=known.get(delivery.channel), told_in_window=told)


def _held(line: Line, job: _Job) -> Held | None:
    if job.channel is None:
        return None
    return admission(
        kind=job.message.kind, severity=job.message.severity, channel=job.channel, settings=line.settings,
        told_in_window=job.told_in_window, now=line.clock.now(),
    )  # fmt: skip


async def _send(line: Line, job: _Job, channel: Channel) -> SendOutcome:
    """Render and send in a thread of its own; a sender that overstays its deadline leaves the row in doubt."""

    def attempt() -> SendOutcome:
        rendered = render_for(
            family_of(channel.url), job.message, zone=line.settings.alerts.timezone, plain=job.delivery.plain
        )
        key = job.delivery.idempotency_key
        return open_channel(channel).send(rendered, idempotency_key=key, deadline=SEND_DEADLINE)

    patience = (SEND_DEADLINE + GRACE).total_seconds()
    try:
        return await asyncio.wait_for(_in_thread(attempt, name=f"send {channel.name}"), patience)
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


def _record_held(line: Line, job: _Job, held: Held) -> None:
    with line.store.transaction() as db:
        deliveries.put_back(db, job.delivery.id, held, line.clock.now())


def _record(line: Line, job: _Job, channel: Channel, outcome: SendOutcome) -> DeliveryState:
    now = line.clock.now()
    with line.store.transaction() as db:
        match outcome:
            case Sent():
                deliveries.settle_sent(db, job.delivery.id, outcome, now)
                channels.mend(db, channel.name)
                return DeliveryState.SENT
            case SendFailed():
                row_step, channel_step = after_failure(
                    outcome, delivery=job.delivery, in_doubt=channel.in_doubt, now=now, jitter=line.random.random(),
                    probes=channels.state_of(db, channel.name).probes,
                )  # fmt: skip
                _apply_to_channel(line, db, channel.name, channel_step, outcome)
                return _apply_to_row(line, db, job, row_step, outcome)
            case _:
                assert_never(outcome)


def _apply_to_row(line: Line, db: Database, job: _Job, step: RowStep, failure: SendFailed) -> DeliveryState:
    now, row = line.clock.now(), job.delivery
    match step:
        case RetryAt(at=at, plain=plain):
            deliveries.settle_retry(db, row.id, failure, now, at=at, plain=plain)
            return DeliveryState.RETRY
        case HoldForOperator():
            deliveries.settle_held(db, row.id, failure, now)
            return DeliveryState.HELD
        case GiveUp(reason=reason):
            deliveries.settle_dead(db, row.id, failure, now, reason=reason)
            _tell_of_death(line, db, job, reason)
            return DeliveryState.DEAD
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


def _tell_of_death(line: Line, db: Database, job: _Job, reason: str) -> None:
    if job.message.kind is AlertKind.NOTICE:
        return
    row = job.delivery
    text = (
        f"Alert {row.alert_id} could not be delivered to {row.channel}\n{reason}\n\n"
        f"To send it again: monitor deliveries replay {row.id}"
    )
    _notice(line, db, row.channel, text, once_key=f"dead:{row.id}:{row.attempts}")


def _notice(line: Line, db: Database, without: str, text: str, *, once_key: str) -> None:
    others = channels_for_notices(line.settings, without=without)
    alerts.notice(db, text, channels=others, now=line.clock.now(), once_key=once_key)


def _report(job: _Job, outcome: DeliveryOutcome, state: DeliveryState, *, attempt: int) -> DeliveryReport:
    return DeliveryReport(
        delivery_id=job.delivery.id,
        alert_id=job.delivery.alert_id,
        channel=job.delivery.channel,
        kind=job.message.kind,
        state=state,
        outcome=outcome,
        attempt=attempt,
    )
