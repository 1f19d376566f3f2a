"""What a hit means for a watch that has, or has not, already spoken about the story. Pure functions.

| recognised as | not yet told | already told |
|---|---|---|
| new, story | NEW | material change: UPDATE; third independent publisher: CORROBORATED, once; else shown in digest |
| copy | NEW | its source gives counts that the watch has not told: UPDATE; else suppressed: one more outlet |
| article | NEW, unless it was passed over on purpose | material change: UPDATE; else suppressed as cosmetic |

Counts of casualties are news against what this watch has told of the story, not against what the story knows: the
report that raised them may not have hit the watch, or was suppressed. Of kinds that it never told, the story decides.
So it is with a correction, a retraction or a first count in an article that hit before and whose story was told: the
revision that brought it may have been silenced, and the next one tells it.

``merging = "strict"``: another report of a told story is an UPDATE even without a material change.
``merging = "quiet"``: only counts, corrections and retractions are material, and corroboration is not told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from monitor.model.alerts import AlertKind, SuppressionReason, WatchHistory
from monitor.model.settings import Alerting
from monitor.model.stories import MaterialChange, Placement, Rung
from monitor.model.watches import Hit, Merging, Severity, WatchSpec
from monitor.model.words import counted

CORROBORATED_BY = 3
"""Independent publishers."""

LOUD_CHANGES = frozenset({"count", "correction", "retraction"})
"""Kinds of change that a quiet watch still tells."""

PASSED_OVER = frozenset(
    {SuppressionReason.BASELINE, SuppressionReason.FLOOD, SuppressionReason.SILENCED, SuppressionReason.SHADOW}
)
"""After these, a cosmetic revision of the same article is no reason to speak up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Speak, unless a later stage objects."""

    kind: AlertKind
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """Do not speak, and why."""

    reason: SuppressionReason
    detail: str
    digest: bool = False


Verdict: TypeAlias = Say | Pass


def severity_of(watch: WatchSpec, placement: Placement, alerting: Alerting) -> Severity:
    """The watch's severity; one higher from the second independent publisher on, where so configured."""
    if not alerting.rise_when_corroborated or placement.independent < 2:
        return watch.severity
    ranks = list(Severity)
    return ranks[min(watch.severity.rank + 1, len(ranks) - 1)]


def on_story(watch: WatchSpec, hit: Hit, placement: Placement, history: WatchHistory, alerting: Alerting) -> Verdict:
    """Whether this hit tells the watch's reader anything new about the story."""
    heard = replace(history, untold=()) if hit.background else history
    changes = _material(watch.merging, news_of(placement, heard))
    if history.first_alert_id is None:
        return _untold(placement, history)
    match placement.rung:
        case Rung.ARTICLE | Rung.ITEM:
            return _update(changes) or _cosmetic(history)
        case Rung.COPY:
            counts = () if hit.background else tuple(change for change in changes if change.counted)
            return _update(counts) or _copy(placement, history)
        case Rung.STORY | Rung.NEW:
            if hit.background:
                return _same_story(placement, history)
            return (
                _update(changes)
                or _corroborated(watch, placement, history, alerting)
                or _another_report(watch, history)
                or _same_story(placement, history)
            )


def news_of(placement: Placement, history: WatchHistory) -> tuple[MaterialChange, ...]:
    """The material changes as the watch's reader sees them: counts against those that its alerts have told."""
    told = history.counts_told
    late = (_as_it_stands(change, placement) for change in history.untold if _is_late_news(change, placement))
    others = (change for change in dict.fromkeys((*late, *placement.changes)) if change.counted not in told)
    counts = (_news_of_count(kind, placement, history) for kind in told)
    return (*(change for change in counts if change), *others)


def _is_late_news(change: MaterialChange, placement: Placement) -> bool:
    """Whether a change that was not told when it came still has to be: no count that has been taken back since."""
    if not change.counted:
        return change.kind in LOUD_CHANGES
    now = {each.counted for each in placement.changes}
    return change.counted in placement.counts and change.counted not in now


def _as_it_stands(change: MaterialChange, placement: Placement) -> MaterialChange:
    """A late count as the article gives it now: of "killed 3 → 5" the reader has not heard the 3."""
    if not change.counted:
        return change
    now = max(placement.counts[change.counted])
    text = f"{change.counted} {now}, not told before"
    return MaterialChange(kind="count", text=text, counted=change.counted, value=now)


def _news_of_count(kind: str, placement: Placement, history: WatchHistory) -> MaterialChange | None:
    """A count above all that were told, or one that takes back what was told last."""
    told, highest = history.counts_told[kind], history.highest_told[kind]
    changes = [change for change in placement.changes if change.counted == kind]
    given = [*placement.counts.get(kind, ()), *(change.value for change in changes if change.value is not None)]
    now = max(given, default=highest)
    if now > highest:
        text = f"{kind} {max(told)} → {now}"
        return MaterialChange(kind="count", text=text, counted=kind, before=max(told), value=now)
    return next((each for each in changes if each.before in told and each.value not in told), None)


def _material(merging: Merging, changes: tuple[MaterialChange, ...]) -> tuple[MaterialChange, ...]:
    if merging is not Merging.QUIET:
        return changes
    return tuple(change for change in changes if change.kind in LOUD_CHANGES)


def _untold(placement: Placement, history: WatchHistory) -> Verdict:
    passed_over = history.suppressed & PASSED_OVER
    if placement.rung is Rung.ARTICLE and not placement.changes and passed_over:
        reasons = ", ".join(sorted(passed_over))
        return Pass(
            reason=SuppressionReason.COSMETIC,
            detail=f"a cosmetic revision of an article that was passed over ({reasons})",
        )
    return Say(kind=AlertKind.NEW, reasons=_untold_reasons(placement))


def _untold_reasons(placement: Placement) -> tuple[str, ...]:
    match placement.rung:
        case Rung.COPY | Rung.STORY:
            return ("the first hit of this watch on a story already known",)
        case Rung.ARTICLE:
            return ("the first hit of this watch on an article already known",)
        case Rung.ITEM | Rung.NEW:
            return ()


def _update(changes: tuple[MaterialChange, ...]) -> Say | None:
    return Say(kind=AlertKind.UPDATE) if changes else None


def _cosmetic(history: WatchHistory) -> Pass:
    detail = f"alert {history.first_alert_id} told this story; nothing material changed since"
    return Pass(reason=SuppressionReason.COSMETIC, detail=detail)


def _copy(placement: Placement, history: WatchHistory) -> Pass:
    outlets = counted(max(1, placement.sources - 1), "outlet")
    detail = f"a copy of a report that alert {history.first_alert_id} told: +{outlets}"
    return Pass(reason=SuppressionReason.COPY, detail=detail)


def _corroborated(watch: WatchSpec, placement: Placement, history: WatchHistory, alerting: Alerting) -> Say | None:
    if watch.merging is Merging.QUIET:
        return None
    severity = severity_of(watch, placement, alerting)
    if history.last_severity is not None and severity.rank > history.last_severity.rank:
        publishers = counted(placement.independent, "publisher")
        reason = f"severity rises from {history.last_severity} to {severity}: {publishers}"
        return Say(kind=AlertKind.CORROBORATED, reasons=(reason,))
    if placement.independent >= CORROBORATED_BY > history.independent_told:
        return Say(kind=AlertKind.CORROBORATED, reasons=(f"{placement.independent} independent publishers report it",))
    return None


def _another_report(watch: WatchSpec, history: WatchHistory) -> Say | None:
    if watch.merging is not Merging.STRICT:
        return None
    reason = f"another report of the story of alert {history.first_alert_id}; the watch merges strictly"
    return Say(kind=AlertKind.UPDATE, reasons=(reason,))


def _same_story(placement: Placement, history: WatchHistory) -> Pass:
    detail = f"another report of the story of alert {history.first_alert_id} ({placement.sources} sources)"
    return Pass(reason=SuppressionReason.SAME_STORY, detail=detail, digest=True)
