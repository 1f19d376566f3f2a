"""Figures in words."""

from __future__ import annotations

from monitor.stories.evidence import WORDS, in_words
from monitor.stories.scoring import weights

FIGURES = {"lead": 0.5, "title": 0.9, "quantities_differ": 1.1, "soon": -1.5, "figures": 0.0, "probability": 0.4}


def test_every_figure_has_words() -> None:
    assert WORDS.keys() == weights().keys() - {"bias", "threshold"}


def test_what_speaks_for_a_story_and_against_it_is_told_with_its_points() -> None:
    lead, title, differ = (weights()[name] for name in ("lead", "title", "quantities_differ"))
    pro = f"for it: leads alike {0.5 * lead:+.1f}, title {0.9 * title:+.1f}"
    contra = f"against it: more or fewer of the same −{-1.1 * differ:.1f}, the hours between −1.5"
    assert in_words(FIGURES) == f"{pro}; {contra}"


def test_a_text_that_overlaps_hides_no_figure_of_the_story() -> None:
    beside = {"overlap_containment": 0.6, "overlap_numbers": 0.5, "overlap_title": 0.1}
    assert in_words({**FIGURES, **beside}) == in_words(FIGURES)


def test_in_an_older_verdict_the_title_of_a_text_that_overlaps_is_not_taken_for_the_storys() -> None:
    assert "title" not in in_words({**FIGURES, "containment": 0.6, "numbers": 0.5, "title": 0.1})


def test_where_no_story_was_compared_nothing_is_told() -> None:
    assert in_words({}) == in_words({"containment": 1.0, "title": 1.0}) == ""


def test_hardly_more_than_names_in_common_is_told_for_nothing_outweighs_it() -> None:
    said = in_words({"lead": 0.39, "agreed": 0.34, "soon": 2.5, "probability": 0.3})
    assert said.endswith("against it: hardly more than names in common")
