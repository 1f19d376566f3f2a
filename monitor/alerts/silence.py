"""Silences: time-bounded suppressions that a person asked for, with reason and author."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.alerts.scope import names_feed, names_watch
from monitor.model.alerts import Silence
from monitor.model.articles import Article
from monitor.model.watches import Hit


def silenced_by(
    silences: Iterable[Silence], hit: Hit, article: Article, *, story_id: int, now: datetime
) -> Silence | None:
    """The silence in force that covers this hit and lasts longest; None where there is none."""
    covering = [each for each in silences if _in_force(each, now) and _covers(each, hit, article, story_id)]
    return max(covering, key=lambda each: (each.until, each.id), default=None)


def _in_force(silence: Silence, now: datetime) -> bool:
    return silence.starts <= now < silence.until


def _covers(silence: Silence, hit: Hit, article: Article, story_id: int) -> bool:
    """Every field that is set must agree; a silence without any covers nothing."""
    tests = []
    if silence.watch:
        tests.append(names_watch([silence.watch], hit.watch))
    if silence.story_id is not None:
        tests.append(silence.story_id == story_id)
    if silence.feed:
        tests.append(names_feed([silence.feed], article))
    if silence.term:
        tests.append(_has_term(silence.term, hit, article))
    return bool(tests) and all(tests)


def _has_term(term: str, hit: Hit, article: Article) -> bool:
    wanted = term.casefold().lstrip("@")
    fields = {"title": article.title, "lead": article.lead, "text": article.text}
    found = {span.term.casefold().lstrip("@") for span in hit.spans}
    found |= {fields.get(span.field, "")[span.start : span.end].casefold() for span in hit.spans}
    return wanted in found or wanted in article.title.casefold()
