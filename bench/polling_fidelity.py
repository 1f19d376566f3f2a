"""The parse room against feedparser as it comes: every entry field by field, and mutants of every document.

The documents are feedparser's own suite outside ``sanitize/``, which pip fetches, or all files of given directories.
feedparser is called with its defaults, so that it sanitizes and rewrites HTML, which we leave alone. Then each document
is cut, overwritten, cut open and added to (seeded): whatever comes of it must be a value, soon.

    python bench/polling_fidelity.py [--sdist feedparser-6.x.tar.gz] [--show] [DIRECTORY...]
"""

from __future__ import annotations

import argparse
import io
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import feedparser

from bench.polling_parse import fetch
from monitor.feeds.parse import parse_document
from monitor.model.feeds import FeedDocument, ListedEntry

DATES = {"published", "updated"}
FIELDS = ("id", "url", "title", "summary", "content", "author", "published", "updated")
WEDGES = (
    b"<",
    b"&",
    b"<![CDATA[",
    b"</item>",
    b"\0",
    b"\xff\xfe",
    b"<!--",
    b"<!DOCTYPE x [",
    b"&#xD800;",
    b"&#x110000;",
)


def theirs(entry: Any) -> dict[str, Any]:
    content = dict.get(entry, "content") or [{}]
    stated = {"id": "id", "url": "link", "title": "title", "summary": "summary", "author": "author"}
    found = {ours: dict.get(entry, name) for ours, name in stated.items()}
    found["content"] = dict.get(content[0], "value")
    return found | {name: dict.get(entry, f"{name}_parsed") for name in DATES}


def ours(entry: ListedEntry) -> dict[str, Any]:
    plain = {name: getattr(entry, name) for name in ("summary", "content", "author")}
    titled = {"id": entry.guid, "url": entry.url or entry.other_link, "title": entry.title_markup or entry.title}
    dates = {name: getattr(entry, name) for name in DATES}
    return plain | titled | {name: date and date.utctimetuple() for name, date in dates.items()}


def same(one: Any, other: Any, field: str) -> bool:
    if field in DATES and one and other:
        return datetime(*one[:6], tzinfo=UTC) - datetime(*other[:6], tzinfo=UTC) == timedelta()
    return (one or None) == (other or None)


def mutants(body: bytes, random: Random) -> Iterator[bytes]:
    at, to = sorted((random.randrange(len(body) + 1), random.randrange(len(body) + 1)))
    yield body[:at]
    overwritten = bytearray(body)
    for _ in range(3):
        overwritten[random.randrange(len(body))] = random.randrange(256)
    yield bytes(overwritten)
    yield body[:at] + body[to:]
    yield body[:at] + random.choice(WEDGES) + body[at:]


def documents(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    for root in paths:
        for path in sorted(root.rglob("*")):
            if (
                path.suffix in {".xml", ".rss", ".atom", ".rdf"}
                and "sanitize" not in path.parts
                and path.stat().st_size
            ):
                yield path, path.read_bytes()


def compare(paths: list[Path], *, show: bool) -> None:
    score: Counter[tuple[str, bool]] = Counter()
    for path, body in documents(paths):
        reference = feedparser.parse(io.BytesIO(body))
        document = parse_document(body, content_type=None, url="")
        entries = document.entries if isinstance(document, FeedDocument) else ()
        score["number of entries", len(entries) == len(reference.entries)] += 1
        for expected, entry in zip(reference.entries, entries, strict=False):
            want, have = theirs(expected), ours(entry)
            for field in FIELDS:
                equal = same(want[field], have[field], field)
                score[field, equal] += 1
                if show and not equal:
                    print(f"{field}: {path}\n  {want[field]!r:.160}\n  {have[field]!r:.160}")
    print("| field | the same |\n|---|---|")
    for field in ("number of entries", *FIELDS):
        good, total = score[field, True], score[field, True] + score[field, False]
        print(f"| {field} | {good:,} of {total:,} = {good / max(1, total):.2%} |")


def mutate(paths: list[Path]) -> None:
    random, outcomes, slowest = Random(5), Counter[str](), 0.0
    for _, body in documents(paths):
        for mutant in mutants(body, random):
            started = time.process_time()
            document = parse_document(mutant, content_type=None, url="https://herald.example/feed")
            slowest = max(slowest, time.process_time() - started)
            feed = isinstance(document, FeedDocument)
            outcomes["a feed" if feed else "no feed" if "cannot be read" not in str(document) else "unreadable"] += 1
    print("\n| mutants | number |\n|---|---|")
    for outcome, number in outcomes.most_common():
        print(f"| {outcome} | {number:,} |")
    print(f"| slowest | {slowest * 1000:.0f} ms CPU |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdist", type=Path)
    parser.add_argument("--show", action="store_true", help="print what differs")
    parser.add_argument("directories", nargs="*", type=Path)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as directory:
        paths = list(options.directories)
        if not paths:
            with tarfile.open(options.sdist or fetch(Path(directory))) as archive:
                archive.extractall(directory, filter="data")
            paths = [Path(directory)]
        compare(paths, show=options.show)
        mutate(paths)


if __name__ == "__main__":
    main()
