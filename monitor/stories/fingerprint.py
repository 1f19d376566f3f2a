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
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter, mul

from monitor.model.articles import Article
from monitor.stories import particulars
from monitor.stories import sketch as sketches
from monitor.stories import words as w
from monitor.stories.days import days_named
from monitor.stories.languages import language_of

LEAD_WORDS = 70
MAX_TERMS = 200
GUESSED_FROM_WORDS = 20
"""A shorter text of unstated language may be of any."""
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
class Fingerprint:
    """One article as the ladder sees it. Terms are stems of folded words; numbers are text without separators."""

    content_hash: int
    """Of title, lead and text without white space: equal means unchanged."""
    title: tuple[str, ...]
    lead: Mapping[str, int]
    """Stems of title and first LEAD_WORDS words, with their number."""
    terms: Mapping[str, int]
    """Stems of the whole text with their number, at most MAX_TERMS of the most frequent and earliest."""
    names: frozenset[str]
    numbers: frozenset[str]
    language: str
    """Its code; empty where it is neither stated nor clear from the text."""
    days: frozenset[str]
    """The days that the lead names: see :mod:`monitor.stories.days`."""
    quantities: Mapping[str, frozenset[str]]
    """Numbers by the stem of what they count: see :mod:`monitor.stories.particulars`."""
    dates: frozenset[str]
    """Days of months and years: see :mod:`monitor.stories.particulars`."""
    dated: bool
    """Whether its time of publication is known."""
    length: int
    """Words of the text, title not counted."""
    shingles: frozenset[int]
    sketch: tuple[int, ...]
    sentence_hashes: tuple[int, ...]
    """One for each sentence of the text as given, boilerplate included."""
    body: str
    """The text without boilerplate and addresses, as compared."""

    @property
    def short(self) -> bool:
        """True for a headline or a few words: enough to thread, never enough to silence."""
        return len(self.shingles) < sketches.MIN_SHINGLES

    def vocabulary(self) -> frozenset[str]:
        """Every stem, and every date, whose rarity is asked for."""
        return frozenset(self.terms).union(self.lead, map(w.stem, self.names), self.dates)


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
    """Compute everything that the ladder compares; ``remembered`` has the feed's sentences (:func:`remember`).

    ``hashed`` is the content hash where it was computed before; ``written`` the time of publication where one is
    given that can be believed.
    """
    sentences = _sentences(article)
    hashes = tuple([sentence_hash(each) for each in sentences])
    own = _without_boilerplate(sentences, hashes, remembered)
    body = "\n".join(own)
    heading = w.fold(w.without_addresses(article.title))
    headline = w.tokens(heading)
    title = tuple(map(w.stem, headline))
    folded = w.fold(body)
    tokens = w.tokens(folded)
    stems = list(map(w.stem, tokens))
    shingles = sketches.shingles(tokens)
    spoken = language_of(article.language, tokens)
    head = particulars.head_of(heading, headline, folded, tokens)
    return Fingerprint(
        content_hash=content_hash(article) if hashed is None else hashed,
        title=title,
        lead=Counter([*title, *stems[:LEAD_WORDS]]),
        terms=_main_terms([*title, *stems]),
        names=w.names(body),
        numbers=w.numbers(folded),
        language=spoken.code if spoken and (article.language or len(tokens) >= GUESSED_FROM_WORDS) else "",
        days=frozenset(days_named(article.title, own, spoken, written)),
        quantities=particulars.quantities(head, spoken),
        dates=particulars.dates(head, f"{heading}\n{folded}", spoken, written),
        dated=written is not None,
        length=len(tokens),
        shingles=sketches.shorten(shingles),
        sketch=sketches.sketch(shingles),
        sentence_hashes=hashes,
        body=body,
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
