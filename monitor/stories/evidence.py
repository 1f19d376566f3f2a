"""The figures of a verdict in words, for people: what spoke for a story and what against it.

Each is given in points of the logit, its weight times its value; the probability comes from their sum and a bias.
"""

from __future__ import annotations

from collections.abc import Mapping

from monitor.stories.scoring import weights

WORDS = {
    "lead": "leads alike",
    "agreed": "what its leads agree on",
    "title": "title",
    "strange_name": "a name that it does not know",
    "missing_names": "names that are missing",
    "nameless": "no names to compare",
    "figures": "numbers that it knows",
    "quantities_agree": "as many of the same",
    "quantities_differ": "more or fewer of the same",
    "same_date": "the same date",
    "same_year": "the same year",
    "reports": "its many reports",
    "another_language": "another language",
    "another_day": "another day",
    "another_weekday": "another weekday",
    "soon": "soon after its first report",
    "later": "the time since its first report",
    "undated": "unknown hours between",
    "names_only": "hardly more than names in common",
}
LEAST = 0.1
"""Points under which a figure is not worth a word."""


def in_words(scores: Mapping[str, float]) -> str:
    """What spoke for the nearest story and against it, the weightiest first; empty where none was compared."""
    if "probability" not in scores:
        return ""
    # Verdicts recorded before a text that overlaps had a place of its own, "overlap_", have its "title" here.
    compared = [name for name in WORDS if name in scores and not (name == "title" and "containment" in scores)]
    points = sorted(
        ((weights()[name] * scores[name], WORDS[name]) for name in compared), key=lambda each: -abs(each[0])
    )
    pro = [f"{said} {value:+.1f}" for value, said in points if value >= LEAST]
    contra = [f"{said} {value:+.1f}".replace("-", "−") for value, said in points if value <= -LEAST]
    sides = (("for it", pro), ("against it", contra))
    return "; ".join(f"{side}: {', '.join(told)}" for side, told in sides if told)
