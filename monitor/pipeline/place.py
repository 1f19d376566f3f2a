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
from monitor.pipeline.candidates import (
    Arrival,
    Surroundings,
    claims,
    keys_of,
    known,
    open_stories,
    rarities,
    surroundings,
)
from monitor.store import articles, stories, term_counts
from monitor.stories import fingerprint as prints
from monitor.stories import ladder, names_alone, rarity, sketch
from monitor.stories import profile as profiles
from monitor.stories import words as w
from monitor.stories.casualties import casualty_counts
from monitor.stories.changes import Version, material_changes, new_counts, top_counts
from monitor.stories.urls import url_key

PUBLISHED_BEFORE = timedelta(days=30)
PUBLISHED_AFTER = timedelta(hours=1)


def place(
    db: Database,
    article: Article,
    *,
    feed: str,
    guid: str | None,
    now: datetime,
    settings: Settings,
    entry: QueuedEntry | None = None,
) -> Placement:
    """Recognise ``article`` and record it, its keys, its story and the verdict; call inside a writing transaction.

    ``feed`` and ``guid`` are what the feed claims; ``entry.article_id`` names the article where it is read again.
    """
    arrival = _arrival(db, article, feed=feed, guid=guid, now=now, settings=settings)
    claimed = claims(db, arrival, entry)
    again = ladder.unchanged(arrival.content_hash, by_guid=claimed.by_guid, by_key=claimed.by_key)
    if again:
        return _unchanged(db, arrival, claimed.stored(again.known_id), again)
    fingerprint = prints.fingerprint(
        arrival.article,
        remembered=arrival.remembered,
        hashed=arrival.content_hash,
        written=arrival.written,
    )
    by_key = known(claimed.by_key) if claimed.by_key else None
    one = claimed.by_guid is claimed.by_key
    by_guid = by_key if one else known(claimed.by_guid) if claimed.by_guid else None
    same = ladder.same_article(fingerprint, by_guid=by_guid, by_key=by_key)
    if same.known is not None:
        return _revised(db, arrival, fingerprint, claimed.stored(same.known.id), same.reason)
    return _first_time(db, arrival, fingerprint, guid_broken=same.guid_broken)


def still_there(db: Database, stored: articles.StoredArticle, *, reason: str) -> Placement:
    """The placement of an article of which nothing new was heard; records nothing."""
    return _of_old(db, stored, Rung.ITEM, reason=reason)


def _arrival(
    db: Database, article: Article, *, feed: str, guid: str | None, now: datetime, settings: Settings
) -> Arrival:
    families = {spec.name: spec.publisher for spec in settings.feeds if spec.publisher}
    publisher = families.get(feed) or article.publisher or publisher_of(article.url) or feed
    if article.publisher != publisher or not article.feed:
        article = replace(article, publisher=publisher, feed=article.feed or feed)
    remembered, unreliable = articles.traits(db, feed)
    published = _credible(article.published, now)
    return Arrival(
        article=article,
        feed=feed,
        guid=guid,
        now=now,
        happened=published or now,
        written=published,
        keys=keys_of(article),
        content_hash=prints.content_hash(article),
        remembered=remembered,
        guids_unreliable=unreliable,
    )


def _credible(published: datetime | None, now: datetime) -> datetime | None:
    """The stated time where it is credible: late finds stand where they belong, years 0001 and 2099 do not count."""
    if published is None or not timedelta(0) - PUBLISHED_AFTER <= now - published <= PUBLISHED_BEFORE:
        return None
    return published


def _unchanged(db: Database, arrival: Arrival, old: articles.StoredArticle, again: ladder.Unchanged) -> Placement:
    if again.rung is Rung.ARTICLE:
        _claim(db, arrival, old.id)
    return _of_old(db, old, again.rung, reason=again.reason)


def _of_old(
    db: Database,
    old: articles.StoredArticle,
    rung: Rung,
    *,
    reason: str,
    changes: tuple[MaterialChange, ...] = (),
    counts: Mapping[str, tuple[int, ...]] | None = None,
) -> Placement:
    sources, independent = stories.publishers(db, old.story_id)
    return Placement(
        rung=rung, article_id=old.id, story_id=old.story_id, target=old.id, target_url=old.article.url,
        reason=reason, changes=changes, sources=sources, independent=independent, counts=counts or old.counts,
    )  # fmt: skip


def _revised(
    db: Database, arrival: Arrival, fingerprint: prints.Fingerprint, old: articles.StoredArticle, reason: str
) -> Placement:
    """A version of a stored article with another text: cosmetic, or material and said in words."""
    _claim(db, arrival, old.id)
    if arrival.article.partial and not old.article.partial:
        return _of_old(db, old, Rung.ARTICLE, reason=f"{reason}; read only in part this time, the whole text stays")
    before = prints.body_of(old.article, arrival.remembered)
    language = arrival.article.language or old.article.language
    changes = material_changes(
        Version(title=old.article.title, text=before, partial=old.article.partial is not None),
        Version(title=arrival.article.title, text=fingerprint.body, partial=arrival.article.partial is not None),
        language=language,
    )
    # Where nothing material changed, the counts stay too: they were read from a text cut slightly differently.
    counts = top_counts(arrival.article.title, fingerprint.body, language) if changes else old.counts
    articles.revise(
        db,
        old,
        arrival.article,
        now=arrival.now,
        content_hash=fingerprint.content_hash,
        counts=counts,
        shingles=sketch.pack_shingles(fingerprint.shingles),
        facts={
            "counts": casualty_counts(f"{old.article.title}.\n{before}", language),
            "changes": [change.text for change in changes],
        },
    )
    if changes:
        _tell_story(db, old.story_id, counts)
    said = "changed: " + ", ".join(change.text for change in changes) if changes else "nothing material changed"
    placement = _of_old(db, old, Rung.ARTICLE, reason=f"{reason}; {said}", changes=changes, counts=counts)
    stories.record(db, placement, at=arrival.now, url=arrival.article.url, feed=arrival.feed)
    return placement


def _tell_story(db: Database, story_id: int, counts: Mapping[str, tuple[int, ...]]) -> None:
    """Let the story know the counts of a revised article, so that another report of them is no news."""
    story = stories.get(db, story_id)
    if story and counts:
        profile = profiles.from_json(story.profile)
        extended = replace(profile, counts=profiles.with_counts(profile.counts, counts))
        stories.set_profile(db, story_id, extended.to_json(), terms=())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """An article seen for the first time, with all that the upper rungs compare."""

    arrival: Arrival
    fingerprint: prints.Fingerprint
    counts: Mapping[str, tuple[int, ...]]
    around: Surroundings


def _first_time(db: Database, arrival: Arrival, fingerprint: prints.Fingerprint, *, guid_broken: bool) -> Placement:
    language = arrival.article.language or fingerprint.language
    counts = top_counts(arrival.article.title, fingerprint.body, language)
    around = surroundings(db, arrival, fingerprint, counts=counts)
    report = _Report(arrival=arrival, fingerprint=fingerprint, counts=counts, around=around)
    source = around.closest if around.closest and around.closest.is_copy else None
    placement = _copy(db, report, source) if source else _original(db, report)
    _claim(db, arrival, placement.article_id)
    _learn_feed(db, report, placement.rung, guid_broken=guid_broken)
    stories.record(db, placement, at=arrival.now, url=arrival.article.url, feed=arrival.feed)
    return placement


def _copy(db: Database, report: _Report, closest: ladder.Overlap) -> Placement:
    source = closest.known
    article_id = _insert(db, report, source.story_id, copy_of=source.copy_of or source.id)
    sources, independent = _join(db, report, source.story_id, article_id, original=False)
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
        counts={kind: tuple(values) for kind, values in source.counts.items()},
    )


def _original(db: Database, report: _Report) -> Placement:
    """A report of its own, whose words are counted: all of them as long as most are new to the store."""
    terms = report.fingerprint.vocabulary()
    weights = rarities(db, terms)
    article = profiles.weigh(report.fingerprint, weights.by_term)
    placement = _report(db, report, article)
    if rarity.counts_now(placement.article_id, weights.counted) or article.unknown_share > names_alone.USUALLY_UNKNOWN:
        term_counts.count(db, terms, w.stable_hash)
    return placement


def _report(db: Database, report: _Report, article: profiles.Weighed) -> Placement:
    arrival, around = report.arrival, report.around
    candidates = open_stories(db, arrival.now, article.probes)
    best = ladder.nearest_story(article, candidates, happened=arrival.happened, shared=around.shared)
    figures = {**(best.scores() if best else {}), **(around.closest.scores("overlap_") if around.closest else {})}
    aside = f"; no copy of {around.closest.known.url}: {around.closest.objection}" if around.closest else ""
    if best and best.joinable:
        reason = f"reports the event of story {best.story.id} with probability {best.probability:.2f}{aside}"
        return _same_story(db, report, article, best.story, scores=figures, reason=reason)
    near = f"the nearest story, {best.story.id}, has probability {best.probability:.2f}" if best else "no story is near"
    return _new_story(db, report, article, scores=figures, reason=f"{near}{aside}")


def _same_story(
    db: Database,
    report: _Report,
    article: profiles.Weighed,
    story: ladder.OpenStory,
    *,
    scores: Mapping[str, float],
    reason: str,
) -> Placement:
    article_id = _insert(db, report, story.id, copy_of=None)
    sources, independent = _join(db, report, story.id, article_id, original=True)
    before = story.profile
    extended = profiles.joined(before, article, report.counts)
    listed = [w.stable_hash(term) for term in extended.listed if term not in before.listed]
    stories.set_profile(db, story.id, extended.to_json(), terms=listed)
    return Placement(
        rung=Rung.STORY,
        article_id=article_id,
        story_id=story.id,
        target=story.id,
        scores=scores,
        reason=reason,
        changes=new_counts(before.counts, report.counts),
        sources=sources,
        independent=independent,
        counts=report.counts,
    )


def _new_story(
    db: Database, report: _Report, article: profiles.Weighed, *, scores: Mapping[str, float], reason: str
) -> Placement:
    arrival = report.arrival
    profile = profiles.joined(profiles.Profile(), article, report.counts)
    story_id = stories.create(
        db,
        title=arrival.article.title,
        seen=arrival.now,
        happened=arrival.happened,
        profile=profile.to_json(),
    )
    stories.make_findable(db, story_id, map(w.stable_hash, profile.listed))
    article_id = _insert(db, report, story_id, copy_of=None)
    _join(db, report, story_id, article_id, original=True)
    return Placement(
        rung=Rung.NEW, article_id=article_id, story_id=story_id, scores=scores, reason=reason, counts=report.counts
    )


def _insert(db: Database, report: _Report, story_id: int, *, copy_of: int | None) -> int:
    arrival = report.arrival
    return articles.insert(
        db,
        arrival.article,
        url_key=arrival.keys[0] if arrival.keys else url_key(arrival.article.url),
        seen=arrival.now,
        happened=arrival.happened,
        content_hash=arrival.content_hash,
        counts=report.counts,
        shingles=sketch.pack_shingles(report.fingerprint.shingles),
        sketch=sketch.pack_sketch(report.around.sketch_rows),
        story_id=story_id,
        copy_of=copy_of,
    )


def _join(db: Database, report: _Report, story_id: int, article_id: int, *, original: bool) -> tuple[int, int]:
    article = report.arrival.article
    return stories.add_article(
        db,
        story_id,
        article_id=article_id,
        publisher=article.publisher,
        origin=stories.origin_of(article) if original else None,
        seen=report.arrival.now,
        happened=report.arrival.happened,
    )


def _claim(db: Database, arrival: Arrival, article_id: int) -> None:
    articles.add_keys(db, article_id, arrival.keys)
    if arrival.guid:
        articles.add_guid(db, article_id, feed=arrival.feed, guid=arrival.guid)


def _learn_feed(db: Database, report: _Report, rung: Rung, *, guid_broken: bool) -> None:
    """Copies teach nothing: one text posted three times is no boilerplate."""
    arrival = report.arrival
    sentences = () if rung is Rung.COPY else report.fingerprint.sentence_hashes
    if sentences or guid_broken:
        articles.set_traits(
            db,
            arrival.feed,
            sentences=prints.remember(arrival.remembered, sentences),
            guids_unreliable=arrival.guids_unreliable or guid_broken,
        )
