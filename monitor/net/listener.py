"""The one port that strangers may speak to: callbacks for hubs, bounded in size, time and number.

It knows no paths and decides nothing: every request goes to the given function. Put a TLS proxy before it.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from monitor.net.calls import Call, Handler

READ_DEADLINE_S = 30.0
MOST_AT_ONCE = 32
"""Requests beyond these are told to come back: hubs do."""
METHODS = {"GET", "POST"}


class Listener:
    """Serves one handler on one address; not started, it serves nothing."""

    def __init__(self, handler: Handler, *, max_body_bytes: int) -> None:
        self._handler = handler
        self._max_body_bytes = max_body_bytes
        self._busy = 0
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError where the address is taken or not ours. Port 0 takes a free one."""
        app = web.Application(client_max_size=self._max_body_bytes)
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0, keepalive_timeout=15.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except BaseException:
            await runner.cleanup()
            raise
        self._runner = runner
        self.port = int(runner.addresses[0][1])

    async def stop(self) -> None:
        """Close the port; what is being answered has five seconds."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        self._busy += 1
        try:
            async with asyncio.timeout(READ_DEADLINE_S):
                body = await request.read()
            reply = await self._handler(_call(request, body))
        except TimeoutError:
            return web.Response(status=408)
        finally:
            self._busy -= 1
        return web.Response(status=reply.status, text=reply.text, content_type="text/plain")

    def _refusal(self, request: web.Request) -> web.Response | None:
        """What need not be read: too many at once, coded bodies (a bomb, and no signature covers them), odd methods."""
        if self._busy >= MOST_AT_ONCE:
            return web.Response(status=503, headers={"Retry-After": "60"})
        if request.method not in METHODS:
            return web.Response(status=405, headers={"Allow": "GET, POST"})
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            return web.Response(status=415)
        return None


def _call(request: web.Request, body: bytes) -> Call:
    query: dict[str, str] = {}
    for name, value in request.query.items():
        query.setdefault(name, value)
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Call(method=request.method, path=request.path, query=query, headers=headers, body=body)
