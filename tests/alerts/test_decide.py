"""The decision table: what a watch says of an article, by what it has said of the story before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.decide import decide
from monitor.model.alerts import Alerted, AlertKind, Decision, Silence, Suppressed, SuppressionReason, WatchHistory
from monitor.model.articles import Article
from monitor.model.settings import Alerting, Channel, Route, Settings
from monitor.model.stories import MaterialChange, Placement, Rung
from monitor.model.watches import Hit, Merging, Severity, Span, WatchSpec

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
ARTICLE = Article(
    url="https://www.north.example/a", title="Blast in Balkh", text="One. A blast in Balkh. Two.", feed="north",
    feed_tags=("afghanistan",),
)  # fmt: skip
SPAN = Span(field="text", start=7, end=12, term="blast*")
TOLD = WatchHistory(first_alert_id=7, last_severity=Severity.HIGH, independent_told=1)
COUNT = (MaterialChange(kind="count", text="killed 1 → 3"),)
TEXT = (MaterialChange(kind="new-text", text="60 words of new text"),)


def decided(
    *, rung: Rung = Rung.NEW, changes: tuple[MaterialChange, ...] = (), independent: int = 1,
    history: WatchHistory | None = None, hit: dict[str, Any] | None = None, watch: dict[str, Any] | None = None,
    silences: tuple[Silence, ...] = (), baseline: bool = False, flood_told: int | None = None,
    settings: Settings | None = None, now: datetime = NOW,
) -> Decision:  # fmt: skip
    """One decision about one hit of the watch ``balkh``."""
    (decision,) = decide(
        [Hit(watch="balkh", score=0.8, reasons=("place in the title",), spans=(SPAN,), **(hit or {}))],
        watches={"balkh": WatchSpec(**{"name": "balkh", "severity": Severity.HIGH, **(watch or {})})},
        article=ARTICLE,
        placement=Placement(
            rung=rung, article_id=1, story_id=3, changes=changes, independent=independent, sources=independent + 1
        ),
        history={"balkh": history} if history else {},
        silences=silences,
        baseline=baseline,
        flood_told=flood_told,
        settings=settings or Settings(),
        now=now,
    )  # fmt: skip
    return decision


def outcome(decision: Decision) -> str:
    return str(decision.kind if isinstance(decision, Alerted) else decision.reason)


TABLE = [
    # rung, changes, independent, told before, expected
    (Rung.NEW, (), 1, False, "new"),
    (Rung.STORY, (), 2, False, "new"),
    (Rung.COPY, (), 1, False, "new"),
    (Rung.ARTICLE, (), 1, False, "new"),
    (Rung.ARTICLE, COUNT, 1, False, "new"),
    (Rung.ITEM, (), 1, False, "same-item"),
    (Rung.ITEM, (), 1, True, "same-item"),
    (Rung.ARTICLE, (), 1, True, "cosmetic-revision"),
    (Rung.ARTICLE, COUNT, 1, True, "update"),
    (Rung.COPY, (), 1, True, "copy"),
    (Rung.COPY, COUNT, 3, True, "copy"),
    (Rung.STORY, (), 2, True, "same-story"),
    (Rung.STORY, COUNT, 2, True, "update"),
    (Rung.STORY, (), 3, True, "corroborated"),
    (Rung.STORY, COUNT, 3, True, "update"),
]


@pytest.mark.parametrize(("rung", "changes", "independent", "told", "expected"), TABLE)
def test_the_table(
    *, rung: Rung, changes: tuple[MaterialChange, ...], independent: int, told: bool, expected: str
) -> None:
    history = TOLD if told else None
    assert outcome(decided(rung=rung, changes=changes, independent=independent, history=history)) == expected


def test_an_alert_carries_its_story_its_changes_and_the_matched_sentence() -> None:
    decision = decided(rung=Rung.STORY, changes=COUNT, history=TOLD)
    assert isinstance(decision, Alerted)
    assert decision.in_reply_to == 7
    assert decision.changes == ("killed 1 → 3",)
    assert decision.excerpt.text == "One. A blast in Balkh. Two."
    assert [decision.excerpt.text[a:b] for a, b, _ in decision.excerpt.highlights] == ["blast"]


def test_corroboration_is_told_once_even_if_an_update_told_it() -> None:
    told = WatchHistory(first_alert_id=7, independent_told=3)
    assert outcome(decided(rung=Rung.STORY, independent=4, history=told)) == "same-story"


@pytest.mark.parametrize(
    ("merging", "changes", "independent", "expected"),
    [
        (Merging.STRICT, (), 2, "update"),
        (Merging.QUIET, TEXT, 2, "same-story"),
        (Merging.QUIET, COUNT, 2, "update"),
        (Merging.QUIET, (), 3, "same-story"),
        (Merging.NORMAL, TEXT, 2, "update"),
    ],
)
def test_merging_decides_how_much_a_story_swallows(
    merging: Merging, changes: tuple[MaterialChange, ...], independent: int, expected: str
) -> None:
    decision = decided(
        rung=Rung.STORY, changes=changes, independent=independent, history=TOLD, watch={"merging": merging}
    )
    assert outcome(decision) == expected


def test_what_a_story_swallows_is_listed_in_the_digest() -> None:
    decision = decided(rung=Rung.STORY, independent=2, history=TOLD)
    assert isinstance(decision, Suppressed)
    assert decision.digest
    assert decision.channels == ("log",)
    assert "alert 7" in decision.detail


def test_a_background_mention_goes_to_the_digest_never_to_nowhere() -> None:
    decision = decided(hit={"background": True})
    assert isinstance(decision, Suppressed)
    assert (decision.reason, decision.digest) == (SuppressionReason.BACKGROUND, True)


def test_the_baseline_alerts_nobody_and_its_cosmetic_revisions_neither_but_news_of_it_does() -> None:
    assert outcome(decided(baseline=True)) == "baseline"
    passed = WatchHistory(suppressed=frozenset({SuppressionReason.BASELINE}))
    assert outcome(decided(rung=Rung.ARTICLE, history=passed)) == "cosmetic-revision"
    assert outcome(decided(rung=Rung.ARTICLE, changes=COUNT, history=passed)) == "new"
    assert outcome(decided(rung=Rung.STORY, history=passed)) == "new"


def test_a_flood_stops_what_would_have_alerted_and_nothing_else() -> None:
    assert outcome(decided(flood_told=0)) == "flood"
    assert outcome(decided(flood_told=0, hit={"background": True})) == "background"
    assert outcome(decided(flood_told=0, rung=Rung.COPY, history=TOLD)) == "copy"
    assert outcome(decided(flood_told=0, rung=Rung.ARTICLE, changes=COUNT, history=TOLD)) == "flood"


def test_critical_alerts_pass_a_flood_up_to_an_hours_limit() -> None:
    critical = {"severity": Severity.CRITICAL}
    assert outcome(decided(flood_told=0, watch=critical)) == "new"
    assert outcome(decided(flood_told=29, watch=critical)) == "new"
    beyond = decided(flood_told=30, watch=critical)
    assert outcome(beyond) == "flood"
    assert isinstance(beyond, Suppressed)
    assert "after 30 critical ones" in beyond.detail


def test_too_few_publishers_hold_an_alert_and_time_releases_it_as_unconfirmed() -> None:
    watch = {"min_independent": 2, "unconfirmed_after": timedelta(hours=6)}
    assert outcome(decided(watch=watch)) == "unconfirmed"
    assert outcome(decided(watch=watch, rung=Rung.STORY, independent=2)) == "new"
    waited = WatchHistory(held_since=NOW - timedelta(hours=6))
    released = decided(watch=watch, rung=Rung.STORY, history=waited)
    assert isinstance(released, Alerted)
    assert "unconfirmed: 1 of 2 publishers" in released.reasons


def test_a_watch_on_trial_tells_the_digest_only_until_its_time_is_over() -> None:
    trial = WatchHistory(shadow_until=NOW + timedelta(days=1))
    assert outcome(decided(history=trial)) == "shadow"
    assert outcome(decided(history=trial, now=NOW + timedelta(days=1))) == "new"


def silence(**fields: Any) -> Silence:
    known = {"id": 1, "starts": NOW, "until": NOW + timedelta(hours=1), "reason": "known drill", "author": "the desk"}
    return Silence(**(known | fields))


@pytest.mark.parametrize(
    ("fields", "silent"),
    [
        ({"watch": "balkh"}, True),
        ({"watch": "ba*"}, True),
        ({"watch": "kabul"}, False),
        ({"story_id": 3}, True),
        ({"story_id": 4}, False),
        ({"feed": "north"}, True),
        ({"feed": "afghanistan"}, True),
        ({"feed": "*.north.example"}, True),
        ({"term": "blast*"}, True),
        ({"term": "BLAST"}, True),
        ({"term": "flood"}, False),
        ({"watch": "balkh", "feed": "south"}, False),
        ({}, False),
        ({"watch": "balkh", "starts": NOW + timedelta(minutes=1)}, False),
        ({"watch": "balkh", "starts": NOW - timedelta(hours=2), "until": NOW}, False),
    ],
)
def test_a_silence_covers_what_agrees_with_every_field_of_it_in_its_time(
    *, fields: dict[str, Any], silent: bool
) -> None:
    decision = decided(silences=(silence(**fields),))
    assert outcome(decision) == ("silenced" if silent else "new")
    if isinstance(decision, Suppressed):
        assert "known drill" in decision.detail
        assert "the desk" in decision.detail


def test_a_silence_is_named_only_where_there_would_have_been_an_alert() -> None:
    assert outcome(decided(rung=Rung.COPY, history=TOLD, silences=(silence(watch="balkh"),))) == "copy"


def test_severity_rises_with_the_second_publisher_where_configured() -> None:
    rising = Settings(alerts=Alerting(rise_when_corroborated=True))
    decision = decided(rung=Rung.STORY, independent=2, history=TOLD, settings=rising)
    assert isinstance(decision, Alerted)
    assert (decision.kind, decision.severity) == (AlertKind.CORROBORATED, Severity.CRITICAL)


ROUTED = Settings(
    channels=(Channel(name="desk", url="stdout://"), Channel(name="duty", url="stdout://"), Channel(name="log", url="stdout://")),
    routes=(
        Route(channels=("duty",), min_severity=Severity.CRITICAL, continue_=True),
        Route(channels=("desk",), min_severity=Severity.HIGH, feeds=("afghanistan",)),
        Route(channels=("log", "log", "no-such"), watches=("ba*",)),
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("severity", "channels"),
    [(Severity.CRITICAL, ("duty", "desk")), (Severity.HIGH, ("desk",)), (Severity.LOW, ("log",))],
)
def test_the_first_matching_route_wins_unless_it_says_continue(severity: Severity, channels: tuple[str, ...]) -> None:
    (decision,) = decide(
        [Hit(watch="balkh", score=1.0, reasons=(), spans=())],
        watches={"balkh": WatchSpec(name="balkh", severity=severity)}, article=ARTICLE, history={}, silences=(),
        placement=Placement(rung=Rung.NEW, article_id=1, story_id=1), baseline=False, settings=ROUTED, now=NOW,
    )  # fmt: skip
    assert isinstance(decision, Alerted)
    assert decision.channels == channels


def test_a_watch_with_channels_of_its_own_ignores_the_routes() -> None:
    decision = decided(watch={"channels": ("duty",)}, settings=ROUTED)
    assert isinstance(decision, Alerted)
    assert decision.channels == ("duty",)


def test_an_alert_that_no_route_takes_is_still_an_alert() -> None:
    settings = Settings(channels=ROUTED.channels, routes=(Route(channels=("desk",), watches=("other",)),))
    decision = decided(settings=settings)
    assert isinstance(decision, Alerted)
    assert decision.channels == ()
    assert "no route takes it: listed only" in decision.reasons


rungs = st.sampled_from(list(Rung))
histories = st.builds(
    WatchHistory,
    first_alert_id=st.none() | st.just(7),
    independent_told=st.integers(0, 5),
    suppressed=st.frozensets(st.sampled_from(list(SuppressionReason))),
    last_severity=st.none() | st.sampled_from(list(Severity)),
)


@given(
    rung=rungs, history=histories, changes=st.sampled_from([(), COUNT, TEXT]), independent=st.integers(1, 6),
    background=st.booleans(), baseline=st.booleans(), merging=st.sampled_from(list(Merging)),
)  # fmt: skip
def test_every_case_has_a_decision_with_a_reason_and_only_sure_rungs_are_silent(
    *, rung: Rung, history: WatchHistory, changes: tuple[MaterialChange, ...], independent: int, background: bool,
    baseline: bool, merging: Merging,
) -> None:  # fmt: skip
    decision = decided(
        rung=rung, history=history, changes=changes, independent=independent, hit={"background": background},
        baseline=baseline, watch={"merging": merging},
    )  # fmt: skip
    if isinstance(decision, Suppressed):
        assert decision.detail
        if rung in {Rung.STORY, Rung.NEW} and not baseline:
            assert decision.digest, "only rungs 0 to 2 may be silent"
    if history.first_alert_id is None and rung is not Rung.ITEM and not baseline and not background:
        silent = isinstance(decision, Suppressed)
        assert not silent or decision.reason is SuppressionReason.COSMETIC
