"""Whether the daemon lives, as far as its row of heartbeats tells: for ``health``, ``status`` and probes."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.store.service import Fact

STALE = timedelta(seconds=60)
"""Six heartbeats missed: one slow backup or checkpoint is no illness."""


def why_silent(heartbeat: Fact | None, now: datetime) -> str:
    """Why the daemon is not known to live, in a sentence; empty where it does."""
    if heartbeat is None:
        return "no daemon has run on this database yet"
    at = f"{heartbeat.at.astimezone():%Y-%m-%d %H:%M:%S %Z}"
    if heartbeat.value != "alive":
        return f"the daemon was stopped at {at}"
    return f"the daemon last showed life at {at}" if now - heartbeat.at >= STALE else ""
