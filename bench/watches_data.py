"""Articles and generated watches for the benchmark of the matcher."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from monitor.model.articles import Article, Method
from monitor.model.watches import WatchSpec
from monitor.watches.text import RUN

SHORTEST = 3_000
"""Bytes of text of an article that is used."""

COMMON = 0.05
"""Share of articles beyond which a word is no term of anybody's watch."""


def articles_from(path: Path) -> list[Article]:
    """The articles of a JSON lines file with ``text`` and ``title``, those of at least ``SHORTEST`` bytes."""
    found = []
    for line in path.read_text("utf-8").split("\n"):
        read = json.loads(line or "{}")
        text = read.get("text") or ""
        if len(text.encode()) >= SHORTEST:
            title = read.get("title") or text.split("\n")[0][:100]
            found.append(Article(url=read.get("url") or "", title=title, text=text, method=Method.GIVEN))
    return found


STEMS = (4, 5, 6, 7)
"""Lengths at which a word is cut for a prefix: the first that is not common."""


RARENESS = 0.25
"""How much likelier a frequent word is chosen than a rare one: 0 not at all, 1 by how often it stands there. Names of
places, people and products, which watches are made of, are rare words."""


@dataclass(frozen=True)
class Rule:
    """One generated watch, in parts that every rival can be given."""

    required: tuple[tuple[str, ...], ...]
    """Groups that are ANDed; the terms of a group are ORed; a final * is a prefix."""
    forbidden: tuple[str, ...] = ()
    near: tuple[str, str, int] | None = None
    in_title: tuple[str, ...] = ()

    def query(self) -> str:
        """In our language."""
        parts = [_group(group) for group in self.required]
        if self.near:
            parts.append(f"{self.near[0]} NEAR/{self.near[2]} {self.near[1]}")
        if self.in_title:
            parts.append(f"title:{_group(self.in_title)}")
        return " AND ".join(parts) + "".join(f" NOT {term}" for term in self.forbidden)

    def terms(self) -> int:
        """How many terms it has."""
        near = 2 if self.near else 0
        return sum(map(len, self.required)) + len(self.forbidden) + near + len(self.in_title)


def _group(terms: tuple[str, ...]) -> str:
    quoted = [f'"{term}"' if " " in term else term for term in terms]
    return quoted[0] if len(quoted) == 1 else "(" + " OR ".join(quoted) + ")"


class Generator:
    """Watches whose words are drawn from the articles: names, ordinary words, prefixes, phrases.

    The same articles and seed give the same watches. No term is commoner than ``COMMON``: neither a word nor a prefix
    with all its endings, as nobody writes ``inte*``.
    """

    def __init__(self, articles: list[Article], seed: int = 7) -> None:
        self._random = random.Random(seed)
        words_of = [{word.lower() for word in RUN.findall(each.text) if word.isalpha()} for each in articles]
        counts = Counter(word for words in words_of for word in words)
        most = COMMON * len(articles)
        self._common = {word for word, count in counts.items() if count > most}
        self._words = sorted(word for word in counts if len(word) > 3 and word not in self._common)
        self._weights = [counts[word] ** RARENESS for word in self._words]
        starts = Counter(start for words in words_of for start in {word[:size] for word in words for size in STEMS})
        self._starts = {start for start, count in starts.items() if count <= most}
        self._texts = [RUN.findall(each.text) for each in articles]
        self._pool: list[str] = []

    def rules(self, count: int) -> list[Rule]:
        """``count`` watches of about six terms."""
        return [self._rule() for _ in range(count)]

    def specs(self, rules: list[Rule]) -> tuple[WatchSpec, ...]:
        """The same as configured watches."""
        return tuple(
            WatchSpec(name=f"w{index}", query=rule.query(), path=("watch", index)) for index, rule in enumerate(rules)
        )

    def _word(self) -> str:
        if not self._pool:
            self._pool = self._random.choices(self._words, self._weights, k=10_000)
        return self._pool.pop()

    def _term(self) -> str:
        kind = self._random.random()
        if kind < 0.15:
            word = self._word()
            return next((word[:size] + "*" for size in STEMS if word[:size] in self._starts), word)
        if kind < 0.30:
            return self._phrase()
        return self._word()

    def _phrase(self) -> str:
        runs = self._random.choice(self._texts)
        at = self._random.randrange(len(runs) - 1)
        pair = [each.lower() for each in runs[at : at + 2]]
        rare = [each for each in pair if each.isalpha() and each not in self._common]
        return " ".join(pair) if rare and all(each.isalpha() for each in pair) else self._word()

    def _some(self, low: int, high: int) -> tuple[str, ...]:
        return tuple(self._term() for _ in range(self._random.randint(low, high)))

    def _rule(self) -> Rule:
        kind = self._random.random()
        forbidden = (self._word(),) if self._random.random() < 0.4 else ()
        if kind < 0.35:
            return Rule((self._some(2, 4), self._some(2, 3)), forbidden)
        if kind < 0.60:
            return Rule((self._some(1, 2), self._some(1, 2), self._some(2, 3)), forbidden)
        if kind < 0.80:
            return Rule((self._some(2, 4),), forbidden, near=(self._word(), self._word(), 10))
        return Rule((self._some(2, 3), self._some(1, 1)), forbidden, in_title=self._some(2, 2))
