"""What follows from an answer that a feed gives, against a real server: the state never moves backwards."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from monitor.model.polling import FeedHealth
from monitor.pipeline.why import why_stored
from monitor.store import feeds
from tests.pipeline.newsstand import DAY, HOUR, LEASE, ONE, THREE, TWO, Stand, known, rss, stand
from tests.pipeline.newsstand import herald as _herald

herald = _herald


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
        assert feeds.suspect_names(db) == {"herald"}
        assert feeds.accept_face(db, "herald")
        assert feeds.suspect_names(db) == set()
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
