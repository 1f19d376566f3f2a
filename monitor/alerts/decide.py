"""Alert or suppress: the decision for each hit of one article, with its reasons.

The stages run in this order, and the order is the meaning; the first that says no gives the reason:

1. *same item*: the same item of the same feed, unchanged;
2. *baseline*: it was there before the feed was first read: counted, and told in one message for all;
3. *story*: what the watch has already said about this story: a cosmetic revision, a copy, another report;
4. *background*: the hit scores below the watch's ``min_score``: digest;
5. *unconfirmed*: fewer independent publishers than the watch asks for: held for ``unconfirmed_after``;
6. *silence*: a person asked for quiet;
7. *shadow*: the watch is on trial: digest;
8. *flood*: its feed listed far more at once than its rhythm lets expect: told in one message for all, except that
   critical alerts pass one by one, up to as many as an hour's storm limit lets through;
9. *route*: which channels hear it. An alert that no route takes is still recorded and listed.

So a silence, a shadow or a flood is named only where there would have been an alert, and a story whose first alert was
suppressed in stages 4 to 8 still counts as untold: the next report of it may alert.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.alerts.excerpt import excerpt_of
from monitor.alerts.route import channels_for
from monitor.alerts.silence import silenced_by
from monitor.alerts.story import Say, Verdict, news_of, on_story, severity_of
from monitor.model.alerts import Alerted, Decision, Silence, Suppressed, SuppressionReason, WatchHistory
from monitor.model.articles import Article
from monitor.model.settings import Settings
from monitor.model.stories import Placement, Rung
from monitor.model.watches import Hit, Severity, WatchSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One hit with all that bears on it."""

    hit: Hit
    watch: WatchSpec
    article: Article
    placement: Placement
    history: WatchHistory
    silences: tuple[Silence, ...]
    baseline: bool
    flood_told: int | None
    settings: Settings
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _No:
    reason: SuppressionReason
    detail: str
    digest: bool = False


def decide(
    hits: Sequence[Hit],
    *,
    watches: Mapping[str, WatchSpec],
    article: Article,
    placement: Placement,
    history: Mapping[str, WatchHistory],
    silences: Iterable[Silence],
    baseline: bool,
    settings: Settings,
    now: datetime,
    flood_told: int | None = None,
) -> tuple[Decision, ...]:
    """One decision for each hit, in the order of the hits.

    ``history`` has, by watch, what was said of the story that ``placement`` names; a missing watch has said nothing.
    ``flood_told`` says how many alerts of the feed's flood went out one by one in the last hour; None where the entry
    came in no flood.
    """
    standing = tuple(silences)
    return tuple(
        _decide(
            _Case(
                hit=hit, watch=watches[hit.watch], article=article, placement=placement, silences=standing,
                history=history.get(hit.watch, WatchHistory()), baseline=baseline, flood_told=flood_told,
                settings=settings, now=now,
            )
        )
        for hit in hits
    )  # fmt: skip


def _decide(case: _Case) -> Decision:
    severity = _severity(case)
    channels = channels_for(case.watch, severity, case.article, case.settings)
    excerpt = excerpt_of(case.article, case.hit)
    verdict = _verdict(case)
    if isinstance(verdict, _No):
        return Suppressed(
            watch=case.watch.name, reason=verdict.reason, detail=verdict.detail, hit=case.hit, digest=verdict.digest,
            severity=severity, channels=channels, excerpt=excerpt,
        )  # fmt: skip
    unrouted = () if channels else ("no route takes it: listed only",)
    return Alerted(
        kind=verdict.kind, watch=case.watch.name, severity=severity, channels=channels, hit=case.hit, excerpt=excerpt,
        reasons=(*verdict.reasons, *case.hit.reasons, *unrouted), changes=_changes(case),
        in_reply_to=case.history.first_alert_id,
    )  # fmt: skip


def _changes(case: _Case) -> tuple[str, ...]:
    return tuple(change.text for change in news_of(case.placement, case.history))


def _verdict(case: _Case) -> Say | _No:
    early = _same_item(case) or _baseline(case)
    if early:
        return early
    verdict: Verdict = on_story(case.watch, case.hit, case.placement, case.history, case.settings.alerts)
    if not isinstance(verdict, Say):
        return _No(reason=verdict.reason, detail=verdict.detail, digest=verdict.digest)
    objection = _background(case) or _unconfirmed(case) or _silenced(case) or _shadow(case) or _flooded(case)
    return objection or _released(case, verdict)


def _severity(case: _Case) -> Severity:
    return severity_of(case.watch, case.placement, case.settings.alerts)


def _same_item(case: _Case) -> _No | None:
    if case.placement.rung is not Rung.ITEM:
        return None
    return _No(reason=SuppressionReason.SAME_ITEM, detail="the same item of the same feed, unchanged")


def _baseline(case: _Case) -> _No | None:
    if case.baseline:
        detail = f"listed when {case.article.feed or 'the feed'} was first read"
        return _No(reason=SuppressionReason.BASELINE, detail=detail)
    return None


def _background(case: _Case) -> _No | None:
    if not case.hit.background:
        return None
    detail = f"score {case.hit.score:.2f} is below the watch's min_score {case.watch.min_score:.2f}"
    return _No(reason=SuppressionReason.BACKGROUND, detail=detail, digest=True)


def _unconfirmed(case: _Case) -> _No | None:
    wanted, have = case.watch.min_independent, case.placement.independent
    if case.history.first_alert_id is not None or have >= wanted or _hold_has_ended(case):
        return None
    detail = f"{have} independent of the {wanted} publishers that the watch asks for"
    return _No(reason=SuppressionReason.UNCONFIRMED, detail=detail)


def _hold_has_ended(case: _Case) -> bool:
    held_since = case.history.held_since
    return held_since is not None and case.now >= held_since + case.watch.unconfirmed_after


def _silenced(case: _Case) -> _No | None:
    silence = silenced_by(case.silences, case.hit, case.article, story_id=case.placement.story_id, now=case.now)
    if silence is None:
        return None
    until = silence.until.astimezone(case.settings.alerts.timezone).strftime("%Y-%m-%d %H:%M")
    detail = f"silence {silence.id} by {silence.author} until {until}: {silence.reason}"
    return _No(reason=SuppressionReason.SILENCED, detail=detail)


def _shadow(case: _Case) -> _No | None:
    until = case.history.shadow_until
    if until is None or case.now >= until:
        return None
    day = until.astimezone(case.settings.alerts.timezone).strftime("%Y-%m-%d %H:%M")
    return _No(reason=SuppressionReason.SHADOW, detail=f"the watch is on trial until {day}", digest=True)


def _flooded(case: _Case) -> _No | None:
    if case.flood_told is None:
        return None
    limit = case.settings.alerts.max_per_hour
    detail = f"{case.article.feed or 'the feed'} listed far more new items at once than usual: told in one message"
    if _severity(case) is Severity.CRITICAL:
        if case.flood_told < limit:
            return None
        detail += f", after {case.flood_told} critical ones of them went out one by one"
    return _No(reason=SuppressionReason.FLOOD, detail=detail)


def _released(case: _Case, verdict: Say) -> Say:
    """The verdict, with a word of caution where the wait for other publishers ended without them."""
    wanted, have = case.watch.min_independent, case.placement.independent
    if case.history.first_alert_id is None and have < wanted:
        return Say(kind=verdict.kind, reasons=(*verdict.reasons, f"unconfirmed: {have} of {wanted} publishers"))
    return verdict
