from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from monitor.model.clock import SimulatedClock
from monitor.newsroom.scenario import load
from monitor.newsroom.server import Newsroom, serving

SCENARIO = load()
END = SCENARIO.steps[-1].at + timedelta(minutes=1)


@dataclass(frozen=True)
class Got:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Visitor:
    """Asks the newsroom as a client would that knows where ``*.localhost`` is."""

    def __init__(self, newsroom: Newsroom, clock: SimulatedClock, session: aiohttp.ClientSession) -> None:
        self.newsroom, self.clock, self._session = newsroom, clock, session

    async def get(self, host: str, path: str, **headers: str) -> Got:
        url = f"http://127.0.0.1:{self.newsroom.port}{path}"
        names = {key.replace("_", "-"): value for key, value in headers.items()}
        names["Host"] = f"{host}.localhost:{self.newsroom.port}"
        async with self._session.get(url, headers=names) as answer:
            return Got(answer.status, answer.headers, await answer.read())

    async def post(self, path: str) -> int:
        async with self._session.post(f"http://127.0.0.1:{self.newsroom.port}{path}") as answer:
            return answer.status


@asynccontextmanager
async def visiting() -> AsyncIterator[Visitor]:
    clock = SimulatedClock(SCENARIO.start)
    async with serving(SCENARIO, clock) as newsroom, aiohttp.ClientSession(auto_decompress=True) as session:
        yield Visitor(newsroom, clock, session)


async def test_every_listed_page_is_there_and_has_its_title() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(END)
        for host, outlet in SCENARIO.outlets.items():
            for line in SCENARIO.edition(host, END):
                got = await visitor.get(host, f"/news/{line.version.slug}/")
                assert got.status == 200
                text = got.body.decode(outlet.page_encoding)
                expected = outlet.title if "script-only" in line.version.quirks else line.version.title[:20]
                assert expected.replace("'", "&#x27;") in text


async def test_a_page_is_not_there_before_it_is_published() -> None:
    async with visiting() as visitor:
        assert (await visitor.get("hindukush-wire", "/news/house-explosion-mazar/")).status == 404
        visitor.clock.move_to(SCENARIO.steps[0].at)
        assert (await visitor.get("hindukush-wire", "/news/house-explosion-mazar/")).status == 200


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
async def test_a_feed_is_not_sent_again_until_it_changes(header: str) -> None:
    condition = {"ETag": "If_None_Match", "Last-Modified": "If_Modified_Since"}[header]
    async with visiting() as visitor:
        first = await visitor.get("northern-post", "/feed.xml")
        again = await visitor.get("northern-post", "/feed.xml", **{condition: first.headers[header]})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        visitor.clock.move_to(END)
        changed = await visitor.get("northern-post", "/feed.xml", **{condition: first.headers[header]})
        assert changed.status == 200
        assert changed.headers["ETag"] != first.headers["ETag"]


async def test_an_unreadable_condition_is_ignored() -> None:
    async with visiting() as visitor:
        got = await visitor.get("northern-post", "/feed.xml", If_Modified_Since="last Tuesday, or so")
        assert got.status == 200


async def test_a_corrected_page_has_another_etag() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(SCENARIO.steps[4].at)
        before = await visitor.get("northern-post", "/news/two-killed-hamdard/")
        visitor.clock.move_to(END)
        after = await visitor.get("northern-post", "/news/two-killed-hamdard/", If_None_Match=before.headers["ETag"])
        assert after.status == 200
        assert b"Three people were killed" in after.body


async def test_one_outlet_sends_no_validators_and_other_bytes_each_time() -> None:
    async with visiting() as visitor:
        first = await visitor.get("vestnik-amu", "/rss.xml")
        visitor.clock.advance(timedelta(minutes=1))
        second = await visitor.get("vestnik-amu", "/rss.xml", If_None_Match="*")
        assert "ETag" not in first.headers
        assert second.status == 200
        assert first.body != second.body


async def test_the_charset_in_the_header_of_the_dari_pages_is_wrong() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(END)
        got = await visitor.get("rawzana", "/news/enfejar-dehdadi/")
        assert got.headers["Content-Type"] == "text/html; charset=ISO-8859-1"
        assert "مزار شریف" in got.body.decode("utf-8")
        assert "۱۴ حمل ۱۴۰۳" in got.body.decode("utf-8")


async def test_a_paid_article_ends_after_two_paragraphs() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(END)
        text = (await visitor.get("kabul-ledger", "/news/mazar-house-bomb/")).body.decode()
        assert "IS-KP members from Kashanda" in text
        assert "The location matters more" not in text
        assert '"isAccessibleForFree": false' in text


async def test_a_page_that_needs_a_script_has_no_text() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(END)
        text = (await visitor.get("pamir-brief", "/news/blast-near-mazar/")).body.decode()
        assert "Dehdadi" not in text
        assert '<div id="root"></div>' in text


async def test_the_amp_twin_points_back_to_the_page() -> None:
    async with visiting() as visitor:
        visitor.clock.move_to(END)
        page = (await visitor.get("caravan-news", "/news/one-killed-dehdadi/")).body.decode()
        twin = (await visitor.get("caravan-news", "/news/one-killed-dehdadi/amp/")).body.decode()
        assert 'rel="amphtml"' in page
        assert "<html amp" in twin
        assert '/news/one-killed-dehdadi/">' in twin
        assert (await visitor.get("caravan-news", "/news/railway-long-read/amp/")).status == 404


async def test_the_front_page_announces_the_feed() -> None:
    async with visiting() as visitor:
        text = (await visitor.get("valley-daily", "/")).body.decode()
        assert '<link rel="alternate" type="application/rss+xml"' in text
        assert 'href="/rss"' in text


async def test_an_unknown_host_is_told_who_is_there() -> None:
    async with visiting() as visitor:
        got = await visitor.get("nobody", "/")
        assert got.status == 404
        assert b"northern-post" in got.body


async def test_the_clock_can_be_set_from_outside_but_not_by_nonsense() -> None:
    async with visiting() as visitor:
        assert await visitor.post("/_clock?at=2024-04-03T10:00:00%2B04:30") == 200
        assert visitor.clock.now().isoformat() == "2024-04-03T05:30:00+00:00"
        assert await visitor.post("/_clock?advance_s=90") == 200
        assert visitor.clock.now().isoformat() == "2024-04-03T05:31:30+00:00"
        assert await visitor.post("/_clock?at=soon") == 400
        assert await visitor.post("/_clock") == 400


async def test_what_was_asked_is_on_record() -> None:
    async with visiting() as visitor:
        await visitor.get("tsarak", "/robots.txt")
        await visitor.get("tsarak", "/nothing")
        assert [(each.host, each.path, each.status) for each in visitor.newsroom.answers] == [
            ("tsarak", "/robots.txt", 200),
            ("tsarak", "/nothing", 404),
        ]
