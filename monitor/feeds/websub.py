"""WebSub, the deciding part of a subscriber: discovery, intent, leases and signatures. Pure.

After the W3C Recommendation of 2018: the ``Link`` header counts before the document (§4); a verification is confirmed
only for a request that we made and for exactly its topic (§5.3); a push whose signature does not fit is ignored (§7.1).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from random import Random
from urllib.parse import urlencode, urlsplit

from monitor.feeds.discovery import in_header
from monitor.model.feeds import FeedDocument
from monitor.model.fetching import FetchFailed
from monitor.model.websub import Announced, Subscription, SubscriptionState

LEASE_ASKED = timedelta(days=10)
LEASE_LEAST = timedelta(minutes=5)
LEASE_MOST = timedelta(days=30)
RENEW_AT = 0.8
"""The share of a lease after which it is renewed; what is left is for hubs that are down."""
VERIFIED_WITHIN = timedelta(minutes=15)
"""A hub that has not verified by then is asked again."""
FIRST_RETRY = timedelta(minutes=5)
LONGEST_RETRY = timedelta(days=1)
ASK_REFUSED_AGAIN = timedelta(days=7)
PASSING = {408, 425, 429}
"""The 4xx that say "not now"."""
FAREWELLS = 3
"""Requests to end a subscription; after them its lease runs out by itself."""
HASHES = ("sha256", "sha512", "sha384", "sha1")


def announced(document: FeedDocument, *, link_header: str, url: str) -> Announced | None:
    """The hub and the topic that an answer names, its ``Link`` header first; ``url`` is the answer's own."""
    hub = in_header(link_header, "hub", url=url) or document.hub_url
    if not hub or not hub.lower().startswith(("http://", "https://")):
        return None
    return Announced(hub=hub, topic=in_header(link_header, "self", url=url) or document.self_url or url)


def keeps_secrets(hub: str) -> bool:
    """True where a secret may be told to the hub: over TLS, or to this very machine (§8)."""
    parts = urlsplit(hub)
    host = (parts.hostname or "").lower()
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    return parts.scheme.lower() == "https" or is_here


def request_body(subscription: Subscription, callback: str) -> bytes:
    """The form that asks the hub to subscribe, or to unsubscribe where the subscription is ``leaving`` (§5.1)."""
    leaving = subscription.state is SubscriptionState.LEAVING
    form = {
        "hub.mode": "unsubscribe" if leaving else "subscribe",
        "hub.topic": subscription.topic,
        "hub.callback": f"{callback.rstrip('/')}/{subscription.path}",
    }
    if not leaving:
        form["hub.lease_seconds"] = str(int(LEASE_ASKED.total_seconds()))
        if subscription.secret is not None:
            form["hub.secret"] = subscription.secret
    return urlencode(form).encode()


def after_accepted(subscription: Subscription, now: datetime) -> Subscription:
    """The hub took the request and will verify it; one that never does is asked ever more seldom."""
    attempts = subscription.attempts + 1
    due = now + min(VERIFIED_WITHIN * 2 ** min(attempts - 1, 8), LONGEST_RETRY)
    if subscription.state is SubscriptionState.LEAVING:
        return replace(subscription, due=due, attempts=attempts)
    detail = "the hub took the request and has not verified it yet"
    return replace(subscription, state=SubscriptionState.ASKED, due=due, attempts=attempts, detail=detail)


def after_failed(subscription: Subscription, failure: FetchFailed, *, now: datetime, random: Random) -> Subscription:
    """The hub did not take the request. A 4xx is a no; anything else is tried again, ever more seldom."""
    attempts = subscription.attempts + 1
    refused = failure.status is not None and 400 <= failure.status < 500 and failure.status not in PASSING
    doubled: int = 2 ** min(attempts - 1, 12)
    wait = ASK_REFUSED_AGAIN if refused else min(FIRST_RETRY * doubled, LONGEST_RETRY)
    leaving = subscription.state is SubscriptionState.LEAVING
    state = SubscriptionState.REFUSED if refused and not leaving else subscription.state
    due = now + wait + wait * random.uniform(0, 0.1)
    detail = f"the hub did not take the request: {failure.detail}"
    return replace(subscription, state=state, due=due, attempts=attempts, detail=detail)


def is_over(subscription: Subscription, now: datetime) -> bool:
    """True where a subscription that is left has nothing more to wait for."""
    if subscription.state is not SubscriptionState.LEAVING:
        return False
    return subscription.attempts >= FAREWELLS or not subscription.is_pushed(now)


def after_verification(subscription: Subscription, query: Mapping[str, str], now: datetime) -> Subscription | None:
    """What a hub's question does to a subscription; None where it must be answered with 404 (§5.3).

    A ``leaving`` one that comes back changed has been ended: its lease is None.
    """
    if query.get("hub.topic") != subscription.topic:
        return None
    match query.get("hub.mode"), subscription.state:
        case "denied", SubscriptionState.LEAVING:
            return replace(subscription, lease_until=None)
        case "denied", _:
            reason = query.get("hub.reason", "")[:200]
            return replace(
                subscription, state=SubscriptionState.REFUSED, lease_until=None, due=now + ASK_REFUSED_AGAIN,
                detail="the hub denied the subscription" + (f": {reason}" if reason else ""),
            )  # fmt: skip
        case "subscribe", SubscriptionState.WANTED | SubscriptionState.ASKED | SubscriptionState.ACTIVE:
            lease = _lease(query.get("hub.lease_seconds", ""))
            return replace(
                subscription, state=SubscriptionState.ACTIVE, lease_until=now + lease, due=now + lease * RENEW_AT,
                attempts=0, detail="",
            )  # fmt: skip
        case "unsubscribe", SubscriptionState.LEAVING:
            return replace(subscription, lease_until=None)
        case _:
            return None


def _lease(seconds: str) -> timedelta:
    asked = timedelta(seconds=int(seconds)) if seconds.isdecimal() and len(seconds) < 10 else LEASE_ASKED
    return min(max(asked, LEASE_LEAST), LEASE_MOST)


def is_signed(secret: str, header: str, body: bytes) -> bool:
    """True where ``X-Hub-Signature`` proves that the hub, which knows the secret, sent these bytes (§7.1)."""
    method, _, digest = header.strip().partition("=")
    if method.lower() not in HASHES:
        return False
    expected = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.strip().lower().encode("utf-8", "replace"))
