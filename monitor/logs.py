"""Structured logs on standard error: escaped console lines for a person, JSON lines for a machine.

Standard output belongs to the ``stdout://`` channel. Known secret values are replaced wherever they turn up, and the
libraries that would print addresses with credentials at DEBUG are held at INFO.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

CHATTY = ("apprise", "urllib3", "requests", "aiohttp", "trafilatura", "htmldate", "apscheduler", "charset_normalizer")
"""Loggers that print secrets or page texts at DEBUG, or a line a second at INFO."""

HIDDEN = "•••"
SHORTEST_SECRET = 6
"""Shorter values would blank ordinary words."""


class Redactor:
    """Replaces known secrets in every value of a log line."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def learn(self, secrets: Iterable[str]) -> None:
        """Forget the earlier secrets and hide these, longest first."""
        self._secrets = tuple(sorted({each for each in secrets if len(each) >= SHORTEST_SECRET}, key=len, reverse=True))

    def hide(self, text: str) -> str:
        """``text`` without any known secret."""
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def __call__(self, _logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = self.hide(value)
        return event


redactor = Redactor()


def configure(*, level: str = "info", as_json: bool | None = None) -> None:
    """Send our logs and the libraries' warnings to standard error; JSON unless that is a terminal."""
    as_json = not sys.stderr.isatty() if as_json is None else as_json
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redactor,
    ]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), repr_native_str=True)
    )
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _adopt_library_logs(shared, renderer, number)


def _adopt_library_logs(
    shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor, level: int
) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.INFO))
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler.executors").setLevel(logging.CRITICAL)  # the daemon tells of a beat that failed
