"""Learn the story rung's weights and the background word counts; with --evaluate, cross-validate them by topic.

    python bench/identity_learn.py --data DIR --write        # monitor/stories/{weights.toml,background.txt}
    python bench/identity_learn.py --data DIR --evaluate     # prints a markdown table

Needs numpy (bench time only). DIR has ecbplus-dev.jsonl and, for the background, extraction-dev/gold.jsonl.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from monitor.model.articles import Article
from monitor.stories import profile as profiles
from monitor.stories import rarity, scoring
from monitor.stories.fingerprint import Fingerprint, fingerprint
from monitor.stories.profile import Profile, Weighed
from monitor.stories.sketch import containment

ROOM = Path(__file__).parents[1] / "monitor" / "stories"
FOLDS = 5
CANDIDATES = 8
BACKGROUND_MIN = 8
TRAINING_ORDERS = 6
"""Of each stream."""
FRAGMENTATION = 0.15
"""How often a training report opens a new story though its event has one: at run time events are fragmented too."""
RIDGE = 20.0
"""L2 penalty of the weights of standardised features."""
FIRST_REPORTS = 2.0
"""A first report counts so many times as much: joined to another event's story, its event may never be told."""
SIBLINGS_APART = {"a day apart": 24.0, "four hours apart": 4.0}
"""Hours between the first reports of a topic's events, by stream."""
STREAMS = ("no dates", *SIBLINGS_APART, "dates")
OTHER_TIMES = 1000
"""Added to the seeds of training, whose times are not those by which it is judged."""
BY_HAND = {"another_language": -5.0, "another_day": -5.0, "names_only": -10.0}
"""ECB+ is English, few of its events are siblings a day apart (to swallow one costs more than to tell one twice), and
none happened in the province of another, where people and places alone may speak for one event by seven points."""
CREDIT = "# (A. Cybulska and P. Vossen, CC BY 3.0: see docs/attribution.md).\n"
CREDITS = (
    "ECB+ (CC BY 3.0),\n"
    "# article-extraction-benchmark (MIT) and web-content-extraction-benchmark (CC BY 4.0): see docs/attribution.md.\n"
)

Background = tuple[int, Mapping[str, int]]


@dataclass(frozen=True)
class Report:
    topic: int
    event: str
    print: Fingerprint


def reports_of(path: Path) -> list[Report]:
    found = []
    choice = random.Random(5)
    for line in path.read_text("utf-8").strip().split("\n"):
        row = json.loads(line)
        sentences = row["sents"]
        if sentences[0].startswith("http") and len(sentences) > 1 and choice.random() < 0.5:
            sentences = sentences[1:]
        article = Article(url="", title=sentences[0], text="\n".join(sentences[1:]))
        found.append(Report(row["topic"], row["event"], fingerprint(article)))
    return found


def pages_of(path: Path) -> list[Fingerprint]:
    if not path.exists():
        return []
    rows = map(json.loads, path.read_text("utf-8").strip().split("\n"))
    return [fingerprint(Article(url="", title=row.get("title") or "", text=row.get("text") or "")) for row in rows]


def background_of(prints: Sequence[Fingerprint]) -> Background:
    counts = Counter(term for each in prints for term in {*each.terms, *each.lead})
    return len(prints), {term: n for term, n in counts.items() if n >= BACKGROUND_MIN}


class Stream:
    """Stories as they grow: what the database keeps, in memory and without copies."""

    def __init__(self, background: Background) -> None:
        self.background = background
        self.counts: Counter[str] = Counter()
        self.counted = 0
        self.stories: list[Profile] = []
        self.events: list[str] = []
        self.first: list[float] = []
        self.last: list[float] = []
        self.texts: list[list[Fingerprint]] = []
        self.index: dict[str, list[int]] = defaultdict(list)

    def weigh(self, report: Report) -> Weighed:
        vocabulary = report.print.vocabulary()
        idf = rarity.idf(vocabulary, self.counts, self.counted, self.background)
        return profiles.weigh(report.print, idf)

    def candidates(self, article: Weighed, at: float) -> list[int]:
        """The open stories that share most of the article's heaviest terms."""
        shared: Counter[int] = Counter()
        for rank, term in enumerate(article.probes):
            for story in self.index[term]:
                if at - self.last[story] <= scoring.OPEN_FOR / timedelta(hours=1):
                    shared[story] += 1 - 0.01 * rank
        return [story for story, _ in shared.most_common(CANDIDATES)]

    def open(self, event: str) -> int:
        self.stories.append(Profile())
        self.events.append(event)
        self.first.append(math.inf)
        self.last.append(-math.inf)
        self.texts.append([])
        return len(self.stories) - 1

    def figures(self, article: Weighed, report: Report, story: int, at: float, *, dated: bool) -> dict[str, float]:
        shared = max([_shared(report.print, each) for each in self.texts[story]])
        since_first = timedelta(hours=at - self.first[story]) if dated else None
        return scoring.features(article, self.stories[story], shared, since_first)

    def join(self, story: int, article: Weighed, report: Report, at: float = 0.0) -> None:
        self.stories[story] = profiles.joined(self.stories[story], article, {})
        self.first[story] = min(self.first[story], at)
        self.last[story] = max(self.last[story], at)
        self.texts[story].append(report.print)
        for term in self.stories[story].listed:
            if story not in self.index[term]:
                self.index[term].append(story)
        self.counts.update(report.print.vocabulary())
        self.counted += 1


def _shared(one: Fingerprint, other: Fingerprint) -> float:
    """As the service finds it: by two hashes of the sketch."""
    if len(set(one.sketch) & set(other.sketch)) < 2:
        return 0.0
    return containment(one.shingles, other.shingles)


@dataclass(frozen=True)
class Pair:
    """An article and a candidate story."""

    figures: Mapping[str, float]
    belong: bool
    first: bool
    """The article is the first of its event."""


def pairs(reports: Sequence[Report], background: Background, seed: int, mode: str) -> list[Pair]:
    """Every article with every candidate story of one stream with gold stories.

    Each pair comes a second time as in a script without capitals. Without dates, odd seeds tell event after event.
    """
    choice = random.Random(seed)
    times = times_of(reports, seed + OTHER_TIMES, mode)
    order = list(range(len(reports)))
    choice.shuffle(order)
    if times:
        order.sort(key=times.__getitem__)
    elif seed % 2:
        events = list(dict.fromkeys(reports[n].event for n in order))
        order.sort(key=lambda n: events.index(reports[n].event) + 1.3 * choice.random())
    stream, found = Stream(background), []
    for n in order:
        report, at = reports[n], times[n] if times else 0.0
        article, first = stream.weigh(report), report.event not in stream.events
        near = stream.candidates(article, at)
        own = [story for story in near if stream.events[story] == report.event]
        for story in near:
            figures = stream.figures(article, report, story, at, dated=bool(times))
            found += [Pair(each, story in own, first) for each in (figures, {**figures, **scoring.NAMELESS})]
        joins = own and choice.random() >= FRAGMENTATION
        stream.join(choice.choice(own) if joins else stream.open(report.event), article, report, at)
    return found


def fit(found: Sequence[Pair]) -> dict[str, float]:
    """Logistic regression on standardised figures with an L2 penalty, by Newton's method; weights of the raw ones."""
    names = [name for name in found[0].figures if name not in BY_HAND]
    raw = np.array([[pair.figures[name] for name in names] for pair in found])
    mean, spread = raw.mean(0), raw.std(0) + 1e-9
    matrix = np.column_stack([(raw - mean) / spread, np.ones(len(raw))])
    wanted = np.array([pair.belong for pair in found], float)
    counted = np.array([FIRST_REPORTS if pair.first else 1.0 for pair in found])
    ridge = np.diag([RIDGE] * len(names) + [1e-6])
    weights = np.zeros(len(names) + 1)
    for _ in range(30):
        likely = 1 / (1 + np.exp(-matrix @ weights))
        slope = matrix.T @ (counted * (likely - wanted)) + ridge @ weights
        curve = (matrix.T * (counted * likely * (1 - likely))) @ matrix + ridge
        weights -= np.linalg.solve(curve, slope)
    scaled = weights[:-1] / spread
    return {**dict(zip(names, map(float, scaled), strict=True)), "bias": float(weights[-1] - scaled @ mean)}


def learn(reports: Sequence[Report], background: Background) -> dict[str, float]:
    orders = [(seed, mode) for mode in STREAMS for seed in range(TRAINING_ORDERS)]
    return fit([pair for seed, mode in orders for pair in pairs(reports, background, seed, mode)]) | BY_HAND


def times_of(reports: Sequence[Report], seed: int, mode: str) -> dict[int, float] | None:
    """Hours by report: None without dates; else events over 60 days, or siblings of a topic a few hours apart."""
    if mode == "no dates":
        return None
    choice = random.Random(seed + 77)
    start: dict[str, float] = {}
    first_of_topic: dict[int, float] = {}
    for report in reports:
        if report.event not in start:
            base = first_of_topic.setdefault(report.topic, choice.uniform(0, 1440))
            sibling = any(each.topic == report.topic and each.event in start for each in reports)
            apart = SIBLINGS_APART.get(mode)
            start[report.event] = choice.uniform(0, 1440) if apart is None else base + apart if sibling else base
    return {n: start[report.event] + min(choice.expovariate(1 / 14), 60) for n, report in enumerate(reports)}


@dataclass(frozen=True)
class Result:
    precision: float
    recall: float
    f1: float
    lost: float
    new: float


def run(
    reports: Sequence[Report],
    fold: Mapping[int, int],
    models: Sequence[tuple[dict[str, float], Background]],
    *,
    threshold: float,
    seed: int,
    mode: str,
) -> Result:
    """One pass over all topics, each report judged by the model that has not seen its topic."""
    order = list(range(len(reports)))
    times = times_of(reports, seed, mode)
    random.Random(seed).shuffle(order)
    if times:
        order.sort(key=times.__getitem__)
    stream = Stream(models[0][1])
    placed: list[int] = []
    for n in order:
        report, at = reports[n], times[n] if times else 0.0
        weights, stream.background = models[fold[report.topic]]
        article = stream.weigh(report)
        joinable = []
        for each in stream.candidates(article, at):
            figures = stream.figures(article, report, each, at, dated=bool(times))
            faded = scoring.fading(timedelta(hours=max(0.0, at - stream.last[each])))
            likely = scoring.probability(figures, weights) * faded
            if likely >= threshold:
                joinable.append((scoring.preference(likely, figures, weights), -each))
        chosen = -max(joinable)[1] if joinable else stream.open(report.event)
        stream.join(chosen, article, report, at)
        placed.append(chosen)
    return _result([reports[n].event for n in order], placed, stream.events)


def _result(gold: Sequence[str], placed: Sequence[int], opened_by: Sequence[str]) -> Result:
    by_event, by_story = defaultdict(set), defaultdict(set)
    for n, (event, story) in enumerate(zip(gold, placed, strict=True)):
        by_event[event].add(n)
        by_story[story].add(n)
    both = [(by_event[e], by_story[s]) for e, s in zip(gold, placed, strict=True)]
    precision = float(np.mean([len(e & s) / len(s) for e, s in both]))
    recall = float(np.mean([len(e & s) / len(e) for e, s in both]))
    events = set(gold)
    lost = len(events - set(opened_by)) / len(events)
    return Result(precision, recall, 2 * precision * recall / (precision + recall), lost, len(opened_by) / len(events))


def evaluate(reports: Sequence[Report], pages: Sequence[Fingerprint], thresholds: Sequence[float], orders: int) -> None:
    topics = sorted({report.topic for report in reports})
    fold = {topic: n % FOLDS for n, topic in enumerate(random.Random(3).sample(topics, len(topics)))}
    models = []
    for held_out in range(FOLDS):
        seen = [report for report in reports if fold[report.topic] != held_out]
        background = background_of([*pages, *(report.print for report in seen)])
        models.append((learn(seen, background), background))
    print("| stream | threshold | B³ P | B³ R | B³ F1 | events lost | new per event |")
    print("|---|---|---|---|---|---|---|")
    for mode in STREAMS:
        for threshold in thresholds:
            results = [run(reports, fold, models, threshold=threshold, seed=seed, mode=mode) for seed in range(orders)]
            mean = [float(np.mean([getattr(each, name) for each in results])) for name in Result.__annotations__]
            shown = " | ".join(f"{value:.3f}" for value in mean[:3])
            print(f"| {mode} | {threshold} | {shown} | {mean[3]:.1%} | {mean[4]:.2f} |", flush=True)


def write(weights: Mapping[str, float], background: Background, threshold: float) -> None:
    head = "# Logistic regression: how likely an article reports the event of a story.\n"
    lines = [f"{name} = {value:.3f}" for name, value in weights.items()]
    text = f"{head}# Learnt by bench/identity_learn.py from ECB+ topics 1 to 22\n{CREDIT}" + "\n".join(lines)
    note = "# An article joins its likeliest story from this probability on.\n"
    (ROOM / "weights.toml").write_text(f"{text}\n{note}threshold = {threshold}\n", "utf-8")
    total, counts = background
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    body = "\n".join(f"{term} {n}" for term, n in ranked)
    note = f"# In how many of * news texts each stem stands. Learnt by bench/identity_learn.py from {CREDITS}"
    (ROOM / "background.txt").write_text(f"{note}* {total}\n{body}\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--orders", type=int, default=10)
    parser.add_argument("--threshold", type=float, default=0.65)
    parser.add_argument("--thresholds", default="0.65")
    options = parser.parse_args()
    path = options.data / "ecbplus-dev.jsonl"
    if not path.exists():
        parser.exit(0, f"skipped: {path} is absent\n")
    reports, pages = reports_of(path), pages_of(options.data / "extraction-dev" / "gold.jsonl")
    if options.evaluate:
        evaluate(reports, pages, [float(each) for each in options.thresholds.split(",")], options.orders)
    if options.write:
        background = background_of([*pages, *(report.print for report in reports)])
        write(learn(reports, background), background, options.threshold)


if __name__ == "__main__":
    main()
