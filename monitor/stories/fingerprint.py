"""What the ladder compares of one article, computed once.

A feed's own boilerplate (sentences that three of its articles share: subscription pleas, cookie notices) is taken out
first: most wrong attachments come through it.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from itertools import chain, islice
from operator import itemgetter, mul

from monitor.model.articles import Article
from monitor.stories import particulars
from monitor.stories import sketch as sketches
from monitor.stories import words as w
from monitor.stories.days import days_named
from monitor.stories.languages import Language, language_of, surely_spoken

LEAD_WORDS = 70
MAX_TERMS = 200
BOILERPLATE_ARTICLES = 3
"""A sentence that stands in so many articles of a feed is the feed's own."""
REMEMBERED_SENTENCES = 800
"""Sentences remembered of each feed: those of its latest 40 articles or so."""
REMEMBERED_CHARS = 1000
"""Longer sentences are not kept in memory: hostile pages have many."""

_BLANKS = "".join(" " if chr(code).isspace() else chr(code) for code in range(128))
_DIGIT = re.compile(r"\d")
_TIME_OF_DAY = re.compile(r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The text of an article, folded and cut into words."""

    title: str
    own: Sequence[str]
    """Its sentences, the feed's own left out."""
    heading: str
    headline: Sequence[str]
    folded: str
    tokens: Sequence[str]
    spoken: Language | None
    written: datetime | None


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """One article as the ladder sees it. Terms are stems of folded words; numbers are text without separators.

    Without slots: what versions and copies of known articles are not asked for is computed when something asks for it.
    """

    content_hash: int
    """Of title, lead and text without white space: equal means unchanged."""
    title: tuple[str, ...]
    language: str
    """Its code; empty where it is neither stated nor clear from the text."""
    shingles: frozenset[int]
    sketch: tuple[int, ...]
    sentence_hashes: tuple[int, ...]
    """One for each sentence of the text as given, boilerplate included."""
    body: str
    """The text without boilerplate and addresses, as compared."""
    reading: _Reading = field(repr=False)

    @cached_property
    def lead(self) -> Mapping[str, int]:
        """Stems of title and first LEAD_WORDS words, with their number."""
        return Counter([*self.title, *map(w.stem, self.reading.tokens[:LEAD_WORDS])])

    @cached_property
    def terms(self) -> Mapping[str, int]:
        """Stems of the whole text with their number, at most MAX_TERMS of the most frequent and earliest."""
        return _main_terms([*self.title, *map(w.stem, self.reading.tokens)])

    @cached_property
    def names(self) -> frozenset[str]:
        """Capitalised words inside sentences, in languages where those are names."""
        return self._names_in(self.body)

    @cached_property
    def title_names(self) -> frozenset[str]:
        """Stems of the capitalised words inside the title."""
        return frozenset(map(w.stem, self._names_in(self.reading.title)))

    def _names_in(self, text: str) -> frozenset[str]:
        spoken = self.reading.spoken
        return frozenset() if spoken and spoken.capital_nouns else w.names(text)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Those in digits."""
        return w.numbers(self.reading.folded)

    @cached_property
    def days(self) -> frozenset[str]:
        """The days that the lead names: see :mod:`monitor.stories.days`."""
        read = self.reading
        return frozenset(days_named(read.title, read.own, read.spoken, read.written))

    @cached_property
    def _head(self) -> list[str]:
        read = self.reading
        return particulars.head_of(read.heading, read.headline, read.folded, read.tokens)

    @cached_property
    def quantities(self) -> Mapping[str, frozenset[str]]:
        """Numbers by the stem of what they count: see :mod:`monitor.stories.particulars`."""
        return particulars.quantities(self._head, self.reading.spoken)

    @cached_property
    def dates(self) -> frozenset[str]:
        """Days of months and years: see :mod:`monitor.stories.particulars`."""
        read = self.reading
        return particulars.dates(self._head, f"{read.heading}\n{read.folded}", read.spoken, read.written)

    @property
    def dated(self) -> bool:
        """Whether its time of publication is known."""
        return self.reading.written is not None

    @property
    def short(self) -> bool:
        """True for a headline or a few words: enough to thread, never enough to silence."""
        return len(self.shingles) < sketches.MIN_SHINGLES

    def vocabulary(self) -> frozenset[str]:
        """Every stem, and every date, whose rarity is asked for."""
        return frozenset(self.terms).union(self.lead, map(w.stem, self.names), self.dates)

    def uses(self, terms: frozenset[str]) -> frozenset[str]:
        """Those of ``terms`` that are in its vocabulary; most stand in the text, and nothing else is computed."""
        others = [each for each in terms if each not in self.terms]
        return terms.difference(others).union(self.vocabulary().intersection(others)) if others else terms


def content_hash(article: Article) -> int:
    """A signed 64-bit hash of what the reader sees: title, lead and text, white space apart."""
    return w.hash_of(_without_blanks(article.title, article.lead, article.text))


def _without_blanks(*texts: str) -> str:
    """The words of the texts with one space between; plain texts are mostly set so."""
    joined = " ".join([each for each in texts if each])
    if joined.isascii():
        spaced = joined.translate(_BLANKS)
        if "  " not in spaced:
            return spaced.strip(" ")
    return " ".join(joined.split())


def full_text(article: Article) -> str:
    """Lead and body, the lead only where the body does not repeat it."""
    if article.lead and article.lead[:80] not in article.text:
        return f"{article.lead}\n{article.text}"
    return article.text


def fingerprint(
    article: Article,
    *,
    remembered: bytes = b"",
    hashed: int | None = None,
    written: datetime | None = None,
) -> Fingerprint:
    """Read what the ladder compares; ``remembered`` has the feed's sentences (:func:`remember`).

    ``hashed`` is the content hash where it was computed before; ``written`` the time of publication where one is
    given that can be believed.
    """
    sentences = _sentences(article)
    hashes = tuple([sentence_hash(each) for each in sentences])
    own = _without_boilerplate(sentences, hashes, remembered)
    body = "\n".join(own)
    heading = w.fold(w.without_addresses(article.title))
    headline = w.tokens(heading)
    folded = w.fold(body)
    tokens = w.tokens(folded)
    shingles = sketches.shingles(tokens)
    spoken = language_of(article.language, tokens)
    return Fingerprint(
        content_hash=content_hash(article) if hashed is None else hashed,
        title=tuple(map(w.stem, headline)),
        language=surely_spoken(article.language, tokens),
        shingles=sketches.shorten(shingles),
        sketch=sketches.sketch(shingles),
        sentence_hashes=hashes,
        body=body,
        reading=_Reading(
            title=article.title,
            own=own,
            heading=heading,
            headline=headline,
            folded=folded,
            tokens=tokens,
            spoken=spoken,
            written=written,
        ),
    )


def body_of(article: Article, remembered: bytes) -> str:
    """The text without boilerplate and addresses, as :attr:`Fingerprint.body` has it."""
    sentences = _sentences(article)
    return "\n".join(_without_boilerplate(sentences, list(map(sentence_hash, sentences)), remembered))


def _sentences(article: Article) -> list[str]:
    return w.sentences(w.without_addresses(full_text(article)))


def sentence_hash(sentence: str) -> int:
    """32 bits of a sentence's words without times of day: "Updated 14:05" is the same sentence at 15:10."""
    return _remembered_hash(sentence) if len(sentence) < REMEMBERED_CHARS else _hash_of(sentence)


def _hash_of(sentence: str) -> int:
    timeless = _TIME_OF_DAY.sub("", sentence) if _DIGIT.search(sentence) else sentence
    return w.hash_of(" ".join(timeless.casefold().split())) & 0xFFFFFFFF


_remembered_hash = lru_cache(maxsize=20_000)(_hash_of)


def _without_boilerplate(sentences: list[str], hashes: Sequence[int], remembered: bytes) -> list[str]:
    """The sentences that are not the feed's own; all of them where nothing would be left."""
    boilerplate = _boilerplate_among(hashes, remembered)
    if not boilerplate:
        return sentences
    kept = [each for each, value in zip(sentences, hashes, strict=True) if value not in boilerplate]
    return kept or sentences


def _boilerplate_among(hashes: Iterable[int], remembered: bytes) -> frozenset[int]:
    """Those of ``hashes`` that BOILERPLATE_ARTICLES or more of the remembered articles share."""
    ring = array("I", remembered)
    known = frozenset(hashes).intersection(ring)
    if not known:
        return known
    counted = Counter([value for value in ring if value in known])
    return frozenset([value for value, n in counted.items() if n >= BOILERPLATE_ARTICLES])


def _main_terms(tokens: list[str]) -> Mapping[str, int]:
    counted = Counter(tokens)
    if len(counted) <= MAX_TERMS:
        return counted
    frequent = sorted([each for each in counted.items() if each[1] > 1], key=itemgetter(1), reverse=True)
    once = [each for each in counted.items() if each[1] == 1]
    return dict(islice(chain(frequent, once), MAX_TERMS))


def remember(remembered: bytes, sentence_hashes: Iterable[int]) -> bytes:
    """``remembered`` with the sentences of one more article, the oldest forgotten."""
    ring = array("I", remembered)
    ring.extend(sorted(set(sentence_hashes)))
    return ring[-REMEMBERED_SENTENCES:].tobytes()


@lru_cache(maxsize=1024)
def _dampened(n: int) -> float:
    return 1.0 + math.log(n)


def weighted(counts: Mapping[str, int], idf: Mapping[str, float]) -> dict[str, float]:
    """TF-IDF of length 1: ``(1 + ln tf) · idf``; empty for an empty text."""
    raw = [idf[term] if n == 1 else _dampened(n) * idf[term] for term, n in counts.items()]
    norm = math.sqrt(sum(map(mul, raw, raw)))
    return dict(zip(counts, [value / norm for value in raw], strict=True)) if norm else {}
