"""Pages a second through the workers of the service, beside what trafilatura alone takes for the same pages.

    PYTHONPATH=bench python bench/extraction_throughput.py --data DIR [--pages 400] [--workers 2]

Counted is the steady state, as in a service: the workers have read some pages before the clock starts. The
yardstick, ``bare_extraction()`` in one process, tells how fast the machine is; it takes every tenth page.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import time
from datetime import timedelta
from pathlib import Path

import trafilatura
from extraction_pages import LabelledPage, labelled_pages

from monitor.articles.extract import explain_article
from monitor.model.articles import PageHints, Reading
from monitor.workers.pool import WorkerPool

WARMING = 20
AHEAD = 3
"""Pages on their way for each worker."""


def main() -> None:
    """Parse the command line, measure news pages and all pages, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that has extraction-dev/")
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    pages = labelled_pages(options.data)
    print("| pages | number | bare_extraction(), pages a CPU second | monitor, pages a CPU second | pages a second |")
    print("|---|---|---|---|---|")
    for name, chosen in (("news (aeb)", [page for page in pages if page.collection == "aeb"]), ("all", pages)):
        taken = chosen[:: max(1, len(chosen) // options.pages)][: options.pages]
        wall, cpu = asyncio.run(through_workers(taken, options.workers))
        print(
            f"| {name} | {len(taken)} | {yardstick(taken[::10]):.1f} | {len(taken) / cpu:.1f} "
            f"| {len(taken) / wall:.1f} with {options.workers} workers |",
            flush=True,
        )


def yardstick(pages: list[LabelledPage]) -> float:
    """Pages a CPU second of ``bare_extraction()``."""
    started = time.process_time()
    for page in pages:
        trafilatura.bare_extraction(page.body, include_comments=False, with_metadata=True)
    return len(pages) / (time.process_time() - started)


async def through_workers(pages: list[LabelledPage], count: int) -> tuple[float, float]:
    """Seconds from the first page to the last, and CPU seconds of the readings."""
    async with WorkerPool(count) as workers:
        gate = asyncio.Semaphore(AHEAD * count)

        async def read(page: LabelledPage) -> timedelta:
            async with gate:
                hints = PageHints(url=page.url)
                outcome = await workers.run(explain_article, page.body, hints, deadline=timedelta(seconds=60))
                return outcome.elapsed if isinstance(outcome, Reading) else timedelta()

        await asyncio.gather(*map(read, pages[:WARMING]))
        started = time.monotonic()
        spent = await asyncio.gather(*map(read, pages))
        return time.monotonic() - started, sum(spent, timedelta()).total_seconds()


if __name__ == "__main__":
    main()
