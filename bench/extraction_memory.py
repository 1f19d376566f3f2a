"""Memory of one process that reads many pages, and CPU time of a page: what a worker holds.

    PYTHONPATH=bench python bench/extraction_memory.py --data DIR [--pages 6000] [--largest 60000]

The labelled pages are read again and again; ``--largest`` takes the pages up to that many bytes.
"""

from __future__ import annotations

import argparse
import resource
import time
from itertools import cycle, islice
from pathlib import Path

from extraction_pages import labelled_pages

from monitor.articles.extract import extract_article
from monitor.model.articles import PageHints


def main() -> None:
    """Parse the command line, read, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that has extraction-dev/")
    parser.add_argument("--pages", type=int, default=6000)
    parser.add_argument("--largest", type=int, default=10_000_000, help="bytes of a page")
    options = parser.parse_args()
    chosen = [page for page in labelled_pages(options.data) if len(page.body) <= options.largest]
    print(f"{len(chosen)} different pages\n\n| pages read | resident MB | CPU ms a page |\n|---|---|---|")
    started = time.process_time()
    for number, page in enumerate(islice(cycle(chosen), options.pages), 1):
        extract_article(page.body, PageHints(url=page.url))
        if number == 500 or number % 2000 == 0:
            spent = 1000 * (time.process_time() - started) / number
            print(f"| {number:,} | {resident_mb():.0f} | {spent:.1f} |", flush=True)
    print(f"\npeak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def resident_mb() -> float:
    """Of this process, now."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1024**2


if __name__ == "__main__":
    main()
