"""``python -m monitor.newsroom``: the newsroom as a process of its own, for trying things out and for crash tests."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import click

from monitor.newsroom.clocks import RunningClock
from monitor.newsroom.receivers import receiving
from monitor.newsroom.scenario import load
from monitor.newsroom.server import serving


@click.command()
@click.option("--port", type=int, default=8420, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option("--at", "at", default=None, help="Instant to start at, ISO 8601 [default: the scenario's start].")
@click.option("--speed", type=float, default=0.0, help="Simulated seconds a second; 0 stands still.")
@click.option("--receivers", is_flag=True, help="Also take webhooks on the next port and e-mail on the one after.")
def main(port: int, at: str | None, speed: float, receivers: bool) -> None:
    """Serve the newsroom until interrupted. POST /_clock?at=ISO or ?advance_s=N moves its time."""
    scenario = load()
    start = scenario.start if at is None else datetime.fromisoformat(at).astimezone(UTC)
    asyncio.run(_serve(port, RunningClock(start, speed=speed), receivers=receivers))


async def _serve(port: int, clock: RunningClock, *, receivers: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.set)
    async with AsyncExitStack() as stack:
        newsroom = await stack.enter_async_context(serving(load(), clock, port=port))
        click.echo(f"newsroom on port {newsroom.port} at {clock.now().isoformat()}")
        for host in newsroom.scenario.outlets:
            click.echo(f"  {newsroom.feed_url(host)}")
        if receivers:
            ends = receiving(http_port=port and port + 1, smtp_port=port and port + 2, heard=click.echo)
            ready = await stack.enter_async_context(ends)
            click.echo(f"webhooks on port {ready.http_port}, e-mail on port {ready.smtp_port}")
        await stop.wait()


main()
