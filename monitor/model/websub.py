"""A WebSub subscription: a hub that pushes what a feed publishes (W3C Recommendation, 2018)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SubscriptionState(StrEnum):
    """Where a subscription stands. While its lease runs it is pushed, also when it is being renewed."""

    WANTED = "wanted"
    """To be asked of the hub, for the first time or to renew it."""
    ASKED = "asked"
    """The hub took the request and has not verified it yet."""
    ACTIVE = "active"
    REFUSED = "refused"
    """The hub said no; asked again after a long while."""
    LEAVING = "leaving"
    """To be ended: the feed is removed, or announces another hub."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """The hub of a feed, and the address (topic) under which the hub knows it."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A row of the subscriptions table. ``path`` is the unguessable end of its callback."""

    id: int
    feed_id: int
    hub: str
    topic: str
    path: str = field(repr=False)
    secret: str | None = field(repr=False)
    """Signs what is pushed; None where the hub cannot be told one in confidence, so that pushes are hints only."""
    state: SubscriptionState = SubscriptionState.WANTED
    lease_until: datetime | None = None
    """Until when the hub pushes; None before it was verified."""
    due: datetime | None = None
    """When the next request to the hub is due."""
    attempts: int = 0
    """Requests in a row that came to nothing."""
    detail: str = ""
    """What came of the last request, a sentence without a full stop."""
    last_push: datetime | None = None

    def is_pushed(self, now: datetime) -> bool:
        """True while the hub has promised to push."""
        return self.lease_until is not None and self.lease_until > now
