"""Figures in words."""

from __future__ import annotations

from monitor.stories.evidence import WORDS, in_words
from monitor.stories.scoring import weights

FIGURES = {"lead": 0.5, "title": 0.9, "quantities_differ": 1.1, "later": 0.7, "figures": 0.0, "probability": 0.4}


def test_every_figure_has_words() -> None:
    assert WORDS.keys() == weights().keys() - {"bias", "threshold"}


def test_what_speaks_for_a_story_and_against_it_is_told_with_its_points() -> None:
    lead, title, differ, later = (weights()[name] for name in ("lead", "title", "quantities_differ", "later"))
    pro = f"for it: leads alike {0.5 * lead:+.1f}, title {0.9 * title:+.1f}"
    contra = f"more or fewer of the same −{-1.1 * differ:.1f}, the time since its first report −{-0.7 * later:.1f}"
    assert in_words(FIGURES) == f"{pro}; against it: {contra}"


def test_a_text_that_overlaps_hides_no_figure_of_the_story() -> None:
    beside = {"overlap_containment": 0.6, "overlap_numbers": 0.5, "overlap_title": 0.1}
    assert in_words({**FIGURES, **beside}) == in_words(FIGURES)


def test_in_an_older_verdict_the_title_of_a_text_that_overlaps_is_not_taken_for_the_storys() -> None:
    assert "title" not in in_words({**FIGURES, "containment": 0.6, "numbers": 0.5, "title": 0.1})


def test_where_no_story_was_compared_nothing_is_told() -> None:
    assert in_words({}) == in_words({"containment": 1.0, "title": 1.0}) == ""
