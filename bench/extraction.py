"""Extraction against trafilatura on labelled pages: quality, titles, days, and CPU time in one interleaved run.

    python bench/extraction.py --data DIR [--every 1]

The shipped line filter has seen the development set; its quality on unseen publishers is what
``bench/extraction_learn.py --evaluate`` prints.
"""

from __future__ import annotations

import argparse
import logging
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import trafilatura
from extraction_pages import LabelledPage, Quality, labelled_pages, mean, quality

from monitor.articles.extract import extract_article
from monitor.articles.titles import likeness
from monitor.model.articles import Article, PageHints

RIGHT_TITLE = 0.9
T = TypeVar("T")


def main() -> None:
    """Parse the command line, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that has extraction-dev/")
    parser.add_argument("--every", type=int, default=1, help="take every n-th page only")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = labelled_pages(options.data)[:: options.every]
    stock: list[str] = []
    articles: list[Article | None] = []
    seconds: dict[str, list[float]] = {"extract()": [], "bare_extraction()": [], "monitor": []}
    extract_article(pages[0].body, PageHints(url=pages[0].url))  # what is loaded once is not counted
    for page in pages:
        stock.append(timed(seconds["extract()"], lambda page=page: trafilatura.extract(page.body)) or "")
        timed(
            seconds["bare_extraction()"],
            lambda page=page: trafilatura.bare_extraction(page.body, include_comments=False, with_metadata=True),
        )
        outcome = timed(seconds["monitor"], lambda page=page: extract_article(page.body, PageHints(url=page.url)))
        articles.append(outcome if isinstance(outcome, Article) else None)
    report(pages, stock, articles, seconds)


def timed(seconds: list[float], function: Callable[[], T]) -> T:
    """Call, and note the CPU time it took."""
    started = time.process_time()
    result = function()
    seconds.append(time.process_time() - started)
    return result


def report(
    pages: list[LabelledPage], stock: list[str], articles: list[Article | None], seconds: dict[str, list[float]]
) -> None:
    """The tables."""
    texts = [article.text if article else "" for article in articles]
    print("| pages | method | precision | recall | F1 | foreign |\n|---|---|---|---|---|---|")
    for name, chosen in (("all", {"aeb", "wcxb"}), ("news (aeb)", {"aeb"})):
        for method, found in (("trafilatura.extract()", stock), ("monitor (filter has seen them)", texts)):
            pairs = [(text, page) for text, page in zip(found, pages, strict=True) if page.collection in chosen]
            if pairs:
                line(name, method, quality([text for text, _ in pairs], [page for _, page in pairs]))
    titled = [(article, page) for article, page in zip(articles, pages, strict=True) if article and page.title]
    any_right = mean(
        max(likeness(t, page.title) for t in [*a.titles.values(), a.title]) >= RIGHT_TITLE for a, page in titled
    )
    best_right = mean(likeness(a.title, page.title) >= RIGHT_TITLE for a, page in titled)
    print(f"\ntitles: one of the variants right on {any_right:.1%}, the best one on {best_right:.1%} of {len(titled)}")
    reference = sum(seconds["bare_extraction()"])
    print("\n| method | CPU ms a page | ratio |\n|---|---|---|")
    for method, taken in seconds.items():
        print(f"| {method} | {1000 * mean(taken):.1f} | {sum(taken) / reference:.2f} |")
    print(f"\npeak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def line(pages: str, method: str, measured: Quality) -> None:
    """One row."""
    print(
        f"| {pages} | {method} | {measured.precision:.4f} | {measured.recall:.4f} | {measured.f1:.4f} "
        f"| {measured.foreign:.1%} |"
    )


if __name__ == "__main__":
    main()
