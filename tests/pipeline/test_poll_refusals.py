"""What follows from redirects, refusals and failures, against a real server: what is known stays known."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from aiohttp import web

from monitor.model.polling import FeedHealth
from monitor.pipeline.poll import poll
from monitor.store import feeds
from tests.pipeline.newsstand import DAY, HOUR, LEASE, ONE, START, THREE, TWO, Stand, known, stand
from tests.pipeline.newsstand import herald as _herald

herald = _herald


# --- redirects ---------------------------------------------------------------------------------------------------


def moving(herald: Stand, status: int, *items: tuple[str, str]) -> None:
    """``/feed.xml`` redirects to ``/moved.xml``."""
    herald.publisher.lists(*items)
    listing = herald.publisher.answer

    def answer(request: web.Request) -> web.StreamResponse:
        if request.path == "/feed.xml":
            return web.Response(status=status, headers={"Location": "/moved.xml"})
        return listing(request)

    herald.publisher.answer = answer


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_followed_now_and_stored_after_a_week_and_five_polls(
    herald: Stand, status: int
) -> None:
    await known(herald)
    moving(herald, status, THREE, TWO, ONE)
    original = herald.state().url
    report = await herald.poll()
    assert report.new == 1
    for _ in range(5):
        await herald.poll(after=DAY)
        assert herald.state().url == original
    await herald.poll(after=2 * DAY)
    assert herald.state().url.endswith("/moved.xml")
    with herald.line.store.read() as db:
        remembered = db.execute("SELECT configured_url FROM feeds").fetchone()[0]
    assert remembered == original


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_followed_and_never_stored(herald: Stand, status: int) -> None:
    await known(herald)
    moving(herald, status, THREE, TWO, ONE)
    for _ in range(10):
        await herald.poll(after=DAY)
    assert herald.titles()[-1] == "Ferry late"
    assert herald.state().url.endswith("/feed.xml")


async def test_a_permanent_redirect_to_a_foreign_feed_is_not_put_on_trial(herald: Stand) -> None:
    await known(herald)
    moving(herald, 301, ("x", "Something else"))
    for _ in range(3):
        herald.clock.advance(DAY)
        moving(herald, 301, (f"x{_}", f"Something else {_}"))
        await herald.poll()
    assert herald.state().move is None


@pytest.mark.parametrize("status", [404, 410])
async def test_a_move_on_trial_is_believed_when_the_old_address_ends(herald: Stand, status: int) -> None:
    await known(herald)
    moving(herald, 301, TWO, ONE)
    await herald.poll()
    herald.publisher.says(status)
    await herald.poll()
    state = herald.state()
    assert state.url.endswith("/moved.xml")
    assert state.next_poll is not None
    assert state.health is not FeedHealth.GONE


async def test_a_new_address_that_is_gone_does_not_end_its_own_trial(herald: Stand) -> None:
    await known(herald)
    moving(herald, 301, TWO, ONE)
    await herald.poll()
    before = herald.state()
    herald.publisher.answer = lambda request: web.Response(
        status=301 if request.path == "/feed.xml" else 404, headers={"Location": "/moved.xml"}
    )
    await herald.poll()
    after = herald.state()
    assert (after.url, after.move, after.failures) == (before.url, before.move, 1)


async def test_redirects_in_a_circle_are_an_error_that_changes_nothing(herald: Stand) -> None:
    await known(herald)
    before = herald.state()
    herald.publisher.says(301, {"Location": "/feed.xml"})
    report = await herald.poll()
    assert report.outcome == "bad-redirect"
    assert (herald.state().url, herald.state().validators) == (before.url, before.validators)


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_backs_off_and_tells_the_user(herald: Stand, status: int) -> None:
    await known(herald)
    herald.publisher.says(status, {"cf-mitigated": "challenge"})
    report = await herald.poll()
    assert f"{status}" in report.problem
    assert "cf-mitigated: challenge" in report.problem
    assert "the publisher refuses us" in report.problem
    assert herald.state().health is FeedHealth.FAILING


async def test_404_backs_off_and_after_days_the_feed_is_dead_but_probed_weekly(herald: Stand) -> None:
    await known(herald)
    herald.publisher.says(404)
    for _ in range(4):
        report = await herald.poll(after=DAY)
    state = herald.state()
    assert state.health is FeedHealth.DEAD
    assert "404" in report.problem
    assert state.next_poll is not None
    assert 7 * DAY <= state.next_poll - herald.clock.now() <= 7.7 * DAY
    herald.publisher.lists(THREE, TWO, ONE)
    report = await herald.poll()
    assert (report.new, herald.state().health) == (1, FeedHealth.OK)


async def test_410_stops_polling_tells_the_user_and_deletes_nothing(herald: Stand) -> None:
    await known(herald)
    herald.publisher.says(410)
    report = await herald.poll()
    assert report.next_poll_at is None
    assert "ended" in report.problem
    assert herald.state().health is FeedHealth.GONE
    assert len(herald.titles()) == 2
    herald.clock.advance(400 * DAY)
    with herald.line.store.transaction() as db:
        assert feeds.claim_due(db, herald.clock.now(), 10, LEASE) == []


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["18000", "Tue, 02 Apr 2024 18:00:00 GMT"])
async def test_retry_after_in_both_forms_is_a_floor(herald: Stand, status: int, form: str) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    herald.publisher.says(status, {"Retry-After": form})
    await herald.poll(after=HOUR)
    state = herald.state()
    assert state.next_poll is not None
    assert 5 * HOUR <= state.next_poll - herald.clock.now() <= 5.5 * HOUR
    assert "asks for 5 h" in state.next_poll_reason


async def test_retry_after_is_capped_at_two_days(herald: Stand) -> None:
    herald.publisher.says(503, {"Retry-After": "99999999"})
    await herald.poll()
    state = herald.state()
    assert state.next_poll is not None
    assert 2 * DAY <= state.next_poll - herald.clock.now() <= 2.2 * DAY


async def test_a_throttle_without_a_date_waits_four_hours_doubling(herald: Stand) -> None:
    herald.publisher.says(429)
    waits = []
    for _ in range(3):
        await herald.poll()
        state = herald.state()
        assert state.next_poll is not None
        waits.append((state.next_poll - herald.clock.now()) / HOUR)
    assert all(base <= wait <= base * 1.1 for base, wait in zip((4, 8, 16), waits, strict=True))


async def test_429_holds_for_the_whole_host(tmp_path: Path) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    hosts = {"a": "big", "b": "big", "c": "small"}
    specs = [{"name": name, "url": f"http://{host}.example:{{port}}/{name}"} for name, host in hosts.items()]
    async with stand(tmp_path, specs=specs, lookup=lookup) as herald:
        herald.publisher.says(429, {"Retry-After": "3600"})
        await poll(herald.line, herald.state("a").id)
        assert herald.state("b").next_poll == herald.state("a").next_poll
        assert "429" in herald.state("b").next_poll_reason
        assert herald.state("c").next_poll == START


async def test_429_of_a_loopback_server_holds_for_one_feed_only(tmp_path: Path) -> None:
    specs = [{"name": name, "url": f"/{name}"} for name in ("herald", "other")]
    async with stand(tmp_path, specs=specs) as herald:
        herald.publisher.says(429)
        await herald.poll()
        assert herald.state("other").next_poll == START


# --- failures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 504, 418])
async def test_server_errors_back_off_doubling_and_keep_what_is_known(herald: Stand, status: int) -> None:
    await known(herald)
    before = herald.state()
    herald.publisher.says(status)
    waits = []
    for _ in range(12):
        await herald.poll()
        state = herald.state()
        assert state.next_poll is not None
        waits.append(state.next_poll - herald.clock.now())
    assert waits[0] >= herald.line.settings.polling.min_interval
    assert waits[-1] >= 20 * HOUR
    assert max(waits) <= 26.4 * HOUR
    after = herald.state()
    assert (after.validators, after.polls, after.url) == (before.validators, before.polls, before.url)
    assert len(herald.titles()) == 2
    herald.publisher.lists(THREE, TWO, ONE)
    report = await herald.poll()
    assert report.new == 1
    assert (herald.state().failures, herald.state().problem) == (0, "")


async def test_a_server_that_is_away_backs_off(tmp_path: Path) -> None:
    async with stand(tmp_path, specs=[{"name": "herald", "url": "http://127.0.0.1:1/feed.xml"}]) as herald:
        report = await herald.poll()
        assert report.outcome == "refused"
        assert herald.state().failures == 1


async def test_an_address_of_our_own_network_is_named_as_such(tmp_path: Path) -> None:
    async with stand(tmp_path, allow_private=()) as herald:
        report = await herald.poll()
        assert report.outcome == "blocked-address"
        assert "allow_private" in report.problem


async def test_an_outage_of_our_own_network_counts_against_no_feed(tmp_path: Path) -> None:
    network_is_up = True

    async def lookup(host: str, port: int) -> list[str]:
        if not network_is_up:
            raise OSError(errno.ENETUNREACH, "Network is unreachable")
        return ["127.0.0.1"]

    specs = [{"name": "herald", "url": "http://herald.example:{port}/feed.xml"}]
    async with stand(tmp_path, specs=specs, lookup=lookup) as herald:
        await known(herald)
        before = herald.state()
        network_is_up = False
        for _ in range(20):
            report = await herald.poll()
        assert report.outcome == "offline"
        after = herald.state()
        assert (after.failures, after.health, after.validators) == (0, FeedHealth.OK, before.validators)
        network_is_up = True
        herald.publisher.lists(THREE, TWO, ONE)
        assert (await herald.poll()).new == 1


async def test_a_hostile_document_costs_one_poll_and_nothing_known(herald: Stand) -> None:
    await known(herald)
    before = herald.state()
    herald.publisher.says(200, {"ETag": '"evil"'}, text="/etc/passwd", kind="text/xml")
    assert (await herald.poll()).outcome == "not-a-feed"
    assert herald.state().validators == before.validators
