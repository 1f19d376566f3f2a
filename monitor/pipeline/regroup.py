"""Put right by hand what the ladder got wrong: merge two stories, or split articles off one.

Each is one transaction of the caller's; the profiles are made anew from the articles, so that later reports follow
the correction. Alerts that were sent stay sent: those of a merged story count for the story it went into.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from monitor.model.stories import Placement, Rung
from monitor.pipeline.candidates import rarities
from monitor.store import alerts, articles, stories
from monitor.stories import fingerprint as prints
from monitor.stories import profile as profiles
from monitor.stories import words as w
from monitor.stories.changes import top_counts


class RegroupError(Exception):
    """It cannot be done as asked; the message is one line for the user."""


def merge(db: Database, story_id: int, *, into: int, now: datetime) -> None:
    """Move every article of a story into another; the emptied story remembers where it went."""
    if story_id == into:
        raise RegroupError("a story cannot be merged into itself")
    _must_be_open(db, into)
    _must_be_open(db, story_id)
    moved = articles.of_story(db, story_id)
    stories.move_articles(db, [each.id for each in moved], to=into)
    stories.move_everything_said(db, story_id, to=into)
    alerts.follow_articles(db, [each.id for each in moved])
    stories.set_merged(db, story_id, into=into)
    for each in moved:
        _note(db, each, story_id=into, reason=f"merged by hand from story {story_id}", now=now)
    _renew(db, into)


def split(db: Database, story_id: int, article_ids: Sequence[int], *, now: datetime) -> int:
    """Open a new story with some of a story's articles, and with the copies of those; gives its id."""
    _must_be_open(db, story_id)
    members = {each.id: each for each in articles.of_story(db, story_id)}
    strangers = [each for each in article_ids if each not in members]
    if strangers:
        raise RegroupError(f"story {story_id} has no article {strangers[0]}")
    wanted = set(article_ids)
    moved = [each for each in members.values() if each.id in wanted or each.copy_of in wanted]
    if len(moved) == len(members):
        raise RegroupError(f"story {story_id} would be left without articles")
    first = moved[0]
    new_id = stories.create(db, title=first.article.title, seen=first.seen, happened=first.happened)
    stories.move_articles(db, [each.id for each in moved], to=new_id)
    alerts.follow_articles(db, [each.id for each in moved])
    articles.free_copies(db, [each.id for each in moved])
    for each in moved:
        _note(db, each, story_id=new_id, reason=f"split by hand from story {story_id}", now=now)
    _renew(db, story_id)
    _renew(db, new_id)
    return new_id


def _must_be_open(db: Database, story_id: int) -> None:
    story = stories.get(db, story_id)
    if story is None:
        raise RegroupError(f"there is no story {story_id}")
    if story.merged_into is not None:
        raise RegroupError(f"story {story_id} was merged into story {story.merged_into}")


def _note(db: Database, moved: articles.StoredArticle, *, story_id: int, reason: str, now: datetime) -> None:
    placement = Placement(rung=Rung.STORY, article_id=moved.id, story_id=story_id, target=story_id, reason=reason)
    stories.record(db, placement, at=now, url=moved.article.url, feed=moved.article.feed)


def _renew(db: Database, story_id: int) -> None:
    """Count the story's articles and describe it anew."""
    profile = profiles.Profile()
    stories.empty(db, story_id)
    for each in articles.of_story(db, story_id):
        original = each.copy_of is None
        if original:
            written = each.happened if each.happened == each.article.published else None
            fingerprint = prints.fingerprint(each.article, written=written)
            article = profiles.weigh(fingerprint, rarities(db, fingerprint.vocabulary()).by_term)
            counts = top_counts(each.article.title, fingerprint.body, each.article.language)
            profile = profiles.joined(profile, article, counts)
        stories.add_article(
            db,
            story_id,
            article_id=each.id,
            publisher=each.article.publisher,
            origin=stories.origin_of(each.article) if original else None,
            seen=each.seen,
            happened=each.happened,
        )
    stories.set_profile(db, story_id, profile.to_json(), terms=[w.stable_hash(term) for term in profile.listed])
