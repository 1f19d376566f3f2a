"""Fidelity of the parse room, held against feedparser's own test suite (BSD-2), which is fetched by pip at run time.

Each file of the suite has a document and an expression that must hold of feedparser's result. Two scores: through the
door (``monitor.feeds.syndication.read``: our flags, encodings and clipping), with the whole expression; and through
``parse_document``, with those expressions that speak only of what our entries have.

    python bench/polling_parse.py [--sdist feedparser-6.x.tar.gz] [--show]
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser

from monitor.feeds.parse import parse_document
from monitor.feeds.syndication import read
from monitor.model.feeds import FeedDocument, ListedEntry

EXPECT = re.compile(rb"Description:\s*(.*?)\s*Expect:\s*(.*)\s*-->")
HEADER = re.compile(rb"^Header:\s+([^:]+):(.+)$", re.MULTILINE)
SKIP = re.compile(rb"SkipUnless:\s*(.*?)\n")
OURS = {
    "title", "id", "guid", "link", "summary", "description", "content", "value", "author", "published_parsed",
    "updated_parsed", "language", "term", "tags", "date_parsed",
}  # fmt: skip


def fetch(directory: Path) -> Path:
    """The source distribution of the installed feedparser, from the package index."""
    wanted = f"feedparser=={feedparser.__version__}"
    order = [
        sys.executable,
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-binary",
        ":all:",
        wanted,
        "-d",
        directory,
    ]
    subprocess.run(order, check=True)
    return next(directory.glob("feedparser-*.tar.gz"))


def cases(root: Path) -> Iterator[tuple[Path, bytes, str]]:
    """Path, document and expression of each test outside ``sanitize/`` that can run here."""
    for path in sorted((root / "tests").rglob("*.xml")):
        data = path.read_bytes()
        searched = recoded(path, data)
        found = EXPECT.search(searched) if searched else None
        skip = SKIP.search(searched or b"")
        if found is None or "sanitize" in path.parts or "http" in path.relative_to(root / "tests").parts[:1]:
            continue
        if skip and not runs_here(skip.group(1).decode()):
            continue
        yield path, data, found.group(2).decode().strip()


def recoded(path: Path, data: bytes) -> bytes | None:
    if "encoding" not in str(path):
        return data
    for bom, name in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(bom):
            return data.decode(name).encode()
    for start, name in (
        (b"<\0?\0", "utf-16le"), (b"\0<\0?", "utf-16be"), (b"<\0\0\0", "utf-32le"), (b"\0\0\0<", "utf-32be"),
        (b"\x4c\x6f\xa7\x94", "cp037"),
    ):  # fmt: skip
        if data.startswith(start):
            return data.decode(name).encode()
    return data


def runs_here(condition: str) -> bool:
    try:
        return bool(eval(condition, {"__import__": __import__}))
    except (ImportError, LookupError, NotImplementedError, AttributeError, NameError):
        return False


def as_feedparser_names(entry: ListedEntry) -> dict[str, Any]:
    """Our entry under feedparser's names."""
    times = {"published": entry.published, "updated": entry.updated}
    named: dict[str, Any] = {
        "title": entry.title_markup or entry.title,
        "id": entry.guid,
        "guid": entry.guid,
        "link": entry.url,
        "summary": entry.summary,
        "description": entry.summary,
        "content": [NamedDict(value=entry.content, language=entry.language)],
        "author": entry.author,
        "language": entry.language,
        "tags": [NamedDict(term=tag) for tag in entry.tags],
        **{f"{key}_parsed": instant and instant.utctimetuple() for key, instant in times.items()},
    }
    named["updated_parsed"] = named["updated_parsed"] or named["published_parsed"]
    named["date_parsed"] = named["updated_parsed"]
    return NamedDict(**{key: value for key, value in named.items() if value not in (None, "")})


class NamedDict(dict[str, Any]):
    """A dictionary whose keys are attributes, too."""

    __getattr__ = dict.__getitem__


def holds(expression: str, names: dict[str, Any]) -> bool:
    try:
        return bool(
            eval(expression, {"feedparser": feedparser, "sys": sys, "re": re, "time": time, "datetime": dt}, names)
        )
    except Exception:  # noqa: BLE001 - an expression fails in any way it likes
        return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sdist", type=Path)
    parser.add_argument("--show", action="store_true", help="print the tests that fail")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as directory:
        sdist = options.sdist or fetch(Path(directory))
        with tarfile.open(sdist) as archive:
            archive.extractall(directory, filter="data")
        root = next(path for path in Path(directory).iterdir() if path.is_dir())
        run(root, show=options.show)


def run(root: Path, *, show: bool) -> None:
    score: Counter[str] = Counter()
    started = time.process_time()
    for path, data, expression in cases(root):
        headers = {k.decode().strip().lower(): v.decode().strip() for k, v in HEADER.findall(data)}
        url = (
            headers.get("content-location")
            or f"http://127.0.0.1:8097/tests/{path.relative_to(root / 'tests').as_posix()}"
        )
        is_served = "http" in path.relative_to(root).as_posix()
        kind = headers.get("content-type", "application/xml") if is_served else None
        url = url if is_served else ""
        result = read(data, content_type=kind, url=url, language=headers.get("content-language"))
        good = holds(expression, result)
        score["door", good] += 1
        if show and not good:
            print("door:", path.relative_to(root), expression[:150])
        keys = set(re.findall(r"\['(\w+)'\]|\.(\w+)", expression))
        used = {a or b for a, b in keys}
        if (
            "entries" not in expression
            or not used
            or used - OURS
            or "feed" in re.findall(r"\w+", re.sub(r"'[^']*'", "", expression))
        ):
            continue
        document = parse_document(data, content_type=kind, url=url)
        ours = isinstance(document, FeedDocument) and holds(
            expression,
            {"entries": [as_feedparser_names(each) for each in document.entries], "bozo": dict.get(result, "bozo"),
             "encoding": dict.get(result, "encoding"), "version": document.format},
        )  # fmt: skip
        score["entries", ours] += 1
        if show and not ours:
            print("entries:", path.relative_to(root), expression[:150])
    print("| what | tests | pass | share |\n|---|---|---|---|")
    for what, sentence in (
        ("door", "whole expressions through our door"),
        ("entries", "entry expressions through parse_document"),
    ):
        total = score[what, True] + score[what, False]
        print(f"| {sentence} | {total} | {score[what, True]} | {score[what, True] / total:.2%} |")
    print(f"\nCPU time {time.process_time() - started:.1f} s\n")
    delta_cost()


def delta_cost() -> None:
    """CPU of a document of 30 items of which one is new: parsed whole, and by the item delta."""
    paragraph = "<p>The bridge over the river was closed on Tuesday, said the ministry of works.</p>" * 20
    items = "".join(
        f"<item><guid>n{n}</guid><link>https://herald.example/{n}</link><title>Bridge {n} closed</title>"
        f"<pubDate>Tue, 02 Apr 2024 12:00:00 GMT</pubDate><description><![CDATA[{paragraph}]]></description></item>"
        for n in range(30)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>H</title>{items}</channel></rss>'.encode()
    first = parse_document(body, content_type=None, url="https://herald.example/", seen=frozenset())
    seen = frozenset(first.item_hashes[1:]) if isinstance(first, FeedDocument) else frozenset()

    def cost(known: frozenset[bytes] | None) -> float:
        taken = []
        for _ in range(15):
            started = time.process_time()
            parse_document(body, content_type=None, url="https://herald.example/", seen=known)
            taken.append(time.process_time() - started)
        return sorted(taken)[7] * 1000

    whole, delta = cost(None), cost(seen)
    print(f"| 30 items, one new | CPU |\n|---|---|\n| parsed whole | {whole:.1f} ms |")
    print(f"| item delta | {delta:.2f} ms (1/{whole / delta:.1f}) |")


if __name__ == "__main__":
    main()
