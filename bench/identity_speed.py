"""How many items a CPU second climb the whole ladder, on a store of many stories.

    python bench/identity_speed.py [--stories 10000] [--items 300] [--data DIR]

Reports of 450 words are made of the background's words, by how common they are, and of rare words of their own. The
store is a file with synchronous=FULL; every measured item is a transaction of its own. With --data, the ordinary stream
of bench/identity_streams.py (reports, copies, re-polls) comes on top, its 60 days pressed into two, so that all stories
stay open. Prints a markdown table.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from identity_streams import rows_of, stream_of

from monitor.model.articles import Article, Method
from monitor.model.settings import Settings
from monitor.pipeline.place import place
from monitor.store.database import Store
from monitor.stories.rarity import background

START = datetime(2024, 1, 1, tzinfo=UTC)
WORDS = 450
OWN_WORDS = 40


def reports(n: int, seed: int) -> list[Article]:
    choice = random.Random(seed)
    counts = {word: count for word, count in sorted(background()[1].items()) if word.isascii()}
    common, frequencies = list(counts), list(counts.values())
    rare = [f"{choice.choice('bdfgklmnprst')}{choice.choice('aeiou')}{n}".translate(DIGITS) for n in range(30_000)]
    made = []
    for number in range(n):
        words = choice.choices(common, frequencies, k=WORDS - OWN_WORDS) + choice.choices(rare, k=OWN_WORDS)
        choice.shuffle(words)
        sentences = [" ".join(words[at : at + 20]).capitalize() + "." for at in range(0, WORDS, 20)]
        url = f"https://outlet{number % 60}.example/{seed}/{number}"
        made.append(
            Article(url=url, title=" ".join(words[:9]), text="\n".join(sentences), language="en", method=Method.GIVEN)
        )
    return made


DIGITS = str.maketrans("0123456789", "abcdefghij")


def put(store: Store, items: Sequence[Article], at: Callable[[int], datetime]) -> None:
    for n, article in enumerate(items):
        with store.transaction() as db:
            _place(db, article, at(n))


def _place(db, article: Article, at: datetime) -> None:
    place(db, article, feed=article.url.split("/")[2], guid=article.url, now=at, settings=Settings())


def measured(store: Store, items: Sequence[Article], start: datetime) -> float:
    began = time.process_time()
    put(store, items, lambda n: start + timedelta(seconds=n))
    return len(items) / (time.process_time() - began)


def newsroom(store: Store, data: Path, now: datetime) -> float:
    items = stream_of(rows_of(data / "ecbplus-dev.jsonl"), seed=0, mode="ordinary")
    start = items[0].at
    began = time.process_time()
    for item in items:
        article = Article(url=item.url, title=item.title, text=item.text, method=Method.GIVEN)
        with store.transaction() as db:
            at = now + (item.at - start) / 30
            place(db, article, feed=item.feed, guid=item.guid, now=at, settings=Settings())
    return len(items) / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stories", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=300)
    parser.add_argument("--data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "speed.db")
        with store.transaction() as db:
            for n, article in enumerate(reports(options.stories, 1)):
                _place(db, article, START + timedelta(seconds=60 * n))
        now = START + timedelta(seconds=60 * options.stories)
        fresh = reports(options.items, 2)
        copies = [
            Article(url=each.url.replace("outlet", "other"), title=each.title, text=each.text[:1500], language="en")
            for each in fresh
        ]
        print("| item | items per CPU second |\n|---|---|")
        print(f"| new report | {measured(store, fresh, now):.0f} |", flush=True)
        print(f"| copy cut to a half | {measured(store, copies, now):.0f} |", flush=True)
        print(f"| unchanged | {measured(store, fresh, now):.0f} |", flush=True)
        if options.data:
            later = now + timedelta(seconds=options.items)
            print(f"| ordinary stream | {newsroom(store, options.data, later):.0f} |", flush=True)
        store.close()


if __name__ == "__main__":
    main()
