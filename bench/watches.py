"""Speed, build time and memory of the matcher, beside what else can be installed.

``python -m bench.watches --data DIR`` reads ``DIR/extraction-dev/gold.jsonl`` (or ``--articles FILE``), warms every
rival on one half of the articles and measures CPU time per article on the other. Build time and memory are taken in a
process of their own.
"""

from __future__ import annotations

import argparse
import gc
import re
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

from bench.watches_data import Generator, Rule, articles_from
from bench.watches_rivals import Count, fts5, regex_loop
from monitor.model.articles import Article
from monitor.model.watches import WatchlistSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.matcher import Matcher

RIVALS_UP_TO = {"re": 1_000, "re2": 10_000, "fts5": 10_000}
"""Most watches that a rival is given; more would take hours."""
TURNS = 5
"""Times that the yardstick is read beside a rival, which is given few articles."""


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="directory with extraction-dev/gold.jsonl")
    options.add_argument("--articles", type=Path, help="JSON lines with title and text")
    options.add_argument("--watches", type=int, nargs="+", default=[100, 1_000, 10_000, 100_000])
    options.add_argument("--no-rivals", action="store_true")
    options.add_argument("--rival-articles", type=int, default=8)
    options.add_argument("--build", type=int, help=argparse.SUPPRESS)
    given = options.parse_args()
    path = given.articles or (given.data and given.data / "extraction-dev" / "gold.jsonl")
    if path is None or not path.exists():
        sys.exit("no articles: give --data DIR or --articles FILE")
    if given.build:
        print_build(path, given.build)
        return
    compare(articles_from(path), given.watches, None if given.no_rivals else given.rival_articles)
    print("\n| watches | build, CPU s | findall then, ms | memory, MB | and of spellings |\n|---|---|---|---|---|")
    for count in given.watches:
        subprocess.run(
            [sys.executable, "-m", "bench.watches", "--articles", str(path), "--build", str(count)], check=True
        )


def compare(articles: list[Article], counts: list[int], rival_articles: int | None) -> None:
    """CPU time per article for each number of watches."""
    warm, measured = articles[::2], articles[1::2]
    mean = sum(len(each.text.encode()) for each in articles) / len(articles)
    print(f"{len(measured)} articles of {mean / 1000:.1f} KB, after {len(warm)} others; ms of CPU per article.")
    print(f"One `re.findall(r'\\w+', text)` took {yardstick(measured):.2f} ms in the same run.\n")
    print("Beside the milliseconds: how many times `findall` over the same article, in turns.\n")
    print("| watches | terms each | hits | first sight | known | re2 loop | re loop | FTS5 |")
    print("|---|---|---|---|---|---|---|---|")
    generator = Generator(articles)
    for count in counts:
        rules = generator.rules(count)
        compiled = compile_watchlist(WatchlistSpec(watches=generator.specs(rules)))
        assert compiled.matcher is not None, compiled.faults[:3]
        first, ours, hits, ratio = measure(compiled.matcher, warm, measured)
        terms = sum(rule.terms() for rule in rules) / count
        rivals = ["–"] * 3 if rival_articles is None else rivals_of(rules, measured[:rival_articles])
        cells = [f"{count:,}", f"{terms:.1f}", f"{hits:.2f}", f"{first:.2f} (×{ratio:.1f})", f"{ours:.2f}", *rivals]
        print(f"| {' | '.join(cells)} |", flush=True)


def yardstick(articles: list[Article]) -> float:
    """Milliseconds of CPU per article for the simplest tokenisation: what this machine makes of it today."""
    words = re.compile(r"\w+")
    start = time.process_time()
    for article in articles:
        words.findall(article.text)
    return (time.process_time() - start) / len(articles) * 1000


def measure(matcher: Matcher, warm: list[Article], articles: list[Article]) -> tuple[float, float, float, float]:
    """Milliseconds of CPU per article on first sight and again, hits per article, and first sight beside
    ``re.findall`` over the same text, taken in turns so that noise meets both. ``warm`` is read before."""
    matcher = matcher.tuned(warm)
    gc.collect()
    gc.freeze()
    for article in warm:
        matcher.match(article)
    words = re.compile(r"\w+")
    hits = 0
    first = bare = 0.0
    for article in articles:
        start = time.process_time()
        words.findall(article.text)
        middle = time.process_time()
        matcher.match(article)
        bare, first = bare + middle - start, first + time.process_time() - middle
    passes = [first / len(articles) * 1000]
    for _ in range(2):
        start = time.process_time()
        hits = sum(len(matcher.match(article)) for article in articles)
        passes.append((time.process_time() - start) / len(articles) * 1000)
    gc.unfreeze()
    return passes[0], min(passes[1:]), hits / len(articles), first / bare


def rivals_of(rules: list[Rule], articles: list[Article]) -> list[str]:
    """A cell for each rival."""
    cells = []
    for name in ("re2", "re", "fts5"):
        if len(rules) > RIVALS_UP_TO[name]:
            cells.append("–")
            continue
        rival = _rival(name, rules)
        cells.append("not installed" if rival is None else cost(rival, articles))
    return cells


def _rival(name: str, rules: list[Rule]) -> Count | None:
    if name == "fts5":
        return fts5(rules)
    if name == "re":
        return regex_loop(rules, re)
    try:
        import re2  # noqa: PLC0415 - optional
    except ImportError:
        return None
    return regex_loop(rules, re2)


def cost(rival: Count, articles: list[Article]) -> str:
    """Milliseconds of CPU per article, after one article for warmth, and how many times ``re.findall`` in turns."""
    words = re.compile(r"\w+")
    rival(articles[0])
    bare = spent = 0.0
    for article in articles:
        start = time.process_time()
        for _ in range(TURNS):
            words.findall(article.text)
        middle = time.process_time()
        rival(article)
        bare, spent = bare + (middle - start) / TURNS, spent + time.process_time() - middle
    return f"{spent / len(articles) * 1000:.1f} (×{spent / bare:,.0f})"


def print_build(path: Path, count: int) -> None:
    """A row with the CPU time of compiling, the yardstick just before and after, and the memory of what stays: the
    matcher, and what it remembers when it has read all articles."""
    articles = articles_from(path)
    generator = Generator(articles)
    spec = WatchlistSpec(watches=generator.specs(generator.rules(count)))
    before = yardstick(articles)
    start = time.process_time()
    compiled = compile_watchlist(spec)
    seconds = time.process_time() - start
    bare = (before + yardstick(articles)) / 2
    del compiled
    tracemalloc.start()
    matcher = compile_watchlist(spec).matcher
    assert matcher is not None
    gc.collect()
    megabytes = tracemalloc.get_traced_memory()[0] / 1e6
    for article in articles:
        matcher.match(article)
    gc.collect()
    remembered = tracemalloc.get_traced_memory()[0] / 1e6 - megabytes
    print(f"| {count:,} | {seconds:.2f} | {bare:.2f} | {megabytes:.0f} | {remembered:.0f} |", flush=True)


if __name__ == "__main__":
    main()
