"""The beats of the alerts room: summaries after quiet hours and storms, digests, holds that end, rows that expire.

Each is one transaction that leaves nothing half told: a summary's alert, its outbox row and the state of the rows that
it tells are committed together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from monitor.alerts.cron import last_slot
from monitor.alerts.digest import Passed, digest_text, severity_of, summary_of_held
from monitor.alerts.route import channels_for_notices
from monitor.alerts.silence import silenced_by
from monitor.alerts.together import Spoken
from monitor.model.alerts import AlertMessage, Silence
from monitor.model.delivery import Delivery, HoldReason
from monitor.model.settings import Channel, Settings
from monitor.model.watches import Hit, Severity
from monitor.model.words import counted
from monitor.pipeline import brakes, notices
from monitor.pipeline.deliver import recover_orphans
from monitor.pipeline.line import Line
from monitor.pipeline.together import tell_together
from monitor.store import alerts, articles, deliveries, digests, silences, together


def beat(line: Line) -> None:
    """Everything that time alone makes due; call it every minute or oftener, on the store's thread."""
    now = line.clock.now()
    with line.store.transaction() as db:
        tell_held(db, line.settings, now)
        notices.report(db, line.settings, now)
        send_digests(db, line.settings, now)
        release_unconfirmed(db, line.settings, now)
        recover_orphans(db, line)
        expire_rows(db, line.settings, now)
        brakes.tell_of_floods(db, line.settings, now)
        brakes.tell_of_first_readings(db, line.settings, now)
        notices.tell_of_feeds(db, line.settings, now)
        notices.tell_of_missing_channels(db, line.settings, now)


def tell_held(db: Database, settings: Settings, now: datetime) -> list[int]:
    """One summary for each channel whose hold has ended; a lone message goes out as itself. Returns the digests."""
    made = []
    for channel, rows in groupby(deliveries.held_until(db, now), key=lambda row: row.channel):
        listed = list(rows)
        if len(listed) == 1:
            deliveries.release(db, listed[0].id, now)
        else:
            made.append(_summary(db, channel, listed, settings, now))
    return made


def _summary(db: Database, channel: str, rows: list[Delivery], settings: Settings, now: datetime) -> int:
    payloads = [held for row in rows if (held := _held(db, row))]
    reasons = {row.hold_reason for row in rows}
    reason = HoldReason.QUIET_HOURS if HoldReason.QUIET_HOURS in reasons else HoldReason.STORM
    message = alerts.digest_message(summary_of_held(payloads, reason, settings.alerts.timezone), severity_of(payloads))
    alert_id = alerts.insert(db, message, channels=[channel], now=now)
    together.tell_in(db, [row.id for row in rows], alert_id, now)
    return alert_id


def _held(db: Database, row: Delivery) -> dict[str, Any]:
    """The webhook body of a held row, with ``also``, the watches that its message would have told as well; or empty."""
    message = alerts.message_of(db, row.alert_id)
    if message is None:
        return {}
    also = [each.watch for each in together.companions(db, row.alert_id, row.channel)]
    return message.payload() | {"also": also}


def send_digests(db: Database, settings: Settings, now: datetime) -> list[int]:
    """Queue the digest of every channel whose slot has come; a slot without anything to tell is served silently."""
    made = []
    for channel in settings.channels:
        schedule = channel.digest or settings.alerts.digest
        slot = last_slot(schedule, now, settings.alerts.timezone) if schedule else None
        if slot is None or digests.is_served(db, channel.name, slot.key):
            continue
        start = digests.last_mark(db, channel.name)
        # A channel's first slot only marks where its first digest will start.
        text = None if start is None else compose(db, channel, settings, start=start, now=now)
        alert_id = None
        if text is not None:
            once_key = f"digest:{channel.name}:{slot.key}"
            alert_id = _queue(db, channel.name, text, now, once_key=once_key)
            made.append(alert_id)
        digests.serve(db, channel.name, slot.key, now=now, alert_id=alert_id)
    return made


def send_now(db: Database, channel: Channel, settings: Settings, now: datetime, *, start: digests.Mark) -> int | None:
    """Queue a digest at once, whatever the schedule; None where there is nothing to tell."""
    text = compose(db, channel, settings, start=start, now=now)
    if text is None:
        return None
    alert_id = _queue(db, channel.name, text, now, once_key=None)
    digests.serve(db, channel.name, f"by hand {now.isoformat()}", now=now, alert_id=alert_id)
    return alert_id


def _queue(db: Database, channel: str, text: str, now: datetime, *, once_key: str | None) -> int:
    return alerts.insert(db, alerts.digest_message(text, Severity.INFO), channels=[channel], now=now, once_key=once_key)


def compose(db: Database, channel: Channel, settings: Settings, *, start: digests.Mark, now: datetime) -> str | None:
    """The text of a channel's digest from a mark on; None where nothing was passed over."""
    found = digests.passed_over(db, channel.name, start)
    if not found:
        return None
    passed = [Passed(reason=each.reason, payload=each.payload) for each in found]
    told = digests.told_between(db, channel.name, start.at, now)
    return digest_text(passed, told, since=start.at, zone=settings.alerts.timezone)


def release_unconfirmed(db: Database, settings: Settings, now: datetime) -> list[int]:
    """Alert, as unconfirmed, on stories that waited in vain for further publishers. Returns the alerts."""
    made: list[tuple[digests.DueRelease, Spoken, int]] = []
    ended = []
    standing = silences.active(db, now)
    for held in digests.due_releases(db, now):
        told = held.story_id is not None and alerts.has_alerted(db, held.story_id, held.watch)
        if standing and _is_silenced(db, held, standing, settings, now):
            continue  # the hold goes on until the silence ends
        ended.append(held.suppression_id)
        if told:
            continue
        message = AlertMessage.from_payload(held.payload)
        reasons = (f"unconfirmed: {held.detail}", *message.reasons)
        alert_id = alerts.insert(
            db, replace(message, reasons=reasons), channels=held.channels, now=now, article_id=held.article_id,
            entry_id=held.entry_id, feed=held.feed,
        )  # fmt: skip
        made.append((held, _spoken(message, held.channels), alert_id))
    digests.end_holds(db, ended)
    _tell_by_article(db, made, settings, now)
    return [alert_id for _, _, alert_id in made]


def _spoken(message: AlertMessage, channels: tuple[str, ...]) -> Spoken:
    return Spoken(kind=message.kind, severity=message.severity, changes=message.changes, channels=channels)


def _tell_by_article(
    db: Database, made: Iterable[tuple[digests.DueRelease, Spoken, int]], settings: Settings, now: datetime
) -> None:
    by_article: dict[int, list[tuple[Spoken, int]]] = {}
    for held, spoken, alert_id in made:
        by_article.setdefault(held.article_id, []).append((spoken, alert_id))
    for members in by_article.values():
        tell_together(db, [spoken for spoken, _ in members], [alert_id for _, alert_id in members], settings, now)


def _is_silenced(
    db: Database, held: digests.DueRelease, standing: tuple[Silence, ...], settings: Settings, now: datetime
) -> bool:
    """Whether a person asked for quiet about it since: by watch, story, feed or term, as for any other alert."""
    stored = articles.get(db, held.article_id)
    if stored is None or held.story_id is None:
        return False
    tags = next((feed.tags for feed in settings.feeds if feed.name == held.feed), ())
    article = replace(stored.article, feed=held.feed, feed_tags=tags)
    hit = Hit(watch=held.watch, score=0.0, reasons=(), spans=held.spans)
    return silenced_by(standing, hit, article, story_id=held.story_id, now=now) is not None


def expire_rows(db: Database, settings: Settings, now: datetime) -> None:
    """Give up rows that waited out their retry period behind a channel that took nothing, with one notice a channel."""
    gone = deliveries.expire(db, now)
    for channel, rows in groupby(sorted(gone, key=lambda row: row.channel), key=lambda row: row.channel):
        listed = list(rows)
        text = (
            f"{counted(len(listed), 'message')} for {channel} given up after 48 hours\n{listed[-1].detail}\n\n"
            f"To send them again once it works: monitor deliveries replay --channel {channel} --state dead"
        )
        others = channels_for_notices(settings, without=channel)
        alerts.notice(db, text, channels=others, now=now, once_key=f"expired:{channel}:{now.isoformat()}")
