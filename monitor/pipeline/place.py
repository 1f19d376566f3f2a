"""Place an article: look up what it might be, let the ladder decide, record the verdict in the caller's transaction.

Every article is placed, whether a watch hit it or not, so that a watch added later finds its stories.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitor.articles.publisher import publisher_of
from monitor.model.articles import Article
from monitor.model.feeds import QueuedEntry
from monitor.model.settings import Settings
from monitor.model.stories import MaterialChange, Placement, Rung
from monitor.store import articles, stories
from monitor.stories import fingerprint as prints
from monitor.stories import ladder, rarity, scoring, sketch
from monitor.stories import profile as profiles
from monitor.stories import words as w
from monitor.stories.changes import casualty_counts, material_changes, new_counts
from monitor.stories.urls import identifies, url_key

CANDIDATE_STORIES = 10
PUBLISHED_BEFORE = timedelta(days=30)
PUBLISHED_AFTER = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arrival:
    """One article on its way through the ladder, with what is computed once."""

    article: Article
    feed: str
    guid: str | None
    now: datetime
    happened: datetime
    keys: tuple[str, ...]
    """URL keys that may name it, the address's own first."""
    fingerprint: prints.Fingerprint
    counts: Mapping[str, tuple[int, ...]]
    remembered: bytes
    guids_unreliable: bool


def place(
    db: Database,
    article: Article,
    *,
    feed: str,
    guid: str | None,
    now: datetime,
    settings: Settings,  # noqa: ARG001 - part of the seam: retention and families are read from it by later rules
    entry: QueuedEntry | None = None,
) -> Placement:
    """Recognise ``article`` and record it, its keys, its story and the verdict; call inside a writing transaction.

    ``feed`` and ``guid`` are what the feed claims; ``entry.article_id`` names the article where it is read again.
    """
    arrival = _arrival(db, article, feed=feed, guid=guid, now=now)
    same, known = _same_article(db, arrival, entry)
    if known is not None:
        return _again(db, arrival, known, same)
    return _first_time(db, arrival, same)


def _arrival(db: Database, article: Article, *, feed: str, guid: str | None, now: datetime) -> _Arrival:
    publisher = article.publisher or publisher_of(article.url)
    article = replace(article, publisher=publisher, feed=article.feed or feed)
    remembered, unreliable = articles.traits(db, feed)
    fingerprint = prints.fingerprint(article, boilerplate=prints.boilerplate_of(remembered))
    return _Arrival(
        article=article,
        feed=feed,
        guid=guid,
        now=now,
        happened=_happened(article.published, now),
        keys=_keys(article, publisher),
        fingerprint=fingerprint,
        counts=casualty_counts(f"{article.title}. {fingerprint.body}", article.language),
        remembered=remembered,
        guids_unreliable=unreliable,
    )


def _happened(published: datetime | None, now: datetime) -> datetime:
    """The stated time where it is credible: late finds stand where they belong, years 0001 and 2099 do not count."""
    if published is None or published < now - PUBLISHED_BEFORE or published > now + PUBLISHED_AFTER:
        return now
    return published


def _keys(article: Article, publisher: str) -> tuple[str, ...]:
    own = url_key(article.url)
    others = [address for address in (article.canonical_url, article.amp_url) if address]
    aliases = [url_key(address) for address in others if publisher_of(address) == publisher_of(article.url)]
    return tuple(dict.fromkeys(key for key in (own, *aliases) if identifies(key) and "/" in key))


def _same_article(
    db: Database, arrival: _Arrival, entry: QueuedEntry | None
) -> tuple[ladder.SameArticle, articles.StoredArticle | None]:
    named = articles.get(db, entry.article_id) if entry and entry.article_id else None
    if named is None and arrival.guid and not arrival.guids_unreliable:
        named = articles.by_guid(db, arrival.feed, arrival.guid)
    found = next((stored for key in arrival.keys if (stored := articles.by_key(db, key))), None)
    if named is None and found is None:
        return ladder.SameArticle(known=None), None
    same = ladder.same_article(
        arrival.fingerprint,
        by_guid=_known(named) if named else None,
        by_key=_known(found) if found else None,
    )
    by_id = {stored.id: stored for stored in (named, found) if stored}
    return same, by_id[same.known.id] if same.known else None


def _again(
    db: Database, arrival: _Arrival, old: articles.StoredArticle, same: ladder.SameArticle
) -> Placement:
    """A version of an article that is stored: nothing, a cosmetic revision, or a material one."""
    item = same.unchanged and same.reason == ladder.SAME_ITEM
    changes = () if same.unchanged else _revise(db, arrival, old)
    sources, independent = stories.publishers(db, old.story_id)
    placement = Placement(
        rung=Rung.ITEM if item else Rung.ARTICLE,
        article_id=old.id,
        story_id=old.story_id,
        target=old.id,
        target_url=old.article.url,
        reason=same.reason + ("" if same.unchanged else _how_changed(changes)),
        changes=changes,
        sources=sources,
        independent=independent,
    )
    if item:
        return placement
    _claim(db, arrival, old.id)
    if not same.unchanged:
        stories.record(db, placement, at=arrival.now, url=arrival.article.url, feed=arrival.feed)
    return placement


def _how_changed(changes: tuple[MaterialChange, ...]) -> str:
    return "; changed: " + ", ".join(change.text for change in changes) if changes else "; nothing material changed"


def _revise(db: Database, arrival: _Arrival, old: articles.StoredArticle) -> tuple[MaterialChange, ...]:
    known_sentences = prints.boilerplate_of(arrival.remembered)
    before = prints.fingerprint(old.article, boilerplate=known_sentences)
    language = arrival.article.language or old.article.language
    changes = material_changes(
        old_title=old.article.title,
        old_text=before.body,
        new_title=arrival.article.title,
        new_text=arrival.fingerprint.body,
        language=language,
    )
    counts = casualty_counts(f"{old.article.title}. {before.body}", language)
    articles.revise(
        db,
        old,
        arrival.article,
        now=arrival.now,
        content_hash=arrival.fingerprint.content_hash,
        shingles=sketch.pack_shingles(arrival.fingerprint.shingles),
        facts={"counts": counts, "numbers": sorted(before.numbers)[:40], "changes": [each.text for each in changes]},
    )
    if changes:
        _refresh_story(db, old.story_id, arrival)
    return changes


def _refresh_story(db: Database, story_id: int, arrival: _Arrival) -> None:
    story = stories.get(db, story_id)
    if story is None or not story.profile:
        return
    profile = profiles.from_json(story.profile)
    merged = replace(profile, counts=profiles.with_counts(profile.counts, arrival.counts))
    stories.set_profile(db, story_id, merged.as_json(), terms=())


def _claim(db: Database, arrival: _Arrival, article_id: int) -> None:
    articles.add_keys(db, article_id, arrival.keys)
    if arrival.guid:
        articles.add_guid(db, article_id, feed=arrival.feed, guid=arrival.guid)


def _first_time(db: Database, arrival: _Arrival, same: ladder.SameArticle) -> Placement:
    hashes = {term: w.stable_hash(term) for term in arrival.fingerprint.vocabulary()}
    stored = stories.term_counts(db, list(hashes.values()))
    counted = stored.get(0, 0)
    counts = {term: stored.get(value, 0) for term, value in hashes.items()}
    article = profiles.weigh(arrival.fingerprint, rarity.idf(hashes, counts, counted))
    closest, findable = _closest_text(db, arrival, article)
    if closest and closest.is_copy:
        placement = _record_copy(db, arrival, closest, findable)
    else:
        placement = _record_report(db, arrival, article, closest, findable)
    if rarity.counts_now(placement.article_id, counted):
        stories.count_terms(db, hashes.values())
    _claim(db, arrival, placement.article_id)
    _learn_feed(db, arrival, placement, guid_broken=same.guid_broken)
    stories.record(db, placement, at=arrival.now, url=arrival.article.url, feed=arrival.feed)
    return placement


def _closest_text(
    db: Database, arrival: _Arrival, article: profiles.Weighed
) -> tuple[ladder.Overlap | None, tuple[int, ...]]:
    """The nearest candidate for a copy, and the sketch hashes that make this article findable beside it."""
    if arrival.fingerprint.short:
        return None, ()
    from_id = articles.first_id_since(db, arrival.now - ladder.COPY_WITHIN)
    ids = articles.sharing_sketch(db, arrival.fingerprint.sketch, from_id=from_id)
    known = [_known_with_words(stored) for each in ids if (stored := articles.get(db, each))]
    overlaps = [
        found
        for each in known
        if (found := ladder.overlap(arrival.fingerprint, each, idf=article.idf, counts=arrival.counts,
                                    happened=arrival.happened))
    ]  # fmt: skip
    best = ladder.best_overlap(overlaps)
    if best is None or not best.is_copy:
        return best, arrival.fingerprint.sketch
    covered = best.known.shingles
    return best, tuple(value for value in arrival.fingerprint.sketch if ((value + 2**63) >> 32) not in covered)


def _record_copy(
    db: Database, arrival: _Arrival, closest: ladder.Overlap, findable: tuple[int, ...]
) -> Placement:
    source = closest.known
    leader = source.copy_of or source.id
    article_id = _insert(db, arrival, source.story_id, copy_of=leader, sketch_rows=findable)
    sources, independent = _join(db, arrival, source.story_id, article_id, original=False)
    return Placement(
        rung=Rung.COPY,
        article_id=article_id,
        story_id=source.story_id,
        target=source.id,
        target_url=source.url,
        scores=closest.scores(),
        reason=f"{closest.containment:.0%} of the shorter text stands in the other, and nothing contradicts",
        sources=sources,
        independent=independent,
    )


def _record_report(
    db: Database,
    arrival: _Arrival,
    article: profiles.Weighed,
    closest: ladder.Overlap | None,
    findable: tuple[int, ...],
) -> Placement:
    probes = profiles.probes(article)
    best = ladder.best_story(
        [ladder.score_story(article, each, happened=arrival.happened) for each in _candidates(db, arrival, probes)]
    )
    scores = (dict(best.figures) if best else {}) | (closest.scores() if closest else {})
    aside = f"; not a copy of {closest.known.url}: {closest.objection}" if closest else ""
    if best and best.probability >= scoring.weights()["threshold"]:
        return _record_same_story(db, arrival, article, best, scores, aside, findable)
    story_id = stories.create(db, title=arrival.article.title, seen=arrival.now, happened=arrival.happened)
    article_id = _insert(db, arrival, story_id, copy_of=None, sketch_rows=findable)
    _join(db, arrival, story_id, article_id, original=True)
    _extend(db, story_id, profiles.Profile(), article, arrival, probes)
    nearest = f"the nearest story is {best.story_id} at {best.probability:.2f}" if best else "no open story is near"
    return Placement(
        rung=Rung.NEW, article_id=article_id, story_id=story_id, scores=scores, reason=f"{nearest}{aside}"
    )


def _record_same_story(
    db: Database,
    arrival: _Arrival,
    article: profiles.Weighed,
    best: ladder.StoryScore,
    scores: Mapping[str, float],
    aside: str,
    findable: tuple[int, ...],
) -> Placement:
    stored = stories.get(db, best.story_id)
    profile = profiles.from_json(stored.profile) if stored else profiles.Profile()
    changes = new_counts(profile.counts, arrival.counts)
    article_id = _insert(db, arrival, best.story_id, copy_of=None, sketch_rows=findable)
    sources, independent = _join(db, arrival, best.story_id, article_id, original=True)
    _extend(db, best.story_id, profile, article, arrival, profiles.probes(article))
    return Placement(
        rung=Rung.STORY,
        article_id=article_id,
        story_id=best.story_id,
        target=best.story_id,
        scores=scores,
        reason=f"reports the event of story {best.story_id} with probability {best.probability:.2f}{aside}",
        changes=changes,
        sources=sources,
        independent=independent,
    )


def _candidates(db: Database, arrival: _Arrival, probes: list[str]) -> list[ladder.OpenStory]:
    opened = arrival.now - scoring.OPEN_FOR
    ids = stories.sharing_terms(db, [w.stable_hash(term) for term in probes], from_id=0, limit=CANDIDATE_STORIES)
    return [
        ladder.OpenStory(
            id=stored.id,
            profile=profiles.from_json(stored.profile),
            first=stored.first_seen,
            last=stored.last_happened,
        )
        for stored in stories.open_since(db, ids, opened)
    ]


def _extend(
    db: Database,
    story_id: int,
    profile: profiles.Profile,
    article: profiles.Weighed,
    arrival: _Arrival,
    probes: list[str],
) -> None:
    extended = profiles.joined(profile, article, arrival.counts)
    stories.set_profile(db, story_id, extended.as_json(), terms=[w.stable_hash(term) for term in probes])


def _insert(
    db: Database, arrival: _Arrival, story_id: int, *, copy_of: int | None, sketch_rows: tuple[int, ...]
) -> int:
    article_id = articles.insert(
        db,
        arrival.article,
        url_key=arrival.keys[0] if arrival.keys else url_key(arrival.article.url),
        seen=arrival.now,
        happened=arrival.happened,
        content_hash=arrival.fingerprint.content_hash,
        shingles=sketch.pack_shingles(arrival.fingerprint.shingles),
        sketch=sketch.pack_sketch(sketch_rows),
        story_id=story_id,
        copy_of=copy_of,
    )
    articles.add_sketch(db, article_id, sketch_rows)
    return article_id


def _join(db: Database, arrival: _Arrival, story_id: int, article_id: int, *, original: bool) -> tuple[int, int]:
    return stories.add_article(
        db,
        story_id,
        article_id=article_id,
        publisher=arrival.article.publisher,
        original=original,
        seen=arrival.now,
        happened=arrival.happened,
    )


def _learn_feed(db: Database, arrival: _Arrival, placement: Placement, *, guid_broken: bool) -> None:
    """Copies teach nothing: one text posted three times is no boilerplate."""
    remembered = arrival.remembered
    if placement.rung is not Rung.COPY:
        remembered = prints.remember(remembered, arrival.fingerprint.sentence_hashes)
    unreliable = arrival.guids_unreliable or guid_broken
    articles.set_traits(db, arrival.feed, sentences=remembered, guids_unreliable=unreliable)


def _known(stored: articles.StoredArticle) -> ladder.Known:
    return ladder.Known(
        id=stored.id,
        url=stored.article.url,
        url_key=stored.url_key,
        content_hash=stored.content_hash,
        story_id=stored.story_id,
        publisher=stored.article.publisher,
        copy_of=stored.copy_of,
        happened=stored.happened,
        title=frozenset(w.tokens(w.fold(stored.article.title))),
        shingles=sketch.unpack_shingles(stored.shingles),
    )


def _known_with_words(stored: articles.StoredArticle) -> ladder.Known:
    text = prints.full_text(stored.article)
    folded = w.fold(text)
    title = w.fold(stored.article.title)
    return replace(
        _known(stored),
        numbers=w.numbers(folded),
        words=frozenset(w.tokens(folded)) | frozenset(w.tokens(title)),
        counts={
            kind: frozenset(values)
            for kind, values in casualty_counts(f"{stored.article.title}. {text}", stored.article.language).items()
        },
    )
