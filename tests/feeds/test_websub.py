"""The deciding part of a WebSub subscriber: total on any input, and never more trusting than it should be."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.websub import LEASE_MOST, after_verification, announced, is_signed, keeps_secrets
from monitor.model.feeds import FeedDocument
from monitor.model.websub import Subscription, SubscriptionState

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
URL = "https://herald.example/feed"
DOCUMENT = FeedDocument(format="rss20", entries=(), hub_url="https://hub.example/", self_url="https://herald.example/f")
QUERY = st.dictionaries(
    st.sampled_from(["hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds", "hub.reason"]),
    st.sampled_from(["subscribe", "unsubscribe", "denied", URL, "", "-1", "0", "9" * 30, "١٢"]) | st.text(max_size=10),
)


def subscription(state: SubscriptionState) -> Subscription:
    return Subscription(
        id=1, feed_id=1, hub="https://hub.example/", topic=URL, path="p", secret="s", state=state, due=NOW
    )


def test_the_header_comes_first_then_the_document_then_the_address() -> None:
    header = '<https://a.example/>; rel="hub self"'
    assert announced(DOCUMENT, link_header=header, url=URL).hub == "https://a.example/"  # type: ignore[union-attr]
    found = announced(DOCUMENT, link_header="", url=URL)
    assert found is not None
    assert (found.hub, found.topic) == ("https://hub.example/", "https://herald.example/f")
    bare = announced(FeedDocument(format="rss20", entries=(), hub_url="https://h.example/"), link_header="", url=URL)
    assert bare is not None
    assert bare.topic == URL
    assert announced(FeedDocument(format="rss20", entries=()), link_header="", url=URL) is None


@given(st.text(max_size=100))
def test_any_header_announces_an_address_or_nothing(header: str) -> None:
    found = announced(FeedDocument(format="rss20", entries=()), link_header=header, url=URL)
    assert found is None or found.hub.lower().startswith(("http://", "https://"))


@given(QUERY, st.sampled_from(SubscriptionState))
def test_no_question_of_a_hub_gives_a_lease_that_was_not_wanted_or_is_too_long(
    query: dict[str, str], state: SubscriptionState
) -> None:
    after = after_verification(subscription(state), query, NOW)
    if after is None or after.lease_until is None:
        return
    assert (query["hub.mode"], query["hub.topic"]) == ("subscribe", URL)
    assert state not in {SubscriptionState.LEAVING, SubscriptionState.REFUSED}
    assert timedelta(0) < after.lease_until - NOW <= LEASE_MOST
    assert after.due is not None
    assert NOW < after.due < after.lease_until


@given(st.text(max_size=200), st.binary(max_size=50))
def test_no_text_is_a_signature_but_the_right_one(header: str, body: bytes) -> None:
    assert not is_signed("secret", header, body)
    assert is_signed("secret", "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest().upper(), body)


@pytest.mark.parametrize(
    ("hub", "kept"),
    [
        ("https://hub.example/", True), ("HTTPS://hub.example/", True), ("http://hub.example/", False),
        ("http://127.0.0.1:99/", True), ("http://[::1]/", True), ("http://localhost/", True),
        ("http://localhost.hub.example/", False), ("http://10.0.0.1/", False),
    ],
)  # fmt: skip
def test_a_secret_is_told_over_tls_or_to_this_machine(hub: str, kept: bool) -> None:
    assert keeps_secrets(hub) is kept
