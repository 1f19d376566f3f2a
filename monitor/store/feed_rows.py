"""Rows of the table of feeds and what they mean: a feed's configuration, its state, what its polls have taught."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from monitor.model.feeds import FeedSpec
from monitor.model.fetching import FetchFailureKind, Validators
from monitor.model.polling import Face, FeedHealth, FeedState, Hints, Move, PostingRate
from monitor.store.times import from_text, optional_from_text, optional_to_text, to_text

DIGEST_BYTES = 8
WITHOUT_DIGESTS = (
    "id, spec, url, active, health, last_full_answer_at, polls, failures, failing_since, last_poll_at, "
    "last_success_at, last_entry_at, problem, learnt, x'' AS seen_items, next_poll_at, next_poll_reason"
)
"""The columns of a feed for lists: cutting the digests up is a third of the work."""


def host_key(url: str) -> str:
    """The host that is asked, as the unit of politeness; a loopback server counts with its port."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    is_loopback = host in {"localhost", "::1"} or host.startswith("127.")
    return parts.netloc.rpartition("@")[2].lower() if is_loopback else host


def spec_to_text(spec: FeedSpec) -> str:
    """A feed's configuration as JSON."""
    fields = asdict(spec)
    del fields["headers"]
    for key in ("interval", "alert_younger_than"):
        fields[key] = _seconds(fields[key])
    return json.dumps(fields, ensure_ascii=False)


def spec_from_text(text: str) -> FeedSpec:
    """The inverse of :func:`spec_to_text`."""
    fields = json.loads(text)
    for key in ("interval", "alert_younger_than"):
        fields[key] = _duration(fields[key])
    return FeedSpec(**{**fields, "tags": tuple(fields["tags"])})


def headers_digest(spec: FeedSpec) -> str:
    """Tells other headers from the same ones without keeping them: keyed by the URL, cut to 8 bytes."""
    if not spec.headers:
        return ""
    listed = json.dumps(spec.headers).encode()
    return hashlib.blake2b(listed, digest_size=8, key=hashlib.sha256(spec.url.encode()).digest()).hexdigest()


def state_from_row(row: Mapping[str, Any]) -> FeedState:
    """A feed from its row, whole or without its digests."""
    learnt = json.loads(row["learnt"])
    digests = row["seen_items"]
    return FeedState(
        id=row["id"],
        spec=spec_from_text(row["spec"]),
        url=row["url"],
        active=bool(row["active"]),
        health=FeedHealth(row["health"]),
        validators=_validators(learnt.get("validators")),
        last_full_answer=optional_from_text(row["last_full_answer_at"]),
        polls=row["polls"],
        failures=row["failures"],
        failing_since=optional_from_text(row["failing_since"]),
        last_poll=optional_from_text(row["last_poll_at"]),
        last_success=optional_from_text(row["last_success_at"]),
        last_entry=optional_from_text(row["last_entry_at"]),
        problem=row["problem"],
        hints=_hints(learnt.get("hints", {})),
        rate=_rate(learnt.get("rate", {})),
        move=_move(learnt.get("move")),
        face=Face(**learnt.get("face", {})),
        empty_polls=learnt.get("empty_polls", 0),
        notes=tuple(learnt.get("notes", ())),
        last_gap=optional_from_text(learnt.get("last_gap")),
        failure=FetchFailureKind(learnt["failure"]) if learnt.get("failure") else None,
        seen_items=frozenset(digests[at : at + DIGEST_BYTES] for at in range(0, len(digests), DIGEST_BYTES)),
        next_poll=optional_from_text(row["next_poll_at"]),
        next_poll_reason=row["next_poll_reason"],
    )


def learnt_to_text(state: FeedState) -> str:
    """What the polls of a feed have taught, as JSON; :func:`state_from_row` reads it."""
    validators, hints, move = state.validators, state.hints, state.move
    learnt = {
        "validators": validators
        and {
            "url": validators.url,
            "etag": validators.etag,
            "last_modified": validators.last_modified,
            "received": to_text(validators.received),
        },
        "hints": {
            "freshness": _seconds(hints.freshness),
            "ttl": _seconds(hints.ttl),
            "update_period": _seconds(hints.update_period),
            "skip_hours": _sorted(hints.skip_hours),
            "skip_days": _sorted(hints.skip_days),
        },
        "rate": {
            "entries": state.rate.entries,
            "days": state.rate.days,
            "measured": optional_to_text(state.rate.measured),
            "hours": state.rate.hours,
        },
        "move": move and {"url": move.url, "since": to_text(move.since), "polls": move.polls},
        "face": asdict(state.face),
        "empty_polls": state.empty_polls,
        "notes": list(state.notes),
        "last_gap": optional_to_text(state.last_gap),
        "failure": state.failure,
    }
    return json.dumps(learnt, ensure_ascii=False)


def _validators(fields: dict[str, Any] | None) -> Validators | None:
    return fields and Validators(**{**fields, "received": from_text(fields["received"])})  # type: ignore[return-value]


def _hints(fields: dict[str, Any]) -> Hints:
    return Hints(
        freshness=_duration(fields.get("freshness")),
        ttl=_duration(fields.get("ttl")),
        update_period=_duration(fields.get("update_period")),
        skip_hours=frozenset(fields.get("skip_hours", [])),
        skip_days=frozenset(fields.get("skip_days", [])),
    )


def _rate(fields: dict[str, Any]) -> PostingRate:
    measured = optional_from_text(fields.get("measured"))
    return PostingRate(
        entries=fields.get("entries", 0.0),
        days=fields.get("days", 0.0),
        measured=measured,
        hours=tuple(fields.get("hours", ())),
    )


def _move(fields: dict[str, Any] | None) -> Move | None:
    return None if fields is None else Move(url=fields["url"], since=from_text(fields["since"]), polls=fields["polls"])


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _sorted(numbers: Iterable[int]) -> list[int]:
    return sorted(numbers)
