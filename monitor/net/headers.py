"""What response headers say about time: dates, freshness and Retry-After, whatever a server puts there.

Pure functions, total on any text: a value that means nothing is as good as absent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_AGE = re.compile(r"(?:^|[,;\s])max-age\s*=\s*\"?(\d{1,18})", re.IGNORECASE)
_SECONDS = re.compile(r"\s*(\d{1,18})(?:\.\d*)?\s*(?:,|$)")
_LONGEST_S = 10 * 365 * 86400
"""Ten years stand for "a very long time", so that no sum overflows a datetime."""


def http_date(text: str | None) -> datetime | None:
    """The instant of an HTTP date in any of its forms (RFC 9110 §5.6.7); None for anything else."""
    if not text or len(text) > 100:
        return None
    try:
        parsed = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except OverflowError:
        return None


def freshness(headers: Mapping[str, str]) -> timedelta | None:
    """How long the publisher calls this answer fresh; None where nothing says so.

    ``max-age``, else ``Expires`` less ``Date``, in both cases less ``Age`` (RFC 9111 §4.2). ``s-maxage`` is for shared
    caches and ignored; of several ``max-age`` the smallest counts; nothing is guessed from ``Last-Modified``.
    """
    control = headers.get("cache-control", "")
    if re.search(r"no-store|no-cache", control, re.IGNORECASE):
        return timedelta()
    ages = [int(value) for value in _MAX_AGE.findall(control)]
    if ages:
        return timedelta(seconds=max(0, min(*ages, _LONGEST_S) - _age_s(headers)))
    expires, date = http_date(headers.get("expires")), http_date(headers.get("date"))
    if expires is None or date is None:
        return None
    lifetime = min(expires - date, timedelta(seconds=_LONGEST_S))
    return max(timedelta(), lifetime - timedelta(seconds=_age_s(headers)))


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """The pause that ``Retry-After`` asks for, in seconds or as a date (RFC 9110 §10.2.3); None without one."""
    text = headers.get("retry-after", "")
    seconds = _SECONDS.match(text)
    if seconds:
        return timedelta(seconds=min(int(seconds.group(1)), _LONGEST_S))
    instant = http_date(text)
    if instant is None:
        return None
    return min(max(timedelta(), instant - now), timedelta(seconds=_LONGEST_S))


def _age_s(headers: Mapping[str, str]) -> int:
    age = _SECONDS.match(headers.get("age", ""))
    return min(int(age.group(1)), _LONGEST_S) if age else 0
