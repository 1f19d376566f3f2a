"""Pages that cannot be had, and faults of the program; the usual way is in the acceptance tests."""

from datetime import timedelta
from pathlib import Path

from monitor.model.stories import Rung
from monitor.pipeline.ingest import RETRIES, IngestReport, set_aside
from monitor.store import deliveries, entries
from tests.acceptance.score import Score, perform
from tests.acceptance.test_main_job import BLAST, FESTIVAL


def ingests(score: Score) -> list[IngestReport]:
    return [report for report in score.reports if isinstance(report, IngestReport)]


async def test_a_page_that_cannot_be_had_is_judged_by_its_feed_and_read_again(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        north = score.outlets["north"]
        north.says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        north.says("blast", "Blast kills one in Balkh house", BLAST)
        north.failing = True
        await score.pass_time(timedelta(minutes=15))
        report = ingests(score)[-1]
        assert report.article.partial is not None
        assert report.retry_at == score.clock.now() + RETRIES[0]
        assert score.heard() == [("new", "Blast kills one in Balkh house")]

        north.failing = False
        await score.pass_time(RETRIES[0])
        report = ingests(score)[-1]
        assert report.article.partial is None
        assert report.judgement.placement.rung is Rung.ARTICLE
        assert score.heard() == [("new", "Blast kills one in Balkh house")]


async def test_an_entry_on_which_the_program_fails_is_tried_again_and_then_given_up_aloud(tmp_path: Path) -> None:
    async with perform(tmp_path, "north") as score:
        score.outlets["north"].says("festival", "Festival opens", FESTIVAL)
        await score.poll_all()
        for _ in RETRIES:
            set_aside(score.line, 1, ValueError("no such zone"))
            with score.line.store.read() as db:
                assert entries.counts(db, score.clock.now())["queued"] == 1
        set_aside(score.line, 1, ValueError("no such zone"))
        with score.line.store.read() as db:
            assert entries.counts(db, score.clock.now())["queued"] == 0
            assert deliveries.counts(db)["new"] == 2
        await score.run_line()
        notice = score.webhook[-1]
        assert notice["kind"] == "notice"
        assert "Festival opens" in notice["text"]
        assert "no such zone" in notice["text"]
