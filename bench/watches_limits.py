"""What unusual input costs the watches: thousands of them in ``monitor check``, one word repeated, text without spaces.

``python -m bench.watches_limits --data DIR`` (or ``--articles FILE``) prints CPU seconds, beside what a bare
``re.findall`` over an article takes just before and after.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.watches import yardstick
from bench.watches_data import Generator, articles_from
from monitor.model.articles import Article
from monitor.model.watches import WatchlistSpec, WatchSpec
from monitor.watches.compile import compile_watchlist
from monitor.watches.explain import explain
from monitor.watches.matcher import Matcher

RUNS = 3
REPEATED = "bomb " * 52_000
"""260 KB."""
NEAR = "bomb NEAR/20 bomb*"
HAN = 0x4E00
HAN_USED = 500
"""Different characters of the generated Chinese."""
HAN_LETTERS = 3_000
HAN_WATCHES = 300
PARAGRAPH = 150


def main() -> None:
    """Print a line for each."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, help="directory with extraction-dev/gold.jsonl")
    options.add_argument("--articles", type=Path, help="JSON lines with title and text")
    given = options.parse_args()
    path = given.articles or (given.data and given.data / "extraction-dev" / "gold.jsonl")
    if path is None or not path.exists():
        sys.exit("no articles: give --data DIR or --articles FILE")
    articles = articles_from(path)
    generator = Generator(articles)
    queries = [rule.query() for rule in generator.rules(10_000)]
    print("| what | CPU s, median | findall, ms |\n|---|---|---|")
    for name, asked in (
        ("`monitor check` of no watch", []),
        ("of 10,000 watches", queries),
        ("of 40,000 watches, 30,000 of which are another's twin", queries * 4),
    ):
        with tempfile.TemporaryDirectory() as directory:
            config = Path(directory) / "config.toml"
            config.write_text(watchlist(asked), "utf-8")
            size = config.stat().st_size / 1e6
            report(f"{name} ({size:.1f} MB of TOML)", lambda config=config: check(config), articles)
    repeated, near = Article(url="", title="", text=REPEATED), matcher_of([NEAR])
    report("260 KB of one word, one watch with NEAR", lambda: spent(lambda: near.match(repeated)), articles)
    report("the same, explained", lambda: spent(lambda: explain(near, "0", repeated).lines()), articles)
    text = "".join(chr(HAN + (n * n * 7 + n // 3) % HAN_USED) for n in range(HAN_LETTERS))
    pairs = [(text[n * 9 : n * 9 + 2], text[n * 9 + 4 : n * 9 + 6]) for n in range(HAN_WATCHES)]
    chinese = matcher_of([f'"{one}" NEAR/10 "{other}"' for one, other in pairs])
    paragraphs = "\n".join(text[at : at + PARAGRAPH] for at in range(0, len(text), PARAGRAPH))
    for name, each in (("without a space", text), (f"in paragraphs of {PARAGRAPH}", paragraphs)):
        article = Article(url="", title="", text=each)
        what = f"{HAN_WATCHES} watches of two Chinese phrases on {HAN_LETTERS:,} characters, {name}"
        report(what, lambda article=article: spent(lambda: chinese.match(article)), articles)


def report(what: str, measure: Callable[[], float], articles: list[Article]) -> None:
    """One line of the table."""
    before = yardstick(articles)
    seconds = median(measure() for _ in range(RUNS))
    print(f"| {what} | {seconds:.2f} | {(before + yardstick(articles)) / 2:.2f} |", flush=True)


def spent(step: Callable[[], object]) -> float:
    """Seconds of CPU that a step takes."""
    start = time.process_time()
    step()
    return time.process_time() - start


def check(config: Path) -> float:
    """Seconds of CPU of the whole command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "monitor", "check", "-c", str(config)]
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def watchlist(queries: list[str]) -> str:
    """The queries as configured watches."""
    tables = (f"[[watch]]\nname = \"w{n}\"\nquery = '{query}'\n" for n, query in enumerate(queries))
    return '[channels.log]\nurl = "stdout://"\n\n' + "\n".join(tables)


def matcher_of(queries: list[str]) -> Matcher:
    """A matcher of watches that are named by their numbers."""
    watches = tuple(WatchSpec(name=str(number), query=query) for number, query in enumerate(queries))
    matcher = compile_watchlist(WatchlistSpec(watches=watches)).matcher
    assert matcher is not None
    return matcher


if __name__ == "__main__":
    main()
