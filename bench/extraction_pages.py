"""Labelled pages and the measure of extraction that every bench here shares.

The measure is that of scrapinghub's article-extraction-benchmark: 4-gram shingles of words, precision and recall of
each page, their means, and the F1 of the means.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

WORD = re.compile(r"\w+")
SHINGLE = 4
BELONGS_FROM = 0.5
"""Share of a line's shingles that must stand in the gold text for the line to belong to it."""


@dataclass(frozen=True)
class LabelledPage:
    """A page with what a person says is on it."""

    name: str
    collection: str
    url: str
    body: bytes
    text: str
    title: str
    date: str


def labelled_pages(data: Path) -> list[LabelledPage]:
    """The development set under ``data``; ends the program with a clear message where it is absent."""
    folder = data / "extraction-dev"
    if not (folder / "gold.jsonl").exists():
        sys.exit(f"no labelled pages: {folder}/gold.jsonl is absent; name the folder of the data with --data DIR")
    pages = []
    for line in (folder / "gold.jsonl").read_text("utf-8").strip().split("\n"):
        gold = json.loads(line)
        pages.append(
            LabelledPage(
                name=gold["page"],
                collection=gold["set"],
                url=gold["url"],
                body=gzip.decompress((folder / "pages" / gold["page"]).read_bytes()),
                text=gold["text"],
                title=gold["title"] or "",
                date=gold["date"] or "",
            )
        )
    return pages


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of words with their counts; a shorter text is one shingle."""
    words = WORD.findall(text)
    if len(words) < SHINGLE:
        return Counter([tuple(words)]) if words else Counter()
    return Counter(zip(*(words[start:] for start in range(SHINGLE)), strict=False))


@dataclass(frozen=True)
class Quality:
    """Means over pages."""

    precision: float
    recall: float
    foreign: float
    """Share of pages with at least one line of 8 words or more that is not of the article."""

    @property
    def f1(self) -> float:
        """Of the means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def quality(texts: Sequence[str], pages: Sequence[LabelledPage]) -> Quality:
    """How well ``texts`` are the articles of ``pages``."""
    precisions, recalls, foreign = [], [], 0
    for text, page in zip(texts, pages, strict=True):
        found, gold = shingles(text), shingles(page.text)
        shared = (found & gold).total()
        if found:
            precisions.append(shared / found.total())
        if gold:
            recalls.append(shared / gold.total())
        foreign += any(
            len(WORD.findall(line)) >= 8 and share < BELONGS_FROM
            for line, share in zip(text.split("\n"), belonging(text.split("\n"), page.text), strict=True)
        )
    return Quality(mean(precisions), mean(recalls), foreign / len(pages))


def belonging(lines: Sequence[str], gold: str) -> list[float]:
    """For each line the share of its shingles that the gold text has; a short line belongs when it stands there."""
    stock = set(shingles(gold))
    running = f" {' '.join(WORD.findall(gold))} "
    shares = []
    for line in lines:
        words = WORD.findall(line)
        if len(words) >= SHINGLE:
            own = shingles(line)
            shares.append(sum(1 for shingle in own if shingle in stock) / len(own))
        else:
            shares.append(float(f" {' '.join(words)} " in running))
    return shares


def mean(numbers: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    listed = list(numbers)
    return sum(listed) / len(listed) if listed else 0.0
