"""The decision that a person should hear of something, or that they should not, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from monitor.model.stories import MaterialChange
from monitor.model.watches import Hit, Severity


class AlertKind(StrEnum):
    """What an alert tells."""

    NEW = "new"
    UPDATE = "update"
    CORROBORATED = "corroborated"
    DIGEST = "digest"
    NOTICE = "notice"
    """About the service itself: a failing feed, a broken channel."""


class SuppressionReason(StrEnum):
    """The closed list of reasons for silence; each is stored with a sentence of detail."""

    SAME_ITEM = "same-item"
    COSMETIC = "cosmetic-revision"
    COPY = "copy"
    SAME_STORY = "same-story"
    BASELINE = "baseline"
    BACKGROUND = "background"
    SILENCED = "silenced"
    SHADOW = "shadow"
    UNCONFIRMED = "unconfirmed"
    """Held until enough independent publishers report it."""
    FLOOD = "flood"
    """Too many at once: told in one message as soon as all of them are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The matched sentence with one before and one after; highlights are ``(start, end, term)`` offsets into it."""

    text: str = ""
    highlights: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchHistory:
    """What a watch has already said and not said about one story."""

    first_alert_id: int | None = None
    """None where the watch has not alerted on this story."""
    last_severity: Severity | None = None
    independent_told: int = 0
    """The largest number of independent publishers that an alert has named."""
    counts_told: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Casualties by kind as the latest alert that gave any has told them."""
    highest_told: Mapping[str, int] = field(default_factory=dict)
    """The highest number of each kind that any alert has told."""
    untold: tuple[MaterialChange, ...] = ()
    """Of an article that is revised: what changed in it before now, since the watch's last alert on it or, where its
    story was told by another, since the watch passed it over."""
    suppressed: frozenset[SuppressionReason] = frozenset()
    """Reasons of the earlier suppressions on this story."""
    held_since: datetime | None = None
    """When the watch first waited for more independent publishers of this story."""
    shadow_until: datetime | None = None
    """End of the watch's shadow time; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """A time-bounded suppression. Every field that is set must agree; at least one is."""

    id: int
    starts: datetime
    until: datetime
    reason: str
    author: str
    watch: str = ""
    """Name or ``*`` pattern."""
    story_id: int | None = None
    feed: str = ""
    """Feed name, tag or host pattern."""
    term: str = ""
    """A term of the hit's spans, as written in the watch, or a text that the title or the matched text contains."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """Decided: a person should hear of this. ``channels`` are names; ``reasons`` are sentences."""

    kind: AlertKind
    watch: str
    severity: Severity
    channels: tuple[str, ...]
    reasons: tuple[str, ...]
    hit: Hit
    excerpt: Excerpt = Excerpt()
    changes: tuple[str, ...] = ()
    """What changed materially, in words ("killed 1 → 3")."""
    in_reply_to: int | None = None
    """The first alert of this story and watch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """Decided: a person should not be disturbed with this, and why."""

    watch: str
    reason: SuppressionReason
    detail: str
    """A sentence that names the earlier alert, silence or limit."""
    hit: Hit
    digest: bool = False
    """True when the next digest should list it."""
    severity: Severity = Severity.MEDIUM
    channels: tuple[str, ...] = ()
    """The channels whose digest should list it."""
    excerpt: Excerpt = Excerpt()


Decision: TypeAlias = Alerted | Suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """An alert on the same article that another one's message tells as well."""

    alert_id: int
    watch: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """What every renderer renders: the frozen content of one alert; :meth:`payload` is the webhook body."""

    alert_id: int
    kind: AlertKind
    watch: str
    severity: Severity
    score: float
    reasons: tuple[str, ...]
    story: Mapping[str, Any] = field(default_factory=dict)
    """``id, first_seen, sources, independent``."""
    article: Mapping[str, Any] = field(default_factory=dict)
    """``title, url, site, author, published, seen, language, lead, excerpt, highlights``."""
    changes: tuple[str, ...] = ()
    created: datetime | None = None
    text: str = ""
    """Body of a notice or digest, plain text; empty for alerts on an article."""
    in_reply_to: int | None = None
    """The first alert of this story and watch, for threading."""
    also: tuple[Companion, ...] = ()
    """What this message tells as well. Differs by channel, so it is no part of the frozen content."""

    def payload(self) -> dict[str, Any]:
        """The webhook body of the contract, version 1; every value is JSON."""
        return {
            "version": 1,
            "alert": self.alert_id,
            "kind": str(self.kind),
            "watch": self.watch,
            "severity": str(self.severity),
            "score": self.score,
            "reasons": list(self.reasons),
            "story": dict(self.story),
            "article": dict(self.article),
            "changes": list(self.changes),
            "created": None if self.created is None else iso(self.created),
            "text": self.text,
            "in_reply_to": self.in_reply_to,
        }

    @classmethod
    def from_payload(cls, body: Mapping[str, Any]) -> AlertMessage:
        """The inverse of :meth:`payload`."""
        created = body.get("created")
        return cls(
            alert_id=body["alert"],
            kind=AlertKind(body["kind"]),
            watch=body["watch"],
            severity=Severity(body["severity"]),
            score=body["score"],
            reasons=tuple(body["reasons"]),
            story=body["story"],
            article=body["article"],
            changes=tuple(body["changes"]),
            created=None if created is None else datetime.fromisoformat(created),
            text=body.get("text", ""),
            in_reply_to=body.get("in_reply_to"),
        )


def iso(instant: datetime) -> str:
    """``2024-04-02T16:30:00Z``: how an instant stands in JSON."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
