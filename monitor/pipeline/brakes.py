"""What came at once and therefore alerted nobody: told in one message for all, when all of it has been read.

Floods go to the channels that would have heard the alerts, and to those who look after the service where they hear
nothing else of it. What a feed's first poll lists already is a notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.alerts.digest import Flood, notice_of_first_reading, notice_of_floods, severity_of, summary_of_floods
from monitor.alerts.route import channels_for_notices
from monitor.alerts.times import quiet_until
from monitor.model.alerts import AlertMessage, SuppressionReason
from monitor.model.settings import Settings
from monitor.model.watches import Severity
from monitor.store import alerts, digests, entries, feeds
from monitor.store.digests import Untold

LONGEST_WAIT = timedelta(minutes=10)
"""For the pages of a flood to be read: what takes longer comes in a further message."""


def tell_of_floods(db: Database, settings: Settings, now: datetime) -> list[int]:
    """One message a channel for all floods that have been read; in quiet hours only with critical alerts in it.

    Returns the messages queued.
    """
    listed = digests.untold(db, SuppressionReason.FLOOD)
    if not listed:
        return []
    busy = entries.feeds_still_read(db, baseline=False)
    ready = [each for each in listed if each.feed not in busy or now - each.since >= LONGEST_WAIT]
    loud = severity_of(each.payload for each in ready) is Severity.CRITICAL
    if not ready or (quiet_until(now, settings.alerts.quiet_hours, settings.alerts.timezone) and not loud):
        return []
    floods = {feed: _flood(db, feed, members) for feed, members in sorted(_by_feed(ready).items())}
    heard = dict.fromkeys(channel for each in ready for channel in each.channels)
    made = []
    for channel in heard:
        message = _summary([each for each in ready if channel in each.channels], floods, settings)
        made.append(alerts.insert(db, message, channels=[channel], now=now))
    severity = severity_of(each.payload for each in ready)
    others = [name for name in channels_for_notices(settings, severity=severity) if name not in heard]
    alerts.notice(
        db, notice_of_floods(list(floods.values())), channels=others, now=now, severity=Severity.MEDIUM,
        once_key=f"flood:{ready[-1].suppression_id}",
    )  # fmt: skip
    digests.note_told(db, [each.suppression_id for each in ready])
    return made


def tell_of_first_readings(db: Database, settings: Settings, now: datetime) -> int:
    """Queue one notice of what newly read feeds list already and would have alerted; 0 where there is none yet.

    What a feed that seems hijacked lists is not worth a word: that it is off has a notice of its own.
    """
    listed = digests.untold(db, SuppressionReason.BASELINE)
    if not listed or entries.feeds_still_read(db, baseline=True):
        return 0
    digests.note_told(db, [each.suppression_id for each in listed])
    suspect = feeds.suspect_names(db)
    first = [each for each in listed if each.feed not in suspect]
    if not first:
        return 0
    text = notice_of_first_reading([each.payload for each in first], list(_by_feed(first)), settings.alerts.timezone)
    channels = channels_for_notices(settings, severity=Severity.INFO)
    once_key = f"first-reading:{listed[-1].suppression_id}"
    return alerts.notice(db, text, channels=channels, now=now, once_key=once_key, severity=Severity.INFO)


def _summary(members: Sequence[Untold], floods: Mapping[str, Flood], settings: Settings) -> AlertMessage:
    payloads = [each.payload for each in members]
    named = [floods[feed] for feed in sorted(_by_feed(members))]
    text = summary_of_floods(payloads, named, settings.alerts.timezone)
    return alerts.digest_message(text, severity_of(payloads))


def _flood(db: Database, feed: str, members: Sequence[Untold]) -> Flood:
    came, singly = entries.came_with(db, [each.entry_id for each in members if each.entry_id is not None])
    return Flood(feed=feed, entries=came, together=len(members), singly=singly)


def _by_feed(listed: Iterable[Untold]) -> dict[str, list[Untold]]:
    found: dict[str, list[Untold]] = {}
    for each in listed:
        found.setdefault(each.feed, []).append(each)
    return found
