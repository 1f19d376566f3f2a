"""The outcome of one polite HTTP request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias


class FetchFailureKind(StrEnum):
    """Why a request gave no usable answer."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    BLOCKED_ADDRESS = "blocked-address"
    BAD_URL = "bad-url"
    BAD_REDIRECT = "bad-redirect"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    CUT_SHORT = "cut-short"
    HTTP_STATUS = "http-status"
    NOT_A_FEED = "not-a-feed"
    """The answer is whole and no feed: a page, an empty document, something unreadable."""
    OFFLINE = "offline"
    """Our own network is down: counts against no feed."""
    PROGRAM = "program"
    """This program failed on the feed: a fault of ours, whatever the publisher sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """ETag and Last-Modified exactly as received, with the URL that gave them (RFC 9110 §8.8)."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    received: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200, 203, 206 or 226 with its decoded body. ``headers`` has lower-case names, duplicates joined with ", "."""

    status: int
    url: str
    """Of the last hop."""
    headers: Mapping[str, str]
    body: bytes
    moved_permanently_to: str | None = None
    """The last URL when every hop was a 301 or 308."""
    wire_bytes: int = 0
    elapsed: timedelta = timedelta()
    whole: bool = True
    """False when the body was cut short or damaged: what arrived may be used, its validators must not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304."""

    url: str
    headers: Mapping[str, str]
    elapsed: timedelta = timedelta()
    moved_permanently_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchFailed:
    """No usable answer; ``detail`` is a sentence without a full stop."""

    kind: FetchFailureKind
    detail: str
    url: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    retry_after: timedelta | None = None
    elapsed: timedelta = timedelta()


FetchOutcome: TypeAlias = Fetched | NotModified | FetchFailed
