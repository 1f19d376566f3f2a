"""Headers of the user's own: to the feed's origin only, stored nowhere, and part of what validators depend on."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from monitor.model.polling import FeedHealth
from monitor.store import feeds
from tests.pipeline.newsstand import Stand, rss, stand

SECRET = (("Authorization", "Bearer s3cret-token-1"),)
ONE = ("1", "Bridge closed")


async def lookup(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def configure(opened: Stand, headers: tuple[tuple[str, str], ...]) -> None:
    """What a reload does with other headers."""
    line = opened.line
    line.settings = replace(line.settings, feeds=tuple(replace(each, headers=headers) for each in line.settings.feeds))
    with line.store.transaction() as db:
        feeds.sync(db, line.settings.feeds, opened.clock.now())


@pytest.fixture
async def herald(tmp_path: Path) -> AsyncIterator[Stand]:
    specs = [{"name": "herald", "url": "http://herald.example:{port}/feed", "headers": SECRET}]
    async with stand(tmp_path, specs=specs, lookup=lookup) as opened:
        yield opened


def sent(opened: Stand) -> list[str | None]:
    return [each.headers.get("Authorization") for each in opened.publisher.requests]


async def test_the_headers_are_sent_and_stored_nowhere(herald: Stand, tmp_path: Path) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    assert sent(herald) == ["Bearer s3cret-token-1"]
    herald.line.store.checkpoint()
    with sqlite3.connect(tmp_path / "monitor.db") as copy:
        assert not any("s3cret" in text for text in copy.iterdump())
    assert "s3cret" not in repr(herald.line.settings)


async def test_a_redirect_to_another_host_gets_none(herald: Stand) -> None:
    port = herald.publisher.base.rpartition(":")[2]

    def answer(request: web.Request) -> web.Response:
        if request.path == "/feed":
            raise web.HTTPFound(f"http://elsewhere.example:{port}/moved")
        return web.Response(text=rss(ONE), content_type="text/xml")

    herald.publisher.answer = answer
    assert (await herald.poll()).new == 1
    assert sent(herald) == ["Bearer s3cret-token-1", None]


async def test_after_a_permanent_move_to_another_host_none_are_sent(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    port = herald.publisher.base.rpartition(":")[2]
    with herald.line.store.transaction() as db:
        db.execute("UPDATE feeds SET url = ?", [f"http://elsewhere.example:{port}/feed"])
    await herald.poll()
    assert sent(herald) == [None]


async def test_other_headers_void_the_validators_and_the_same_do_not(herald: Stand) -> None:
    herald.publisher.lists(ONE)
    await herald.poll()
    before = herald.state()
    assert before.validators is not None
    configure(herald, SECRET)
    assert herald.state().validators == before.validators
    configure(herald, (("Authorization", "Bearer another"),))
    assert herald.state().validators is None
    assert herald.state().next_poll == before.next_poll
    await herald.poll()
    assert "If-None-Match" not in herald.publisher.requests[-1].headers


async def test_a_feed_that_failed_is_due_at_once_under_new_headers(herald: Stand) -> None:
    herald.publisher.says(401)
    await herald.poll()
    assert herald.state().health is FeedHealth.FAILING
    configure(herald, (("Authorization", "Bearer right"),))
    state = herald.state()
    assert (state.next_poll, state.next_poll_reason) == (herald.clock.now(), "new headers")
    assert state.failures == 1


async def test_a_pause_that_the_server_asked_for_stays(herald: Stand) -> None:
    herald.publisher.says(503, headers={"Retry-After": "3600"})
    await herald.poll()
    before = herald.state().next_poll
    assert before is not None
    assert before - herald.clock.now() >= timedelta(hours=1)
    configure(herald, (("Authorization", "Bearer right"),))
    assert herald.state().next_poll == before
