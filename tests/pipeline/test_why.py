"""The ladder of reasons, after a small performance of the line."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.feeds.changes import identity
from monitor.model.feeds import FeedSpec, ListedEntry
from monitor.model.polling import Change
from monitor.model.watches import WatchlistSpec
from monitor.pipeline.why import Ladder, why_stored
from monitor.store import entries, feeds, outages
from monitor.watches.compile import compile_watchlist
from tests.acceptance.score import Score, perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL
from tests.stories.test_ladder import INDEPENDENT


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[Score]:
    """North reports a blast, south prints the same text under another headline."""
    async with perform(tmp_path, "north", "south") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        score.outlets["north"].says("blast", "Blast kills one in Balkh house", BLAST)
        await score.pass_time(timedelta(minutes=15))
        score.outlets["south"].says("wire", "House blast in northern province", BLAST)
        await score.pass_time(timedelta(minutes=15))
        yield score


def ladder(score: Score, asked: str, watch: str | None = None) -> Ladder:
    with score.line.store.read() as db:
        return why_stored(db, asked, score.line.matcher, watch)


def text(found: Ladder) -> str:
    return "\n".join(f"{step.station} {line}" for step in found.steps for line in step.lines)


async def test_an_alert_has_its_feed_page_watch_story_and_deliveries(told: Score) -> None:
    found = ladder(told, f"{told.outlets['north'].base}/blast.html")
    assert [step.station for step in found.steps][:5] == ["feed", "article", "watch", "story", "decision"]
    said = text(found)
    assert "listed by north" in said
    assert "balkh-explosion: matches" in said
    assert "to hook: sent" in said
    assert "to mail: sent" in said


async def test_an_alert_is_found_by_its_id(told: Score) -> None:
    assert "Blast kills one in Balkh house" in text(ladder(told, "1"))


async def test_what_spoke_for_a_story_and_against_it_is_told(told: Score) -> None:
    told.outlets["south"].says("report", "One dead in blast at a house in northern Balkh", INDEPENDENT)
    await told.pass_time(timedelta(minutes=15))
    said = text(ladder(told, f"{told.outlets['south'].base}/report.html"))
    assert "story for it: leads alike +" in said


async def test_a_copy_names_what_it_copies(told: Score) -> None:
    said = text(ladder(told, f"{told.outlets['south'].base}/wire.html"))
    assert "suppressed (copy)" in said
    assert "alert 1" in said


async def test_a_watch_that_is_configured_no_more_still_has_its_decisions(told: Score) -> None:
    without = compile_watchlist(WatchlistSpec()).matcher
    assert without is not None
    with told.line.store.read() as db:
        said = text(why_stored(db, "1", without, "balkh-explosion"))
    assert "balkh-explosion is not configured any more" in said
    assert "balkh-explosion: alert 1 (new," in said


async def test_an_article_without_a_hit_says_which_clause_failed(told: Score) -> None:
    found = ladder(told, f"{told.outlets['north'].base}/festival.html", "balkh-explosion")
    said = text(found)
    assert "the baseline alerts nobody" in said
    assert "balkh-explosion: does not match" in said
    assert "nothing was decided" in said


async def test_what_was_never_listed_is_said_to_be_so(told: Score) -> None:
    found = ladder(told, "https://example.org/never")
    assert not found.found
    assert "no feed has listed this address" in text(found)
    assert "no feed of example.org is configured: `monitor feeds discover https://example.org/never`" in text(found)


async def test_an_unlisted_address_of_a_feeds_site_tells_how_that_feed_does(told: Score) -> None:
    north, south = told.outlets["north"], told.outlets["south"]
    read = text(ladder(told, f"{north.base}/other.html"))
    assert f"the feed north of this site was last read at {told.line.clock.now().astimezone():%Y-%m-%d %H:%M}" in read
    assert "`monitor feeds test north` shows what it lists" in read  # its address may hold a password
    added = FeedSpec(name="new", url="https://www.new.example/feed")
    with told.line.store.transaction() as db:
        feeds.sync(db, [*told.line.settings.feeds, added], told.line.clock.now())
    said = text(ladder(told, "https://new.example/article"))
    assert "the feed new of this site was never read: `monitor once --feed new` reads it" in said
    assert south.base not in said
    with told.line.store.transaction() as db:
        outages.begun(db, told.line.clock.now())
    assert "our own network has been down since" in text(ladder(told, "https://new.example/article"))


async def test_what_was_listed_and_not_read_yet_says_who_reads_it(told: Score) -> None:
    listed = ListedEntry(guid="w", url="https://new.example/waits", title="Waits")
    with told.line.store.transaction() as db:
        entries.record_new(db, 1, Change(listed=listed, identity=identity(listed)), now=told.line.clock.now())
    said = text(ladder(told, "https://new.example/waits"))
    assert "it has not been read, so no watch has seen it" in said


async def test_an_alert_that_does_not_exist_is_said_to_be_so(told: Score) -> None:
    found = ladder(told, "999")
    assert not found.found
    assert "no alert 999" in text(found)
