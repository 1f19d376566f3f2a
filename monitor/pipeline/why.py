"""The ladder of reasons for one article: what happened to it at each station, from the store and the watches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from shlex import quote
from typing import Any
from urllib.parse import urlsplit

from sqlite_utils import Database

from monitor.alerts.health import alarms
from monitor.model.articles import Article
from monitor.model.polling import FeedState
from monitor.model.words import counted
from monitor.store import alerts, articles, entries, feeds, outages, stories
from monitor.store.articles import StoredArticle
from monitor.stories.evidence import in_words
from monitor.stories.urls import url_key
from monitor.watches.explain import explain
from monitor.watches.matcher import Matcher

MOST_FEEDS = 5
"""Of the feeds of a site that are told of."""
MOST_WATCHES = 12
"""Beyond this many watches, only those that hit are explained unasked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rung: ``station`` names it, ``ok`` is None where there is nothing to pass, ``lines`` are for people."""

    station: str
    ok: bool | None
    lines: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """All rungs for one article; ``found`` is False where it was never seen."""

    asked: str
    found: bool
    steps: tuple[Step, ...]


def why_article(asked: str, article: Article, matcher: Matcher, watch: str | None) -> Ladder:
    """The ladder of an article that did not come by a feed: extraction and watches alone."""
    return Ladder(asked=asked, found=True, steps=(_page(article), *_watches(article, matcher, watch)))


def why_stored(db: Database, asked: str, matcher: Matcher, watch: str | None, *, now: datetime | None = None) -> Ladder:
    """The ladder of an article that we have, by its URL or by the id of an alert about it."""
    stored = _find(db, asked)
    seen = _entry_steps(db, asked, stored, now or datetime.now(UTC))
    if stored is None:
        steps = (*seen, _not_read()) if seen else (_no_alert(asked) if asked.isdigit() else _never_listed(db, asked),)
        return Ladder(asked=asked, found=bool(seen), steps=steps)
    steps = (
        *seen,
        _page(stored.article),
        *_watches(stored.article, matcher, watch),
        _story(db, stored),
        *_decisions(db, stored, watch),
    )
    return Ladder(asked=asked, found=True, steps=steps)


def _find(db: Database, asked: str) -> StoredArticle | None:
    if asked.isdigit():
        rows = db.execute("SELECT article_id FROM alerts WHERE id = ?", [int(asked)]).fetchall()
        return articles.get(db, rows[0][0]) if rows and rows[0][0] is not None else None
    return articles.by_key(db, url_key(asked))


def _no_alert(asked: str) -> Step:
    lines = (f"there is no alert {asked} about an article", "`monitor alerts list` shows those that there are")
    return Step(station="alert", ok=False, lines=lines)


def _not_read() -> Step:
    lines = ("it has not been read, so no watch has seen it", "`monitor run` or `monitor once` reads what is due")
    return Step(station="article", ok=None, lines=lines)


def _never_listed(db: Database, asked: str) -> Step:
    host = _host(asked)
    near = [each for each in feeds.list_states(db) if _same_site(host, _host(each.url), _host(each.spec.url))]
    lines = ["no feed has listed this address, so it was never fetched", *map(_feed_of_site, near[:MOST_FEEDS])]
    outage = outages.current(db)
    if outage is not None:
        lines.append(f"our own network has been down since {_local(outage.since)}: `monitor doctor` looks closer")
    if not near and host:
        lines.append(f"no feed of {host} is configured: `monitor feeds discover {asked}` looks for one")
    lines.append("`monitor extract URL` shows what would be read there; `monitor why FILE` explains a saved page")
    return Step(station="feed", ok=False, lines=tuple(lines), facts={"feeds": [each.spec.name for each in near]})


def _feed_of_site(feed: FeedState) -> str:
    name = f"the feed {feed.spec.name} of this site"
    if feed.failures:
        since = f" since {_local(feed.failing_since)}" if feed.failing_since else ""
        again = f"; tried again at {_local(feed.next_poll)}" if feed.next_poll else ""
        return f"{name} has failed{since}: {feed.problem or 'no reason known'}{again}"
    if not feed.polls:
        return f"{name} was never read: `monitor once --feed {quote(feed.spec.name)}` reads it"
    read = f"was last read at {_local(feed.last_success)}" if feed.last_success else "was read"
    return f"{name} {read} and has not listed it: `monitor feeds test {quote(feed.spec.name)}` shows what it lists"


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _same_site(asked: str, *hosts: str) -> bool:
    """Whether one of the hosts is the one asked for, or the one is below the other."""
    return any(each and (asked == each or asked.endswith(f".{each}") or each.endswith(f".{asked}")) for each in hosts)


def _entry_steps(db: Database, asked: str, stored: StoredArticle | None, now: datetime) -> tuple[Step, ...]:
    found = entries.find_by_article(db, stored.id) if stored else entries.find_by_url(db, asked)
    return tuple(_entry(each, feeds.find(db, each["feed"]), now) for each in found)


def _entry(entry: Mapping[str, Any], feed: FeedState | None, now: datetime) -> Step:
    lines = [f"listed by {entry['feed']}, first seen {_local(entry['first_seen'])}"]
    if entry["baseline"]:
        lines.append("it was there at the first poll of the feed: the baseline alerts nobody")
    if entry["flood"]:
        lines.append("it came with far more new entries than usual: told in one message, unless critical")
    if entry["revision"]:
        lines.append(f"revised {counted(entry['revision'], 'time')}, last {_local(entry['revised_at'])}")
    if entry["state"] == "queued":
        again = "again " if entry["done_at"] else ""
        why = f" ({entry['reason']})" if entry["reason"] else ""
        lines.append(f"to be read {again}at {_local(entry['due_at'])}{why}")
    elif entry["reason"]:
        lines.append(f"given up: {entry['reason']}")
    if feed is not None:
        if feed.last_gap == entry["first_seen"]:
            lines.append("it came after a gap: all that the feed listed was new, others may have been missed before")
        lines += [f"the feed now: {words}" for words in alarms([feed], now).values()]
    facts = {key: entry[key] for key in ("id", "feed", "guid", "first_seen", "state", "baseline", "flood", "revision")}
    return Step(station="feed", ok=True, lines=tuple(lines), facts=facts)


def _page(article: Article) -> Step:
    words = len(article.text.split())
    language = f", language {article.language}" if article.language else ""
    lines = [f"{counted(words, 'word')} by {article.method}{language}"]
    if article.partial:
        lines.append(f"partial ({article.partial}): {article.partial_detail or 'less than the whole article was read'}")
    return Step(
        station="article",
        ok=article.partial is None,
        lines=(article.title, *lines),
        facts={
            "title": article.title, "url": article.url, "words": words, "method": article.method,
            "partial": article.partial, "language": article.language,
        },
    )  # fmt: skip


def _watches(article: Article, matcher: Matcher, only: str | None) -> tuple[Step, ...]:
    if only and only not in matcher.watches:
        line = f"{only} is not configured any more: what was decided for it is all that can be told"
        return (Step(station="watch", ok=None, lines=(line,), facts={"watch": only}),)
    hits = {hit.watch: hit for hit in matcher.match(article)}
    names = [only] if only else list(matcher.watches)
    if not only and len(names) > MOST_WATCHES:
        names = list(hits)
    steps = [_watch(article, matcher, name, hits.get(name) is not None) for name in names]
    if not steps:
        line = f"none of {counted(len(matcher.watches), 'watch', 'watches')} matches; --watch NAME explains one"
        return (Step(station="watch", ok=False, lines=(line,)),)
    return tuple(steps)


def _watch(article: Article, matcher: Matcher, name: str, hit: bool) -> Step:
    explanation = explain(matcher, name, article)
    return Step(
        station="watch",
        ok=hit,
        lines=(f"{name}: {'matches' if hit else 'does not match'}", *explanation.lines()),
        facts={"watch": name, "hit": hit, "explanation": explanation.as_json()},
    )


def _story(db: Database, stored: StoredArticle) -> Step:
    placements = stories.placements_of_article(db, stored.id)
    story = stories.get(db, stored.story_id)
    verdicts = [(f"{_local(each.at)} {each.rung}: {each.reason}", in_words(each.scores)) for each in placements]
    lines = [line for verdict in verdicts for line in verdict if line]
    if story:
        counts = f"{counted(story.articles, 'article')}, {counted(story.sources, 'publisher')}"
        lines.insert(0, f"story {story.id} “{story.title}”: {counts}, {story.independent} independent")
    return Step(
        station="story",
        ok=None,
        lines=tuple(lines),
        facts={
            "story": stored.story_id,
            "placements": [
                {"at": each.at, "rung": each.rung, "target": each.target,
                 "scores": dict(each.scores), "reason": each.reason}
                for each in placements
            ],
        },
    )  # fmt: skip


def _decisions(db: Database, stored: StoredArticle, only: str | None) -> tuple[Step, ...]:
    found = [each for each in alerts.decisions_for_article(db, stored.id) if only in (None, each["watch"])]
    if not found:
        return (Step(station="decision", ok=None, lines=("no watch hit it when it was read, so nothing was decided",)),)
    return tuple(_alerted(each) if each["decision"] == "alert" else _suppressed(each) for each in found)


def _alerted(decision: Mapping[str, Any]) -> Step:
    deliveries = [
        f"to {each['channel']}: {each['state']}" + (f" ({each['detail']})" if each.get("detail") else "")
        for each in decision["deliveries"]
    ]
    head = f"{decision['watch']}: alert {decision['alert']} ({decision['kind']}, {decision['severity']})"
    reasons = (*decision["reasons"], *decision["changes"])
    return Step(
        station="decision",
        ok=True,
        lines=(f"{head} at {_local(decision['created'])}", *reasons, *(deliveries or ["to no channel"])),
        facts=json_safe(decision),
    )


def _suppressed(decision: Mapping[str, Any]) -> Step:
    head = f"{decision['watch']}: suppressed ({decision['reason']}) at {_local(decision['created'])}"
    return Step(station="decision", ok=False, lines=(head, decision["detail"]), facts=json_safe(decision))


def json_safe(decision: Mapping[str, Any]) -> dict[str, Any]:
    """The decision as the store gives it, with times as text."""
    safe: dict[str, Any] = json.loads(json.dumps(dict(decision), default=str))
    return safe


def _local(instant: datetime) -> str:
    return instant.astimezone().strftime("%Y-%m-%d %H:%M %Z")
