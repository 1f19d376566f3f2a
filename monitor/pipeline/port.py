"""A port that is open while the settings in force name an address for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from monitor.net.calls import Handler

if TYPE_CHECKING:
    from monitor.net.listener import Listener

log = structlog.get_logger("monitor")


class Port:
    """Serves ``handler`` where ``wanted`` says, which is asked again and again, and nowhere while it says None."""

    def __init__(
        self, what: str, handler: Handler, wanted: Callable[[], tuple[str, int] | None], *, max_body_bytes: int
    ) -> None:
        """``what`` says in the log whom it is for."""
        self._what = what
        self._handler = handler
        self._wanted = wanted
        self._max_body_bytes = max_body_bytes
        self._listener: Listener | None = None
        self._listens: tuple[str, int] | None = None
        self._problem = ""
        self.port = 0
        """The port in use."""

    async def follow_settings(self) -> bool:
        """Listen where the settings say; False while nothing is listened on, which is tried again at the next call."""
        wanted = self._wanted()
        if wanted != self._listens:
            await self.stop()
            if wanted is not None:
                await self._listen(wanted)
        return self._listener is not None

    async def stop(self) -> None:
        """Close the port."""
        listener, self._listener, self._listens = self._listener, None, None
        if listener is not None:
            await listener.stop()

    async def _listen(self, wanted: tuple[str, int]) -> None:
        from monitor.net.listener import Listener  # noqa: PLC0415 - loads aiohttp's server, only where it is used

        listener = Listener(self._handler, max_body_bytes=self._max_body_bytes)
        try:
            await listener.start(*wanted)
        except OSError as error:
            if str(error) != self._problem:
                log.error("no port", use=self._what, listen=f"{wanted[0]}:{wanted[1]}", detail=str(error))  # noqa: TRY400 - the reason is known
            self._problem = str(error)
            return
        self._listener, self._listens, self._problem = listener, wanted, ""
        self.port = listener.port
        log.info("listening", use=self._what, host=wanted[0], port=listener.port)
