"""What follows from every kind of answer, against a real server: the state never moves backwards."""

from __future__ import annotations

import errno
import gzip
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from monitor.model.polling import FeedHealth
from monitor.pipeline.poll import poll
from monitor.pipeline.why import why_stored
from monitor.store import feeds
from tests.pipeline.newsstand import LEASE, START, Stand, rss, stand

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ONE, TWO, THREE = ("1", "Bridge closed"), ("2", "Bridge open again"), ("3", "Ferry late")


@pytest.fixture
async def herald(tmp_path: Path) -> AsyncIterator[Stand]:
    async with stand(tmp_path) as opened:
        yield opened


async def known(opened: Stand) -> None:
    """Two polls that the publisher answered well."""
    opened.publisher.lists(ONE)
    await opened.poll()
    opened.publisher.lists(TWO, ONE)
    await opened.poll()
    opened.queued()


# --- 200 and 304 -----------------------------------------------------------------------------------------------


async def test_the_first_poll_is_the_baseline_and_later_entries_are_news(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    report = await herald.poll()
    assert (report.outcome, report.new, report.baseline) == ("read", 1, True)
    herald.publisher.lists(TWO, ONE)
    report = await herald.poll()
    assert (report.new, report.unchanged, report.baseline) == (1, 1, False)
    assert [(each.listed.title, each.baseline) for each in herald.queued()] == [
        ("Bridge closed", True),
        ("Bridge open again", False),
    ]


async def test_entries_younger_than_configured_alert_even_from_the_first_poll(tmp_path: Path) -> None:
    specs = [{"name": "herald", "url": "/feed.xml", "alert_younger_than": 2 * HOUR}]
    async with stand(tmp_path, specs=specs) as herald:
        item = "<item><guid>{0}</guid><title>{0}</title><pubDate>Tue, 02 Apr 2024 {1}:00:00 GMT</pubDate></item>"
        herald.publisher.says(200, text=rss(extra=item.format("young", 11) + item.format("old", "06")), kind="text/xml")
        await herald.poll()
        assert {each.listed.title: each.baseline for each in herald.queued()} == {"young": False, "old": True}


async def test_a_304_keeps_what_is_known_and_asks_with_the_validators(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    before = herald.state()
    report = await herald.poll()
    assert report.outcome == "not-modified"
    assert "If-None-Match" in herald.publisher.requests[-1].headers
    after = herald.state()
    assert after.validators == before.validators
    assert after.polls == 2
    assert after.health is FeedHealth.OK


async def test_a_304_renews_the_validators_and_freshness_that_it_carries(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    herald.publisher.says(304, {"ETag": '"renewed"', "Cache-Control": "max-age=7200"})
    report = await herald.poll()
    state = herald.state()
    assert state.validators is not None
    assert state.validators.etag == '"renewed"'
    assert report.next_poll_at is not None
    assert report.next_poll_at >= herald.clock.now() + 2 * HOUR
    assert "server asks for ≥ 2 h" in report.next_poll_reason


async def test_validators_that_a_new_200_does_not_carry_are_dropped(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    herald.publisher.says(200, text=rss(ONE), kind="text/xml")
    await herald.poll()
    assert herald.state().validators is None


async def test_validators_are_renewed_even_when_the_body_is_the_same(herald: Stand) -> None:
    for tag in ('"a"', '"b"'):
        herald.publisher.says(200, {"ETag": tag}, text=rss(ONE), kind="text/xml")
        await herald.poll()
        state = herald.state()
        assert state.validators is not None
        assert state.validators.etag == tag


async def test_after_eight_days_of_304_one_request_is_unconditional(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    await herald.poll(after=8 * DAY)
    assert "If-None-Match" in herald.publisher.requests[-1].headers
    await herald.poll(after=HOUR)
    assert "If-None-Match" not in herald.publisher.requests[-1].headers


async def test_a_revised_entry_is_queued_again_under_its_key(herald: Stand) -> None:
    await known(herald)
    herald.publisher.lists(("2", "Bridge open again, two hurt"), ONE)
    report = await herald.poll()
    assert (report.new, report.revised) == (0, 1)
    herald.clock.advance(LEASE)
    assert "Bridge open again, two hurt" in [each.listed.title for each in herald.queued()]
    assert len(herald.titles()) == 2


async def test_an_entry_that_left_the_feed_and_comes_back_is_not_new(herald: Stand) -> None:
    await known(herald)
    herald.publisher.lists(TWO)
    await herald.poll()
    herald.publisher.lists(THREE, TWO, ONE)
    report = await herald.poll()
    assert (report.new, report.unchanged) == (1, 2)


# --- answers that are no feed ------------------------------------------------------------------------------------


async def test_a_body_cut_short_gives_its_entries_and_keeps_the_validators(herald: Stand) -> None:
    await known(herald)
    before = herald.state()
    whole = rss(THREE, TWO, ONE).encode()
    cut = gzip.compress(whole)[:-6]
    headers = {"Content-Encoding": "gzip", "ETag": '"cut"'}
    herald.publisher.answer = lambda _: web.Response(body=cut, content_type="text/xml", headers=headers)
    report = await herald.poll()
    assert (report.outcome, report.new) == ("cut-short", 1)
    assert herald.state().validators == before.validators
    assert "cut short" in herald.state().problem


async def test_a_page_instead_of_a_feed_is_a_failure_that_offers_what_it_announces(herald: Stand) -> None:
    await known(herald)
    before = herald.state()
    page = '<html><head><link rel="alternate" type="application/rss+xml" href="/new.xml"></head><body>Hi</body></html>'
    herald.publisher.says(200, {"ETag": '"page"'}, text=page, kind="text/html")
    report = await herald.poll()
    assert report.outcome == "not-a-feed"
    assert "/new.xml" in report.problem
    after = herald.state()
    assert (after.url, after.validators, after.polls) == (before.url, before.validators, before.polls)
    assert after.health is FeedHealth.FAILING
    assert after.failures == 1


async def test_no_entries_are_legal_and_after_two_such_answers_a_warning(herald: Stand) -> None:
    await known(herald)
    herald.publisher.lists(extra="<generator>one</generator>")
    report = await herald.poll()
    assert (report.outcome, report.problem) == ("read", "")
    herald.publisher.lists(extra="<generator>two</generator>")
    report = await herald.poll()
    assert "no entries in the last 2 answers" in report.problem
    herald.publisher.lists(TWO, ONE)
    report = await herald.poll()
    assert (report.new, report.problem) == (0, "")


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


# --- schedule ----------------------------------------------------------------------------------------------------


async def test_ttl_and_max_age_are_floors_clamped_to_six_hours(herald: Stand) -> None:
    herald.publisher.lists(ONE, extra="<ttl>60</ttl>")
    await herald.poll()
    state = herald.state()
    assert state.next_poll is not None
    assert HOUR <= state.next_poll - herald.clock.now() <= 1.1 * HOUR
    herald.publisher.lists(TWO, ONE, headers={"Cache-Control": "max-age=504576000"})
    await herald.poll()
    state = herald.state()
    assert state.next_poll is not None
    assert 6 * HOUR <= state.next_poll - herald.clock.now() <= 6.6 * HOUR


async def test_a_restart_polls_nothing_early(herald: Stand) -> None:
    await known(herald)
    due = herald.state().next_poll
    with herald.line.store.transaction() as db:
        feeds.sync(db, herald.line.settings.feeds, herald.clock.now())
        feeds.release_leases(db)
        assert feeds.claim_due(db, herald.clock.now(), 10, LEASE) == []
    assert herald.state().next_poll == due


async def test_a_changed_url_starts_afresh_but_knows_its_entries(herald: Stand) -> None:
    await known(herald)
    changed = replace(herald.line.settings.feeds[0], url=herald.publisher.base + "/elsewhere.xml")
    with herald.line.store.transaction() as db:
        feeds.sync(db, [changed], herald.clock.now())
    assert herald.state().validators is None
    herald.publisher.lists(THREE, TWO, ONE)
    report = await herald.poll()
    assert (report.new, report.unchanged, report.baseline) == (1, 2, True)


async def test_a_removed_feed_is_not_polled_and_keeps_its_entries(herald: Stand) -> None:
    await known(herald)
    herald.clock.advance(DAY)
    with herald.line.store.transaction() as db:
        feeds.sync(db, [], herald.clock.now())
        assert feeds.claim_due(db, herald.clock.now(), 10, LEASE) == []
    assert len(herald.titles()) == 2


async def test_one_host_with_many_feeds_is_claimed_one_at_a_time(tmp_path: Path) -> None:
    specs = [{"name": f"big-{n}", "url": f"http://big.example/{n}"} for n in range(40)]
    specs += [{"name": "small", "url": "http://small.example/"}]
    async with stand(tmp_path, specs=specs) as herald:
        with herald.line.store.transaction() as db:
            first = feeds.claim_due(db, herald.clock.now(), 100, LEASE)
            assert len(first) == 2
            assert feeds.claim_due(db, herald.clock.now(), 100, LEASE) == []


# --- gaps, floods, strangers -------------------------------------------------------------------------------------


async def test_pages_are_followed_when_nothing_listed_is_known(herald: Stand) -> None:
    await known(herald)
    pages = {
        "/feed.xml": rss(("9", "Nine"), ("8", "Eight"), extra='<link rel="next" href="/2" xmlns="http://www.w3.org/2005/Atom"/>'),
        "/2": rss(("7", "Seven"), ("6", "Six"), extra='<link rel="next" href="/3" xmlns="http://www.w3.org/2005/Atom"/>'),
        "/3": rss(("5", "Five"), TWO, ONE, extra='<link rel="next" href="/4" xmlns="http://www.w3.org/2005/Atom"/>'),
    }  # fmt: skip
    herald.publisher.answer = lambda request: web.Response(text=pages[request.path], content_type="text/xml")
    report = await herald.poll()
    assert (report.new, report.unchanged) == (5, 2)
    assert herald.titles()[2:] == ["Five", "Six", "Seven", "Eight", "Nine"]
    assert not any("gap" in note for note in report.notes)


async def test_a_gap_that_no_page_closes_is_noted(herald: Stand) -> None:
    await known(herald)
    herald.publisher.lists(("9", "Nine"), ("8", "Eight"))
    report = await herald.poll()
    assert any("gap: all 2 entries are new" in note for note in report.notes)
    assert "after a gap" in said_of(herald, "https://herald.example/9")
    assert "may have missed entries" in said_of(herald, "https://herald.example/1")
    assert "after a gap" not in said_of(herald, "https://herald.example/1")


@pytest.mark.parametrize(
    ("status", "text", "times", "said"),
    [(410, "", 1, "is gone (410)"), (200, "<html><body>Sign in</body></html>", 3, "answers, but not with a feed")],
)
async def test_why_tells_of_the_trouble_of_an_entrys_feed(
    herald: Stand, status: int, text: str, times: int, said: str
) -> None:
    await known(herald)
    assert "the feed now" not in said_of(herald, "https://herald.example/1")
    herald.publisher.says(status, text=text, kind="text/html")
    for _ in range(times):
        await herald.poll()
    assert f"the feed now: herald {said}" in said_of(herald, "https://herald.example/1")


def said_of(herald: Stand, url: str) -> str:
    """What ``monitor why`` says of an entry."""
    with herald.line.store.read() as db:
        found = why_stored(db, url, herald.line.matcher, None, now=herald.clock.now())
    return "\n".join(line for step in found.steps for line in step.lines)


async def test_a_flood_is_marked(herald: Stand) -> None:
    await known(herald)
    herald.publisher.lists(*((f"f{n}", f"Sudden item {n}") for n in range(60)), ONE)
    report = await herald.poll()
    assert any("flood" in note for note in report.notes)
    assert all(each.flood for each in herald.queued() if each.listed.title.startswith("Sudden"))


async def test_a_feed_that_changed_hands_alerts_nobody_until_it_is_accepted(herald: Stand) -> None:
    herald.publisher.lists(ONE, extra="<language>en</language>")
    await herald.poll()
    casino = {"title": "Lucky Casino", "link": "https://casino.example/", "extra": "<language>id</language>"}
    herald.publisher.lists(("w1", "Win"), ("w2", "Win more"), **casino)
    report = await herald.poll()
    assert herald.state().health is FeedHealth.SUSPECT
    assert "hijacked or parked" in report.problem
    assert all(each.baseline for each in herald.queued())
    with herald.line.store.transaction() as db:
        assert feeds.accept_face(db, "herald")
    herald.publisher.lists(("w3", "Win again"), ("w1", "Win"), **casino)
    await herald.poll()
    assert [(each.listed.title, each.baseline) for each in herald.queued()] == [("Win again", False)]


async def test_a_news_sitemap_index_is_read_one_level_deep(herald: Stand) -> None:
    news = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/'
        'sitemap-news/0.9"><url><loc>https://herald.example/a</loc><news:news><news:title>Flood in the valley'
        "</news:title><news:publication_date>2024-04-02T10:00:00Z</news:publication_date></news:news></url></urlset>"
    )
    pages = {
        "/feed.xml": f"<sitemapindex><sitemap><loc>{herald.publisher.base}/s1</loc></sitemap></sitemapindex>",
        "/s1": news,
    }
    herald.publisher.answer = lambda request: web.Response(text=pages[request.path], content_type="text/xml")
    report = await herald.poll()
    assert (report.outcome, report.new) == ("read", 1)
    assert herald.titles() == ["Flood in the valley"]
    pages["/s1"] = news.replace("example/a", "example/b").replace("Flood", "Storm")
    assert (await herald.poll()).new == 1  # although the index is the same as before


async def test_entries_and_validators_are_recorded_together_or_not_at_all(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    before = herald.state()
    with herald.line.store.transaction() as db:
        db.execute("CREATE TRIGGER full_disk BEFORE UPDATE OF learnt ON feeds BEGIN SELECT RAISE(ABORT, 'full'); END")
    herald.publisher.lists(TWO, ONE)
    with pytest.raises(Exception, match="full"):
        await herald.poll()
    assert herald.titles() == ["Bridge closed"]
    assert herald.state().validators == before.validators
    with herald.line.store.transaction() as db:
        db.execute("DROP TRIGGER full_disk")
    assert (await herald.poll()).new == 1
