"""What every channel looks like to the pipeline, and the one of our own: standard output."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from typing import Protocol

from monitor.delivery.as_text import on_terminal
from monitor.model.delivery import Rendered, SendFailed, SendFailureKind, SendOutcome, Sent


class Sender(Protocol):
    """An open channel. Blocking, one send at a time; a failure is a value."""

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """Hand one message over within ``deadline``."""
        ...


_one_at_a_time = threading.Lock()


class StdoutSender:
    """``stdout://``: prints the message for whoever watches the terminal or reads the service's journal."""

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """Print title and body; closed or full output is a failure that is tried again."""
        text = f"{rendered.title}\n{rendered.text or rendered.body}\n{'─' * 40}\n"
        try:
            with _one_at_a_time:
                sys.stdout.write(on_terminal(text))
                sys.stdout.flush()
        except (OSError, ValueError, UnicodeEncodeError) as error:
            return SendFailed(kind=SendFailureKind.NOT_SENT, detail=f"standard output: {error}")
        return Sent(detail="printed")


class BrokenSender:
    """A channel whose address nothing can be done with; says so for each message."""

    def __init__(self, detail: str) -> None:
        self._detail = detail

    def send(self, rendered: Rendered, *, idempotency_key: str, deadline: timedelta) -> SendOutcome:
        """Fail, whatever the message."""
        return SendFailed(kind=SendFailureKind.CHANNEL_BROKEN, detail=self._detail)
