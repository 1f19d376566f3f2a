"""What comes back from a worker process when its task gave no result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class WorkerFailureKind(StrEnum):
    """Why a task gave no result."""

    TIMEOUT = "timeout"
    """It ran past its deadline and was killed."""
    CRASH = "crash"
    """Its process died: a fault in native code, or the kernel killed it."""
    MEMORY = "memory"
    """It asked for more memory than a worker may have."""
    ERROR = "error"
    """The function raised: a bug, or input that its author did not think of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerFailure:
    """A task that failed; its worker is replaced where needed, and no other task is touched."""

    kind: WorkerFailureKind
    detail: str
    """A sentence without a full stop."""
