"""The configuration as the program uses it: validated, converted, secrets resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from monitor.model.feeds import FeedSpec
from monitor.model.watches import Severity, WatchlistSpec

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Storage:
    """``[storage]``"""

    path: Path = Path("var/monitor")
    keep_articles: timedelta = timedelta(days=90)
    keep_backups: timedelta = timedelta(days=14)

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / "monitor.db"

    @property
    def backups(self) -> Path:
        """The directory of the daily copies."""
        return self.path / "backups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Polling:
    """``[polling]``"""

    polls_per_hour: int = 600
    min_interval: timedelta = timedelta(minutes=5)
    max_interval: timedelta = timedelta(hours=6)
    user_agent_contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    """``[net]``"""

    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    host_pace: timedelta = timedelta(seconds=1)
    """Shortest time between two requests to one host."""
    timeout: timedelta = timedelta(seconds=30)
    """For one request, from start to last byte."""
    connect_timeout: timedelta = timedelta(seconds=10)
    max_wire_bytes: int = 10 * 1024 * 1024
    max_decoded_bytes: int = 25 * 1024 * 1024
    in_flight: int = 100
    respect_robots: bool = False
    """Whether article pages that robots.txt disallows stay unread; feeds are published to be fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """``[channels.NAME]``: ``url`` is secret and never printed."""

    name: str
    url: str = field(repr=False)
    in_doubt: str = "retry"
    """``retry`` or ``hold``: what follows when it is not known whether the receiver got the message."""
    secret: str | None = field(default=None, repr=False)
    """Key that signs webhook bodies (HMAC-SHA256)."""
    digest: str | None = None
    """Cron expression or ``HH:MM`` of this channel's digest."""
    max_per_hour: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """``[[route]]``: the first that matches wins, unless it says ``continue``."""

    channels: tuple[str, ...]
    min_severity: Severity = Severity.INFO
    watches: tuple[str, ...] = ()
    """Watch names or ``*`` patterns; empty means all."""
    feeds: tuple[str, ...] = ()
    """Feed names, tags or host patterns; empty means all."""
    continue_: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerting:
    """``[alerts]``"""

    timezone: ZoneInfo = UTC_ZONE
    quiet_hours: tuple[time, time] | None = None
    """Local times, start and end; the end may be on the next day."""
    max_per_hour: int = 30
    digest: str | None = None
    """``HH:MM`` local or a cron expression of five fields."""
    rise_when_corroborated: bool = False
    """Severity rises by one with the second independent publisher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSub:
    """``[websub]``"""

    callback: str
    """The public URL under which hubs reach us."""
    listen: tuple[str, int] = ("127.0.0.1", 8770)
    """Host and port that are listened on, behind a proxy that speaks TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the user configured."""

    storage: Storage = field(default_factory=Storage)
    polling: Polling = field(default_factory=Polling)
    net: Net = field(default_factory=Net)
    alerts: Alerting = field(default_factory=Alerting)
    feeds: tuple[FeedSpec, ...] = ()
    channels: tuple[Channel, ...] = (Channel(name="log", url="stdout://"),)
    routes: tuple[Route, ...] = ()
    """Empty means: every alert to every channel."""
    watchlist: WatchlistSpec = field(default_factory=WatchlistSpec)
    heartbeat_url: str | None = field(default=None, repr=False)
    http_listen: tuple[str, int] | None = None
    """``[http]``: host and port for probes; None: there is none."""
    websub: WebSub | None = None
    """None: no hub is asked to push."""
