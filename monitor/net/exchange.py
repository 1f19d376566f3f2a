"""One request and its answer, as the transports exchange them: no redirects, no decoding, no policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model.fetching import FetchFailureKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent. ``url`` is absolute, without user information and fragment."""

    url: str
    headers: Mapping[str, str]
    method: str = "GET"
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: ``body`` as on the wire (chunking undone, content codings not)."""

    status: int
    headers: Mapping[str, str]
    """Lower-case names; duplicates joined with ", "."""
    body: bytes = b""
    cookies: tuple[str, ...] = ()
    """The ``Set-Cookie`` fields, which cannot be joined."""
    whole: bool = True


class ExchangeError(Exception):
    """No answer: ``kind`` says why, ``str()`` is a sentence without a full stop.

    ``unreached`` is True when nothing at all was heard of the host, as it is when our own network is down.
    """

    def __init__(self, kind: FetchFailureKind, detail: str, *, unreached: bool = False) -> None:
        super().__init__(detail)
        self.kind = kind
        self.unreached = unreached


def can_be_sent_back(name: str, raw: bytes) -> bool:
    """False for an entity tag that is not UTF-8: our requests are, so it would go back as another one."""
    if name.lower() != "etag":
        return True
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def joined(fields: list[tuple[str, str]]) -> dict[str, str]:
    """Fields to a mapping with lower-case names; a field that repeats its value is not repeated."""
    headers: dict[str, list[str]] = {}
    for name, value in fields:
        values = headers.setdefault(name.lower(), [])
        if value not in values:
            values.append(value)
    return {name: ", ".join(values) for name, values in headers.items()}
