"""Which lines of a body do not belong to the article: gradient-boosted trees, learnt from labelled pages.

The trees stand in ``line_filter.json``, readable: a node is ``[feature, threshold, at most, above]``, a leaf a number,
and the sum of the leaves is the log-odds that the line belongs. ``bench/extraction_learn.py`` learns them again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, TypeAlias

from lxml.html import HtmlElement

from monitor.articles.lines import NAMES, features
from monitor.model.articles import DroppedLine

Tree: TypeAlias = Any
"""``[feature, threshold, Tree, Tree]`` or a number."""

MOST_LINES = 3000
"""A body of more lines is a list of something; it is left as it is."""


@lru_cache(maxsize=1)
def _learnt() -> tuple[float, Callable[..., float]]:
    """Least log-odds of a line that is kept, and the log-odds of a line by its features."""
    stored = json.loads(resources.files("monitor.articles").joinpath("line_filter.json").read_text("utf-8"))
    if stored["features"] != list(NAMES):
        raise ValueError("line_filter.json was learnt with other features: learn it again")
    keep = float(stored["keep_from"])
    return math.log(keep / (1 - keep)), _compiled(float(stored["base"]), stored["trees"])


def without_foreign_lines(
    lines: list[str], tree: HtmlElement, titles: Sequence[str]
) -> tuple[list[str], list[DroppedLine]]:
    """The lines that belong to the article, and those that do not, in their order.

    Where less than half of the body would be left, the filter is taken to be wrong about this page: all of it stays.
    """
    if not 2 <= len(lines) <= MOST_LINES:
        return lines, []
    least, odds_of = _learnt()
    kept: list[str] = []
    dropped: list[DroppedLine] = []
    for line, row in zip(lines, features(lines, tree, titles), strict=True):
        odds = odds_of(*row)
        if odds >= least:
            kept.append(line)
        else:
            share = 1 / (1 + math.exp(-odds))
            dropped.append(DroppedLine(text=line, reason=f"not of the article (belongs with {share:.0%})"))
    if sum(map(len, kept)) < sum(map(len, lines)) / 2:
        return lines, []
    return kept, dropped


def _compiled(base: float, trees: list[Tree]) -> Callable[..., float]:
    """The sum of the trees as a function of the features: four times faster than to walk them."""
    parameters = ", ".join(f"f{number}" for number in range(len(NAMES)))
    terms = [repr(base), *map(_expression, trees)]
    return eval(f"lambda {parameters}: {' + '.join(terms)}")  # type: ignore[no-any-return]  # noqa: S307 - numbers only


def _expression(tree: Tree) -> str:
    """Of numbers that are converted here, whatever the file has."""
    if not isinstance(tree, list):
        return repr(float(tree))
    feature, threshold, at_most, above = tree
    return f"({_expression(at_most)} if f{int(feature)} <= {float(threshold)!r} else {_expression(above)})"
