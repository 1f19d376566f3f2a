"""A request that somebody sends to us, and our reply, without the web framework that carries them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request as it came. Header names are in small letters; of repeated query keys the first counts."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is answered, as plain text."""

    status: int
    text: str = ""


Handler: TypeAlias = Callable[[Call], Awaitable[Reply]]
