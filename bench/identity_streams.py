"""Streams of labelled events with syndication, churn and re-polls, through the whole ladder in SQLite.

    python bench/identity_streams.py --data DIR [--streams 2] [--mode "no dates"] [--write ITEMS.jsonl]

Every report of an event comes once by its own outlet; half of them are syndicated: whole, cut to half or to 60 words,
under another headline, with an outlet's own boilerplate around. Everything is polled again with churned addresses and
guids, and with cosmetic edits. Prints a markdown table; with --write the stream goes to a file for `monitor replay`
instead. Words are weighed by counts from other texts (DIR/extraction-dev), for the shipped ones have seen these very
events; the shipped weights are used, which have seen them too. Needs numpy.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from identity_learn import background_of, pages_of

from monitor.model.articles import Article, Method
from monitor.model.settings import Settings
from monitor.model.stories import Placement, Rung
from monitor.pipeline.place import place
from monitor.store.database import Store
from monitor.stories import rarity

START = datetime(2024, 1, 1, tzinfo=UTC)
OUTLETS = 60
MODES = ("ordinary", "a day apart", "no dates")
SILENT = (Rung.ITEM, Rung.ARTICLE, Rung.COPY)
PLEAS = (
    "Sign up for our newsletter and get the stories that matter every morning.",
    "Support independent journalism with a small gift today.",
    "This site uses cookies to remember you and to measure its readership.",
    "Follow us on our channels for breaking stories around the clock.",
    "All rights reserved. No part of this page may be used without permission.",
)


@dataclass(frozen=True)
class Item:
    at: datetime
    event: str
    kind: str
    feed: str
    guid: str
    url: str
    title: str
    text: str


def rows_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").strip().split("\n")]


def stream_of(rows: Sequence[dict], *, seed: int, mode: str) -> list[Item]:
    choice = random.Random(seed)
    starts = _starts(rows, choice, mode)
    items: list[Item] = []
    for n, row in enumerate(rows):
        hours = 0.0 if mode == "no dates" else min(choice.expovariate(1 / 14), 60)
        at = START + timedelta(hours=starts[row["event"]] + hours, seconds=choice.uniform(0, 600))
        items += _life_of(row, n, at, choice)
    return sorted(items, key=lambda item: item.at)


def _starts(rows: Sequence[dict], choice: random.Random, mode: str) -> dict[str, float]:
    starts: dict[str, float] = {}
    of_topic: dict[int, float] = {}
    for row in rows:
        if row["event"] not in starts:
            own = 0.0 if mode == "no dates" else choice.uniform(0, 60 * 24)
            if mode == "a day apart":
                own = of_topic[row["topic"]] + 24 if row["topic"] in of_topic else own
                of_topic.setdefault(row["topic"], own)
            starts[row["event"]] = own
    return starts


def _life_of(row: dict, n: int, at: datetime, choice: random.Random) -> Iterator[Item]:
    outlet = choice.randrange(OUTLETS)
    title, text = row["sents"][0], "\n".join(row["sents"][1:])
    first = _item(row, "report", at=at, outlet=outlet, slug=f"r{n}", title=title, text=text)
    yield first
    yield from _polled_again(first, choice)
    words = text.split()
    if len(words) < 120 or choice.random() < 0.5:
        return
    for copy in range(choice.randint(1, 4)):
        other = (outlet + 1 + choice.randrange(OUTLETS - 1)) % OUTLETS
        kind, body, headline = _syndicated(title, text, words, other, choice)
        later = at + timedelta(minutes=choice.uniform(2, 600))
        copied = _item(row, kind, at=later, outlet=other, slug=f"r{n}c{copy}", title=headline, text=body)
        yield copied
        yield from _polled_again(copied, choice)


def _syndicated(title: str, text: str, words: list[str], outlet: int, choice: random.Random) -> tuple[str, str, str]:
    kind = choice.choice(("whole", "half", "60 words", "boilerplate", "headline"))
    if kind == "half":
        return kind, " ".join(words[: len(words) // 2]), title
    if kind == "60 words":
        return kind, " ".join(words[:60]), title
    if kind == "boilerplate":
        pleas = [f"{plea} ({OUTLETS + outlet})" for plea in PLEAS]
        return kind, "\n".join([pleas[0], pleas[1], text, *pleas[2:]]), title
    if kind == "headline":
        return kind, text, " ".join(words[choice.randrange(10) :][:9])
    return kind, text, title


def _polled_again(item: Item, choice: random.Random) -> Iterator[Item]:
    for n in range(choice.randint(0, 2)):
        later = item.at + timedelta(minutes=choice.uniform(15, 900))
        kind = choice.choice(("unchanged", "guid churn", "address churn", "cosmetic"))
        guid = f"{item.guid}-{n}" if kind == "guid churn" else item.guid
        url = f"{item.url}?utm_source=rss&utm_campaign={n}" if kind == "address churn" else item.url
        text = item.text
        if kind == "cosmetic":
            text = (
                f"{text}\nUpdated {choice.randrange(24)}:{choice.randrange(60):02} GMT\n{choice.randrange(90)} comments"
            )
        yield Item(later, item.event, kind, item.feed, guid, url, item.title, text)


def _item(row: dict, kind: str, *, at: datetime, outlet: int, slug: str, title: str, text: str) -> Item:
    host = f"outlet{outlet}.example"
    return Item(at, row["event"], kind, host, f"https://{host}/?p={slug}", f"https://{host}/news/{slug}", title, text)


@dataclass
class Tally:
    items: int = 0
    events: int = 0
    new: int = 0
    lost: int = 0
    wrong_silent: int = 0
    cpu: float = 0.0

    def __post_init__(self) -> None:
        self.copies: Counter[str] = Counter()
        self.recognised: Counter[str] = Counter()
        self.cosmetic = 0
        self.false_updates = 0


def run(items: Sequence[Item], tally: Tally, *, dated: bool) -> None:
    store = Store(None)
    event_of_article: dict[int, str] = {}
    told: set[str] = set()
    began = time.process_time()
    for item in items:
        published = item.at if dated else None
        article = Article(url=item.url, title=item.title, text=item.text, published=published, method=Method.GIVEN)
        with store.transaction() as db:
            placement = place(db, article, feed=item.feed, guid=item.guid, now=item.at, settings=Settings())
        _count(item, placement, event_of_article, told, tally)
    tally.cpu += time.process_time() - began
    tally.items += len(items)
    events = {item.event for item in items}
    tally.events += len(events)
    tally.lost += len(events - told)
    store.close()


def _count(item: Item, placement: Placement, events: dict[int, str], told: set[str], tally: Tally) -> None:
    if placement.rung is Rung.NEW:
        tally.new += 1
        told.add(item.event)
    if placement.rung in SILENT and placement.target is not None and events[placement.target] != item.event:
        tally.wrong_silent += 1
    events.setdefault(placement.article_id, item.event)
    if item.kind in ("whole", "half", "60 words", "boilerplate", "headline"):
        tally.copies[item.kind] += 1
        tally.recognised[item.kind] += placement.rung is Rung.COPY
    if item.kind in ("cosmetic", "unchanged", "guid churn", "address churn"):
        tally.cosmetic += 1
        tally.false_updates += bool(placement.changes) or placement.rung in (Rung.NEW, Rung.STORY, Rung.COPY)


def write(items: Sequence[Item], path: Path, *, dated: bool) -> None:
    keys = ("feed", "guid", "url", "title", "text")
    lines = [_times(each.at, dated) | {key: getattr(each, key) for key in keys} for each in items]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")


def _times(at: datetime, dated: bool) -> dict[str, str]:
    return dict.fromkeys(("at", "published") if dated else ("at",), at.isoformat())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--streams", type=int, default=2)
    parser.add_argument("--mode", choices=MODES, action="append")
    parser.add_argument("--write", type=Path, help="write the stream of the first mode and stop")
    options = parser.parse_args()
    path = options.data / "ecbplus-dev.jsonl"
    if not path.exists():
        parser.exit(0, f"skipped: {path} is absent\n")
    rows = rows_of(path)
    if options.write:
        mode = (options.mode or MODES)[0]
        write(stream_of(rows, seed=0, mode=mode), options.write, dated=mode != "no dates")
        return
    heads = (
        "stream",
        "items",
        "new per event",
        "events lost",
        "wrong silent",
        "false updates",
        "items per CPU s",
        "copies",
    )
    print(f"| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    counts = background_of(pages_of(options.data / "extraction-dev" / "gold.jsonl"))
    with patch.object(rarity, "background", lambda: counts):
        measure(rows, options.mode or MODES, options.streams)


def measure(rows: Sequence[dict], modes: Sequence[str], streams: int) -> None:
    for mode in modes:
        tally = Tally()
        for seed in range(streams):
            run(stream_of(rows, seed=seed, mode=mode), tally, dated=mode != "no dates")
        copies = ", ".join(f"{kind} {tally.recognised[kind] / n:.3f}" for kind, n in sorted(tally.copies.items()))
        per_event, speed = tally.new / tally.events, tally.items / tally.cpu
        false = f"{tally.false_updates} of {tally.cosmetic}"
        lost = f"{tally.lost} of {tally.events}"
        cells = (mode, tally.items, f"{per_event:.2f}", lost, tally.wrong_silent, false, f"{speed:.0f}", copies)
        print(f"| {' | '.join(map(str, cells))} |", flush=True)


if __name__ == "__main__":
    main()
