from __future__ import annotations

from monitor.config.load import load_config
from monitor.newsroom.expectations import Expectation, Expected, Outcome, compare, load
from monitor.newsroom.scenario import load as load_scenario
from monitor.newsroom.scenario import seeds_path

FIRST = Expectation(watch="w", article="a/x@1", why="first", kind="new", story="event")
COPY = Expectation(watch="w", article="b/y@1", why="copy", reasons=frozenset({"copy"}), story="event")
LATER = Expectation(watch="w", article="a/z@1", why="another", kind="new", story="other event")


def test_a_run_that_does_what_is_right_has_no_fault() -> None:
    outcomes = [_told("a/x@1"), _quiet("b/y@1", "copy"), _told("a/z@1", story=2)]
    assert _faults((FIRST, COPY, LATER), outcomes) == ["", "", ""]


def test_a_missing_alert_is_a_fault() -> None:
    assert _faults((FIRST,), []) == ["expected alert new"]
    assert _faults((FIRST,), [_quiet("a/x@1", "copy")]) == ["expected alert new"]


def test_the_wrong_kind_and_a_doubled_alert_are_faults() -> None:
    assert _faults((FIRST,), [_told("a/x@1", kind="update")]) == ["expected alert new"]
    assert _faults((FIRST,), [_told("a/x@1"), _told("a/x@1")]) == ["expected alert new"]


def test_silence_for_another_reason_is_a_fault() -> None:
    assert _faults((COPY,), [_quiet("b/y@1", "background")]) == ["expected suppressed copy"]


def test_an_alert_nobody_expected_is_a_fault() -> None:
    verdicts = compare(Expected(expectations=(), limits={}), [_told("c/new@1")])
    assert [(each.expectation.article, each.fault) for each in verdicts] == [("c/new@1", "expected no hit")]


def test_a_story_that_swallows_another_is_a_fault_of_the_later_one() -> None:
    assert _faults((FIRST, LATER), [_told("a/x@1"), _told("a/z@1", story=1)]) == ["", "in the story 'event'"]


def test_a_copy_in_another_story_is_a_fault() -> None:
    outcomes = [_told("a/x@1"), _quiet("b/y@1", "copy", story=5)]
    assert _faults((FIRST, COPY), outcomes) == ["", "not in the story 'event'"]


def test_looking_again_at_what_is_known_may_leave_a_record() -> None:
    known = Expectation(watch="w", article="a/x@1", why="", kind="new", optional=frozenset({"same-item"}))
    assert _faults((known,), [_told("a/x@1"), _quiet("a/x@1", "same-item")]) == [""]


def test_the_expectations_of_the_seeds_name_articles_watches_and_limits_that_exist() -> None:
    expected = load(seeds_path())
    scenario = load_scenario()
    articles = {f"{article}@{number}" for article, number in scenario.versions}
    watches = {watch.name for watch in load_config(seeds_path() / "config.toml").settings.watchlist.watches}
    assert {each.article for each in expected.expectations} <= articles
    assert {each.watch for each in expected.expectations} == watches
    assert {each.limit for each in expected.expectations if each.limit} == set(expected.limits)
    assert all(each.why for each in expected.expectations)


def test_nothing_is_expected_twice() -> None:
    keys = [(each.watch, each.article) for each in load(seeds_path()).expectations]
    assert len(keys) == len(set(keys))


def _told(article: str, *, kind: str = "new", story: int = 1) -> Outcome:
    return Outcome(watch="w", article=article, told=kind, story=story)


def _quiet(article: str, reason: str, *, story: int = 1) -> Outcome:
    return Outcome(watch="w", article=article, reason=reason, story=story)


def _faults(expectations: tuple[Expectation, ...], outcomes: list[Outcome]) -> list[str]:
    return [each.fault for each in compare(Expected(expectations=expectations, limits={}), outcomes)]
