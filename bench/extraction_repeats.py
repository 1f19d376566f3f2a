"""Lines that repeat over the pages of a host: how many are the article's own, and what leaving them out changes.

    PYTHONPATH=bench python bench/extraction_repeats.py --data DIR

The labelled pages have few publishers with several pages, so a line counts as repeated here when it stands on one
other page of its host; the product waits for three stories. What is measured is therefore the risk, not the gain.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from extraction_pages import BELONGS_FROM, belonging, labelled_pages, quality

from monitor.articles.extract import explain_article
from monitor.articles.repeats import host_of, line_hash
from monitor.model.articles import Article, PageHints


def main() -> None:
    """Parse the command line, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder that has extraction-dev/")
    options = parser.parse_args()
    by_host = defaultdict(list)
    for page in labelled_pages(options.data):
        by_host[host_of(page.url)].append(page)
    pages, before, after = [], [], []
    own = foreign = 0
    for together in (each for each in by_host.values() if len(each) > 1):
        counts = Counter(
            line for page in together for line in set(explain_article(page.body, PageHints(url=page.url)).lines)
        )
        known = frozenset(line for line, count in counts.items() if count > 1)
        for page in together:
            plain = explain_article(page.body, PageHints(url=page.url)).article
            filtered = explain_article(page.body, PageHints(url=page.url, host_lines=known)).article
            if not isinstance(plain, Article) or not isinstance(filtered, Article):
                continue
            pages.append(page)
            before.append(plain.text)
            after.append(filtered.text)
            left = set(filtered.text.split("\n"))
            gone = [line for line in plain.text.split("\n") if line not in left and line_hash(line) in known]
            for line, share in zip(gone, belonging(gone, page.text), strict=True):
                own += share >= BELONGS_FROM
                foreign += share < BELONGS_FROM
                print(f"  {'article' if share >= BELONGS_FROM else 'foreign'}: {line[:110]}")
    print(f"\n{len(pages)} pages of publishers with several: {foreign} foreign lines left out, {own} of the article\n")
    print("| lines | precision | recall | F1 | foreign |\n|---|---|---|---|---|")
    for name, texts in (("all", before), ("without those on another page of the host", after)):
        found = quality(texts, pages)
        print(f"| {name} | {found.precision:.4f} | {found.recall:.4f} | {found.f1:.4f} | {found.foreign:.1%} |")


if __name__ == "__main__":
    main()
