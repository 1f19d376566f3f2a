"""What the service says about itself, on the real line: feeds in trouble in one notice, channels that are gone."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.model.settings import Channel
from monitor.pipeline.tidy import take_over_configuration
from monitor.store import deliveries
from tests.acceptance.score import perform
from tests.acceptance.test_floods import BLAST, report
from tests.acceptance.test_main_job import FESTIVAL

HOUR = timedelta(hours=1)


async def test_feeds_that_fail_are_gone_fall_silent_or_leave_gaps_are_one_notice(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", "south", "east", "west", watches=(BLAST,)) as score:
        north, south, east, west = score.outlets.values()
        for number in range(18):
            for outlet in (north, south, east, west)[: 4 if number < 2 else 2]:
                outlet.says(f"item-{number}", f"{outlet.name} item {number}", f"{outlet.name} {number}. {FESTIVAL}")
            if number % 3 == 2:
                await score.pass_time(HOUR)
        for day in range(2):
            for outlet in (north, east, west):
                outlet.says(f"day-{day}", f"{outlet.name} day {day}", f"{outlet.name} day {day}. {FESTIVAL}")
            await score.pass_time(9 * HOUR)
        assert score.heard() == [], "nothing is wrong yet"

        north.feed_status = 503
        await score.pass_time(5 * HOUR)
        east.feed_status = 410
        west.items = []
        for number in range(3):
            west.says(f"other-{number}", f"Other {number}", f"{number}. {FESTIVAL}")
        await score.pass_time(6 * HOUR)
        assert score.heard() == [("notice", "4 feeds need attention")]
        text = score.webhook[-1]["text"]
        assert score.webhook[-1]["severity"] == "medium"
        assert "east is gone (410) and is not polled any more" in text
        assert "north has failed for 6 hours: " in text
        assert "south has listed nothing new for 29 hours, far beyond its rhythm" in text
        assert "west may have missed entries: all that it listed at " in text

        await score.pass_time(6 * HOUR)
        assert len(score.heard()) == 1, "the same trouble is told once"

        north.feed_status = 200
        south.says("back", "south is back", FESTIVAL)
        await score.pass_time(HOUR)
        assert score.heard()[1:] == [("notice", "2 feeds recovered")]
        assert "north works again\nsouth works again" in score.webhook[-1]["text"]


async def test_messages_for_a_channel_that_was_removed_wait_and_the_others_hear_of_it_once(tmp_path: Path) -> None:
    async with perform(tmp_path, "north", watches=(BLAST,)) as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        gone = Channel(name="gone", url="json://127.0.0.1:1/")
        both = score.line.settings
        score.line.settings = replace(both, channels=(*both.channels, gone))
        score.outlets["north"].says("one", *report(0))
        score.outlets["north"].says("two", *report(1))
        await score.poll_all()
        score.line.settings = both
        await score.line.in_store(take_over_configuration, score.line)
        await score.pass_time(HOUR)
        await score.run_line()
        told = "2 messages wait for gone, which is not configured any more"
        assert [each for each in score.heard() if each[0] == "notice"] == [("notice", told)]
        assert "monitor deliveries drop --channel gone" in score.webhook[-1]["text"]
        await score.pass_time(HOUR)
        assert len(score.heard()) == 3
        with score.line.store.read() as db:
            assert deliveries.counts_by_channel(db)["gone"] == {"held": 2}
