"""What is recorded of a decision, and what of it comes back: history, alerts, suppressions, silences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from monitor.model.alerts import Alerted, AlertKind, Decision, Excerpt, Suppressed, SuppressionReason
from monitor.model.articles import Article, Partial
from monitor.model.feeds import FeedSpec
from monitor.model.settings import Settings
from monitor.model.stories import Placement, Rung
from monitor.model.watches import Hit, Severity, Span, WatchlistSpec, WatchSpec
from monitor.pipeline import digest
from monitor.store import alerts, articles, deliveries, digests, silences, stories
from monitor.store.database import Store

NOW = datetime(2024, 4, 2, 12, tzinfo=UTC)
HIT = Hit(
    watch="w",
    score=0.81234,
    reasons=("place in the title",),
    spans=(Span(field="title", start=0, end=5, term="blast*"),),
)
WATCH = WatchSpec(name="w", min_independent=2, unconfirmed_after=timedelta(hours=6))
SETTINGS = Settings(watchlist=WatchlistSpec(watches=(WATCH,)))
ARTICLE = Article(url="https://n.example/a", title="Blast", text="A blast.", feed="north", published=NOW, language="en")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = Store(tmp_path / "monitor.db")
    with store.transaction() as database:
        yield database
    store.close()


def placed(db: Database) -> Placement:
    story_id = stories.create(db, title="Blast", seen=NOW, happened=NOW)
    article_id = articles.insert(
        db, ARTICLE, url_key=f"n.example/{story_id}", seen=NOW, happened=NOW, content_hash=1, shingles=b"", sketch=b"",
        story_id=story_id, copy_of=None,
    )  # fmt: skip
    return Placement(rung=Rung.NEW, article_id=article_id, story_id=story_id, sources=2, independent=1)


def alerted(**changes: object) -> Alerted:
    known = {
        "kind": AlertKind.NEW, "watch": "w", "severity": Severity.HIGH, "channels": ("a", "b"), "hit": HIT,
        "reasons": ("place in the title",), "excerpt": Excerpt(text="A blast.", highlights=((2, 7, "blast*"),)),
    }  # fmt: skip
    return Alerted(**(known | changes))  # type: ignore[arg-type] # by name


def suppressed(reason: SuppressionReason, *, digest: bool = False) -> Suppressed:
    return Suppressed(watch="w", reason=reason, detail="because", hit=HIT, digest=digest, channels=("a",))


def record(db: Database, placement: Placement, *decisions: Decision, now: datetime = NOW) -> tuple[int, ...]:
    return alerts.record(
        db, decisions, article=ARTICLE, article_id=placement.article_id, placement=placement, settings=SETTINGS, now=now
    )


def test_an_alert_is_frozen_as_the_contract_says_with_a_row_for_each_channel(db: Database) -> None:
    placement = placed(db)
    (alert_id,) = record(db, placement, alerted())
    message = alerts.message_of(db, alert_id)
    assert message is not None
    body = message.payload()
    assert body["version"] == 1
    assert body["alert"] == alert_id
    assert body["score"] == 0.812
    assert body["story"] == {
        "id": placement.story_id,
        "first_seen": "2024-04-02T12:00:00Z",
        "sources": 2,
        "independent": 1,
    }
    assert body["article"]["highlights"] == [[2, 7, "blast*"]]
    assert set(body["article"]) >= {
        "title", "url", "site", "author", "published", "seen", "language", "lead", "excerpt", "highlights",
    }  # fmt: skip
    rows = deliveries.listed(db, alert_id=alert_id)
    assert {(row["channel"], row["state"]) for row in rows} == {("a", "new"), ("b", "new")}
    row = deliveries.get(db, rows[0]["id"])
    assert row is not None
    assert row.idempotency_key == f"{alert_id}:{rows[0]['channel']}"


def test_a_rolled_back_transaction_leaves_neither_alert_nor_row(tmp_path: Path) -> None:
    store = Store(tmp_path / "monitor.db")
    with pytest.raises(RuntimeError), store.transaction() as db:  # noqa: PT012 - the raise is the point
        record(db, placed(db), alerted())
        raise RuntimeError("killed here")
    with store.read() as db:
        assert alerts.listed(db) == []
        assert deliveries.counts(db) == {}
    store.close()


def test_history_knows_what_was_said_and_what_was_not(db: Database) -> None:
    placement = placed(db)
    assert alerts.history(db, placement.story_id, [WATCH], NOW)["w"].first_alert_id is None
    record(db, placement, suppressed(SuppressionReason.UNCONFIRMED))
    waiting = alerts.history(db, placement.story_id, [WATCH], NOW + timedelta(hours=1))["w"]
    assert (waiting.held_since, waiting.suppressed) == (NOW, frozenset({SuppressionReason.UNCONFIRMED}))
    (first,) = record(db, placement, alerted())
    record(db, placement, alerted(kind=AlertKind.UPDATE, severity=Severity.CRITICAL, in_reply_to=first))
    told = alerts.history(db, placement.story_id, [WATCH], NOW)["w"]
    assert told.first_alert_id == first
    assert told.last_severity is Severity.CRITICAL
    assert told.independent_told == 1


def test_a_trial_starts_with_the_watch_and_again_when_it_is_reworded_not_when_it_gets_louder(db: Database) -> None:
    trial = WatchSpec(name="w", any=("blast",), shadow=timedelta(days=7))
    later, much_later = NOW + timedelta(days=1), NOW + timedelta(days=2)
    alerts.note_watches(db, [trial], NOW)
    louder = WatchSpec(name="w", any=("blast",), shadow=timedelta(days=7), severity=Severity.HIGH)
    reworded = WatchSpec(name="w", any=("blast", "explosion"), shadow=timedelta(days=7))
    assert alerts.history(db, 1, [louder], later)["w"].shadow_until == NOW + timedelta(days=7)
    assert alerts.history(db, 1, [reworded], much_later)["w"].shadow_until == much_later + timedelta(days=7)


def test_a_hold_ends_in_an_unconfirmed_alert_once_and_not_if_told_or_silenced(db: Database) -> None:
    first, second, third = placed(db), placed(db), placed(db)
    for placement in (first, second, third):
        record(db, placement, suppressed(SuppressionReason.UNCONFIRMED))
    record(db, second, alerted())
    silences.add(db, story_id=third.story_id, until=NOW + timedelta(days=1), reason="r", author="a", now=NOW)
    assert digest.release_unconfirmed(db, SETTINGS, NOW + timedelta(hours=5)) == []
    made = digest.release_unconfirmed(db, SETTINGS, NOW + timedelta(hours=6))
    assert len(made) == 1
    message = alerts.message_of(db, made[0])
    assert message is not None
    assert message.story["id"] == first.story_id
    assert message.reasons[0].startswith("unconfirmed")
    assert digest.release_unconfirmed(db, SETTINGS, NOW + timedelta(hours=7)) == []


@pytest.mark.parametrize(
    ("silence", "is_silent"),
    [
        ({"watch": "w"}, True), ({"term": "BLAST*"}, True), ({"term": "@flood"}, False), ({"term": "blast"}, True),
        ({"feed": "north"}, True), ({"feed": "agencies"}, True), ({"feed": "n.example"}, True), ({"feed": "s*"}, False),
        ({"watch": "w", "term": "flood"}, False), ({"watch": "w", "feed": "north"}, True),
    ],
)  # fmt: skip
def test_a_hold_that_runs_out_minds_every_kind_of_silence(
    db: Database, silence: dict[str, Any], is_silent: bool
) -> None:
    settings = replace(SETTINGS, feeds=(FeedSpec(name="north", url="https://n.example/feed", tags=("agencies",)),))
    record(db, placed(db), suppressed(SuppressionReason.UNCONFIRMED))
    silences.add(db, until=NOW + timedelta(days=1), reason="r", author="a", now=NOW, **silence)
    assert len(digest.release_unconfirmed(db, settings, NOW + timedelta(hours=6))) == (0 if is_silent else 1)
    after = digest.release_unconfirmed(db, settings, NOW + timedelta(days=1))
    assert len(after) == (1 if is_silent else 0), "the hold goes on until the silence ends"


def test_the_same_suppression_again_is_counted_not_repeated(db: Database) -> None:
    placement = placed(db)
    for hours in range(3):
        record(db, placement, suppressed(SuppressionReason.SAME_ITEM), now=NOW + timedelta(hours=hours))
    (found,) = alerts.decisions_for_article(db, placement.article_id)
    assert (found["decision"], found["reason"], found["times"]) == ("suppressed", "same-item", 3)


def test_decisions_of_an_article_are_told_in_order_with_their_deliveries(db: Database) -> None:
    placement = placed(db)
    record(db, placement, alerted())
    record(db, placement, suppressed(SuppressionReason.COSMETIC), now=NOW + timedelta(minutes=5))
    first, second = alerts.decisions_for_article(db, placement.article_id)
    assert (first["decision"], [row["channel"] for row in first["deliveries"]]) == ("alert", ["b", "a"])
    assert second["detail"] == "because"


def test_a_digest_lists_what_was_passed_over_since_the_last_once(db: Database) -> None:
    settings = Settings(
        alerts=SETTINGS.alerts.__class__(digest="08:00"),
        channels=(Settings().channels[0].__class__(name="a", url="stdout://"),),
    )
    assert digest.send_digests(db, settings, NOW) == [], "the first slot marks the start"
    record(db, placed(db), suppressed(SuppressionReason.BACKGROUND, digest=True))
    record(db, placed(db), suppressed(SuppressionReason.SAME_STORY, digest=True))
    record(db, placed(db), suppressed(SuppressionReason.COSMETIC))
    assert digest.send_digests(db, settings, NOW + timedelta(hours=1)) == []
    (made,) = digest.send_digests(db, settings, NOW + timedelta(hours=21))
    message = alerts.message_of(db, made)
    assert message is not None
    assert "2 articles passed over" in message.text
    assert "Background mentions (1)\n[background] w: Blast" in message.text, "not as severe as the watch"
    assert "Further reports of stories already told (1)\n[MEDIUM] w: Blast" in message.text
    assert digest.send_digests(db, settings, NOW + timedelta(hours=22)) == []
    assert digest.send_digests(db, settings, NOW + timedelta(hours=45)) == [], "an empty digest is not sent"
    mark = digests.last_mark(db, "a")
    assert mark is not None
    assert mark.at == NOW + timedelta(hours=45)


def test_a_notice_is_told_once_for_its_key(db: Database) -> None:
    assert alerts.notice(db, "Feed north fails\ndetail", channels=["a"], now=NOW, once_key="k") > 0
    assert alerts.notice(db, "Feed north fails\ndetail", channels=["a"], now=NOW, once_key="k") == 0
    assert len(deliveries.listed(db)) == 1


def test_silences_have_a_beginning_an_end_and_a_subject(db: Database) -> None:
    first = silences.add(db, watch="w", until=NOW + timedelta(hours=1), reason="drill", author="desk", now=NOW)
    silences.add(
        db,
        feed="north",
        starts=NOW + timedelta(hours=2),
        until=NOW + timedelta(hours=3),
        reason="r",
        author="a",
        now=NOW,
    )
    assert [each.id for each in silences.active(db, NOW)] == [first]
    assert len(silences.listed(db, NOW)) == 2
    assert silences.expire(db, first, NOW + timedelta(minutes=5))
    assert not silences.expire(db, first, NOW + timedelta(minutes=6))
    assert silences.active(db, NOW + timedelta(minutes=6)) == ()
    assert len(silences.listed(db, NOW + timedelta(minutes=6), ended=True)) == 2
    with pytest.raises(ValueError, match="names a watch"):
        silences.add(db, until=NOW, reason="r", author="a", now=NOW)


def test_two_rows_for_one_alert_and_channel_are_impossible(db: Database) -> None:
    (alert_id,) = record(db, placed(db), alerted(channels=("a",)))
    with pytest.raises(sqlite3.IntegrityError):
        deliveries.queue(db, alert_id, ["a"], NOW)


def test_an_acknowledgement_says_who_and_what(db: Database) -> None:
    (alert_id,) = record(db, placed(db), alerted())
    assert alerts.acknowledge(db, alert_id, verdict="noise", by="desk", note="metaphor", now=NOW)
    assert not alerts.acknowledge(db, 999, verdict="noise", by="desk", note="", now=NOW)
    (row,) = alerts.listed(db)
    assert (row["verdict"], row["acknowledged_by"], row["title"]) == ("noise", "desk", "Blast")
    assert alerts.listed(db, unacknowledged=True) == []


def test_what_was_said_of_an_article_follows_it_into_another_story(db: Database) -> None:
    placement, other = placed(db), placed(db)
    record(db, placement, alerted())
    db.execute("UPDATE articles SET story_id = ? WHERE id = ?", [other.story_id, placement.article_id])
    alerts.follow_articles(db, [placement.article_id])
    assert not alerts.has_alerted(db, placement.story_id, "w")
    assert alerts.history(db, other.story_id, [WATCH], NOW)["w"].first_alert_id is not None


def test_the_list_says_which_alerts_are_about_part_of_an_article(db: Database) -> None:
    whole, part = ARTICLE, replace(ARTICLE, partial=Partial.PAYWALL, partial_detail="the page asks to subscribe")
    for article in (whole, part):
        placement = placed(db)
        alerts.record(
            db, [alerted()], article=article, article_id=placement.article_id, placement=placement, settings=SETTINGS,
            now=NOW,
        )  # fmt: skip
    assert [row["partial"] for row in alerts.listed(db)] == ["paywall", None]
