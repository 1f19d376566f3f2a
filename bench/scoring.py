"""What each rule of the score brings, on the labelled articles of the tests.

``python -m bench.scoring`` prints, for each sample, the precision of the boolean, of the score, and of the score
without one of its rules, each at the best threshold that keeps nine events of ten; and what a fixed ``min_score``
gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from monitor.watches import scoring
from monitor.watches.matcher import Matcher
from tests.watches import samples
from tests.watches.samples import BALKH_EXPLOSION, Figures, Labelled, Pairs, at, figures, matcher_of, scored

SAMPLES = {
    "newsroom": (BALKH_EXPLOSION, samples.newsroom),
    "development": (samples.development_watchlist(), samples.development),
    "held out": (BALKH_EXPLOSION, samples.held_out),
    "held out, other events": (samples.development_watchlist(), samples.held_out_other),
}
WITHOUT = {
    "without looking back": {"LOOKING_BACK": 1.0},
    "without named once": {"NAMED_ONCE": 1.0},
    "places and closeness alone": {"LOOKING_BACK": 1.0, "NAMED_ONCE": 1.0},
}
FIXED = (0.3, 0.4, 0.5)


def main() -> None:
    """Print both tables."""
    found = {name: variants(matcher_of(spec), sample()) for name, (spec, sample) in SAMPLES.items()}
    columns = next(iter(found.values())).keys()
    print(f"| | articles | events | boolean | {' | '.join(columns)} |\n|{'---|' * (4 + len(columns))}")
    for name, pairs in found.items():
        figured = [figures(each) for each in pairs.values()]
        whole = figured[0]
        cells = [whole.articles, whole.events, f"{whole.boolean:.2f}", *map(_cell, figured)]
        print(f"| {name} | {' | '.join(map(str, cells))} |")
    print(f"\n| precision at recall from | {' | '.join(map(str, FIXED))} |\n|{'---|' * (1 + len(FIXED))}")
    for name, pairs in found.items():
        print(f"| {name} | {' | '.join('{:.2f} at {:.2f}'.format(*at(pairs['score'], low)) for low in FIXED)} |")


def variants(matcher: Matcher, sample: list[Labelled]) -> Mapping[str, Pairs]:
    """The scores of a sample, with all rules, without some, and of texts on one line."""
    found = {"score": scored(matcher, sample)}
    for rule, constants in WITHOUT.items():
        with _set(constants):
            found[rule] = scored(matcher, sample)
    return found | {"without line breaks": scored(matcher, list(map(_on_one_line, sample)))}


def _cell(found: Figures) -> str:
    gain = found.precision / found.boolean
    return f"{found.precision:.2f} × {gain:.1f} (recall {found.recall:.2f}, score ≥ {found.threshold:.2f})"


def _on_one_line(each: Labelled) -> Labelled:
    return replace(each, article=replace(each.article, text=" ".join(each.article.text.split())))


@contextmanager
def _set(constants: Mapping[str, float]) -> Iterator[None]:
    before = {name: getattr(scoring, name) for name in constants}
    vars(scoring).update(constants)
    try:
        yield
    finally:
        vars(scoring).update(before)


if __name__ == "__main__":
    main()
