"""What is known of each channel beyond its configuration: paused by the receiver, or broken until it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitor.store.times import optional_from_text, to_text


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """A channel as the receiver's answers left it; all None when nothing is wrong."""

    channel: str
    paused_until: datetime | None = None
    broken_since: datetime | None = None
    probe_at: datetime | None = None
    """When a broken channel is next tried with one message."""
    probes: int = 0
    detail: str = ""


def state_of(db: Database, channel: str) -> ChannelState:
    """The channel's state; a channel never heard of is in order."""
    return next((each for each in states(db) if each.channel == channel), ChannelState(channel=channel))


def states(db: Database) -> list[ChannelState]:
    """All channels that ever were paused or broken."""
    return [_state(row) for row in db.query("SELECT * FROM channel_states ORDER BY channel")]


def pause(db: Database, channel: str, until: datetime, *, detail: str) -> None:
    """Send nothing through the channel before ``until``."""
    db.conn.execute(
        "INSERT INTO channel_states (channel, paused_until, detail) VALUES (?, ?, ?)"
        " ON CONFLICT (channel) DO UPDATE SET paused_until = excluded.paused_until, detail = excluded.detail",
        (channel, to_text(until), detail),
    )


def break_(db: Database, channel: str, now: datetime, *, probe_at: datetime, detail: str) -> bool:
    """Note that the channel's address or credentials are wrong; True the first time."""
    known = state_of(db, channel)
    db.conn.execute(
        "INSERT INTO channel_states (channel, broken_since, probe_at, probes, detail) VALUES (?, ?, ?, 1, ?)"
        " ON CONFLICT (channel) DO UPDATE SET broken_since = coalesce(broken_since, excluded.broken_since),"
        " probe_at = excluded.probe_at, probes = probes + 1, detail = excluded.detail",
        (channel, to_text(now), to_text(probe_at), detail),
    )
    return known.broken_since is None


def mend(db: Database, channel: str) -> bool:
    """The channel works, or was changed: forget what was wrong; True where something was."""
    return db.conn.execute("DELETE FROM channel_states WHERE channel = ?", (channel,)).rowcount > 0


def _state(row: dict[str, Any]) -> ChannelState:
    return ChannelState(
        channel=row["channel"],
        paused_until=optional_from_text(row["paused_until"]),
        broken_since=optional_from_text(row["broken_since"]),
        probe_at=optional_from_text(row["probe_at"]),
        probes=row["probes"],
        detail=row["detail"],
    )
