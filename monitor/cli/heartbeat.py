"""Whether the daemon lives, as far as its row of heartbeats tells."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.cli.output import local
from monitor.store.service import Fact

STALE = timedelta(seconds=60)
"""Six heartbeats missed: one slow backup or checkpoint is no illness."""


def why_silent(heartbeat: Fact | None, now: datetime) -> str:
    """Why the daemon is not known to live, in a sentence; empty where it does."""
    if heartbeat is None:
        return "no daemon has run on this database yet"
    if heartbeat.value != "alive":
        return f"the daemon was stopped at {local(heartbeat.at)}"
    if now - heartbeat.at >= STALE:
        return f"the daemon last showed life at {local(heartbeat.at)}"
    return ""
