"""Pages that a watch matched are read again: under conditions, by the host's rules, and knowing its repeated lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from monitor.model.articles import Partial
from monitor.model.stories import Rung
from monitor.pipeline.ingest import IngestReport
from tests.acceptance.score import Score, perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL

BRIDGE = "\n".join((
    "Engineers laid the last stone of a bridge on Monday that shortens the way to the hospital by forty minutes.",
    "Drivers had crossed the river by a ferry of planks since the old bridge was washed away by snow water.",
    "The ministry paid for the steel, and the masons of the two villages worked for their meals alone.",
    "A toll will not be asked for, but lorries of more than twenty tons have to stay on the old road.",
))  # fmt: skip
HARVEST = "\n".join((
    "Farmers brought in more wheat this year than in any of the nine before, the chamber of agriculture said.",
    "Rain came late but fell for three weeks, and the new seed stood up to the wind that flattened the barley.",
    "At the mill of the upper valley sacks were piled up to the roof, and the miller hired his cousins.",
    "Prices fell by a fifth within days, which worries those who had borrowed money for fertiliser in winter.",
))  # fmt: skip
QUARTER = timedelta(minutes=15)


def last_ingest(score: Score) -> IngestReport:
    return [report for report in score.reports if isinstance(report, IngestReport)][-1]


def pages_asked(score: Score) -> int:
    return sum(path.endswith("blast.html") for path in score.outlets["north"].requests)


async def publish(score: Score) -> None:
    north = score.outlets["north"]
    north.says("festival", "Festival opens", FESTIVAL)
    await score.poll_all()
    north.says("blast", "Blast kills one in Balkh house", BLAST)
    await score.pass_time(QUARTER)


async def test_a_page_that_did_not_change_costs_a_304_and_is_planned_again(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].tag_pages = True
        await publish(score)
        for _ in range(3):
            before = pages_asked(score)
            await score.pass_time(QUARTER)
            report = last_ingest(score)
            assert pages_asked(score) == before + 1
            assert score.outlets["north"].answers[-1] == 304
            assert report.judgement.placement.rung is Rung.ITEM
            assert "has not changed" in report.judgement.placement.reason
        assert len(score.heard()) == 1


async def test_a_page_that_changed_is_read_as_a_revision(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        north = score.outlets["north"]
        north.tag_pages = True
        await publish(score)
        await score.pass_time(QUARTER)
        north.edited["blast"] = (
            BLAST.replace("killing at least one", "killing at least three")
            + "\nThe governor of Balkh went to the house."
        )
        await score.pass_time(QUARTER)
        assert north.answers[-1] == 200
        assert last_ingest(score).judgement.placement.rung is Rung.ARTICLE
        await score.pass_time(QUARTER)
        assert north.answers[-1] == 304


async def test_a_page_without_validators_is_read_whole(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        await publish(score)
        await score.pass_time(QUARTER)
        assert score.outlets["north"].answers[-1] == 200
        assert last_ingest(score).judgement.placement.rung is Rung.ITEM


async def test_validators_go_to_no_other_address(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        north = score.outlets["north"]
        north.tag_pages = True
        await publish(score)
        with score.line.store.transaction() as db:
            db.execute("UPDATE page_validators SET url = url || '?elsewhere'")
        await score.pass_time(QUARTER)
        assert north.answers[-1] == 200


async def test_after_eight_days_one_request_is_without_condition(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        north = score.outlets["north"]
        north.tag_pages = True
        await publish(score)
        with score.line.store.transaction() as db:
            db.execute("UPDATE page_validators SET received = '2024-03-20T00:00:00.000000Z'")
        await score.pass_time(QUARTER)
        assert north.answers[-1] == 200
        await score.pass_time(QUARTER)
        assert north.answers[-1] == 304


async def test_pages_that_robots_txt_disallows_are_not_fetched_where_that_is_configured(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].robots = "User-agent: *\nDisallow: /blast"
        net = replace(score.line.settings.net, respect_robots=True)
        score.line.settings = replace(score.line.settings, net=net)
        await publish(score)
        article = last_ingest(score).article
        assert pages_asked(score) == 0
        assert article.partial is Partial.BLOCKED
        assert "disallows /blast" in article.partial_detail
        assert score.heard() == [("new", "Blast kills one in Balkh house")]


async def test_a_line_of_three_stories_is_left_out_of_the_fourth(tmp_path: Path) -> None:
    notice = "Whoever writes to the editors of this paper agrees that the letter may be printed and cut."
    stories = {
        "festival": ("Festival opens", FESTIVAL),
        "blast": ("Blast kills one in Balkh house", BLAST),
        "bridge": ("A bridge for the river", BRIDGE),
        "wheat": ("The harvest of the valleys", HARVEST),
    }
    async with perform(tmp_path, "north") as score:
        for slug, (title, text) in stories.items():
            score.outlets["north"].says(slug, title, f"{text}\n{notice}")
            await score.pass_time(QUARTER)
        ingests = {each.article.title: each for each in score.reports if isinstance(each, IngestReport)}
        assert notice in ingests["A bridge for the river"].article.text
        assert notice not in ingests["The harvest of the valleys"].article.text
        assert "mill" in ingests["The harvest of the valleys"].article.text
