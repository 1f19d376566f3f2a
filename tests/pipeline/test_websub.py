"""A subscriber after the W3C Recommendation, held against a hub of our own."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from monitor.model.polling import FeedHealth
from monitor.model.settings import WebSub
from monitor.model.websub import SubscriptionState
from monitor.pipeline.websub import ask_hubs
from monitor.store import feeds
from tests.pipeline.hub import Pushed, pushed, rss

ONE, TWO, THREE = ("1", "One"), ("2", "Two"), ("3", "Three")


@pytest.fixture
async def herald(tmp_path: Path) -> AsyncIterator[Pushed]:
    async with pushed(tmp_path) as opened:
        yield opened


async def test_a_feed_that_names_a_hub_is_subscribed_to_and_pushed(herald: Pushed) -> None:
    await herald.subscribe()
    (form,) = herald.hub.forms
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == f"{herald.stand.publisher.base}/feed.xml"
    assert int(form["hub.lease_seconds"]) == 864_000
    assert 32 <= len(form["hub.secret"]) < 200
    polls = len(herald.stand.publisher.requests)
    assert await herald.hub.push(rss(TWO, ONE)) == 202
    assert herald.stand.titles() == ["One", "Two"]
    assert len(herald.stand.publisher.requests) == polls
    (baseline, entry) = sorted(herald.stand.queued(), key=lambda each: each.id)
    assert (baseline.baseline, entry.baseline) == (True, False)


async def test_what_was_pushed_is_known_to_the_next_poll(herald: Pushed) -> None:
    await herald.subscribe()
    await herald.hub.push(rss(TWO))
    herald.announce(TWO, ONE)
    report = await herald.stand.poll()
    assert (report.new, report.revised, report.unchanged) == (0, 0, 2)
    assert herald.stand.state().health is FeedHealth.OK


async def test_the_link_header_counts_before_the_document(herald: Pushed) -> None:
    header = f'<{herald.hub.url}first>; rel="hub", <https://herald.example/own>; rel=self'
    herald.announce(ONE, hub="http://127.0.0.1:9/never", link=header)
    await herald.subscribe()
    subscription = herald.subscription()
    assert subscription is not None
    assert (subscription.hub, subscription.topic) == (f"{herald.hub.url}first", "https://herald.example/own")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_hub_that_moved_is_followed(herald: Pushed, status: int) -> None:
    herald.hub.statuses = [status]
    await herald.subscribe()
    assert len(herald.hub.forms) == 1


async def test_a_hub_may_verify_before_it_answers(herald: Pushed) -> None:
    herald.hub.verifies_at_once = True
    await herald.stand.poll()
    await ask_hubs(herald.stand.line)
    subscription = herald.subscription()
    assert subscription is not None
    assert subscription.state is SubscriptionState.ACTIVE


@pytest.mark.parametrize(
    "changes", [{"topic": "https://other.example/feed"}, {"mode": "unsubscribe"}, {"mode": "publish"}, {"topic": ""}]
)
async def test_what_we_did_not_ask_for_is_not_confirmed(herald: Pushed, changes: dict[str, str]) -> None:
    await herald.stand.poll()
    await ask_hubs(herald.stand.line)
    status, text = await herald.hub.verify(**changes)
    assert status == 404
    assert "c0ffee" not in text
    subscription = herald.subscription()
    assert subscription is not None
    assert subscription.lease_until is None


async def test_a_callback_that_was_never_given_out_is_unknown(herald: Pushed) -> None:
    await herald.subscribe()
    herald.hub.forms[-1]["hub.callback"] += "x"
    assert await herald.hub.push(rss(TWO)) == 404
    assert (await herald.hub.verify())[0] == 404
    assert herald.stand.titles() == ["One"]


async def test_a_denied_subscription_says_why_and_is_asked_for_again_after_a_week(herald: Pushed) -> None:
    await herald.subscribe()
    status, _ = await herald.hub.verify(mode="denied", reason="no such topic")
    assert status == 200
    subscription = herald.subscription()
    assert subscription is not None
    assert (subscription.state, subscription.detail) == (
        SubscriptionState.REFUSED, "the hub denied the subscription: no such topic",
    )  # fmt: skip
    herald.stand.clock.advance(timedelta(days=6))
    assert await ask_hubs(herald.stand.line) == 0
    herald.stand.clock.advance(timedelta(days=1))
    assert await ask_hubs(herald.stand.line) == 1


@pytest.mark.parametrize("hashed", ["sha1", "sha256", "sha384", "sha512"])
async def test_every_hash_of_the_recommendation_is_a_signature(herald: Pushed, hashed: str) -> None:
    await herald.subscribe()
    await herald.hub.push(rss(TWO), hashed=hashed)
    assert herald.stand.titles() == ["One", "Two"]


@pytest.mark.parametrize("forged", [{"secret": "guess"}, {"hashed": "md5"}, {"hashed": ""}, {"secret": ""}])
async def test_a_push_that_is_not_signed_with_the_secret_is_ignored_quietly(
    herald: Pushed, forged: dict[str, str]
) -> None:
    await herald.subscribe()
    due = herald.stand.state().next_poll
    assert await herald.hub.push(rss(TWO), **forged) == 202  # type: ignore[arg-type]
    assert herald.stand.titles() == ["One"]
    assert herald.stand.state().next_poll == due


@pytest.mark.parametrize("body", ["", "<html><body>changed</body></html>", rss(), "feed=changed"])
async def test_a_push_without_entries_makes_the_feed_due(herald: Pushed, body: str) -> None:
    await herald.subscribe()
    await herald.hub.push(body)
    state = herald.stand.state()
    assert state.last_poll is not None
    assert state.next_poll == state.last_poll + timedelta(minutes=5)
    assert "its hub says" in state.next_poll_reason


async def test_a_push_with_another_face_is_left_to_a_poll(herald: Pushed) -> None:
    await herald.subscribe()
    await herald.hub.push(rss(TWO, title="Casino", link="https://casino.example/", extra="<language>xx</language>"))
    assert herald.stand.titles() == ["One"]
    assert "its hub says" in herald.stand.state().next_poll_reason


async def test_a_feed_in_trouble_keeps_its_back_off_whatever_its_hub_says(herald: Pushed) -> None:
    await herald.subscribe()
    herald.stand.publisher.says(503, {"Retry-After": "90000"})
    await herald.stand.poll()
    due = herald.stand.state().next_poll
    await herald.hub.push("")
    assert herald.stand.state().next_poll == due


async def test_the_lease_is_renewed_before_it_ends_and_polls_are_rarer_while_it_runs(herald: Pushed) -> None:
    await herald.subscribe()
    assert await ask_hubs(herald.stand.line) == 0
    report = await herald.stand.poll()
    assert "pushed by its hub" in report.next_poll_reason
    herald.stand.clock.move_to(herald.subscription().lease_until - timedelta(hours=4))  # type: ignore[union-attr, operator]
    assert await ask_hubs(herald.stand.line) == 1
    assert [form["hub.callback"] for form in herald.hub.forms] == [herald.hub.forms[0]["hub.callback"]] * 2
    await herald.hub.push(rss(TWO))
    assert herald.stand.titles() == ["One", "Two"], "it is pushed while it is renewed"
    assert (await herald.hub.verify())[0] == 200
    renewed = herald.subscription()
    assert renewed is not None
    assert renewed.lease_until == herald.stand.clock.now() + timedelta(days=1)


async def test_a_hub_that_is_down_is_asked_again_ever_more_seldom(herald: Pushed) -> None:
    herald.hub.statuses = [500] * 4
    await herald.stand.poll()
    waits = []
    for _ in range(4):
        await ask_hubs(herald.stand.line)
        due = herald.subscription().due  # type: ignore[union-attr]
        assert due is not None
        waits.append((due - herald.stand.clock.now()) / timedelta(minutes=5))
        herald.stand.clock.move_to(due)
    assert [int(wait) for wait in waits] == [1, 2, 4, 8]
    await ask_hubs(herald.stand.line)
    assert (await herald.hub.verify())[0] == 200


async def test_a_removed_feed_is_unsubscribed(herald: Pushed) -> None:
    await herald.subscribe()
    with herald.stand.line.store.transaction() as db:
        feeds.sync(db, (), herald.stand.clock.now())
    await ask_hubs(herald.stand.line)
    assert herald.hub.forms[-1]["hub.mode"] == "unsubscribe"
    await herald.hub.push(rss(TWO))
    assert herald.stand.titles() == ["One"]
    assert await herald.hub.verify() == (200, "c0ffee")
    assert herald.rows() == []
    assert await herald.hub.push(rss(TWO)) == 404


async def test_a_feed_that_changes_its_hub_leaves_the_old_one(herald: Pushed) -> None:
    await herald.subscribe()
    herald.announce(TWO, ONE, hub=herald.hub.url + "second")
    await herald.stand.poll()
    assert [state for _, state in herald.rows()] == ["leaving", "wanted"]
    await ask_hubs(herald.stand.line)
    assert sorted(form["hub.mode"] for form in herald.hub.forms) == ["subscribe", "subscribe", "unsubscribe"]


async def test_a_feed_that_names_no_hub_any_more_is_only_polled(herald: Pushed) -> None:
    await herald.subscribe()
    herald.announce(TWO, ONE, hub="")
    await herald.stand.poll()
    assert [state for _, state in herald.rows()] == ["leaving"]


async def test_a_farewell_that_no_hub_answers_ends_by_itself(herald: Pushed) -> None:
    await herald.subscribe()
    herald.announce(TWO, ONE, hub="")
    await herald.stand.poll()
    for _ in range(5):
        await ask_hubs(herald.stand.line)
        herald.stand.clock.advance(timedelta(hours=3))
    assert herald.rows() == []


async def test_a_hub_without_tls_is_told_no_secret_and_its_pushes_are_hints(tmp_path: Path) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    async with pushed(tmp_path, lookup=lookup) as herald:
        herald.announce(ONE, hub=herald.hub.url.replace("127.0.0.1", "hub.example"))
        await herald.subscribe()
        assert "hub.secret" not in herald.hub.forms[0]
        await herald.hub.push(rss(TWO), hashed="")
        assert herald.stand.titles() == ["One"]
        assert "its hub says" in herald.stand.state().next_poll_reason


async def test_a_hub_at_a_forbidden_address_is_not_asked(tmp_path: Path) -> None:
    async with pushed(tmp_path) as herald:
        herald.announce(ONE, hub="http://169.254.169.254/latest")
        await herald.stand.poll()
        await ask_hubs(herald.stand.line)
        subscription = herald.subscription()
        assert subscription is not None
        assert "address not allowed" in subscription.detail


async def test_nothing_is_listened_on_and_no_hub_asked_without_the_table(herald: Pushed) -> None:
    await herald.stand.poll()
    herald.stand.line.settings = replace(herald.stand.line.settings, websub=None)
    assert not await herald.callbacks.follow_settings()
    assert await ask_hubs(herald.stand.line) == 0
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(f"http://127.0.0.1:{herald.callbacks.port}/websub/x")


async def test_a_body_beyond_the_bound_a_coded_one_and_odd_methods_are_refused(herald: Pushed) -> None:
    await herald.subscribe()
    assert await herald.hub.push(rss(TWO) + " " * 400_000) == 413
    assert await herald.hub.push(rss(TWO), headers={"Content-Encoding": "gzip"}) == 415
    async with aiohttp.ClientSession() as session, session.put(herald.hub.forms[0]["hub.callback"]) as answer:
        assert answer.status == 405
    assert herald.stand.titles() == ["One"]


async def test_an_occupied_port_is_tried_again_until_it_is_free(herald: Pushed) -> None:
    line = herald.stand.line
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = ("127.0.0.1", other.getsockname()[1])
        line.settings = replace(line.settings, websub=WebSub(callback="http://to.be/told", listen=taken))
        assert not await herald.callbacks.follow_settings()
        assert not await herald.callbacks.follow_settings()
    assert await herald.callbacks.follow_settings()
    assert herald.callbacks.port == taken[1]
