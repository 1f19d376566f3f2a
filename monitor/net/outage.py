"""Tells an outage of our own network from the troubles of servers, so that it counts against no feed."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.model.fetching import FetchFailureKind

ENOUGH_HOSTS = 3
"""So many different hosts out of reach in a row, and none that answered between them, are our own outage."""


@dataclass(slots=True)
class Outage:
    """Keeps the hosts that could not be reached since the last answer of any host."""

    _silent: set[str] = field(default_factory=set)

    def answered(self) -> None:
        """Any host sent anything, or refused us: the network works."""
        self._silent.clear()

    def unreached(self, host: str, kind: FetchFailureKind) -> bool:
        """Note that nothing was heard of ``host``; True when that is taken for an outage of our own."""
        self._silent.add(host)
        return kind is FetchFailureKind.OFFLINE or len(self._silent) >= ENOUGH_HOSTS
