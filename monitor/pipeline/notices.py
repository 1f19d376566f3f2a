"""What the service says about itself: feeds in trouble, in one notice for all, and a report once a day."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.alerts.cron import last_slot
from monitor.alerts.health import alarm_text, alarms
from monitor.alerts.route import channels_for_notices
from monitor.model.fetching import FetchOutcome
from monitor.model.polling import FeedHealth
from monitor.model.settings import Settings
from monitor.model.watches import Severity
from monitor.model.words import counted
from monitor.pipeline.line import Line
from monitor.store import alerts, articles, deliveries, feeds, recovery, service

DAY = timedelta(days=1)
OPEN_ALARMS = "feed-alarms"
MISSING_CHANNELS = "missing-channels"
DISK_FULL = "disk-full"
"""The fact that the disk is full; its value is empty while it is not."""
STUCK_AFTER = timedelta(minutes=15)
"""Messages that have been due for longer while nothing at all went out on their channel: sending is stuck."""


def tell_of_feeds(db: Database, settings: Settings, now: datetime) -> int:
    """Queue one notice for all feeds whose trouble began or ended since the last look; 0 where none did."""
    known = service.facts(db).get(OPEN_ALARMS)
    before: dict[str, str] = {} if known is None else json.loads(known.value)
    current = alarms(feeds.list_alarming(db, now), now)
    text = alarm_text(before, current)
    if text is None:
        return 0
    # The words change with the hours; the keys say whether it is the same trouble.
    service.tell(db, OPEN_ALARMS, json.dumps(current, ensure_ascii=False), now)
    channels = channels_for_notices(settings, severity=Severity.MEDIUM)
    once_key = f"feeds:{now.isoformat()}"
    return alerts.notice(db, text, channels=channels, now=now, once_key=once_key, severity=Severity.MEDIUM)


def tell_of_missing_channels(db: Database, settings: Settings, now: datetime) -> int:
    """Queue one notice for channels that are not configured any more while messages wait for them; 0 where told."""
    known = service.facts(db).get(MISSING_CHANNELS)
    before: list[str] = [] if known is None else json.loads(known.value)
    waiting = deliveries.waiting_without_channel(db)
    if sorted(waiting) == before:
        return 0
    service.tell(db, MISSING_CHANNELS, json.dumps(sorted(waiting)), now)
    missing = [channel for channel in sorted(waiting) if channel not in before]
    if not missing:
        return 0
    counts = [f"{counted(waiting[each], 'message waits', 'messages wait')} for {each}" for each in missing]
    text = "\n".join(
        [
            f"{', '.join(counts)}, which is not configured any more" if len(missing) == 1
            else f"{', '.join(counts)}: channels that are not configured any more",
            "", "They go out when it is there again. To give them up:",
            *(f"monitor deliveries drop --channel {each}" for each in missing),
        ]
    )  # fmt: skip
    once_key = f"missing-channels:{now.isoformat()}"
    return alerts.notice(db, text, channels=channels_for_notices(settings), now=now, once_key=once_key)


def tell_of_loss(db: Database, settings: Settings, now: datetime) -> int:
    """Queue the notice that the database was damaged and replaced, once; 0 where it was told or nothing was lost."""
    loss = recovery.last_loss(db)
    if loss is None or now - loss.at > DAY:
        return 0
    zone = settings.alerts.timezone
    since = loss.alert_from.astimezone(zone).strftime("%Y-%m-%d %H:%M %Z")
    source = f"the backup {loss.backup}" if loss.backup else "an empty database: there was no sound backup"
    text = (
        f"{'The database was damaged and has been replaced' if not loss.by_hand else 'A backup has been restored'}\n"
        f"{loss.fault}\n\n"
        f"In its place stands {source}. The file before it is kept as {loss.kept}.\n"
        "What was recorded since the backup is forgotten: articles, stories, acknowledgements, silences.\n"
        f"Feeds are read anew. Of what they list now, only what was published after {since} alerts,"
        " and an alert told since then may come twice."
    )
    channels = channels_for_notices(settings)
    return alerts.notice(db, text, channels=channels, now=now, once_key=f"database-lost:{loss.at.isoformat()}")


def report(db: Database, settings: Settings, now: datetime) -> int:
    """Queue the daily report, at the time of the digest of ``[alerts]``; 0 where it was told or none is configured."""
    schedule = settings.alerts.digest
    slot = last_slot(schedule, now, settings.alerts.timezone) if schedule else None
    if slot is None:
        return 0
    known = service.facts(db).get("report")
    if known is None or known.value == slot.key:
        service.tell(db, "report", slot.key, now)
        return 0
    service.tell(db, "report", slot.key, now)
    channels = channels_for_notices(settings, severity=Severity.INFO)
    text = report_text(db, now)
    return alerts.notice(db, text, channels=channels, now=now, once_key=f"report:{slot.key}", severity=Severity.INFO)


def report_text(db: Database, now: datetime) -> str:
    """``42 of 43 feeds work; last 24 hours: 1,204 articles, 7 hits, 7 alerts, 7 delivered; 0 waiting``."""
    by_health = feeds.counts(db, now)
    working, known = by_health[FeedHealth.OK], sum(by_health[each] for each in FeedHealth)
    hits, told = alerts.counts_since(db, now - DAY)
    by_state = deliveries.counts(db)
    waiting = sum(by_state.get(state, 0) for state in deliveries.OPEN_STATES)
    sent = deliveries.sent_in_all_since(db, now - DAY)
    read = articles.count(db, since=now - DAY)
    return (
        f"{working} of {known} feeds work; last 24 hours: {counted(read, 'article')},"
        f" {counted(hits, 'hit')}, {counted(told, 'alert')}, {sent:,} delivered; {waiting:,} waiting,"
        f" {by_state.get('dead', 0):,} dead"
    )


def trouble(db: Database, now: datetime) -> str:
    """Why the line is not well, in a sentence; empty where it is. The heartbeat and ``health`` ask."""
    disk = service.facts(db).get(DISK_FULL)
    if disk is not None and disk.value:
        return f"the disk is full since {disk.at:%Y-%m-%d %H:%M} UTC: no polling and no sending until there is room"
    return stuck(db, now)


def stuck(db: Database, now: datetime) -> str:
    """Why sending is stuck, in a sentence; empty where it is not."""
    count = deliveries.longest_due(db, now - STUCK_AFTER)
    due = counted(count, "message has been due", "messages have been due")
    return f"{due} for more than 15 minutes on channels where nothing moves" if count else ""


async def ping_heartbeat(line: Line) -> FetchOutcome | None:
    """Tell the dead man's switch that a whole healthy cycle is over; None where none is configured.

    Its address is a secret: log the outcome's kind, not its URL.
    """
    url = line.settings.heartbeat_url
    return None if not url else await line.client.get(url, accept="*/*", pace=False)
