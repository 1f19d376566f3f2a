"""Learn the line filter again from the labelled pages, or evaluate it by cross-validation over publishers.

    OMP_NUM_THREADS=1 python bench/extraction_learn.py --data DIR            # writes monitor/articles/line_filter.json
    OMP_NUM_THREADS=1 python bench/extraction_learn.py --data DIR --evaluate # prints a table, writes nothing

Needs scikit-learn (the ``bench`` extra). The same data and version yield the same file.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from extraction_pages import BELONGS_FROM, LabelledPage, Quality, belonging, labelled_pages, quality
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from monitor.articles.lines import NAMES
from monitor.articles.publisher import publisher_of
from monitor.articles.reading import lines_and_features
from monitor.model.articles import PageHints

OUTPUT = Path(__file__).parent.parent / "monitor" / "articles" / "line_filter.json"
SETTINGS: dict[str, Any] = {
    "max_iter": 120, "max_depth": 4, "learning_rate": 0.12, "l2_regularization": 1.0, "min_samples_leaf": 40,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip
KEEP_FROM = 0.35
"""Probability from which a line is kept: chosen so that recall loses a quarter of a point on news."""
NEWS_WEIGHT = 2.0
BLIND_WEIGHT = 0.5
"""Of each line's copy without what only Latin letters tell."""

LATIN_ONLY = tuple(map(NAMES.index, ("capitals", "starts_lower", "cue_end", "cue_by", "cue_money")))
"""Features that say nothing, or something else, in scripts without capitals and in languages without cues here."""

ABOUT = (
    "Which lines of a page belong to its article. Learnt by bench/extraction_learn.py from article-extraction-benchmark"
    " (scrapinghub, MIT) and the development split of web-content-extraction-benchmark (Murrough-Foley, CC BY 4.0)."
)


@dataclass(frozen=True)
class Samples:
    """All lines of all pages: features, whether they belong, weights, and the number of their page."""

    rows: np.ndarray
    belongs: np.ndarray
    weights: np.ndarray
    pages: np.ndarray
    lines: list[list[str]]


def samples_of(pages: list[LabelledPage], *, thorough: bool) -> Samples:
    """The lines found before the filter, with their features and labels; ``thorough`` as :func:`lines_and_features`."""
    rows, belongs, weights, numbers, texts = [], [], [], [], []
    for number, page in enumerate(pages):
        lines, features = lines_and_features(page.body, PageHints(url=page.url), thorough=thorough)
        texts.append(lines)
        size = sum(map(len, lines))
        news = NEWS_WEIGHT if page.collection == "aeb" else 1.0
        for line, row, share in zip(lines, features, belonging(lines, page.text), strict=True):
            rows.append(row)
            belongs.append(share >= BELONGS_FROM)
            weights.append(news * (len(line) / size) ** 0.7)
            numbers.append(number)
    return Samples(np.array(rows), np.array(belongs), np.array(weights), np.array(numbers), texts)


def learnt(samples: Samples, chosen: np.ndarray) -> HistGradientBoostingClassifier:
    """A model of the chosen lines, each also as it would look in another script: the labelled pages are Latin."""
    rows, belongs, weights = samples.rows[chosen], samples.belongs[chosen], samples.weights[chosen]
    return HistGradientBoostingClassifier(**SETTINGS).fit(
        np.concatenate([rows, blind(rows)]),
        np.concatenate([belongs, belongs]),
        sample_weight=np.concatenate([weights, BLIND_WEIGHT * weights]),
    )


def blind(rows: np.ndarray) -> np.ndarray:
    """The lines as they would look in a script without capitals and a language without cues."""
    copies = rows.copy()
    copies[:, LATIN_ONLY] = 0
    return copies


def exported(model: HistGradientBoostingClassifier) -> dict[str, Any]:
    """The model as JSON: nested lists ``[feature, threshold, at most, above]``."""
    trees = [_exported_tree(predictors[0].nodes, 0) for predictors in model._predictors]  # noqa: SLF001 - it has no public export
    base = round(float(model._baseline_prediction.ravel()[0]), 4)  # noqa: SLF001 - likewise
    return {"about": ABOUT, "features": list(NAMES), "keep_from": KEEP_FROM, "base": base, "trees": trees}


def _exported_tree(nodes: np.ndarray, index: int) -> Any:
    node = nodes[index]
    if node["is_leaf"]:
        return round(float(node["value"]), 3)
    threshold = float(f"{node['num_threshold']:.5g}")
    left, right = (_exported_tree(nodes, int(node[side])) for side in ("left", "right"))
    return [int(node["feature_idx"]), threshold, left, right]


def evaluate(pages: list[LabelledPage], learning: Samples, samples: Samples) -> None:
    """Print the quality at several thresholds; no page is judged by a model that saw its publisher.

    Models learn from the lines of ``learning`` and judge those of ``samples``, which are what is read in service.
    """
    publishers = [publisher_of(page.url) for page in pages]
    numbers = {publisher: number for number, publisher in enumerate(sorted(set(publishers)))}
    group = np.array([numbers[publisher] for publisher in publishers])
    own, other = np.zeros(len(samples.belongs)), np.zeros(len(samples.belongs))
    for learn, judge in GroupKFold(5).split(learning.rows, learning.belongs, group[learning.pages]):
        judged = np.isin(group[samples.pages], np.unique(group[learning.pages[judge]]))
        model = learnt(learning, learn)
        own[judged] = model.predict_proba(samples.rows[judged])[:, 1]
        other[judged] = model.predict_proba(blind(samples.rows[judged]))[:, 1]
    print("| pages | kept from | precision | recall | F1 | foreign |\n|---|---|---|---|---|---|")
    report(pages, samples, own, (0.0, 0.2, 0.3, KEEP_FROM, 0.4, 0.5), "")
    report(pages, samples, other, (KEEP_FROM,), ", as of another script")


def report(
    pages: list[LabelledPage], samples: Samples, chances: np.ndarray, thresholds: tuple[float, ...], note: str
) -> None:
    """The rows of the table for all pages and for news."""
    for name, chosen in (("all", {"aeb", "wcxb"}), ("news (aeb)", {"aeb"})):
        for least in thresholds:
            texts = kept_texts(samples, chances, least)
            pairs = [(text, page) for text, page in zip(texts, pages, strict=True) if page.collection in chosen]
            found = quality([text for text, _ in pairs], [page for _, page in pairs])
            print(row(f"{name}{note}", f"{least:.2f}", found))


def kept_texts(samples: Samples, chances: np.ndarray, least: float) -> list[str]:
    """The pages' texts with the lines that have at least the chance ``least``."""
    texts, start = [], 0
    for lines in samples.lines:
        kept = [
            line for line, chance in zip(lines, chances[start : start + len(lines)], strict=True) if chance >= least
        ]
        enough = sum(map(len, kept)) >= sum(map(len, lines)) / 2
        texts.append("\n".join(kept if enough else lines))
        start += len(lines)
    return texts


def row(*cells: str | Quality) -> str:
    """A row of the table."""
    shown = [
        f"{cell.precision:.4f} | {cell.recall:.4f} | {cell.f1:.4f} | {cell.foreign:.1%}"
        if isinstance(cell, Quality) else cell
        for cell in cells
    ]  # fmt: skip
    return f"| {' | '.join(shown)} |"


def main() -> None:
    """Parse the command line and do one of the two."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that has extraction-dev/")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    parser.add_argument("--evaluate", action="store_true", help="cross-validate instead of writing the filter")
    options = parser.parse_args()
    pages = labelled_pages(options.data)
    samples = samples_of(pages, thorough=True)
    if options.evaluate:
        evaluate(pages, samples, samples_of(pages, thorough=False))
        return
    model = learnt(samples, np.ones(len(samples.belongs), dtype=bool))
    stored = exported(model)
    assert math.isfinite(stored["base"])
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in stored.pop("trees"))
    head = json.dumps(stored, ensure_ascii=False, indent=1).removesuffix("\n}")
    options.output.write_text(f'{head},\n "trees": [\n{trees}\n]}}\n', "utf-8")
    size = options.output.stat().st_size
    print(f"{options.output}: {size:,} bytes, from {len(samples.belongs):,} lines of {len(pages)} pages")


if __name__ == "__main__":
    main()
