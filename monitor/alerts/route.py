"""Which channels hear an alert, and whether now: routes, quiet hours, storms, grouping. Pure functions.

An alert passes these stages in this order, and the order is the meaning:

1. *route*: the watch's own channels, or else the first matching route (and further ones while it says ``continue``);
2. *quiet hours*: held until they end, unless it is critical or about the service itself;
3. *storm*: beyond the channel's messages an hour, held for one summary, unless it is critical.

Held messages are told in one summary when the hold ends; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from monitor.alerts.scope import names_feed, names_watch
from monitor.alerts.times import quiet_until
from monitor.model.alerts import AlertKind
from monitor.model.articles import Article
from monitor.model.delivery import Held, HoldReason
from monitor.model.settings import Channel, Route, Settings
from monitor.model.watches import Severity, WatchSpec

STORM_WINDOW = timedelta(hours=1)


def channels_for(watch: WatchSpec, severity: Severity, article: Article, settings: Settings) -> tuple[str, ...]:
    """Names of the channels that hear this alert, in order, each once; empty where no route matches."""
    if watch.channels:
        return _known(watch.channels, settings.channels)
    if not settings.routes:
        return tuple(channel.name for channel in settings.channels)
    named: list[str] = []
    for route in settings.routes:
        if _matches(route, watch.name, severity, article):
            named.extend(route.channels)
            if not route.continue_:
                break
    return _known(named, settings.channels)


def channels_for_notices(
    settings: Settings, *, without: str = "", severity: Severity = Severity.HIGH
) -> tuple[str, ...]:
    """Where the service speaks about itself: as the routes say for ``severity``, never through the channel ``without``.

    Routes for particular watches or feeds do not count; where nothing else is left, every other channel hears it.
    """
    others = [channel.name for channel in settings.channels if channel.name != without]
    named: list[str] = []
    for route in settings.routes:
        if not route.watches and not route.feeds and severity.rank >= route.min_severity.rank:
            named.extend(name for name in route.channels if name in others)
            if named and not route.continue_:
                break
    return tuple(dict.fromkeys(named)) or tuple(others)


def _matches(route: Route, watch: str, severity: Severity, article: Article) -> bool:
    return (
        severity.rank >= route.min_severity.rank
        and (not route.watches or names_watch(route.watches, watch))
        and (not route.feeds or names_feed(route.feeds, article))
    )


def _known(names: Iterable[str], channels: Sequence[Channel]) -> tuple[str, ...]:
    configured = {channel.name for channel in channels}
    return tuple(name for name in dict.fromkeys(names) if name in configured)


def admission(
    *, kind: AlertKind, severity: Severity, channel: Channel, told_in_window: int, settings: Settings, now: datetime
) -> Held | None:
    """Whether a message may go out now; None means it may.

    ``told_in_window`` counts what the channel was sent in the last ``STORM_WINDOW``, summaries not counted.
    """
    if severity is Severity.CRITICAL or kind is AlertKind.DIGEST:
        return None
    alerting = settings.alerts
    until = quiet_until(now, alerting.quiet_hours, alerting.timezone)
    if until is not None and kind is not AlertKind.NOTICE:
        return Held(reason=HoldReason.QUIET_HOURS, until=until, detail=f"quiet hours until {_clock(until, settings)}")
    limit = limit_of(channel, settings)
    if told_in_window >= limit:
        until = now + STORM_WINDOW
        detail = f"{told_in_window} messages within an hour reach the limit of {limit}: told in one summary"
        return Held(reason=HoldReason.STORM, until=until, detail=detail)
    return None


def limit_of(channel: Channel | None, settings: Settings) -> int:
    """How many messages an hour the channel takes before a summary follows."""
    own = None if channel is None else channel.max_per_hour
    return settings.alerts.max_per_hour if own is None else own


def _clock(instant: datetime, settings: Settings) -> str:
    return instant.astimezone(settings.alerts.timezone).strftime("%H:%M")


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Alerts told under one heading: one story, in the order they came."""

    story_id: int | None
    severity: Severity
    payloads: tuple[Mapping[str, Any], ...]


def grouped(payloads: Iterable[Mapping[str, Any]]) -> tuple[Group, ...]:
    """Webhook bodies by story, most severe story first, then in the order they came; those without a story alone."""
    groups: dict[object, list[Mapping[str, Any]]] = {}
    for number, payload in enumerate(payloads):
        story = payload["story"].get("id")
        groups.setdefault(("alone", number) if story is None else story, []).append(payload)
    made = [
        Group(
            story_id=members[0]["story"].get("id"),
            severity=max((Severity(each["severity"]) for each in members), key=lambda each: each.rank),
            payloads=tuple(members),
        )
        for members in groups.values()
    ]
    return tuple(sorted(made, key=lambda group: -group.severity.rank))
