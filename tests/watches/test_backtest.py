"""Watches over the archive, samples and their precision, and suggested spellings."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.model.articles import Article
from monitor.model.watches import WatchlistSpec, WatchSpec
from monitor.watches.backtest import Archived, Found, backtest, precision, sample, wilson
from monitor.watches.compile import compile_watchlist
from monitor.watches.matcher import Matcher
from monitor.watches.suggestions import suggest

START = datetime(2024, 4, 2, tzinfo=UTC)


def matcher_of(query: str) -> Matcher:
    compiled = compile_watchlist(WatchlistSpec(watches=(WatchSpec(name="w", query=query),)))
    assert compiled.matcher is not None
    return compiled.matcher


def archive_of(*texts: str) -> list[Archived]:
    return [
        Archived(
            id=number,
            story=number // 2,
            seen=START + timedelta(days=number),
            article=Article(url="", title="", text=text),
        )
        for number, text in enumerate(texts)
    ]  # fmt: skip


def test_a_backtest_counts_hits_stories_and_what_each_clause_removes() -> None:
    (report,) = backtest(["w"], matcher_of("blast AND balkh NOT cricket"), archive_of(
        "blast balkh", "a blast in balkh", "blast kabul", "balkh", "blast balkh cricket",
    ))  # fmt: skip
    assert (len(report.hits), report.stories, report.articles) == (2, 1, 5)
    assert report.alerts_per_day == 1 / 4
    assert {effect.clause: effect.removes for effect in report.clauses} == {"blast": 1, "balkh": 1, "NOT cricket": 1}


def test_a_backtest_lists_what_a_proposal_gains_and_loses() -> None:
    archive = archive_of("blast balkh", "bomb balkh", "blast cricket balkh")
    (report,) = backtest(
        ["w"], matcher_of("(blast OR bomb) AND balkh NOT cricket"), archive, in_force=matcher_of("blast AND balkh")
    )
    assert [hit.article for hit in report.gained] == [1]
    assert [hit.article for hit in report.lost] == [2]


def found(article: int, score: float) -> Found:
    return Found(article=article, story=article, title="", url="", score=score, background=False, reasons=())


def test_a_sample_is_drawn_evenly_from_low_and_high_scores() -> None:
    hits = [found(number, 0.1) for number in range(90)] + [found(100, 0.5), found(101, 0.9)]
    chosen = sample(hits, 9, Random(1))
    assert {100, 101} <= {hit.article for hit in chosen}
    assert len(chosen) == 9


def test_precision_weighs_the_bands_by_their_size() -> None:
    hits = [found(number, 0.1) for number in range(80)] + [found(100 + number, 0.9) for number in range(20)]
    labels = {**dict.fromkeys(range(10), False), **dict.fromkeys(range(100, 110), True)}
    assert precision(hits, labels).share == 0.2


@given(st.integers(0, 200), st.integers(0, 200))
def test_wilson_bounds_hold_the_share(right: int, wrong: int) -> None:
    interval = wilson(right, right + wrong)
    assert 0 <= interval.low <= interval.high <= 1
    assert interval.low - 1e-9 <= interval.share <= interval.high + 1e-9


def test_wilson_agrees_with_the_textbook() -> None:
    interval = wilson(8, 10)
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.490, 0.943)


def test_suggestions_leave_out_what_folding_finds_anyway() -> None:
    words = Counter({"Mazar-e-Sharif": 9, "explosion": 3, "Talibane": 2, "TALIBAN": 5})
    spellings = [each.spelling for each in suggest(("Mazar-i-Sharif", "Taliban"), words)]
    assert {"Mazar-e-Sharif", "Mazār-e Sharīf"} & set(spellings)
    assert "Talibane" in spellings
    assert "TALIBAN" not in spellings
    assert "explosion" not in spellings
