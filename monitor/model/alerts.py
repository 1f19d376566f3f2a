"""The decision that a person should hear of something, or that they should not, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

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
    """Too many at once: told in one digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """Decided: a person should hear of this. ``channels`` are names; ``reasons`` are sentences."""

    kind: AlertKind
    watch: str
    severity: Severity
    channels: tuple[str, ...]
    reasons: tuple[str, ...]
    hit: Hit


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


Decision: TypeAlias = Alerted | Suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """What every renderer renders: the frozen content of one alert. ``payload()`` is the webhook body of the contract."""

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
