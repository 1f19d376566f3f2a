"""What an article might be: the look-ups of the identity ladder, each bounded, none of them deciding anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from weakref import WeakKeyDictionary

from sqlite_utils import Database

from monitor.articles.publisher import publisher_of
from monitor.model.articles import Article
from monitor.model.feeds import QueuedEntry
from monitor.store import articles, sketches, stories, term_counts
from monitor.stories import fingerprint as prints
from monitor.stories import ladder, rarity, scoring, sketch
from monitor.stories import words as w
from monitor.stories.urls import identifies, url_key

CANDIDATE_STORIES = 8
MOST_RARITIES = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One article on its way through the ladder, with what its address and its feed say of it."""

    article: Article
    feed: str
    guid: str | None
    now: datetime
    happened: datetime
    """The time that counts for closeness: published where that is credible, else now."""
    written: datetime | None
    """When it was published, where that is stated and credible."""
    keys: tuple[str, ...]
    """URL keys that may name it, the address's own first."""
    content_hash: int
    remembered: bytes
    guids_unreliable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The stored articles that the guid and the addresses name."""

    by_guid: articles.StoredArticle | None
    by_key: articles.StoredArticle | None

    def stored(self, article_id: int) -> articles.StoredArticle:
        """The one with that id."""
        return next(each for each in (self.by_guid, self.by_key) if each and each.id == article_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The nearest text, and the sketch hashes under which this article should be findable beside it."""

    closest: ladder.Overlap | None
    sketch_rows: tuple[int, ...]
    shared: Mapping[int, float]
    """By story, the largest share of shingles in common with an article of it."""


def before(now: datetime, by: timedelta) -> datetime:
    """``now`` less ``by``; the first instant of all for a clock that is set that far back."""
    first = datetime.min.replace(tzinfo=UTC)
    return now - by if now - first > by else first


def keys_of(article: Article) -> tuple[str, ...]:
    """URL keys of the address and of canonical and AMP addresses of the same publisher; front pages name nothing."""
    home = publisher_of(article.url)
    others = [each for each in (article.canonical_url, article.amp_url) if each and publisher_of(each) == home]
    keys = [url_key(address) for address in (article.url, *others)]
    return tuple(dict.fromkeys(key for key in keys if identifies(key)))


def claims(db: Database, arrival: Arrival, entry: QueuedEntry | None) -> Claims:
    """What the addresses and the guid name; ``entry`` knows the article that is read again."""
    named = articles.get(db, entry.article_id) if entry and entry.article_id else None
    if named is None and arrival.guid and not arrival.guids_unreliable:
        named = articles.by_guid(db, arrival.feed, arrival.guid)
    found = next((article_id for key in arrival.keys if (article_id := articles.id_by_key(db, key))), None)
    if found is None or (named and named.id == found):
        return Claims(by_guid=named, by_key=named if found else None)
    return Claims(by_guid=named, by_key=articles.get(db, found))


def known(stored: articles.StoredArticle) -> ladder.Known:
    """A stored article as the rules compare it."""
    return _known(stored, sketch.unpack_shingles(stored.shingles))


def _known(stored: articles.StoredArticle, shingles: frozenset[int], *, with_words: bool = False) -> ladder.Known:
    numbers, words = _compared(stored.article) if with_words else (frozenset[str](), frozenset[str]())
    return ladder.Known(
        id=stored.id,
        url=stored.article.url,
        content_hash=stored.content_hash,
        story_id=stored.story_id,
        publisher=stored.article.publisher,
        copy_of=stored.copy_of,
        happened=stored.happened,
        title=frozenset(w.stems(stored.article.title)),
        shingles=shingles,
        numbers=numbers,
        words=words,
        counts={kind: frozenset(values) for kind, values in stored.counts.items()} if with_words else {},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rarities:
    """How rare terms are as long as ``counted`` articles were counted."""

    counted: int
    by_term: dict[str, float]
    """Of all terms that were asked for until now."""


_rarities: WeakKeyDictionary[Database, Rarities] = WeakKeyDictionary()


def rarities(db: Database, terms: frozenset[str]) -> Rarities:
    """The rarity of ``terms`` at least; remembered by connection, for most words stood in one of the last articles."""
    counted = term_counts.counted(db)
    found = _rarities.get(db)
    if found is None or found.counted != counted or len(found.by_term) > MOST_RARITIES:
        found = _rarities[db] = Rarities(counted=counted, by_term={})
    missing = terms.difference(found.by_term)
    if missing:
        found.by_term.update(rarity.idf(missing, term_counts.look_up(db, missing, w.stable_hash), counted))
    return found


def surroundings(
    db: Database,
    arrival: Arrival,
    fingerprint: prints.Fingerprint,
    *,
    counts: Mapping[str, tuple[int, ...]],
) -> Surroundings:
    """Look for texts that share the sketch, and compare with the nearest few exactly."""
    if fingerprint.short:
        return Surroundings(closest=None, sketch_rows=(), shared={})
    from_id = articles.first_id_since(db, before(arrival.now, ladder.COPY_WITHIN))
    ids, crowded = sketches.sharing(db, fingerprint.sketch, from_id=from_id)
    near = [_near(fingerprint, each) for each in articles.several(db, ids)]
    alike = [each for each in near if each.share >= ladder.COPY_CONTAINMENT]
    texts = [_known(each.stored, each.shingles, with_words=True) for each in alike]
    idf = _rarity_of_titles(db, fingerprint, texts)
    overlaps = [
        ladder.overlap(
            fingerprint,
            each,
            idf=idf,
            counts=counts,
            happened=arrival.happened,
            publisher=arrival.article.publisher,
        )
        for each in texts
    ]
    closest = ladder.best_overlap([each for each in overlaps if each])
    covered = closest.known.shingles if closest and closest.is_copy else frozenset()
    rows = fingerprint.sketch
    if crowded or covered:
        rows = tuple([each for each in rows if each not in crowded and sketch.shortened(each) not in covered])
    shared = {each.stored.story_id: each.share for each in sorted(near, key=lambda each: each.share)}
    return Surroundings(closest=closest, sketch_rows=rows, shared=shared)


def _rarity_of_titles(db: Database, fingerprint: prints.Fingerprint, texts: Sequence[ladder.Known]) -> dict[str, float]:
    """Of the words in the titles that the article uses: the copy rung asks for no others."""
    if not texts:
        return {}
    titles = frozenset(fingerprint.title).union(*[each.title for each in texts])
    terms = fingerprint.uses(titles)
    by_term = rarities(db, terms).by_term
    return {term: by_term[term] for term in terms}


def open_stories(db: Database, now: datetime, probes: tuple[str, ...]) -> list[ladder.OpenStory]:
    """The open stories that share most of the heaviest terms."""
    from_id = stories.first_id_since(db, before(now, scoring.OPEN_AT_MOST))
    hashes = [w.stable_hash(term) for term in probes]
    ids = stories.sharing_terms(db, hashes, from_id=from_id, limit=CANDIDATE_STORIES)
    return [
        ladder.OpenStory(
            id=stored.id,
            stored=stored.profile,
            first=min(stored.first_seen, stored.published) if stored.published else stored.first_seen,
            last=stored.last_happened,
            published=stored.published,
        )
        for stored in stories.open_since(db, ids, before(now, scoring.OPEN_FOR))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Near:
    """A stored article that shares the sketch, its shingles, and how much of the shorter text both have."""

    stored: articles.StoredArticle
    shingles: frozenset[int]
    share: float


def _near(fingerprint: prints.Fingerprint, stored: articles.StoredArticle) -> _Near:
    shingles = sketch.unpack_shingles(stored.shingles)
    return _Near(stored=stored, shingles=shingles, share=sketch.containment(fingerprint.shingles, shingles))


def _compared(article: Article) -> tuple[frozenset[str], frozenset[str]]:
    text = prints.full_text(article)[: w.ANALYSED_CHARS]  # no more is looked at: not to be kept in memory
    return _numbers_and_words(article.title, text)


@lru_cache(maxsize=64)
def _numbers_and_words(title: str, text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Numbers and words of a text; remembered, since copies come in dozens."""
    folded = w.fold(text)
    return w.numbers(folded), frozenset(map(w.stem, w.tokens(folded))).union(w.stems(title))
